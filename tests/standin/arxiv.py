"""arXiv as the stand-in plays it: OAI-PMH by set and day with tokens, and the Atom search."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from standin.server import Reply, Request

XML = {"Content-Type": "application/xml"}
_OAI = (
    '<?xml version="1.0" encoding="UTF-8"?>\n\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
    "    <responseDate>{now:%Y-%m-%dT%H:%M:%SZ}</responseDate>\n"
    '    <request verb="ListRecords">https://oaipmh.arxiv.org/oai</request>\n{inner}\n</OAI-PMH>\n'
)


@dataclass(frozen=True)
class ArxivPaper:
    """One record: `changed` is its datestamp, `versions` the times of its versions."""

    arxiv_id: str
    title: str
    changed: date
    versions: tuple[datetime, ...] = ()
    categories: str = "cs.CL cs.LG"
    authors: str = 'Ada Beispiel, J\\"urgen Muster and Li Demo'
    abstract: str = "  We count what small\nmodules cost at 10$^{9}$ parameters & more.\n"
    is_deleted: bool = False

    @property
    def sets(self) -> list[str]:
        """The OAI sets that the record is in."""
        return [f"{c.split('.')[0]}:{c.replace('.', ':')}" for c in self.categories.split()]

    def to_xml(self) -> str:
        """Return the record as ListRecords prints it."""
        specs = "".join(f"<setSpec>{s}</setSpec>" for s in self.sets)
        status = ' status="deleted"' if self.is_deleted else ""
        header = (
            f"<header{status}><identifier>oai:arXiv.org:{self.arxiv_id}</identifier>"
            f"<datestamp>{self.changed}</datestamp>{specs}</header>"
        )
        if self.is_deleted:
            return f"<record>{header}</record>"
        versions = "".join(
            f'<version version="v{n}"><date>{at:%a, %d %b %Y %H:%M:%S} GMT</date><size>9kb</size></version>'
            for n, at in enumerate(self.versions, 1)
        )
        return (
            f'<record>{header}<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">'
            f"<id>{self.arxiv_id}</id><submitter>Ada Beispiel</submitter>{versions}<title>{escape(self.title)}</title>"
            f"<authors>{escape(self.authors)}</authors><categories>{self.categories}</categories>"
            f"<license>http://creativecommons.org/licenses/by/4.0/</license>"
            f"<abstract>{escape(self.abstract)}</abstract></arXivRaw></metadata></record>"
        )

    def to_entry(self) -> str:
        """Return the paper as an entry of a feed."""
        first = self.versions[0]
        authors = "".join(
            f"<author><name>{escape(a.strip())}</name></author>" for a in re.split(r",| and ", self.authors)
        )
        return (
            f"<entry><id>http://arxiv.org/abs/{self.arxiv_id}v{len(self.versions)}</id>"
            f"<title>{escape(self.title)}</title><updated>{self.versions[-1]:%Y-%m-%dT%H:%M:%SZ}</updated>"
            f"<summary>{escape(self.abstract)}</summary>"
            f'<category term="{self.categories.split()[0]}" scheme="http://arxiv.org/schemas/atom"/>'
            f"<published>{first:%Y-%m-%dT%H:%M:%SZ}</published>{authors}</entry>"
        )


def changed_on(day: date, n: int, category: str = "cs.CL") -> list[ArxivPaper]:
    """Return `n` invented records that changed on `day`, every third in its second version."""
    first = datetime(day.year, day.month, day.day, 17, 8, 18) - timedelta(days=1)  # noqa: DTZ001 - printed as GMT
    return [
        ArxivPaper(
            f"{day:%y%m}.{day.day * 500 + k:05d}",
            f"Small Modules {k} of {day:%d %B}",
            day,
            (first,) if k % 3 else (first - timedelta(days=90), first),
            category,
        )
        for k in range(1, n + 1)
    ]


@dataclass
class Arxiv:
    """arXiv's two interfaces. `gap_s` is the pace it insists on: a request that comes sooner is answered 429."""

    clock: Any
    papers: list[ArxivPaper] = field(default_factory=list)
    page_size: int = 1300
    gap_s: float = 0.0
    today: date | None = None
    on_token: Callable[[str], Reply | None] = lambda _: None
    _last_s: float = float("-inf")

    def __call__(self, request: Request) -> Reply | None:
        """Answer what belongs to arXiv."""
        if request.path not in ("/oai", "/oai2", "/api/query"):
            return None
        since_s, self._last_s = request.at_s - self._last_s, request.at_s
        if since_s < self.gap_s:
            return Reply(b"Rate exceeded.", 429, {"Content-Type": "text/plain"})
        if request.path == "/oai2":
            return Reply(b"", 301, {"Location": f"/oai?{request.raw_query}"})
        return self._oai(request) if request.path == "/oai" else self._atom(request)

    def _oai(self, request: Request) -> Reply:
        query, skip = request.query, 0
        if query.get("verb") != "ListRecords":
            return self._error("badVerb", "Bad verb")
        if token := query.get("resumptionToken"):
            if (reply := self.on_token(token)) is not None:
                return reply
            plain = unquote(token)
            if not plain.startswith("verb=ListRecords&"):
                return self._error("badResumptionToken", "The token is invalid or expired")
            query = dict(part.split("=", 1) for part in plain.split("&"))
            skip = int(query["skip"])
        first, last = query["from"], query["until"]
        if self.today and date.fromisoformat(last) > self.today + timedelta(days=1):
            return self._error("badArgument", "Invalid argument. Reason: until date too late")
        found = [p for p in self.papers if first <= str(p.changed) <= last and query["set"] in p.sets]
        if not found:
            return self._error("noRecordsMatch", "The combination of the arguments results in an empty list.")
        inner = "".join(p.to_xml() for p in found[skip : skip + self.page_size])
        if skip + self.page_size < len(found):
            words = f"verb=ListRecords&metadataPrefix=arXivRaw&set={query['set']}&from={first}&until={last}"
            token = quote(f"{words}&skip={skip + self.page_size}", safe="")
            inner += f"<resumptionToken expirationDate='2026-09-08T00:00:00Z'>{token}</resumptionToken>"
        return self._page(f"<ListRecords>{inner}</ListRecords>")

    def _page(self, inner: str) -> Reply:
        return Reply(_OAI.format(now=self.clock.now(), inner=inner).encode(), headers=dict(XML))

    def _error(self, code: str, words: str) -> Reply:
        return self._page(f"<error code='{code}'>{words}</error>")

    def expired(self) -> Reply:
        """Return the answer to a token that is too old."""
        return self._error("badResumptionToken", "The token is invalid or expired")

    def _atom(self, request: Request) -> Reply:
        words = request.query.get("search_query", "")
        phrase = (re.search(r'ti:"([^"]*)"', words) or [words, words])[1].casefold()
        wanted = set(re.findall(r"\w+", phrase))
        found = [p for p in self.papers if wanted and wanted <= set(re.findall(r"\w+", p.title.casefold()))]
        shown = found[: int(request.query.get("max_results", "10"))]
        return feed([p.to_entry() for p in shown], len(found), words)


def feed(entries: list[str], n_total: int, words: str = "") -> Reply:
    """Return a feed of entries that announces `n_total`."""
    text = (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>'
        f"<title>arXiv Query: search_query={escape(words)}</title><updated>2026-03-13T05:12:40Z</updated>"
        f"<opensearch:itemsPerPage>10</opensearch:itemsPerPage><opensearch:totalResults>{n_total}"
        f"</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>{''.join(entries)}</feed>"
    )
    return Reply(text.encode(), headers={"Content-Type": "application/atom+xml; charset=utf-8"})

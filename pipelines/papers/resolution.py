"""Papers that came without an id, looked up by title: asked of Hugging Face's search, then of arXiv's.

Two halves. `look_up` asks and captures the answers; `resolve` reads stored answers only and decides, so a replay
decides the same. A match needs the same title and an author or the abstract that agrees; everything less is
recorded as doubtful and merges nothing. What follows from a match is for `merge`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

import pyarrow as pa

from pipelines import schema
from pipelines.lake.captures import Capture, CaptureDamagedError, CaptureStore
from pipelines.papers.ids import title_key
from pipelines.settings import LiveSettings
from pipelines.sources.body import Kind
from pipelines.sources.formats import arxiv_atom, hf_json
from pipelines.sources.http import FetchError
from pipelines.sources.huggingface import strict_items
from pipelines.sources.huggingface_search import search_url
from pipelines.sources.readings import Keeper
from pipelines.sources.record import Record, UnreadableListing
from pipelines.sources.retry import GaveUpError, TransientError
from pipelines.sources.session import Session

#: The channel of look-ups' captures. They are no listings: nothing of them becomes a record or an appearance.
CHANNEL = "look_up"
N_HITS = 10
#: A paper that was not found is looked up again after this long.
AGAIN_AFTER = timedelta(days=30)
#: Share of the words of the shorter abstract that the other must hold, and how many words it takes to tell.
AGREEING_SHARE, MIN_WORDS = 0.6, 12
_MAX_TITLE = 300

State = Literal["matched", "doubtful", "not_found"]
_NOT_FOUND: tuple[State, str, Record | None] = ("not_found", "no paper of this title was found", None)


@dataclass(frozen=True)
class Unresolved:
    """A paper without an arXiv id, as the lake has it."""

    paper_id: str
    title: str
    abstract: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """What stored answers say of one paper without an id; `evidence` is a line for a person."""

    paper_id: str
    title: str
    state: State
    evidence: str
    arxiv_id: str | None = None
    matched_title: str | None = None
    published_date: date | None = None
    published_precision: str | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    asked_of: str | None = None
    captured_at: datetime | None = None
    capture_sha256: str | None = None


@dataclass
class LookUpReport:
    """What was asked: papers looked up, and a line for each that could not be."""

    n_asked: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Engine:
    """One search: its name, pace and payload, how to ask it, and how to read its answer."""

    name: str
    service: str
    kind: Kind
    url: Callable[[LiveSettings, str], str]
    read: Callable[[bytes], list[Record]]


def _hf_hits(body: bytes) -> list[Record]:
    return [r for r in hf_json.records_of(strict_items(body, "")) if isinstance(r, Record)]


def _atom_url(settings: LiveSettings, title: str) -> str:
    # the query language has operators and quotes of its own: only the words are given to it
    phrase = 'ti:"' + " ".join(re.findall(r"\w+", title)) + '"'
    return f"{settings.arxiv_api_url}?{urlencode({'search_query': phrase, 'max_results': N_HITS})}"


def _atom_hits(body: bytes) -> list[Record]:
    page = arxiv_atom.parse(body)
    if page.is_unexpectedly_empty:
        raise TransientError("the feed announces papers and holds none")
    return [r for r in page.records if isinstance(r, Record)]


_ENGINES = (
    _Engine(
        "huggingface_search",
        "huggingface_search",
        "json",
        lambda settings, title: search_url(settings, title, N_HITS),
        _hf_hits,
    ),
    _Engine("arxiv_api", "arxiv", "xml", _atom_url, _atom_hits),
)


def look_up(
    papers: Sequence[Unresolved],
    store: CaptureStore,
    session: Session,
    progress: Callable[[Resolution, int, int], None] | None = None,
) -> LookUpReport:
    """Ask for those of `papers` that no stored answer settles, and capture the answers before they are read.

    The second search is asked only for what the first did not match. A search that fails is told and left for the
    next run.
    """
    report, keeper = LookUpReport(), Keeper(store)
    answers = _answers(store)
    for n_done, paper in enumerate(papers, 1):
        title = paper.title[:_MAX_TITLE]
        for engine in _ENGINES:
            if _decide(paper, answers.get(title, {}), store).state == "matched":
                break
            known = answers.get(title, {}).get(engine.name)
            if known and session.client.clock.now() - known.captured_at < AGAIN_AFTER:
                continue
            report.n_asked += 1
            try:
                capture = session.client.tries().run(lambda e=engine, t=title: _ask(e, t, keeper, session))  # type: ignore[misc]
            except (FetchError, GaveUpError, UnreadableListing) as error:
                report.failed.append(f"{engine.name}: {error.reason} (looking up {title[:60]!r})")
                continue
            answers.setdefault(title, {})[engine.name] = capture
        if progress:
            progress(_decide(paper, answers.get(title, {}), store), n_done, len(papers))
    return report


def _ask(engine: _Engine, title: str, keeper: Keeper, session: Session) -> Capture:
    """Ask one search for one title, capture the answer, and see whether it can be read."""
    settings = session.settings
    quiet_s = settings.arxiv_quiet_s if engine.service == "arxiv" else None
    url = engine.url(settings, title)
    answer = session.client.get(url, session.pace(engine.service), engine.kind, quiet_s=quiet_s)
    capture = keeper.keep(answer, CHANNEL, title, None, {"engine": engine.name})
    engine.read(answer.body)
    return capture


def resolve(papers: Iterable[Unresolved], store: CaptureStore) -> list[Resolution]:
    """Return what stored answers say of `papers`, in their order; nothing is asked. Papers never looked up are left out."""
    answers = _answers(store)
    return [
        _decide(paper, answers[paper.title[:_MAX_TITLE]], store)
        for paper in papers
        if paper.title[:_MAX_TITLE] in answers
    ]


def resolutions_table(resolutions: Iterable[Resolution]) -> pa.Table:
    """Return `resolutions` as rows of schema.RESOLUTIONS, ordered by paper id."""
    names = schema.RESOLUTIONS.arrow.names
    rows = sorted(resolutions, key=lambda r: r.paper_id)
    return pa.Table.from_pylist(
        [{n: getattr(r, n) for n in names} for r in rows], schema=schema.RESOLUTIONS.arrow
    )


def _answers(store: CaptureStore) -> dict[str, dict[str, Capture]]:
    """Return the last captured answer of each engine by the title that was asked."""
    found: dict[str, dict[str, Capture]] = {}
    for capture in store.captures():
        if capture.channel == CHANNEL and capture.query is not None:
            found.setdefault(capture.query, {})[str(capture.request.get("engine"))] = capture
    return found


def _decide(paper: Unresolved, answers: dict[str, Capture], store: CaptureStore) -> Resolution:
    """Return the best resolution that the answers allow: a match, else a doubt, else nothing found."""
    doubt: Resolution | None = None
    for engine in _ENGINES:
        capture = answers.get(engine.name)
        if capture is None:
            continue
        try:
            with store.open(capture.capture_sha256) as stream:
                hits = engine.read(stream.read())
        except (UnreadableListing, TransientError, CaptureDamagedError):
            continue
        found = _compare(paper, hits, engine.name, capture)
        if found.state == "matched":
            return found
        doubt = doubt or (found if found.state == "doubtful" else None)
    return doubt or Resolution(paper.paper_id, paper.title, *_NOT_FOUND[:2])


def _compare(paper: Unresolved, hits: Sequence[Record], asked_of: str, capture: Capture) -> Resolution:
    key = title_key(paper.title)
    same = [(h, *_agreement(paper, h)) for h in hits if h.arxiv_id and title_key(h.title_raw) == key]
    agreeing = {h.arxiv_id: (h, why) for h, agrees, why in reversed(same) if agrees}
    state, evidence, hit = _NOT_FOUND
    if len(agreeing) == 1:
        ((hit, why),) = agreeing.values()
        state, evidence = "matched", f"same title, {why}"
    elif agreeing:
        hit, _ = next(iter(agreeing.values()))
        state = "doubtful"
        evidence = f"same title and agreement in several: {', '.join(sorted(str(i) for i in agreeing))}"
    elif same:
        hit, _, why = same[0]
        state, evidence = "doubtful", f"same title, but {why}"
    else:
        # a paper may have changed its title between versions: its abstract then gives it away, but proves nothing
        for other in hits:
            share = _shared_words(paper.abstract, other.abstract_raw)
            if other.arxiv_id and share is not None and share >= AGREEING_SHARE:
                state, hit = "doubtful", other
                evidence = f"another title, {share:.0%} of the abstract's words the same"
                break
    if hit is None:
        return Resolution(paper.paper_id, paper.title, state, evidence)
    return Resolution(
        paper_id=paper.paper_id,
        title=paper.title,
        state=state,
        evidence=evidence,
        arxiv_id=hit.arxiv_id,
        matched_title=" ".join(hit.title_raw.split()),
        published_date=hit.published_date,
        published_precision=hit.published_precision,
        authors=hit.authors,
        categories=hit.categories,
        asked_of=asked_of,
        captured_at=capture.captured_at,
        capture_sha256=capture.capture_sha256,
    )


def _agreement(paper: Unresolved, hit: Record) -> tuple[bool, str]:
    """Say whether authors or abstract agree, and in what words."""
    last_names = [
        {_folded(n.split()[-1]) for n in names if n.split()} for names in (paper.authors, hit.authors)
    ]
    if shared := last_names[0] & last_names[1]:
        return True, f"author {min(shared)} agrees" if len(shared) == 1 else f"{len(shared)} authors agree"
    share = _shared_words(paper.abstract, hit.abstract_raw)
    if share is not None:
        words = f"{share:.0%} of the abstract's words the same"
        return share >= AGREEING_SHARE, words if share >= AGREEING_SHARE else f"only {words}"
    if all(last_names):
        return False, "no author agrees"
    return False, "nothing to compare besides"


def _folded(name: str) -> str:
    return title_key(name) or name.casefold()


def _shared_words(a: str | None, b: str | None) -> float | None:
    """Return the share of the words of the shorter text that the longer has; None when one is too short to tell."""
    first, second = ({w for w in re.findall(r"\w+", (t or "").casefold()) if len(w) > 3} for t in (a, b))
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller >= MIN_WORDS else None

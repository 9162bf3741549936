"""Where things are and how much is allowed: paths, limits and pace, from the environment, with defaults.

Everything a person can set is here, but for the mail server of the digest (`report.digest.server`). What a table
looks like is in `schema`; what the text rules are is in `mentions`.
"""

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

PROJECT_DIR = Path(__file__).resolve().parent.parent
SQL_DIR = PROJECT_DIR / "sql"
STARTER_FILE = PROJECT_DIR / "data" / "starter" / "papers.jsonl"

#: The largest unpacked text of one inbox file that is read into memory at once (bulk snapshots are streamed).
MAX_PAGE_BYTES = 64 * 1024 * 1024
#: The longest line of a JSONL file; a longer one is refused, for it is no paper.
MAX_LINE_BYTES = 4 * 1024 * 1024
#: DuckDB's memory while it merges papers and builds a release; beyond it spills to disk inside the data folder.
DUCKDB_MEMORY_LIMIT = "1GB"
#: Releases that stay as files, the last one among them; older ones are removed after a publish.
RELEASES_KEPT = 5


class SettingsError(ValueError):
    """A setting that cannot be used: the message names the variable, the value and what is expected."""


def environment() -> dict[str, str]:
    """Return the process environment over the project's `.env` file (the process wins)."""
    from_file = {k: v for k, v in dotenv_values(PROJECT_DIR / ".env").items() if v is not None}
    return {**from_file, **os.environ}


def parse_day(text: str, name: str) -> date:
    """Return the day that `text` spells as YYYY-MM-DD, or raise SettingsError naming `name`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise SettingsError(
            f"{name}: {text!r} is not a valid day; write it as YYYY-MM-DD, such as 2026-03-13"
        )
    return day


def today_utc() -> date:
    """Return today in UTC, or the day that PAPERTRENDS_TODAY puts in its place."""
    text = environment().get("PAPERTRENDS_TODAY", "").strip()
    return parse_day(text, "PAPERTRENDS_TODAY") if text else datetime.now(UTC).date()


def daily_cron() -> str:
    """Return when the daily schedule starts a run, in UTC: PAPERTRENDS_DAILY_CRON, else 05:30.

    By then arXiv's nightly announcement has settled.
    """
    return environment().get("PAPERTRENDS_DAILY_CRON", "").strip() or "30 5 * * *"


def digest_cron() -> str:
    """Return when the digest is sent, in UTC: PAPERTRENDS_DIGEST_CRON, else Mondays at 07:00, after the daily refresh."""
    return environment().get("PAPERTRENDS_DIGEST_CRON", "").strip() or "0 7 * * 1"


@dataclass(frozen=True)
class DataDir:
    """The data folder: every path below it that the pipeline reads or writes. Nothing is written outside."""

    root: Path
    starter_file: Path = field(default=STARTER_FILE)

    @property
    def inbox(self) -> Path:
        """Files that a person drops in to be captured."""
        return self.root / "inbox"

    @property
    def raw(self) -> Path:
        """Captures, by SHA-256, and their journal."""
        return self.root / "raw"

    @property
    def parquet(self) -> Path:
        """One folder a lake table."""
        return self.root / "parquet"

    @property
    def releases(self) -> Path:
        """Published builds of the warehouse."""
        return self.root / "releases"

    @property
    def warehouse(self) -> Path:
        """The link that readers open: it points at the last release."""
        return self.root / "warehouse.duckdb"

    @property
    def reports(self) -> Path:
        """Pages people look at."""
        return self.root / "reports"

    @property
    def dagster(self) -> Path:
        """All of Dagster's state."""
        return self.root / "dagster"

    @property
    def lock(self) -> Path:
        """The file whose lock says that a run is writing."""
        return self.root / ".lock"

    def make(self) -> "DataDir":
        """Make every folder that is missing, and return self; raise SettingsError where that cannot be done."""
        try:
            for folder in (self.inbox, self.raw, self.parquet, self.releases, self.reports, self.dagster):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"data folder {self.root}: {error.strerror}; name a writable one with --data-dir or PAPERTRENDS_DATA"
            ) from error
        return self


def data_dir(option: str | Path | None = None) -> DataDir:
    """Return the data folder: `option`, else PAPERTRENDS_DATA, else the project's own `data/`."""
    chosen = option or environment().get("PAPERTRENDS_DATA") or PROJECT_DIR / "data"
    return DataDir(Path(chosen).expanduser().absolute())


#: First day that Hugging Face's daily papers hold.
HF_FIRST_DAY = date(2023, 5, 4)
#: First day that arXiv's OAI-PMH gives as a datestamp.
ARXIV_FIRST_DAY = date(2005, 9, 16)
#: arXiv's terms: at most one request in three seconds over all its interfaces, one at a time.
ARXIV_TERMS_GAP_S = 3.0

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class LiveSettings:
    """Where live listings are asked, what of them, and how much is allowed. Times are seconds, sizes bytes."""

    hf_url: str = "https://huggingface.co"
    arxiv_oai_url: str = "https://oaipmh.arxiv.org/oai"
    arxiv_api_url: str = "https://export.arxiv.org/api/query"
    #: an address or page that a server's operator can turn to; goes into the User-Agent
    contact: str = ""
    hf_token: str = field(default="", repr=False)
    hf_queries: tuple[str, ...] = ("parameter-efficient fine-tuning",)
    arxiv_sets: tuple[str, ...] = ("cs.CL", "cs.LG", "cs.CV", "cs.AI")
    #: items asked for in one page of daily papers; the server allows no more than 100
    hf_page_size: int = 100
    hf_concurrency: int = 4
    #: what Hugging Face allows anonymous callers, until its own headers say otherwise: requests in a window
    hf_window_s: float = 300.0
    hf_window_requests: int = 500
    hf_search_window_requests: int = 50
    hf_html_window_requests: int = 100
    arxiv_gap_s: float = ARXIV_TERMS_GAP_S
    #: how long arXiv is left alone after a 429 that does not say how long
    arxiv_quiet_s: float = 600.0
    connect_s: float = 20.0
    #: longest silence while an answer is awaited or read; cold arXiv pages take up to 90 s
    read_s: float = 120.0
    #: longest time from the start of a request to the last byte of its answer
    request_total_s: float = 300.0
    max_tries: int = 6
    #: longest time for one page with all its tries and waits
    retry_total_s: float = 1200.0
    max_redirects: int = 3
    max_wire_bytes: int = 16 * 1024 * 1024
    max_body_bytes: int = 24 * 1024 * 1024
    #: pages of one day of one listing
    max_pages: int = 100
    #: closed days that are read again, because a day grows for some days after it ended
    reread_days: int = 7
    today: date = field(default_factory=today_utc)


def live_settings() -> LiveSettings:
    """Return the settings of live listings from the environment. Raises SettingsError before any request is made."""
    env, base = environment(), LiveSettings()

    def number(name: str, default: float, low: float, high: float) -> float:
        text = env.get(name, "").strip()
        try:
            value = float(text) if text else default
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise SettingsError(f"{name}: {text!r} is not a number from {low:g} to {high:g}")
        return value

    def whole(name: str, default: int, low: int, high: int) -> int:
        value = number(name, default, low, high)
        if value != int(value):
            raise SettingsError(f"{name}: {env.get(name)!r} is not a whole number")
        return int(value)

    def words(name: str, default: tuple[str, ...], separators: str) -> tuple[str, ...]:
        found = tuple(w for part in re.split(f"[{separators}]", env.get(name, "")) if (w := part.strip()))
        return found or default

    oai_url = _base_url(env, "PAPERTRENDS_ARXIV_OAI_URL", base.arxiv_oai_url)
    api_url = _base_url(env, "PAPERTRENDS_ARXIV_API_URL", base.arxiv_api_url)
    is_stand_in = all(urlsplit(u).hostname in LOOPBACK for u in (oai_url, api_url))
    sets = words("PAPERTRENDS_ARXIV_SETS", base.arxiv_sets, ";,")
    for name in sets:
        if not re.fullmatch(r"[a-z-]+(\.[A-Za-z-]{2,})?", name, re.ASCII):
            raise SettingsError(
                f"PAPERTRENDS_ARXIV_SETS: {name!r} is no arXiv category; write such as cs.CL;stat.ML"
            )
    return LiveSettings(
        hf_url=_base_url(env, "PAPERTRENDS_HF_URL", base.hf_url),
        arxiv_oai_url=oai_url,
        arxiv_api_url=api_url,
        contact=_header_text(env, "PAPERTRENDS_CONTACT"),
        hf_token=_header_text(env, "PAPERTRENDS_HF_TOKEN"),
        hf_queries=words("PAPERTRENDS_HF_QUERIES", base.hf_queries, ";"),
        arxiv_sets=sets,
        hf_page_size=whole("PAPERTRENDS_HF_PAGE_SIZE", base.hf_page_size, 1, 100),
        hf_concurrency=whole("PAPERTRENDS_HF_CONCURRENCY", base.hf_concurrency, 1, 8),
        # arXiv's own servers are never asked faster than its terms say; a stand-in may be
        arxiv_gap_s=number(
            "PAPERTRENDS_ARXIV_GAP_S", base.arxiv_gap_s, 0.0 if is_stand_in else ARXIV_TERMS_GAP_S, 3600
        ),
        arxiv_quiet_s=number("PAPERTRENDS_ARXIV_QUIET_S", base.arxiv_quiet_s, 0, 86400),
        read_s=number("PAPERTRENDS_READ_S", base.read_s, 0.1, 3600),
        request_total_s=number("PAPERTRENDS_REQUEST_TOTAL_S", base.request_total_s, 0.1, 3600),
        max_tries=whole("PAPERTRENDS_MAX_TRIES", base.max_tries, 1, 20),
        retry_total_s=number("PAPERTRENDS_RETRY_TOTAL_S", base.retry_total_s, 0, 86400),
        max_wire_bytes=whole("PAPERTRENDS_MAX_WIRE_BYTES", base.max_wire_bytes, 1, 2**31),
        max_body_bytes=whole("PAPERTRENDS_MAX_BODY_BYTES", base.max_body_bytes, 1, 2**31),
        max_pages=whole("PAPERTRENDS_MAX_PAGES", base.max_pages, 1, 10_000),
        reread_days=whole("PAPERTRENDS_REREAD_DAYS", base.reread_days, 0, 60),
    )


def _base_url(env: dict[str, str], name: str, default: str) -> str:
    text = env.get(name, "").strip().rstrip("/") or default
    try:
        parts = urlsplit(text)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable or parts.query or parts.fragment or parts.username:
        raise SettingsError(f"{name}: {text!r} is not a base URL; write such as {default}")
    return text


def _header_text(env: dict[str, str], name: str) -> str:
    text = env.get(name, "").strip()
    if not re.fullmatch(r"[\x20-\x7e]*", text):
        raise SettingsError(f"{name}: only plain ASCII on one line can be sent in a request's header")
    return text

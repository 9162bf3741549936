"""Whether a run would change anything: what the last release was made from, against what is there now."""

import hashlib
import json
from datetime import date
from pathlib import Path

from pipelines.lake.captures import CaptureStore
from pipelines.lake.durable import write_bytes
from pipelines.settings import SQL_DIR, DataDir
from pipelines.sources import inbox, starter
from pipelines.version import code_version, digest_of

LAST_INPUTS = "last-inputs.json"


def _fingerprint(data: DataDir) -> str:
    """Return a digest of all that a release depends on: captures and their dates, rules, `sql/`, code, labels."""
    from pipelines.mentions.accuracy import gold_files
    from pipelines.mentions.extract import rules_version

    captures = sorted(
        f"{c.capture_id} {c.captured_at.isoformat()} {c.date_basis}"
        for c in CaptureStore(data.raw).captures()
    )
    # the code's version holds the parsers'; the rules' also the user's own catalogue
    versions = [rules_version(), digest_of([SQL_DIR]), code_version(), digest_of(gold_files())]
    return hashlib.sha256("\n".join(captures + versions).encode()).hexdigest()


def _file(data: DataDir) -> Path:
    return data.releases / LAST_INPUTS


def remember(data: DataDir, release_id: str) -> None:
    """Note that `release_id` was made from what is there now."""
    note = {"release_id": release_id, "fingerprint": _fingerprint(data)}
    write_bytes(_file(data), (json.dumps(note) + "\n").encode())


def forget(data: DataDir) -> None:
    """Let the next run build a release, whatever the last one was made from."""
    _file(data).unlink(missing_ok=True)


def current_release(data: DataDir, captured_on: date | None = None) -> str | None:
    """Return the published release's id when a run would change nothing, else None. Writes nothing."""
    store = CaptureStore(data.raw)
    if not _file(data).is_file() or not data.warehouse.exists():
        return None
    note = json.loads(_file(data).read_text(encoding="utf-8"))
    is_published = data.warehouse.resolve().stem == note["release_id"]
    if not is_published or note["fingerprint"] != _fingerprint(data):
        return None
    if starter.pending(data.starter_file, store) or inbox.scan(data.inbox, store, captured_on).new:
        return None
    return str(note["release_id"])

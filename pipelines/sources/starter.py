"""The starter corpus: real papers summarised in this project's own words. It demonstrates; it measures nothing."""

from datetime import UTC, datetime
from pathlib import Path

from pipelines.lake.captures import Capture, CaptureStore
from pipelines.lake.durable import sha256_of_file

CHANNEL = "starter"
#: The day the corpus was made: a constant, for the date of a checked-out file is the day of the checkout.
STARTER_AT = datetime(2026, 11, 22, tzinfo=UTC)


def pending(starter_file: Path, store: CaptureStore) -> bool:
    """Say whether the corpus of this version of the project is yet to be captured."""
    sha256 = sha256_of_file(starter_file)
    return not any(c.channel == CHANNEL and c.capture_sha256 == sha256 for c in store.captures())


def capture(starter_file: Path, store: CaptureStore) -> Capture | None:
    """Capture the corpus; return the capture, or None when it was captured before."""
    if not pending(starter_file, store):
        return None
    blob = store.put_file(starter_file)
    item = Capture(blob.sha256, CHANNEL, f"starter/{starter_file.name}", STARTER_AT, blob.n_bytes)
    store.record([item])
    return item

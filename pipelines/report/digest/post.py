"""One digest: what is new since the last one that was sent, read from a release, sent, and remembered as told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.lake.durable import replacing
from pipelines.report.digest.content import Digest, digest_of
from pipelines.report.digest.mail import MailError, message_of, plain_text, send
from pipelines.report.digest.server import MailSettings
from pipelines.report.pages.grounds import chosen_scope
from pipelines.report.pages.places import slugs
from pipelines.report.pages.shelf import locked
from pipelines.settings import DataDir
from pipelines.warehouse.publish import built_at, release_path
from pipelines.warehouse.query import connect

#: How far the first digest looks back from the release.
FIRST_DAYS = 7
_RELEASE = b"release_id"
_TOLD = pa.schema([pa.field("paper_id", pa.string(), nullable=False)])


@dataclass(frozen=True)
class Sent:
    """What a digest came to: how many papers are new, and who it was sent to (nobody when nothing is new)."""

    n_new: int
    recipients: tuple[str, ...]

    def __str__(self) -> str:
        if not self.recipients:
            return "nothing new since the last digest; nothing was sent"
        return f"sent to {', '.join(self.recipients)}: {self.n_new:,} new papers"


def _told_file(data: DataDir, scope: str) -> Path:
    return data.reports / f"told-{slugs([scope])[scope]}.parquet"


def _read(
    connection: duckdb.DuckDBPyConnection, data: DataDir, scope: str, release_id: str, since: datetime | None
) -> Digest:
    """Return what is new since the last digest, or since `since`; before the first digest, of the last days."""
    path = _told_file(data, scope)
    if since is None and path.is_file():
        told = pq.read_table(path)
        last = built_at(told.schema.metadata[_RELEASE].decode())
        return digest_of(connection, scope, release_id, told, last, is_by_date=False)
    start = since or built_at(release_id) - timedelta(days=FIRST_DAYS)
    return digest_of(connection, scope, release_id, _TOLD.empty_table(), start, is_by_date=True)


def digest_text(data: DataDir, scope: str | None = None, since: datetime | None = None) -> str:
    """Return the digest as plain text, without sending it. Raises NoReleaseError and QueryError."""
    release_id = release_path(data).stem
    with connect(data, release_id) as connection:
        return plain_text(_read(connection, data, chosen_scope(connection, scope), release_id, since))


def send_digest(
    data: DataDir,
    settings: MailSettings,
    recipients: Sequence[str] = (),
    scope: str | None = None,
    since: datetime | None = None,
) -> Sent:
    """Send what is new since the last digest to `recipients`, or to those of the settings; nothing new sends nothing.

    Papers count as told after the server took the mail: a death in between sends it again, under the same Message-ID.
    Raises SettingsError, NoReleaseError, QueryError, DataDirBusyError, and MailError, also when only some have it.
    """
    to = settings.recipients_or(recipients)
    server, sender = settings.server(), settings.sender_or(to[0])
    with locked(data) as path, connect(data, release_id := path.stem) as connection:
        chosen = chosen_scope(connection, scope)
        digest = _read(connection, data, chosen, release_id, since)
        refused = send(message_of(digest, sender, to), server) if digest.n_new else ()
        told = connection.sql("select paper_id from scope_papers order by paper_id").to_arrow_table()
        with replacing(_told_file(data, chosen)) as file:
            pq.write_table(told.cast(_TOLD).replace_schema_metadata({_RELEASE: release_id.encode()}), file)
    if refused:
        raise MailError(f"{server}: refused {', '.join(refused)}; the other recipients have the digest")
    return Sent(digest.n_new, to if digest.n_new else ())

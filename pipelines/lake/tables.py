"""Lake tables: Parquet folders with explicit schemas, published whole, each with a manifest.

`parquet/<table>/<partition>=<value>/<table>.parquet` (or `<table>/<table>.parquet`) and `<table>/_manifest.json`.
A publication writes every new file to staging, writes down what it is about to do, renames, then replaces the
manifest; a process that dies on the way is finished by the next one that opens the table. What the rows mean is
in `schema`.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import schema
from pipelines.lake.durable import explain, sha256_of_file, sync_folder, write_bytes

MANIFEST = "_manifest.json"
NEXT_MANIFEST = "_manifest.next.json"
STAGING = ".staging"
#: What a partition's value may be: it becomes a folder name, so nothing else is let in.
PARTITION_VALUE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,63}", re.ASCII)


class LakeDamagedError(RuntimeError):
    """A published Parquet file is missing or is not the one that its manifest describes."""


@dataclass(frozen=True)
class FileEntry:
    """One published file: rows, size, SHA-256, the key of the inputs it was made from, and notes of the stage."""

    rows: int
    n_bytes: int
    sha256: str
    key: str
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What a table holds. `rules` is the version of the code and data that made it, `inputs` what it was made from."""

    table: str
    rules: str = ""
    inputs: str = ""
    files: dict[str, FileEntry] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows in all files."""
        return sum(f.rows for f in self.files.values())

    def to_json(self) -> bytes:
        """Return the manifest's bytes; the same content gives the same bytes."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        """Return the manifest that `data` holds."""
        values = json.loads(data)
        values["files"] = {name: FileEntry(**entry) for name, entry in values["files"].items()}
        return cls(**values)


class LakeTable:
    """One table's folder, as it is published."""

    def __init__(self, parquet: Path, table: schema.Table) -> None:
        self.table = table
        self.folder = parquet / table.name
        self.staging = parquet / STAGING / table.name

    def file_name(self, value: str | None) -> str:
        """Return the file of partition `value`, relative to the folder. Raises ValueError for a value that is no name."""
        if self.table.partition is None:
            return f"{self.table.name}.parquet"
        if value is None or not PARTITION_VALUE.fullmatch(value):
            raise ValueError(
                f"{self.table.name}: {value!r} is no value of the partition {self.table.partition}"
            )
        return f"{self.table.partition}={value}/{self.table.name}.parquet"

    def manifest(self) -> Manifest:
        """Return what is published, after finishing a publication that was cut short."""
        self._finish()
        path = self.folder / MANIFEST
        return Manifest.from_json(path.read_bytes()) if path.is_file() else Manifest(self.table.name)

    def partitions(self) -> dict[str, FileEntry]:
        """Return the published partitions by value, in order."""
        return {
            name.partition("=")[2].partition("/")[0]: entry
            for name, entry in sorted(self.manifest().files.items())
        }

    def _is_whole(self, name: str, entry: FileEntry) -> bool:
        """Say whether the file is there with its size, without reading it."""
        path = self.folder / name
        return path.is_file() and path.stat().st_size == entry.n_bytes

    def is_cut(self) -> bool:
        """Say whether a published file is missing or has another size."""
        return not all(self._is_whole(name, entry) for name, entry in self.manifest().files.items())

    def files(self) -> list[Path]:
        """Return the published files in order. Raises LakeDamagedError when one is missing or has another size."""
        found = []
        for name, entry in sorted(self.manifest().files.items()):
            if not self._is_whole(name, entry):
                raise LakeDamagedError(f"{self.folder / name} is missing or cut; run `papertrends check`")
            found.append(self.folder / name)
        return found

    def read(self, value: str | None = None) -> pa.Table:
        """Return one partition's rows, or those of the only file; page checksums are verified."""
        path = self.folder / self.file_name(value)
        try:
            return pq.ParquetFile(path, page_checksum_verification=True).read()
        except (OSError, pa.ArrowException) as error:
            raise LakeDamagedError(f"{path}: {error}; run `papertrends check` for what mends it") from error

    def damaged(self) -> list[Path]:
        """Return published files that are missing or not byte for byte what was published. Reads everything."""
        return [
            path
            for name, entry in sorted(self.manifest().files.items())
            if not (path := self.folder / name).is_file() or sha256_of_file(path) != entry.sha256
        ]

    def forget(self, paths: Iterable[Path]) -> None:
        """Take `paths` out of the manifest, so that the next run makes them anew."""
        gone = {p.relative_to(self.folder).as_posix() for p in paths}
        old = self.manifest()
        kept = {name: entry for name, entry in old.files.items() if name not in gone}
        write_bytes(self.folder / MANIFEST, Manifest(old.table, "", "", kept).to_json())

    def _finish(self) -> None:
        """Carry a publication that had begun its renames to its end; sweep one that had not."""
        decided = self.folder / NEXT_MANIFEST
        if not decided.is_file():
            return
        new = Manifest.from_json(decided.read_bytes())
        for name in new.files:
            if (staged := self.staging / name).is_file():
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                staged.replace(target)
                sync_folder(target.parent)
        decided.replace(self.folder / MANIFEST)
        sync_folder(self.folder)
        for path in list(self.folder.rglob("*.parquet")):
            if path.relative_to(self.folder).as_posix() not in new.files:
                path.unlink()
                if path.parent != self.folder and not any(path.parent.iterdir()):
                    path.parent.rmdir()
        shutil.rmtree(self.staging, ignore_errors=True)


class Publication:
    """New content of one table: `write` what changed, `keep` what did not, then `commit`."""

    def __init__(self, lake_table: LakeTable, rules: str, inputs: str, is_replay: bool = False) -> None:
        """Begin a publication; in a replay nothing that is published counts as current."""
        self._lake = lake_table
        self._is_replay = is_replay
        self._old = lake_table.manifest()
        self._new = Manifest(lake_table.table.name, rules, inputs)
        shutil.rmtree(lake_table.staging, ignore_errors=True)

    def is_current(self, value: str | None, key: str) -> bool:
        """Say whether the published partition was made from `key` by the same rules and is still there."""
        name = self._lake.file_name(value)
        entry = self._old.files.get(name)
        return (
            entry is not None
            and not self._is_replay
            and entry.key == key
            and self._old.rules == self._new.rules
            and self._lake._is_whole(name, entry)
        )

    def note_of(self, value: str | None) -> dict[str, Any]:
        """Return the notes of the published partition, empty when there is none."""
        entry = self._old.files.get(self._lake.file_name(value))
        return entry.note if entry else {}

    def keep(self, value: str | None, note: dict[str, Any] | None = None) -> None:
        """Carry the published partition over as it is, with other notes if there are any."""
        name = self._lake.file_name(value)
        entry = self._old.files[name]
        self._new.files[name] = replace(entry, note=note) if note else entry

    def key_of(self, value: str | None) -> str:
        """Return the key of the published partition, empty when there is none."""
        entry = self._old.files.get(self._lake.file_name(value))
        return entry.key if entry else ""

    def write(
        self,
        value: str | None,
        rows: pa.Table | Iterable[pa.RecordBatch],
        key: str = "",
        note: dict[str, Any] | None = None,
    ) -> int:
        """Stage a partition's rows (in the table's exact schema) and return how many there were.

        Raises DiskError when it cannot be written and ValueError when the rows have another schema.
        """
        name = self._lake.file_name(value)
        path = self._lake.staging / name
        batches: Iterable[pa.RecordBatch] = rows.to_batches() if isinstance(rows, pa.Table) else rows
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            n_rows = self._write_file(path, batches)
            entry = FileEntry(n_rows, path.stat().st_size, sha256_of_file(path), key, note or {})
        except OSError as error:
            shutil.rmtree(self._lake.staging, ignore_errors=True)
            raise explain(error, path) from error
        self._new.files[name] = entry
        return n_rows

    def annotate(self, value: str | None, key: str, note: dict[str, Any]) -> None:
        """Give a written partition its key and notes once they are known; one that was not written becomes an empty one."""
        name = self._lake.file_name(value)
        if name not in self._new.files:
            self.write(value, [])
        self._new.files[name] = replace(self._new.files[name], key=key, note=note)

    def _write_file(self, path: Path, batches: Iterable[pa.RecordBatch]) -> int:
        arrow, n_rows = self._lake.table.arrow, 0
        with (
            path.open("wb") as file,
            # page checksums: a flipped byte is then an error to every reader that verifies, not a wrong number
            pq.ParquetWriter(
                file, arrow, compression="zstd", write_page_checksum=True, store_schema=True
            ) as writer,
        ):
            for batch in batches:
                if not batch.schema.equals(arrow):
                    raise ValueError(
                        f"{self._lake.table.name}: rows have the schema\n{batch.schema}\nnot\n{arrow}"
                    )
                writer.write_batch(batch)
                n_rows += batch.num_rows
        with path.open("rb") as written:
            os.fsync(written.fileno())
        return n_rows

    def commit(self) -> Manifest:
        """Publish: afterwards the table holds what was written or kept, and nothing else."""
        self._lake.folder.mkdir(parents=True, exist_ok=True)
        if self._new != self._old:
            write_bytes(self._lake.folder / NEXT_MANIFEST, self._new.to_json())
            self._lake._finish()
        shutil.rmtree(self._lake.staging, ignore_errors=True)
        return self._new

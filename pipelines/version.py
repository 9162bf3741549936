"""What code made a result: digests of source files, so that changed code makes its results anew by itself."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE_DIR = Path(__file__).resolve().parent


def digest_of(paths: Iterable[Path]) -> str:
    """Return 16 hex digits over the names and contents of `paths` and of all files of rules below them."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        files = (
            sorted(f for s in ("*.py", "*.toml", "*.sql", "*.html", "*.css") for f in path.rglob(s))
            if path.is_dir()
            else [path]
        )
        for file in files:
            name = file.relative_to(path.parent).as_posix()
            digest.update(f"{name}\x1f".encode() + file.read_bytes() + b"\x1e")
    return digest.hexdigest()[:16]


@cache
def parser_version() -> str:
    """Return the version of everything between a capture's bytes and its records."""
    papers = PACKAGE_DIR / "papers"
    names = ("dates", "ids", "reading", "records", "text")
    return digest_of(
        [PACKAGE_DIR / "sources", *(papers / f"{name}.py" for name in names), *papers.glob("tex*.py")]
    )


@cache
def code_version() -> str:
    """Return the version of all of the package's code."""
    return digest_of([PACKAGE_DIR])

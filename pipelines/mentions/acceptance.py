"""Accepting a candidate: one entry more in the user's own catalogue, written so that what a person wrote there stays.

The next run extracts history again, for the catalogue is part of the rules' version.
"""

from pathlib import Path
from typing import get_args

import tomlkit

from pipelines.lake.durable import write_bytes
from pipelines.mentions.catalogue import (
    USER_FILE_NAME,
    CatalogueError,
    Family,
    load_catalogue,
    read_methods,
    user_file,
)
from pipelines.settings import PROJECT_DIR


def accept(
    name: str,
    family: str,
    *,
    arxiv_id: str | None = None,
    year: int | None = None,
    aliases: tuple[str, ...] = (),
) -> Path:
    """Add the method to the user's catalogue and return that file.

    Raises CatalogueError when the catalogue has it already or the family is none.
    """
    if family not in get_args(Family):
        raise CatalogueError(f"{name}: family {family!r} is none of {', '.join(get_args(Family))}")
    if load_catalogue().by_name(name):
        raise CatalogueError(f"{name} is in the catalogue already; edit its entry to change it")
    path = user_file() or PROJECT_DIR / USER_FILE_NAME
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    document = tomlkit.parse(before)
    entry = tomlkit.table()
    entry["name"] = name
    entry["family"] = family
    for key, value in (("arxiv_id", arxiv_id), ("year", year), ("aliases", list(aliases))):
        if value:
            entry[key] = value
    methods = document.setdefault("method", tomlkit.aot())
    methods.append(entry)
    write_bytes(path, tomlkit.dumps(document).encode())
    try:
        read_methods(path)
    except CatalogueError:
        write_bytes(path, before.encode())
        raise
    return path

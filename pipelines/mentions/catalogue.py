"""The catalogue of PEFT methods: data from `lexicon/methods.toml` and the user's own file, checked and hashed.

What a name needs before it counts is part of the data; how the text is searched for it is in `matching`.
"""

import hashlib
import json
import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow as pa

from pipelines import schema

LEXICON_DIR = Path(__file__).parent / "lexicon"
USER_FILE_NAME = "papertrends.toml"
GENERIC = "PEFT (generic)"

Needs = Literal["nothing", "peft", "expansion"]
Family = Literal[
    "additive-adapter",
    "soft-prompt",
    "reparameterized",
    "selective",
    "rescaling",
    "hybrid",
    "other",
    "generic",
]
_KEYS = {
    "name",
    "printed",
    "family",
    "arxiv_id",
    "year",
    "aliases",
    "needs",
    "context",
    "veto",
    "former_names",
    "is_counted",
}


class CatalogueError(ValueError):
    """A catalogue file that cannot be used: the message names the file, the method and the cause."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `needs` says what must stand in a paper before the bare name counts:

    nothing; talk of PEFT ("peft"); or one of the spelled-out aliases ("expansion"). `context` is a pattern that
    must be found as well, `veto` one that must not.
    """

    name: str
    printed: str
    family: Family
    arxiv_id: str | None
    year: int | None
    aliases: tuple[str, ...]
    needs: Needs
    context: str | None
    veto: str | None
    former_names: tuple[str, ...]
    is_counted: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling that stands for the method, the printed name first."""
        return (self.printed, *self.aliases, *self.former_names)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The methods in force and the SHA-256 of what they were read from; one is equal only to itself."""

    methods: tuple[Method, ...]
    digest: str

    @cached_property
    def _by_name(self) -> dict[str, Method]:
        return {m.name: m for m in self.methods}

    def by_name(self, name: str) -> Method | None:
        """Return the method called `name`, or None."""
        return self._by_name.get(name)

    def table(self) -> pa.Table:
        """Return the catalogue as a table with the schema of `schema.METHODS`, sorted by name."""
        rows = [
            {
                "method": m.name,
                "family": m.family,
                "arxiv_id": m.arxiv_id,
                "year": m.year,
                "aliases": list(m.names[1:]),
                "is_counted": m.is_counted,
            }
            for m in sorted(self.methods, key=lambda m: m.name)
        ]
        return pa.Table.from_pylist(rows, schema=schema.METHODS.arrow)


def _method(entry: dict[str, object], source: str) -> Method:
    def text(key: str) -> str | None:
        value = entry.get(key)
        if value is not None and not isinstance(value, str):
            raise CatalogueError(
                f"{source}: method {entry.get('name')!r}: {key} must be a string, not {value!r}"
            )
        return value

    def texts(key: str) -> tuple[str, ...]:
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise CatalogueError(f"{source}: method {entry.get('name')!r}: {key} must be a list of strings")
        return tuple(value)

    name = (text("name") or "").strip()
    if not name:
        raise CatalogueError(f"{source}: a [[method]] has no name; give each one `name` and `family`")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise CatalogueError(
            f"{source}: method {name!r}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}"
        )
    family, needs, year = text("family"), text("needs") or "nothing", entry.get("year")
    if family not in get_args(Family):
        raise CatalogueError(
            f"{source}: method {name!r}: family {family!r} is none of {', '.join(get_args(Family))}"
        )
    if needs not in get_args(Needs):
        raise CatalogueError(
            f"{source}: method {name!r}: needs {needs!r} is none of {', '.join(get_args(Needs))}"
        )
    if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
        raise CatalogueError(f"{source}: method {name!r}: year {year!r} is no whole number")
    for key in ("context", "veto"):
        try:
            re.compile(text(key) or "")
        except re.error as error:
            raise CatalogueError(f"{source}: method {name!r}: {key} is no pattern: {error}") from error
    is_counted = entry.get("is_counted", True)
    if not isinstance(is_counted, bool):
        raise CatalogueError(f"{source}: method {name!r}: is_counted must be true or false")
    return Method(
        name=name,
        printed=text("printed") or name,
        family=family,  # type: ignore[arg-type]  # checked against the literal above
        arxiv_id=text("arxiv_id"),
        year=year,
        aliases=texts("aliases"),
        needs=needs,  # type: ignore[arg-type]  # checked against the literal above
        context=text("context"),
        veto=text("veto"),
        former_names=texts("former_names"),
        is_counted=is_counted,
    )


@cache
def lexicon(name: str) -> dict[str, Any]:
    """Return `lexicon/<name>.toml`, read once; shared, so not to be changed."""
    return tomllib.loads((LEXICON_DIR / f"{name}.toml").read_text(encoding="utf-8"))


def read_methods(path: Path) -> list[Method]:
    """Return the `[[method]]` tables of the TOML file at `path`; raise CatalogueError where one is not usable."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(
            f"catalogue {path}: {error.strerror}; set PAPERTRENDS_CATALOGUE to a readable file"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"catalogue {path}: {error}") from error
    entries = data.get("method", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise CatalogueError(f"catalogue {path}: methods are written as [[method]] tables")
    return [_method(entry, str(path)) for entry in entries]


def user_file() -> Path | None:
    """Return the user's own catalogue: PAPERTRENDS_CATALOGUE, else papertrends.toml here or in the project."""
    named = os.environ.get("PAPERTRENDS_CATALOGUE")
    if named:
        return Path(named).expanduser()
    project = Path(__file__).resolve().parents[2]
    return next((p for p in (Path.cwd() / USER_FILE_NAME, project / USER_FILE_NAME) if p.is_file()), None)


def merge(own: list[Method], user: list[Method]) -> tuple[Method, ...]:
    """Return `own` with `user` over it: an entry of the same name replaces ours, others are added."""
    merged = {m.name: m for m in own}
    for method in user:
        merged[method.name] = method
    return tuple(merged.values())


@cache
def _load(user: Path | None, _stamp: float) -> Catalogue:
    methods = merge(read_methods(LEXICON_DIR / "methods.toml"), read_methods(user) if user else [])
    content = json.dumps([[str(getattr(m, s)) for s in Method.__slots__] for m in methods])
    return Catalogue(methods, hashlib.sha256(content.encode()).hexdigest())


def load_catalogue() -> Catalogue:
    """Return the catalogue in force; read again when the user's file changes. Raise CatalogueError for a bad file."""
    user = user_file()
    stamp = user.stat().st_mtime if user is not None and user.is_file() else 0.0
    return _load(user, stamp)

"""Untrusted JSON: decoding it without a traceback, and taking values of the type they should have, or none."""

import json
from collections.abc import Mapping
from typing import Any, cast

from pipelines.sources.record import UnreadableListing

#: pandas writes NaN where a value is missing; no text of a paper is a number, so it reads as null.
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


class BadJson(ValueError):  # noqa: N818
    """Text that is no usable JSON; the message says why on one line."""


def decode_json(text: str) -> object:
    """Return the JSON value of `text`; raise BadJson for broken syntax, endless numbers or hostile nesting."""
    try:
        return cast("object", _DECODER.decode(text))
    except json.JSONDecodeError as error:
        raise BadJson(f"not valid JSON ({error.msg} at character {error.pos + 1})") from error
    except RecursionError as error:
        raise BadJson("JSON nested too deeply for any listing") from error
    except ValueError as error:  # an integer of more than 4,300 digits
        raise BadJson("JSON with a number too long for any listing") from error


def object_of(value: object) -> Mapping[str, Any]:
    """Return `value` when it is a JSON object, else an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """Return `value` when it is a JSON list, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str | None:
    """Return `value` when it is text with something in it, else None."""
    return value if isinstance(value, str) and value.strip() else None


def count_of(value: object) -> int | None:
    """Return `value` when it is a count (an integer from 0, not a truth value), else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def one_line(text: str, n_characters: int = 160) -> str:
    """Return `text` on one line without control characters, cut where it is long: for messages."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * n_characters]).split())
    return line if len(line) <= n_characters else line[: n_characters - 1] + "…"


def keys_of(value: Mapping[str, object]) -> str:
    """Return the keys of an object for a message."""
    return one_line(", ".join(str(k)[:40] for k in list(value)[:12]) or "none", 200)


def refuse_error_object(value: Mapping[str, Any]) -> None:
    """Raise UnreadableListing when `value` is a server's error answer rather than a listing."""
    if "error" in value and not {"id", "title", "abstract", "summary"} & set(value):
        error = value["error"]
        said = error if isinstance(error, str) else str(object_of(error).get("message", error))
        raise UnreadableListing(f"the server answered with an error, not a listing: {one_line(said)}")

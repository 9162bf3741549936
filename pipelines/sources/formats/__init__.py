"""Recognises what a file is by its content and hands it to the format's own reader. One file a format beside this."""

from typing import BinaryIO

from pipelines.sources.record import Listing, UnreadableListing


def read_listing(stream: BinaryIO, name_hint: str) -> Listing:
    """Return the listing that `stream` (bytes, plain or compressed) holds, recognised by content.

    `name_hint` is only for messages and never decides. Raises UnreadableListing with the reason on one line.
    The records of a bulk file are read from `stream` as they are asked for, so keep it open until then.
    """
    raise UnreadableListing(f"{name_hint}: no reader is there yet ({stream})")

"""XML from outside, parsed without trust: no document types, no entities but XML's own five, no endless depth."""

import re
from xml.etree import ElementTree as ET

from pipelines.sources.formats.fields import one_line
from pipelines.sources.formats.unpack import decode_text
from pipelines.sources.record import UnreadableListing

MAX_DEPTH = 60


class _Bounded(ET.TreeBuilder):
    """Builds the tree and refuses nesting that no feed has, which would exhaust the stack when it is freed."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> ET.Element:
        """Open an element."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableListing("XML nested too deeply for any listing")
        return super().start(tag, attrs)

    def end(self, tag: str) -> ET.Element:
        """Close an element."""
        self.depth -= 1
        return super().end(tag)


def parse_xml(data: bytes) -> ET.Element:
    """Return the root element of an XML document; raise UnreadableListing when it is broken, cut or not harmless."""
    text = decode_text(data).strip()
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise UnreadableListing("XML with a document type or entity declaration, which no arXiv answer has")
    try:
        return ET.fromstring(text, parser=ET.XMLParser(target=_Bounded()))  # noqa: S314 - see above
    except ET.ParseError as error:
        is_cut = not text.endswith(">") or "no element found" in str(error) or "unclosed" in str(error)
        why = "the XML breaks off" if is_cut else "the XML is broken"
        raise UnreadableListing(f"{why} ({one_line(str(error), 80)}): ask for it again") from error


def local_name(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def text_at(element: ET.Element, path: str, names: dict[str, str]) -> str | None:
    """Return the text of the first element at `path` with something in it, else None."""
    found = element.findtext(path, None, names)
    return found if found and found.strip() else None

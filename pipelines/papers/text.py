"""stub"""


def printable(text: str) -> str:
    """Return text that UTF-8 can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def normalize_text(raw: str) -> str:
    """Stub."""
    return " ".join(printable(raw).split())


normalize_title = normalize_text

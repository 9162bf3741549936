"""TeX's typing conventions outside formulas: ties, quotes and dashes. Everything else of TeX is in `tex`."""

import re

_QUANTITY_BEFORE = re.compile(r"[0-9][KMBTGkmb]$")


class Typing:
    """Reads the marks of one text in order; it remembers which quotes are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.n_open_quotes = 0

    def read(self, start: int, end: int) -> str:
        """Return the mark from `start` to `end` (a tilde, backticks, quotes, hyphens) as it is printed."""
        mark = self.text[start:end]
        before, after = self.text[max(0, start - 1) : start], self.text[end : end + 1]
        if mark == "~":
            return " " if self._is_tie(start, before, after) else "~"
        if mark[0] == "`":
            if len(mark) in {2, 3}:
                self.n_open_quotes += 1
                return "“" + "‘" * (len(mark) - 2)
            return mark
        if mark[0] == "'":
            if len(mark) == 2 and (before in {"", " ", "\n", "("}) and after.isalnum():
                self.n_open_quotes += 1
                return "“"
            is_closing = self.n_open_quotes > 0 or (
                (before.isalpha() or before in ".,!?)") and not after.isalnum()
            )
            if len(mark) > 3 or not is_closing:
                return mark
            self.n_open_quotes = max(0, self.n_open_quotes - 1)
            return "’" * (len(mark) - 2) + "”"
        if len(mark) > 3 or before == "!" or after == ">" or (before in {"", " ", "\n"} and after.isalnum()):
            return mark
        return "–" if len(mark) == 2 else "—"

    def _is_tie(self, start: int, before: str, after: str) -> bool:
        """Say whether a tilde is TeX's unbreakable blank: glued on both sides, and not "about" or "to"."""
        if before.isspace() or before == "" or after == "":
            return False
        is_quantity = _QUANTITY_BEFORE.search(self.text[max(0, start - 2) : start]) is not None
        if after.isspace():
            return before.isalpha() and not is_quantity  # a tie after a macro: "\\method~ is"
        if before.isdigit():
            return after.isalpha() or after in "\\$("
        if after.isdigit() and is_quantity:
            return False
        return before.isalpha() or before in ".,;:)]}$'’”"

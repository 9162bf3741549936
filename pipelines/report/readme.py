"""The true output that the README shows: made by a run over the starter corpus, and by measuring the extractor.

`make docs` writes it into README.md; a test keeps it current. Only what differs from run to run is replaced by an
example: the release's name, the seconds, the folder.
"""

import re
import sys
import tempfile
from pathlib import Path

from pipelines.mentions.accuracy import measured
from pipelines.refresh import Request, refresh
from pipelines.report.accuracy import accuracy_table
from pipelines.report.summary import summary
from pipelines.settings import PROJECT_DIR, DataDir

README = PROJECT_DIR / "README.md"
_RELEASE = re.compile(r"published \S+ in \S+ s -> .*")
_PAGES = re.compile(r"-> .*/(reports/.*)")
_EXAMPLE = "published 20261123T111500-5ea489b2 in 6.2 s -> data/warehouse.duckdb"


def shown_run() -> str:
    """Return what `make run` ends with over nothing but the starter corpus."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder)).make()
        text = summary(data, refresh(data, Request(), lambda _: None))
    shown = _RELEASE.sub(_EXAMPLE, text.partition("\nnext:")[0]).rstrip()
    return _PAGES.sub(r"-> data/\1", shown)


def shown_accuracy() -> str:
    """Return the extractor's accuracy on the project's own labelled texts."""
    return accuracy_table(measured())


def with_block(text: str, marker: str, shown: str) -> str:
    """Return `text` with `shown` in the fenced block behind the comment `marker`. Raises ValueError without one."""
    pattern = re.compile(rf"(<!-- {re.escape(marker)} -->\n```text\n)(.*?)(```\n)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"README.md has no block behind <!-- {marker} -->")
    return pattern.sub(lambda m: f"{m[1]}{shown}\n{m[3]}", text, count=1)


def current(text: str) -> str:
    """Return the README with its true output."""
    return with_block(with_block(text, "output of make run", shown_run()), "accuracy", shown_accuracy())


if __name__ == "__main__":
    README.write_text(current(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stderr.write(f"{README} is current\n")

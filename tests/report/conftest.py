"""Fixtures of the report: a lake with enough papers for charts and an undated one, its release, and its pages."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipelines.report.pages import places
from pipelines.report.pages.report import write_report
from pipelines.settings import DataDir
from pipelines.warehouse.build import build_release
from tests.warehouse.small_lake import Paper, SmallLake

MONTHS = [
    f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13) if (year, month) != (2024, 8)
]
ROLES = ("proposes", "uses", "mentions")


def many_papers() -> list[Paper]:
    """Return eight papers a month for two years with a gap, LoRA in every role, sizes of every kind, two undated."""
    papers = [
        Paper(
            100 * i + n + 1,
            f"{month}-{n + 1:02d}",
            ("arxiv",),
            ("cs.CL",),
            methods=((("LoRA", ROLES[(i + n) % 3]), ("LoRA", "mentions")) if n < 4 else ())
            + ((("QLoRA", "uses"),) if n == 5 and i > 11 else ()),
            sizes={
                0: (("7B", 7e9, None, "uses"), ("70B", 7e10, None, None)),
                1: (("7B", 7e9, None, "uses"), ("70B", 7e10, "active", None)),
                2: (("13B", 1.3e10, "active", "uses"),),
            }.get(n if i != 5 else -1, ()),
            candidate="ZebraTune" if (i, n) in {(3, 6), (20, 6)} else None,
        )
        for i, month in enumerate(MONTHS)
        for n in range(8)
    ]
    undated = [Paper(9001 + n, None, ("arxiv",), methods=(("LoRA", "uses"),)) for n in range(2)]
    return [*papers, *undated]


@dataclass(frozen=True)
class Written:
    """A data folder, the folder of its report, and the release that it is about."""

    data: DataDir
    folder: Path
    release_id: str

    @classmethod
    def report(cls, data: DataDir) -> "Written":
        """Write a report; the folder stays its own when the link is turned to another."""
        report = write_report(data)
        return cls(data, report.page.resolve().parent, report.release_id)

    def page(self, name: str) -> LexborHTMLParser:
        """Return a page of the report."""
        return LexborHTMLParser((self.folder / name).read_text(encoding="utf-8"))

    def pages(self) -> dict[str, LexborHTMLParser]:
        """Return every page by its place in the folder."""
        found = sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*.html"))
        return {name: self.page(name) for name in found}


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """Return the data folder of a release, without a report."""
    small = SmallLake(tmp_path_factory.mktemp("report") / "data", many_papers())
    build_release(small.write(), inputs=small.inputs())
    return small.data


@pytest.fixture(scope="session", params=[300, 0], ids=["whole pages", "a page a month"])
def written(request: pytest.FixtureRequest, released: DataDir) -> Written:
    """Return the report, once with a method's sentences on one page, once with a page a month."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "MAX_SENTENCES", request.param)
        return Written.report(released)

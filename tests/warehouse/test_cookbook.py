"""The cookbook's answers are true."""

from pathlib import Path

import pytest

from pipelines.settings import DataDir
from pipelines.stages import Stages
from pipelines.warehouse.docs import COOKBOOK_FILE, answered, questions
from pipelines.warehouse.output import format_rows
from pipelines.warehouse.query import connect, run_query

COOKBOOK = COOKBOOK_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """Return a data folder with a release of the starter corpus, made by the pipeline's own stages."""
    data = DataDir(tmp_path_factory.mktemp("starter") / "data").make()
    stages = Stages(data)
    stages.capture_starter()
    stages.read()
    stages.merge()
    stages.extract()
    stages.release()
    return data


def test_the_cookbook_has_its_thirteen_questions() -> None:
    """Thirteen questions, each with an answer that has rows."""
    found = questions(COOKBOOK)
    assert len(found) == COOKBOOK.count("\n## ") == 13
    assert all(len(answer.splitlines()) > 2 and "(no rows)" not in answer for _, answer in found)


@pytest.mark.parametrize("number", range(13))
def test_an_answer_is_what_the_question_gives(starter: DataDir, number: int) -> None:
    """The answer in the book is the one that the starter corpus gives; `python -m pipelines.warehouse.docs DIR` mends it."""
    sql, answer = questions(COOKBOOK)[number]
    with connect(starter) as con:
        assert format_rows(run_query(con, sql), "table") == answer


def test_writing_the_cookbook_again_changes_nothing(starter: DataDir) -> None:
    """The book is what writing it again makes."""
    with connect(starter) as con:
        assert answered(COOKBOOK, con) == COOKBOOK


def test_the_cookbook_stands_without_the_project(starter: DataDir, tmp_path: Path) -> None:
    """Every question is answered by a plain DuckDB connection on a copy of the file, without a line of this project."""
    import shutil

    import duckdb

    shutil.copyfile(starter.warehouse.resolve(), tmp_path / "copy.duckdb")
    with duckdb.connect(str(tmp_path / "copy.duckdb"), read_only=True) as con:
        for sql, _ in questions(COOKBOOK):
            assert con.execute(sql).fetchall()

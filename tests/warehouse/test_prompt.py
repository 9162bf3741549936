"""The prompt answers one question after the other, and never ends on a bad one."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from pipelines.settings import PROJECT_DIR
from pipelines.warehouse.build import Release
from pipelines.warehouse.prompt import NameCompleter, answer, is_complete, names_of
from pipelines.warehouse.query import connect
from tests.warehouse.small_lake import SmallLake


def ask(built: tuple[SmallLake, Release], text: str) -> str:
    """Return what the prompt says."""
    with connect(built[0].data) as con:
        return answer(con, text, 120)


def test_questions_commands_and_mistakes_are_answered(built: tuple[SmallLake, Release]) -> None:
    """SQL gives its rows, a dot command what it names, and a mistake one line; only .quit ends."""
    assert "13\n" in ask(built, "select count(*) as n from core.papers;")
    assert "trends.method_monthly" in ask(built, ".tables")
    assert "share_low" in ask(built, ".table trends.method_monthly;")
    assert "evidence(method_name, in_month" in ask(built, ".macros")
    assert ask(built, "selec 1;") == 'Parser Error: syntax error at or near "selec"\n'
    assert ask(built, ".nothing") == ".nothing is no command; .help lists them\n"
    assert ask(built, "  ") == ""
    with pytest.raises(EOFError):
        ask(built, ".quit")


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [("select 1", False), ("select 1;", True), ("select 1\n", True), (".tables", True), ("", True)],
)
def test_a_statement_ends_with_a_semicolon_or_an_empty_line(text: str, is_whole: bool) -> None:
    """A question may run over lines; a dot command may not."""
    assert is_complete(text) is is_whole


def test_names_are_completed(built: tuple[SmallLake, Release]) -> None:
    """Tables, columns and macros are completed from their first letters, within brackets too."""
    with connect(built[0].data) as con:
        completer = NameCompleter(names_of(con))

    def completed(text: str) -> list[str]:
        return [c.text for c in completer.get_completions(Document(text), CompleteEvent())]

    assert "trends.method_monthly" in completed("select * from trends.m")
    assert completed("from evid") == ["evidence", "evidence("]
    assert "share_low" in completed("select max(SHARE_L")
    assert completed("select ") == []


def test_the_prompt_works_on_a_terminal(built: tuple[SmallLake, Release]) -> None:
    """On a real terminal a question is answered, the next one too, history is kept in the data folder, and .quit ends with 0."""
    code = "import sys; from pathlib import Path; from pipelines.settings import DataDir; "
    code += "from pipelines.warehouse.prompt import prompt; prompt(DataDir(Path(sys.argv[1])))"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(built[0].root)], stdin=theirs, stdout=theirs, stderr=theirs, cwd=PROJECT_DIR,
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
    )  # fmt: skip
    os.close(theirs)
    try:
        said = _until(ours, "papertrends>")
        os.write(ours, b"select 40 + 2 as answer;\r")
        said = _until(ours, "42")
        os.write(ours, b"select 'a' || 'b' as text;\r")
        said += _until(ours, "ab\r\n")
        os.write(ours, b".quit\r")
        assert process.wait(timeout=20) == 0, said
    finally:
        process.kill()
        os.close(ours)
    history = Path(built[0].root, ".sql_history").read_text(encoding="utf-8")
    assert "+select 40 + 2 as answer;" in history


def _until(descriptor: int, wanted: str, limit_s: float = 20) -> str:
    """Return what the terminal shows until `wanted` is in it."""
    text, end = "", time.monotonic() + limit_s
    while wanted not in text:
        left = end - time.monotonic()
        if left < 0 or not select.select([descriptor], [], [], left)[0]:
            raise AssertionError(f"{wanted!r} was not shown; shown was {text!r}")
        text += os.read(descriptor, 65536).decode(errors="replace")
    return text

"""The prompt of `papertrends sql`: history, completion and paging over a read-only release. Asks by `query` alone."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
import duckdb
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer

from pipelines.settings import DataDir
from pipelines.warehouse.errors import QueryError
from pipelines.warehouse.output import format_rows, visible
from pipelines.warehouse.query import connect, run_query

#: Rows that the prompt fetches of one answer; a person who wants more asks for csv on the command line.
MAX_ROWS = 10_000
HISTORY = ".sql_history"
WORDS = (
    "select", "from", "where", "group by all", "order by", "limit", "join", "left join", "using", "with", "as", "and",
    "or", "not", "in", "between", "like", "ilike", "is null", "distinct", "count(*)", "sum", "min", "max", "median",
    "filter", "case when", "then", "else", "end", "union all", "having", "date", "describe", "show all tables", "summarize",
)  # fmt: skip
HELP = """Ask in SQL; a statement ends with ; or with an empty line. Tab completes, the arrow keys bring back earlier questions.
  .tables          the tables and what a row of each is
  .table NAME      the columns of a table
  .macros          ready-made questions, such as from evidence('LoRA', date '2024-03-01');
  .help, .quit     this text; the end (also Ctrl-D)
"""
COMMANDS = {
    ".tables": "select schema_name || '.' || table_name as table_name, estimated_size as n_rows, comment as what "
    "from duckdb_tables() where not internal order by 1",
    ".macros": "select function_name || '(' || array_to_string(parameters, ', ') || ')' as macro from duckdb_functions() "
    "where not internal and function_type in ('macro', 'table_macro') order by 1",
}
COLUMNS = (
    "select column_name, data_type, comment as meaning from duckdb_columns() "
    "where lower(schema_name || '.' || table_name) = lower({name}) or lower(table_name) = lower({name}) order by column_index"
)


class NameCompleter(Completer):
    """Completes the word before the cursor with names of the release and words of SQL."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names), key=lambda n: (n.lower(), n))

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Yield what begins with the word before the cursor, whatever its case; nothing before its first letter."""
        word = document.get_word_before_cursor(WORD=True).rpartition("(")[2].rpartition(",")[2]
        if word:
            for name in self.names:
                if name.lower().startswith(word.lower()):
                    yield Completion(name, -len(word))


def names_of(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names that a question may hold: tables, columns, macros, and the words of SQL."""
    found = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() union "
        "select column_name from duckdb_columns() where not internal union "
        "select function_name || '(' from duckdb_functions() where not internal"
    ).fetchall()
    return [*(str(n) for (n,) in found), *WORDS]


def is_complete(text: str) -> bool:
    """Say whether what was typed is a whole question: a dot command, one ended with ;, or one ended with an empty line."""
    return (
        not text.strip()
        or text.lstrip().startswith(".")
        or text.rstrip().endswith(";")
        or text.endswith("\n")
    )


def answer(connection: duckdb.DuckDBPyConnection, text: str, width: int | None) -> str:
    """Return what the prompt says to one question, an error included. Raises EOFError for .quit."""
    asked = text.strip()
    command, _, argument = asked.partition(" ")
    if not asked:
        return ""
    if command in {".quit", ".exit"}:
        raise EOFError
    if command == ".help":
        return HELP
    if command in COMMANDS:
        asked = COMMANDS[command]
    elif command == ".table" and argument:
        asked = COLUMNS.format(name="'" + argument.strip(" ;").replace("'", "''") + "'")
    elif command.startswith("."):
        return f"{visible(command)} is no command; .help lists them\n"
    try:
        return format_rows(run_query(connection, asked, MAX_ROWS), "table", width)
    except QueryError as error:
        return f"{visible(str(error))}\n"


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_complete(buffer.text) and not buffer.document.text_after_cursor.strip():
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return bindings


def _session(history: Path, completer: Completer) -> "PromptSession[str]":
    return PromptSession(
        "papertrends> ",
        history=FileHistory(str(history)),
        completer=completer,
        complete_while_typing=False,
        lexer=PygmentsLexer(SqlLexer),
        multiline=True,
        key_bindings=_bindings(),
        prompt_continuation="        ...> ",
    )


def _show(text: str, height: int) -> None:
    """Print an answer, through the pager when it is longer than the terminal."""
    if text.count("\n") >= height:
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False)


def prompt(data: DataDir, release_id: str | None = None) -> None:
    """Ask and answer until the person ends it; what is piped in is answered statement by statement.

    Raises NoReleaseError. A release that is published meanwhile is not seen: the prompt keeps the one it opened.
    """
    with connect(data, release_id) as connection:
        if not sys.stdin.isatty():
            click.echo(answer(connection, sys.stdin.read(), None), nl=False)
            return
        click.echo("The release is read only. .help helps, .quit ends.")
        session = _session(data.root / HISTORY, NameCompleter(names_of(connection)))
        while True:
            try:
                text = session.prompt()
                size = session.output.get_size()
                _show(answer(connection, text, size.columns), size.rows)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return

"""What the command promises: its contract of words in, text out, exit statuses, one-line errors."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_pipeline import PAGE, drop, papertrends

from pipelines.cli import main

PAPER = {
    "id": "p1",
    "title": "SlideRank: Choosing Adapter Rank from Gradient Spectra",
    "abstract": "We fine-tune a 7B model with low-rank adaptation (LoRA) in 4-bit precision, on 2 trillion tokens. "
    "Code: https://github.com/example/sliderank.",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder after one run."""
    folder = tmp_path_factory.mktemp("data")
    drop(folder, "page.txt", PAGE)
    assert papertrends("run", "--data-dir", folder).exit_code == 0
    return folder


def extract(text: str) -> Result:
    """Run `papertrends extract` on standard input."""
    return CliRunner().invoke(main, ["extract", "-"], input=text)


def test_extract_answers_line_by_line() -> None:
    """Each paper gives one line with the contract's fields; offsets cut the surface out of the text as given."""
    result = extract(
        json.dumps(PAPER) + "\n" + json.dumps({"id": "p2", "title": "On Trees", "abstract": None}) + "\n"
    )
    assert result.exit_code == 0, result.output
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["id"], second["id"]) == ("p1", "p2")
    assert [m["name"] for m in first["peft"]] == ["LoRA"]
    assert [s["params"] for s in first["sizes"]] == [7_000_000_000]
    assert '"params": 7000000000,' in result.stdout
    assert [t["tokens"] for t in first["tokens"]] == [2_000_000_000_000]
    assert [b["bits"] for b in first["bits"]] == [4]
    assert first["code"] == ["https://github.com/example/sliderank"]
    for found in (*first["peft"], *first["sizes"], *first["tokens"], *first["bits"]):
        assert PAPER[found["field"]][found["start"] : found["end"]] == found["surface"]
    assert not any(second[k] for k in second if k != "id")


@pytest.mark.parametrize("text", ["{", "[]", '{"id": "a", "title": 7}'])
def test_a_bad_line_is_named(text: str) -> None:
    """A line that is no paper ends the command with one line that names it."""
    result = extract(json.dumps(PAPER) + "\n" + text + "\n")
    assert result.exit_code == 1
    assert "2" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_evaluate_measures(tmp_path: Path) -> None:
    """Labels that agree give 1, labels that do not are counted against it and listed on demand."""
    gold = {"id": "p1", "peft": [{"name": "LoRA", "role": "uses"}], "sizes": [{"params": 13e9}], "code": []}
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n")
    (tmp_path / "papers.jsonl").write_text(json.dumps(PAPER) + "\n")
    result = papertrends(
        "evaluate", "--gold", tmp_path / "gold.jsonl", "--papers", tmp_path / "papers.jsonl", "--misses"
    )
    lines = {line.split()[0]: line.split()[1:] for line in result.output.splitlines() if line.strip()}
    assert lines["peft"][:3] == ["1.000", "1.000", "1.000"]
    assert lines["sizes"][:3] == ["0.000", "0.000", "0.000"]
    assert "p1" in result.output


def test_sql_formats_agree(data: Path) -> None:
    """The same query gives the same values as a table, as CSV and as JSON."""
    query = "select source, count(*) as n from core.appearances group by all order by source"
    as_json = json.loads(papertrends("sql", query, "--format", "json", "--data-dir", data).stdout)
    as_csv = list(
        csv.DictReader(io.StringIO(papertrends("sql", query, "--format", "csv", "--data-dir", data).stdout))
    )
    table = papertrends("sql", query, "--data-dir", data).stdout
    assert as_json == [{"source": "saved_page", "n": 2}, {"source": "starter", "n": 361}]
    assert [{"source": r["source"], "n": int(r["n"])} for r in as_csv] == as_json
    assert all(str(r["n"]) in table and r["source"] in table for r in as_json)


@pytest.mark.parametrize(
    "query",
    [
        "create table core.t as select 1",
        "delete from core.papers",
        "copy core.papers to '/tmp/stolen.csv'",
        "from read_csv('/etc/passwd')",
        "attach '/tmp/other.duckdb'",
        "select no_such_column from core.papers",
        "set enable_external_access = true",
    ],
)
def test_sql_only_reads(data: Path, query: str) -> None:
    """A query cannot change the release nor reach a file; the refusal is one line."""
    result = papertrends("sql", query, "--data-dir", data)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_evidence_marks_the_span(data: Path) -> None:
    """Each counted span is shown in its sentence, marked, under its paper."""
    result = papertrends("evidence", "lora", "--role", "proposes", "--data-dir", data)
    assert result.exit_code == 0
    assert ">>" in result.output
    assert "proposes" in result.output
    nothing = papertrends("evidence", "LoRA", "--month", "1999-01", "--data-dir", data)
    assert (nothing.exit_code, nothing.output.partition(";")[0]) == (0, "no span counts for 'LoRA' here")
    unknown = papertrends("evidence", "NoSuchMethod", "--data-dir", data)
    assert (unknown.exit_code, "core.methods" in unknown.stderr) == (1, True)


def test_status_says_what_the_numbers_are(data: Path) -> None:
    """Status shows captures by source, the release, the accuracy, and that starter numbers only demonstrate."""
    output = papertrends("status", "--data-dir", data).output
    assert "saved_page" in output
    assert "demonstrate, they do not measure" in output
    assert "peft_role" in output


def test_check_finds_and_mends(data: Path, tmp_path: Path) -> None:
    """What agrees is said to agree; a flipped byte is named, mending forgets it, and a run makes it anew."""
    import shutil

    folder = tmp_path / "d"
    shutil.copytree(data, folder, symlinks=True)
    assert papertrends("check", "--data-dir", folder).exit_code == 0
    victim = max((folder / "parquet" / "papers").rglob("*.parquet"))
    content = bytearray(victim.read_bytes())
    content[60] ^= 1
    victim.write_bytes(bytes(content))
    found = papertrends("check", "--data-dir", folder)
    assert found.exit_code == 1
    assert victim.relative_to(folder).as_posix() in found.output
    papertrends("check", "--mend", "--data-dir", folder)
    assert papertrends("run", "--data-dir", folder).exit_code == 0
    assert papertrends("check", "--data-dir", folder).exit_code == 0


@pytest.mark.parametrize("words", [("sql", "select 1"), ("evidence", "LoRA"), ("candidates",)])
def test_without_a_release_the_next_command_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A command that needs a release says how to make one, in one line."""
    result = papertrends(*words, "--data-dir", tmp_path)
    assert result.exit_code == 1
    assert "papertrends run" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_command_starts_without_dagster() -> None:
    """Asking for help, or for SQL, does not pay for importing Dagster."""
    code = "import sys, pipelines.cli, pipelines.warehouse.query; print('dagster' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

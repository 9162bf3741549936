"""Ad-hoc SQL reads a release and nothing else, and its output says exactly what the rows say."""

import csv
import io
import json
from datetime import date

import pytest

from pipelines.warehouse.build import Release, build_release
from pipelines.warehouse.errors import QueryError
from pipelines.warehouse.output import Rows, format_rows
from pipelines.warehouse.query import connect, evidence, run_query
from tests.warehouse.small_lake import Paper, SmallLake


def rows(lake: SmallLake, sql: str, limit: int | None = None) -> Rows:
    """Return the rows of a query on the last release."""
    with connect(lake.data) as con:
        return run_query(con, sql, limit)


@pytest.mark.parametrize(
    "sql",
    [
        "create table core.x as select 1", "delete from core.papers", "drop table core.papers",
        "copy core.papers to 'x.csv'", "select * from read_csv('/etc/passwd')", "select * from '/etc/passwd'",
        "attach '/tmp/x.duckdb'", "install httpfs", "load httpfs", "export database 'x'",
        "set enable_external_access = true", "set lock_configuration = false", "select * from glob('/*')",
    ],
)  # fmt: skip
def test_a_reader_can_change_and_reach_nothing(built: tuple[SmallLake, Release], sql: str) -> None:
    """A statement that writes, or that reaches beyond the release, is refused in one line."""
    with pytest.raises(QueryError) as caught:
        rows(built[0], sql)
    assert "\n" not in str(caught.value)


def test_a_missing_table_names_the_next_step(built: tuple[SmallLake, Release]) -> None:
    """A name that is not there is one line that says how to list what is."""
    with pytest.raises(QueryError, match="`show all tables` lists what there is"):
        rows(built[0], "select * from core.no_such_table")


def test_an_empty_statement_gives_nothing(built: tuple[SmallLake, Release]) -> None:
    """Nothing asked, nothing answered."""
    assert format_rows(rows(built[0], " ; "), "table") == ""


ODD = """select 170141183460469231731687303715884105727::hugeint as huge, 9007199254740993 as big, 7e9 as size,
  0.1 + 0.2::double as fraction, 1.10::decimal(4, 2) as price, date '2024-03-01' as day, null as nothing,
  'a, "b"' as text, ['x', null] as list, {'k': 1.5} as struct, 'nan'::double as nan, true as flag, 'é\n\x1b[2J' as odd"""


def test_json_and_csv_are_exact(built: tuple[SmallLake, Release]) -> None:
    """Json and csv can be read back to the very values, whatever their size."""
    found = rows(built[0], ODD)
    said = json.loads(format_rows(found, "json"))[0]
    assert said["huge"] == 170141183460469231731687303715884105727
    assert (said["big"], said["size"], said["fraction"]) == (9007199254740993, 7000000000, 0.1 + 0.2)
    assert (said["day"], said["nothing"], said["list"], said["struct"]) == (
        "2024-03-01",
        None,
        ["x", None],
        {"k": 1.5},
    )
    assert (said["price"], said["nan"], said["flag"], said["odd"]) == (1.1, "nan", True, "é\n\x1b[2J")
    line = next(csv.DictReader(io.StringIO(format_rows(found, "csv"))))
    assert (line["huge"], line["size"]) == ("170141183460469231731687303715884105727", "7000000000")
    assert (line["fraction"], line["text"], line["nothing"]) == ("0.30000000000000004", 'a, "b"', "")


def test_a_table_fits_the_terminal(built: tuple[SmallLake, Release]) -> None:
    """A table never runs over the width, cuts no number, and shows no control character."""
    found = rows(built[0], "select title, abstract, 7000000000 as size from core.papers order by paper_id")
    lines = format_rows(found, "table", 70).splitlines()
    assert max(map(len, lines)) <= 70
    assert all(line.endswith("7000000000") for line in lines[2:])
    odd = format_rows(rows(built[0], ODD), "table", 60)
    assert odd.startswith("row 1\n")
    assert "\x1b" not in odd
    assert "170141183460469231731687303715884105727" in odd


def test_a_long_table_says_that_it_is_cut(built: tuple[SmallLake, Release]) -> None:
    """A table shows its first rows and says how many there are; csv has them all."""
    found = rows(built[0], "select * from range(1234)")
    assert format_rows(found, "table").endswith(
        "(the first 200 rows of 1,234; --format csv or json gives all)\n"
    )
    assert len(format_rows(found, "csv").splitlines()) == 1235
    cut = rows(built[0], "select * from range(1234)", limit=10)
    assert (len(cut.values), cut.has_more) == (10, True)
    assert format_rows(rows(built[0], "select 1 as n where false"), "table").endswith("(no rows)\n")


def test_another_format_is_refused(built: tuple[SmallLake, Release]) -> None:
    """A format that does not exist is an error that lists those that do."""
    with pytest.raises(ValueError, match="table, csv, json"):
        format_rows(rows(built[0], "select 1"), "xml")


def test_evidence_marks_the_span_in_its_sentence(built: tuple[SmallLake, Release]) -> None:
    """Each span comes with its sentence and its place in it, in order of date, whatever case the method is typed in."""
    found = evidence(built[0].data, "lora", month=date(2024, 1, 1))
    assert [(e.paper_id[-2:], e.role, e.span_role) for e in found] == [
        ("01", "proposes", "proposes"), ("02", "uses", "uses"), ("02", "uses", "mentions"),
    ]  # fmt: skip
    assert {e.sentence for e in found} == {"Here we speak of LoRA once."}
    assert {e.sentence[e.start : e.end] for e in found} == {"LoRA"}
    assert [e.paper_id[-2:] for e in evidence(built[0].data, "LoRA", role="uses", scope="all")] == [
        "07",
        "02",
        "02",
        "05",
    ]


def test_evidence_of_an_uncatalogued_method(built: tuple[SmallLake, Release]) -> None:
    """A method that a paper introduces and the catalogue lacks has its evidence too; an unknown one is named."""
    assert [e.paper_id for e in evidence(built[0].data, "zebratune")] == ["arxiv:2401.00011"]
    with pytest.raises(QueryError, match="'NoSuch' is no method of this release"):
        evidence(built[0].data, "NoSuch")


SENTENCES = [
    ("First one. We use LoRA here, e.g. for 7B models. Last.", "We use [[LoRA]] here, e.g. for 7B models."),
    ("LoRA begins. Then more.", "[[LoRA]] begins."),
    ("It ends with LoRA", "It ends with [[LoRA]]"),
    ("Is it so? LoRA et al. reach 3.5 points! Yes.", "[[LoRA]] et al. reach 3.5 points!"),
    ("Naïve 𝒳 text. (LoRA, see Fig. 3.) Next.", "([[LoRA]], see Fig. 3.)"),
    ("Version 2.0 of LoRA v. 3 stays whole. End.", "Version 2.0 of [[LoRA]] v. 3 stays whole."),
]


@pytest.mark.parametrize(("text", "marked"), SENTENCES)
def test_sentences_are_cut_where_they_end(built: tuple[SmallLake, Release], text: str, marked: str) -> None:
    """A sentence goes from its first to its last character, past abbreviations and decimals, in any script."""
    at = text.index("LoRA")
    with connect(built[0].data) as con:
        assert con.execute("select marked_sentence($1, $2, $3)", [text, at, at + 4]).fetchone() == (marked,)


def test_hostile_arguments_are_values(published: tuple[SmallLake, Release]) -> None:
    """What a person types for a method is a value, not SQL."""
    lake, _ = published
    lake.papers.append(Paper(20, "2024-06-01", methods=(("O'Tune", "proposes"),)))
    build_release(lake.write(), inputs=lake.inputs(minute=2))
    assert [e.method for e in evidence(lake.data, "o'tune")] == ["O'Tune"]
    with pytest.raises(QueryError):
        evidence(lake.data, "x'; drop table core.papers; --")

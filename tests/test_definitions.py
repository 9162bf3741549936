"""What the Dagster layer promises: the assets are the tables, the lineage is whole, and automation waits for a person."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines import schema
from pipelines.assets.automation import DIGEST_JOB, JOB, inbox_sensor
from pipelines.definitions import build_definitions
from pipelines.mentions import accuracy
from pipelines.mentions.evaluate import Score
from pipelines.settings import SQL_DIR, DataDir
from pipelines.sources.live import LIVE_SOURCES
from pipelines.stages import Stages


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Return the stages over an empty data folder."""
    return Stages(DataDir(tmp_path_factory.mktemp("data")).make())


@pytest.fixture(scope="module")
def graph(stages: Stages) -> Any:
    """Return the asset graph."""
    return build_definitions(stages).resolve_asset_graph()


def test_definitions_load(stages: Stages) -> None:
    """Every definition resolves: no missing key, no cycle, no name twice."""
    dg.Definitions.validate_loadable(build_definitions(stages))


def test_assets_are_the_tables(graph: Any) -> None:
    """Every lake table and every `sql/` file is an asset of the same name; the rest is the listings and the report."""
    tables = {f"lake/{name}" for name in schema.TABLES}
    files = {f"{p.parent.name}/{p.stem}" for p in SQL_DIR.glob("*/*.sql") if p.parent.name != "checks"}
    keys = {k.to_user_string() for k in graph.get_all_asset_keys()}
    assert {k for k in keys if not k.startswith("raw/")} == tables | files | {"report/pages"}


def test_lineage_leads_from_the_report_to_listings(graph: Any) -> None:
    """Whoever starts at the report and walks upstream passes the trends and arrives at the listings."""
    waiting, seen = [dg.AssetKey(["report", "pages"])], set()
    while waiting:
        key = waiting.pop()
        seen.add(key.to_user_string())
        waiting += graph.get(key).parent_keys
    assert {
        "trends/method_monthly",
        "meta/accuracy",
        "core/paper_methods",
        "lake/method_mentions",
        "lake/papers",
        "raw/inbox",
        "raw/starter",
    } <= seen


def test_every_asset_explains_itself(graph: Any) -> None:
    """Each asset has a description, a group, a kind, and, where it is a table, a column schema with meanings."""
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.group_name in {"listings", "papers", "mentions", "core", "trends", "meta", "report"}, key
        assert node.kinds, key
        if key.path[0] not in {"raw", "report"}:
            columns = node.metadata["dagster/column_schema"].columns
            assert columns, key
            assert all(c.description for c in columns), key


def test_automation_is_off_until_switched_on(stages: Stages) -> None:
    """The daily schedule (05:30 UTC) and the inbox sensor run the command line's job, mail goes on Mondays, all start off."""
    definitions = build_definitions(stages)
    schedules, [sensor] = list(definitions.schedules or ()), list(definitions.sensors or ())
    [schedule] = [s for s in schedules if s.name == "daily"]
    assert (schedule.cron_schedule, schedule.execution_timezone, schedule.job_name) == (
        "30 5 * * *",
        "UTC",
        JOB,
    )
    assert {s.default_status for s in schedules} == {dg.DefaultScheduleStatus.STOPPED}
    assert {s.name for s in schedules} == {
        "daily",
        "weekly_digest",
        *(f"ask_{name}" for name in LIVE_SOURCES),
    }
    [weekly] = [s for s in schedules if s.name == "weekly_digest"]
    assert (weekly.cron_schedule, weekly.execution_timezone, weekly.job_name) == (
        "0 7 * * 1",
        "UTC",
        DIGEST_JOB,
    )
    assert (sensor.job_name, sensor.default_status) == (JOB, dg.DefaultSensorStatus.STOPPED)


def test_the_sensor_asks_once_for_files_that_rest(tmp_path: Path) -> None:
    """A new file asks for one run, once it stopped changing; the same files ask for no second one."""
    stages = Stages(DataDir(tmp_path).make())
    sensor, cursor, asked = inbox_sensor(stages), None, []

    def look() -> None:
        nonlocal cursor
        with dg.build_sensor_context(cursor=cursor) as context:
            result = sensor.evaluate_tick(context)
            asked.append(len(result.run_requests or []))
            cursor = result.cursor or cursor

    look()
    path = stages.data.inbox / "page.txt"
    path.write_text("a page")
    look()
    look()
    look()
    os.utime(path, (dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp(),) * 2)
    look()
    look()
    assert asked == [0, 0, 1, 0, 0, 1]


def test_every_table_and_the_accuracy_are_checked(graph: Any) -> None:
    """Each warehouse table has its contract as an asset check, and the extractor's accuracy has its floor."""
    checks = {(k.asset_key.to_user_string(), k.name) for k in graph.asset_check_keys}
    tables = {f"{p.parent.name}/{p.stem}" for p in SQL_DIR.glob("*/*.sql") if p.parent.name != "checks"}
    assert {(t, "contract") for t in tables} <= checks
    assert ("meta/accuracy", "f1_is_not_below_its_floor") in checks


def test_a_fall_below_the_floor_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field whose F1 is below its floor is named with the F1 that it fell to; one at its floor is not."""
    scores = {"sizes": Score(n_right=9, n_wrong=1, n_missed=1), "code": Score(n_right=5)}
    monkeypatch.setattr(accuracy, "measured", lambda: scores)
    assert accuracy.below_floor() == {"sizes": pytest.approx(0.9)}

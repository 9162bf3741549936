"""Trending papers, searches and daily pages: the live listings that are no list of a day through the API."""

import html
import json
from dataclasses import replace
from datetime import date

import pytest
from standin.huggingface import HuggingFace, Item, usual_day
from standin.server import Reply, StandIn

from pipelines.settings import SettingsError
from pipelines.sources.live import LIVE_SOURCES, read_capture
from pipelines.sources.record import Listing

DAY = date(2026, 3, 13)


def page(items: list[Item], day: str, **props: object) -> Reply:
    """Return a daily page that embeds `items`, with another hydrated part before them."""
    embedded = {"dailyPapers": items, "periodType": "day", "dateString": day, **props}
    parts = [("MainHeader", {"classNames": ""}), ("DailyPapers", embedded)]
    divs = "".join(
        f'<div class="SVELTE_HYDRATER contents" data-target="{target}" data-props="{html.escape(json.dumps(p))}"></div>'
        for target, p in parts
    )
    body = f"<!doctype html><html><head><title>Daily Papers</title></head><body>{divs}</body></html>"
    return Reply(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def listings(desk) -> list[Listing]:
    """Return the listings of all captures."""
    return [read_capture(desk.store, c) for c in desk.store.captures()]


def test_only_lists_of_days_are_populations() -> None:
    """Shares are taken of days that were listed whole, never of what a ranking shows."""
    populations = {name for name, source in LIVE_SOURCES.items() if source.is_population}
    assert populations == {"huggingface_daily", "huggingface_html", "arxiv"}


def test_trending_is_a_snapshot_of_today(desk, hf: HuggingFace, server: StandIn) -> None:
    """The top of the trending list is captured under today's date; a past day cannot be asked."""
    hf.days[hf.today] = usual_day(DAY)
    judged = desk.only("huggingface_trending", hf.today)
    assert (judged.state, judged.day, judged.n_records) == ("ok", hf.today, len(usual_day(DAY)))
    assert server.requests[0].query == {"sort": "trending", "limit": "100"}
    with pytest.raises(SettingsError, match="only its present state"):
        desk.run("huggingface_trending", DAY)


def test_an_empty_trending_list_is_refused(desk, hf: HuggingFace) -> None:
    """There is always something that trends."""
    hf.days[hf.today] = []
    assert desk.only("huggingface_trending", hf.today).state == "refused"


def test_each_search_of_the_settings_is_asked(desk, hf: HuggingFace) -> None:
    """Every query is a listing of its own, by capture day; one without hits is properly empty."""
    desk.settings = replace(desk.settings, hf_queries=("adapters & ranks", "nothing"))
    hf.hits["adapters & ranks"] = usual_day(DAY)[:5]
    report = desk.run("huggingface_search", hf.today)
    assert [(j.query, j.state, j.n_records) for j in report.days] == [
        ("adapters & ranks", "ok", 5),
        ("nothing", "empty_confirmed", 0),
    ]
    assert [(one.source, one.query, one.listing_date) for one in listings(desk)] == [
        ("huggingface_search", "adapters & ranks", hf.today),
        ("huggingface_search", "nothing", hf.today),
    ]


def test_hits_that_vanish_are_refused(desk, hf: HuggingFace) -> None:
    """A search that had hits and has none the next day is not believed."""
    (query,) = desk.settings.hf_queries
    hf.hits[query] = usual_day(DAY)[:5]
    desk.run("huggingface_search", hf.today)
    hf.hits.clear()
    desk.clock.pass_(86400)
    judged = desk.only("huggingface_search", desk.clock.now().date())
    assert (judged.state, judged.reasons) == ("refused", ("empty: 5 -> 0 papers",))


def test_a_daily_page_gives_the_records_of_the_api(desk, server: StandIn) -> None:
    """The page's embedded list is the API's: the same records, counted as daily papers."""
    server.fault("/papers/date/2026-03-13", page(usual_day(DAY), "2026-03-13"))
    assert desk.only("huggingface_html", DAY).state == "ok"
    desk.run("huggingface_daily", DAY)
    from_page, from_api = listings(desk)
    assert from_page.source == from_api.source == "huggingface_daily"
    assert list(from_page.records) == list(from_api.records)


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (page(usual_day(DAY), "2026-03-19"), "mislabelled: the page of 2026-03-19 instead"),
        (page(usual_day(DAY), "2026-W11", periodType="week"), "mislabelled: the page is not one of a day"),
        (
            Reply(b"<html><title>Sign in</title></html>", headers={"Content-Type": "text/html"}),
            "lists no papers",
        ),
        (Reply(b"<html><body>", headers={"Content-Type": "text/html"}), "breaks off before </html>"),
    ],
    ids=["another day", "a week", "login", "cut"],
)
def test_a_page_of_something_else_is_refused(desk, server: StandIn, answered: Reply, reason: str) -> None:
    """Wrong dates are redirected to the current page; what is not the day's own page is not believed."""
    server.fault("/papers/date/", answered)
    judged = desk.only("huggingface_html", DAY)
    assert judged.state == "refused"
    assert reason in judged.reasons[0]


def test_an_unknown_sort_is_a_definite_failure(desk, server: StandIn) -> None:
    """The 400 of a parameter that the API does not take is no day that has yet to come."""
    body = b'{"error":"\\u2716 Invalid option at sort"}'
    server.fault("sort=trending", Reply(body, 400, {"Content-Type": "application/json"}))
    judged = desk.only("huggingface_trending", desk.clock.now().date())
    assert (judged.state, judged.reasons) == ("failed", ("the server answered 400",))

"""Settings of live listings: what cannot be is an error that names the variable, before any request."""

import os
import time

import pytest

from pipelines.settings import LiveSettings, SettingsError, live_settings, parse_day, today_utc


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("PAPERTRENDS_")]:
        monkeypatch.delenv(name)


def test_defaults_are_the_real_services_at_their_terms() -> None:
    """Without any variable the real services are asked, at the pace of their terms."""
    found = live_settings()
    assert found == LiveSettings(today=found.today)
    assert found.arxiv_gap_s == 3.0
    assert (found.hf_window_requests, found.hf_window_s) == (500, 300)
    assert found.arxiv_sets == ("cs.CL", "cs.LG", "cs.CV", "cs.AI")


def test_what_is_set_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Base URLs, contact, token, queries and sets come from the environment."""
    values = {
        "PAPERTRENDS_HF_URL": "http://127.0.0.1:8001/",
        "PAPERTRENDS_ARXIV_OAI_URL": "http://127.0.0.1:8001/oai",
        "PAPERTRENDS_ARXIV_API_URL": "http://127.0.0.1:8001/api/query",
        "PAPERTRENDS_CONTACT": "mailto:someone@example.org",
        "PAPERTRENDS_HF_TOKEN": "hf_x",
        "PAPERTRENDS_HF_QUERIES": "adapters; soft prompts ;",
        "PAPERTRENDS_ARXIV_SETS": "cs.CL, stat.ML;hep-th",
        "PAPERTRENDS_ARXIV_GAP_S": "0",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    found = live_settings()
    assert found.hf_url == "http://127.0.0.1:8001"
    assert found.hf_queries == ("adapters", "soft prompts")
    assert found.arxiv_sets == ("cs.CL", "stat.ML", "hep-th")
    assert found.arxiv_gap_s == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAPERTRENDS_HF_URL", "huggingface.co"),
        ("PAPERTRENDS_HF_URL", "file:///etc/passwd"),
        ("PAPERTRENDS_HF_URL", "http://user@127.0.0.1/"),
        ("PAPERTRENDS_HF_URL", "http://[::1"),
        ("PAPERTRENDS_HF_URL", "http://127.0.0.1:99999"),
        ("PAPERTRENDS_ARXIV_OAI_URL", "http://127.0.0.1/oai?x=1"),
        ("PAPERTRENDS_CONTACT", "a@example.org\nX-Evil: 1"),
        ("PAPERTRENDS_CONTACT", "Jürgen"),
        ("PAPERTRENDS_ARXIV_GAP_S", "-1"),
        ("PAPERTRENDS_ARXIV_GAP_S", "1"),
        ("PAPERTRENDS_ARXIV_GAP_S", "nan"),
        ("PAPERTRENDS_ARXIV_SETS", "cs.CL;../x"),
        ("PAPERTRENDS_HF_PAGE_SIZE", "101"),
        ("PAPERTRENDS_HF_CONCURRENCY", "64"),
        ("PAPERTRENDS_MAX_TRIES", "0"),
        ("PAPERTRENDS_MAX_TRIES", "2.5"),
        ("PAPERTRENDS_RETRY_TOTAL_S", "ever"),
        ("PAPERTRENDS_REREAD_DAYS", "-1"),
    ],
)
def test_what_cannot_be_is_an_error(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A value that makes no sense, or that is ruder than the services' terms, is an error that names its variable."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        live_settings()


@pytest.mark.parametrize(
    "text",
    ["2024-01-01'; drop table", "2024-13-45", "2024-1-2", "20240102", "", "2024-01-02\n", "٢٠٢٤-٠١-٠٢"],
)
def test_a_day_is_spelled_one_way(text: str) -> None:
    """Only YYYY-MM-DD of a day that exists is a day."""
    with pytest.raises(SettingsError, match="not a valid day"):
        parse_day(text, "--from")


def test_today_is_utcs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the day in UTC, whatever the machine's zone, or the one that PAPERTRENDS_TODAY names."""
    from datetime import UTC, datetime

    for zone in (
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    ):  # between them it is never the same day everywhere
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert today_utc() == datetime.now(UTC).date()
    monkeypatch.delenv("TZ")
    time.tzset()
    monkeypatch.setenv("PAPERTRENDS_TODAY", "2026-03-14")
    assert live_settings().today.isoformat() == "2026-03-14"

"""What tests of live sources share: the clock that takes no time, the stand-in, a store, and a run of a source."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from standin.clock import FakeClock
from standin.huggingface import HuggingFace
from standin.server import StandIn, standing_in

from pipelines.lake.captures import CaptureStore
from pipelines.settings import LiveSettings
from pipelines.sources.ledger import Judgement, Ledger
from pipelines.sources.live import CaptureReport, capture_source
from pipelines.sources.session import Session


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock at 06:00 UTC of Friday, 20 March 2026, on which sleeping takes no time."""
    return FakeClock()


@pytest.fixture
def hf(clock: FakeClock) -> HuggingFace:
    """Return Hugging Face as it answers."""
    return HuggingFace(clock, clock.now().date())


@pytest.fixture
def server(clock: FakeClock, hf: HuggingFace) -> Iterator[StandIn]:
    """Yield the running stand-in."""
    with standing_in(clock, hf) as running:
        yield running


@dataclass
class Desk:
    """A store and settings that point at the stand-in; `run` captures days of a source."""

    server: StandIn
    clock: FakeClock
    store: CaptureStore
    settings: LiveSettings
    told: list[tuple[Judgement, int, int]] = field(default_factory=list)

    def run(self, source: str, first: date, last: date | None = None, **more: Any) -> CaptureReport:
        """Capture the days from `first` to `last`, both included."""
        n_days = ((last or first) - first).days + 1
        days = [first + timedelta(days=n) for n in range(n_days)]
        settings = replace(self.settings, today=self.clock.now().date())
        with Session(settings, self.clock) as session:
            return capture_source(
                source,
                self.store,
                settings,
                days,
                lambda *told: self.told.append(told),
                session=session,
                **more,
            )

    def only(self, source: str, day: date, **more: Any) -> Judgement:
        """Capture one day of a source that asks one thing, and return its judgement."""
        (judged,) = self.run(source, day, **more).days
        return judged

    def ledger(self) -> Ledger:
        """Return the ledger as it stands on disk."""
        return Ledger(self.store.folder)


@pytest.fixture
def desk(server: StandIn, clock: FakeClock, tmp_path: Path) -> Desk:
    """Return a desk with an empty store."""
    settings = LiveSettings(
        hf_url=server.url,
        arxiv_oai_url=f"{server.url}/oai",
        arxiv_api_url=f"{server.url}/api/query",
        contact="mailto:tests@example.org",
        today=clock.now().date(),
    )
    return Desk(server, clock, CaptureStore(tmp_path / "raw"), settings)

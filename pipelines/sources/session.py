"""What the requests of one run share: the one client, and a pace a service. What is asked is not known here."""

import threading

from pipelines.settings import LiveSettings
from pipelines.sources.clock import Clock
from pipelines.sources.http import Client
from pipelines.sources.pace import GapPace, Pace, WindowPace


class Session:
    """The client and the paces of one run: share one between sources, for arXiv's pace is one over all of them."""

    def __init__(
        self,
        settings: LiveSettings,
        clock: Clock | None = None,
        stop: threading.Event | None = None,
        client: Client | None = None,
    ) -> None:
        self.settings = settings
        self.client = client or Client(settings, clock, stop)
        self._paces: dict[str, Pace] = {}

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exc: object) -> None:
        self.client.__exit__(*exc)

    def pace(self, service: str) -> Pace:
        """Return the pace of a service, the same one every time."""
        if service not in self._paces:
            s, clock = self.settings, self.client.clock
            quotas = {
                "huggingface": s.hf_window_requests,
                "huggingface_search": s.hf_search_window_requests,
                "huggingface_html": s.hf_html_window_requests,
            }
            self._paces[service] = (
                GapPace(clock, s.arxiv_gap_s)
                if service == "arxiv"
                else WindowPace(clock, quotas[service], s.hf_window_s, s.hf_concurrency)
            )
        return self._paces[service]

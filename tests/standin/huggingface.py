"""Hugging Face as the stand-in plays it: daily papers by day with pages, trending, search, pages, its limits."""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from standin.server import Reply, Request

Item = dict[str, Any]
JSON = {"Content-Type": "application/json; charset=utf-8"}


def paper_id(day: date, number: int) -> str:
    """Return an arXiv id of an invented paper, another one for every day and number."""
    return f"{day:%y%m}.{day.day * 1000 + number:05d}"


def item(arxiv_id: str, title: str, day: date, *, upvotes: int = 3, **paper: Any) -> Item:
    """Return one item as /api/daily_papers lists it."""
    published = f"{day - timedelta(days=2)}T17:08:18.000Z"
    inner: Item = {
        "id": arxiv_id,
        "authors": [{"_id": "a1", "name": "Ada Beispiel", "hidden": False}],
        "publishedAt": published,
        "submittedOnDailyAt": f"{day}T00:00:00.000Z",
        "submittedOnDailyBy": {"_id": "u1", "user": "ada", "fullname": "Ada", "type": "user"},
        "title": title,
        "summary": f"We study {title.lower()} with small modules and count what they cost.",
        "upvotes": upvotes,
        "discussionId": "0" * 24,
        "ai_keywords": ["adapters"],
        **paper,
    }
    return {
        "paper": inner,
        "publishedAt": published.replace("T17", "T13"),
        "title": inner["title"],
        "summary": inner["summary"],
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{arxiv_id}.png",
        "numComments": 1,
        "submittedBy": {"_id": "u1", "name": "ada", "fullname": "Ada", "type": "user"},
        "isAuthorParticipating": False,
    }


def usual_day(day: date, seed: int = 0) -> list[Item]:
    """Return a day's items: some dozens on weekdays, none at weekends; the same for the same day and seed."""
    if day.weekday() >= 5:
        return []
    chance = random.Random(f"{day} {seed}")
    n = chance.randint(24, 40)
    return [
        item(paper_id(day, k), f"Adapters of Kind {k} on {day:%d %B %Y}", day, upvotes=chance.randint(0, 90))
        for k in range(1, n + 1)
    ]


@dataclass
class HuggingFace:
    """The API's behaviour. `days` overrides what `usual` gives; `quota` requests in `window_s` when set."""

    clock: Any
    today: date
    usual: Callable[[date], list[Item]] = usual_day
    days: dict[date, list[Item]] = field(default_factory=dict)
    hits: dict[str, list[Item]] = field(default_factory=dict)
    quota: int | None = None
    window_s: float = 300.0
    has_links: bool = True
    etags: bool = False
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def listed(self, day: date) -> list[Item]:
        """Return the items of a day."""
        return self.days[day] if day in self.days else self.usual(day)

    def __call__(self, request: Request) -> Reply | None:
        """Answer what belongs to Hugging Face."""
        if not request.path.startswith(("/api/daily_papers", "/api/papers", "/papers")):
            return None
        limits = self._limits(request)
        if limits is None:
            reply = self._route(request)
        else:
            left, ends_in_s, bucket = limits
            head = {
                "RateLimit": f'"{bucket}";r={max(left, 0)};t={ends_in_s}',
                "RateLimit-Policy": f'"fixed window";"{bucket}";q={self.quota};w={self.window_s:g}',
            }
            reply = self._route(request) if left >= 0 else Reply(b'{"error":"too many requests"}', 429, JSON)
            reply = replace(reply, headers={**reply.headers, **head})
        if self.etags and reply.status == 200:
            tag = f'"{hashlib.sha256(reply.body).hexdigest()[:12]}"'
            if request.headers.get("if-none-match") == tag:
                return replace(reply, body=b"", status=304, headers={"ETag": tag})
            return replace(reply, headers={**reply.headers, "ETag": tag})
        return reply

    def _limits(self, request: Request) -> tuple[int, int, str] | None:
        if self.quota is None:
            return None
        bucket = "api" if request.path.startswith("/api") else "pages"
        start, used = self._windows.get(bucket, (float("-inf"), 0))
        if request.at_s >= start + self.window_s:
            start, used = request.at_s, 0
        self._windows[bucket] = (start, used + 1)
        return self.quota - used - 1, int(start + self.window_s - request.at_s), bucket

    def _route(self, request: Request) -> Reply:
        if request.path == "/api/daily_papers":
            return self._daily(request)
        if request.path == "/api/papers/search":
            hits = self.hits.get(request.query.get("q", ""), [])
            return _json(hits[: int(request.query.get("limit", "120"))])
        return _json({"error": "Paper not found"}, 404)

    def _daily(self, request: Request) -> Reply:
        query = request.query
        if query.get("sort", "publishedAt") not in ("publishedAt", "trending"):
            return _json(
                {"error": '✖ Invalid option: expected one of "publishedAt"|"trending"\n  → at sort'}, 400
            )
        items = self.listed(self.today)
        if "date" in query:
            try:
                day = date.fromisoformat(query["date"])
            except ValueError:
                return _json({"error": "✖ Invalid date\n  → at date"}, 400)
            if day > self.today:
                bound = f"{self.today}T00:00:00.000Z"
                return _json({"error": f'✖ "date" must be less than or equal to "{bound}"\n  → at date'}, 400)
            items = self.listed(day)
        limit, page = min(int(query.get("limit", "50")), 100), int(query.get("p", "0"))
        shown = items[page * limit : (page + 1) * limit]
        headers = dict(JSON)
        if self.has_links and (page + 1) * limit < len(items):
            headers["Link"] = f'<{request.path}?{urlencode({**query, "p": page + 1})}>; rel="next"'
        return _json(shown, headers=headers)


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode(), status, headers or dict(JSON))


def as_of(day: date, hour: int = 6) -> datetime:
    """Return a time of `day` in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

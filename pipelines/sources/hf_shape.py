"""The fields that Hugging Face is known to send for a paper in a list, as they were in 2025 and 2026."""

from pipelines.sources.drift import Shape

_TEXT, _COUNT, _LIST, _OBJECT, _TRUTH = ("text",), ("integer",), ("list",), ("object",), ("truth",)

_PAPER = {
    "id": _TEXT,
    "authors": _LIST,
    "publishedAt": _TEXT,
    "submittedOnDailyAt": _TEXT,
    "submittedOnDailyBy": _OBJECT,
    "title": _TEXT,
    "summary": _TEXT,
    "upvotes": _COUNT,
    "discussionId": _TEXT,
    "mediaUrls": _LIST,
    "projectPage": _TEXT,
    "githubRepo": _TEXT,
    "githubRepoAddedBy": _TEXT,
    "githubStars": _COUNT,
    "ai_summary": _TEXT,
    "ai_keywords": _LIST,
    "organization": _OBJECT,
    "withdrawnAt": ("text", "null"),
    "source": ("text", "null", "object"),
}
_WRAPPER = {
    "paper": _OBJECT,
    "publishedAt": _TEXT,
    "title": _TEXT,
    "summary": _TEXT,
    "mediaUrls": _LIST,
    "thumbnail": _TEXT,
    "numComments": _COUNT,
    "submittedBy": _OBJECT,
    "organization": _OBJECT,
    "isAuthorParticipating": _TRUTH,
    "upvoted": _TRUTH,
    "highlightedTitle": _LIST,
    "highlightedSummary": _LIST,
}

HF_ITEM = Shape(
    types=_WRAPPER | {f"paper.{name}": types for name, types in _PAPER.items()},
    always=frozenset(
        ("paper", *(f"paper.{n}" for n in ("id", "authors", "publishedAt", "title", "summary", "upvotes")))
    ),
)

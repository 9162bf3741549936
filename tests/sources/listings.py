"""Invented listings in the shapes of the real ones, small enough to read, and how to read them in a test."""

import gzip
import html
import io
import json
from typing import Any

from pipelines.sources.formats import read_listing
from pipelines.sources.record import Listing, Record, Rejected

TITLES = [
    "SlideRank: Choosing Adapter Rank from Gradient Spectra",
    "Mosaic Prompts",
    "Why do small adapters forget? A study of long training runs",
]
ABSTRACTS = [
    (
        "Low-rank adapters are cheap to train but their rank is chosen by hand. We present SlideRank, a method that picks "
        "the rank of every adapter from the spectrum of its gradient. With sim0.01% of model parameters trained, it closes "
        "96.4\\% of the gap to full fine-tuning of a 7B model on 12 tasks. Code is available at https://x.org/sliderank."
    ),
    (
        "Prompt tuning breaks when the prompt is long. We study ``soft skills,'' -- prompts that are shared between tasks "
        "-- and show that they match 13B models. The prompts are short, cheap and portable, and all of them are released"
    ),
    (
        "Adapters that are trained for long forget what their base model knew. We train 40 of them for a year and find "
        "that the forgetting follows the norm of the update, not its rank. A penalty on the norm keeps 98% of the skills."
    ),
]
BANNER = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nMar 13\n\n"


def copied(*, gap: str = "\n\n", banner: str = BANNER, footer: str = "") -> str:
    """Return the text of a copied page, blocks parted by `gap`."""
    blocks = [block for pair in zip(TITLES, ABSTRACTS, strict=True) for block in pair]
    return banner.replace("\n\n", gap) + gap.join(blocks) + footer


def read(data: bytes | str, name: str = "file") -> tuple[Listing, list[Record | Rejected]]:
    """Return the listing that some bytes hold, and all it yields."""
    listing = read_listing(io.BytesIO(data.encode() if isinstance(data, str) else data), name)
    return listing, list(listing.records)


def records(data: bytes | str) -> list[Record]:
    """Return the records of some bytes, none of which may be rejected."""
    found = [r for r in read(data)[1] if isinstance(r, Record)]
    assert len(found) == len(read(data)[1])
    return found


def hf_item(arxiv_id: str = "2603.90001", **paper: Any) -> dict[str, Any]:
    """Return an item of Hugging Face's daily papers; `paper` changes or, with None, removes keys of the paper."""
    full = {
        "id": arxiv_id,
        "authors": [
            {"_id": "0", "name": "Ana Example", "hidden": False},
            {"_id": "1", "name": "Jürgen Prüfung"},
        ],
        "publishedAt": "2026-03-11T23:08:18.000Z",
        "submittedOnDailyAt": "2026-03-13T01:22:45.318Z",
        "title": TITLES[0],
        "submittedOnDailyBy": {"fullname": "Ana Example", "user": "anaexample", "type": "user"},
        "summary": ABSTRACTS[0],
        "upvotes": 73,
        "githubRepo": "https://github.com/example-lab/sliderank",
        "githubStars": 128,
        "ai_summary": "It picks ranks.",
        "ai_keywords": ["low-rank adapters"],
        "organization": {"name": "example-lab", "fullname": "Example Lab"},
    } | paper
    return {
        "paper": {k: v for k, v in full.items() if v is not None},
        "publishedAt": "2026-03-12T19:08:18.000Z",
        "title": full["title"],
        "summary": full["summary"],
        "numComments": 3,
        "submittedBy": {"name": "anaexample", "fullname": "Ana Example"},
    }


def card(arxiv_id: str = "2603.90001", abstract: str | None = None, votes: str = "73") -> str:
    """Return one card of a page, as of a search when it has an abstract."""
    text = f'<a href="/papers/{arxiv_id}"><p class="mb-2">{abstract}</p></a>' if abstract else ""
    return (
        f'<article><a href="/login?next=%2Fpapers%2F{arxiv_id}"><div class="x"><svg></svg> '
        f'<div class="leading-none">{votes}</div></div></a><div><h3><a href="/papers/{arxiv_id}">Slide<span '
        f'class="highlight">Rank</span> &amp; Co</a></h3>{text}<ul><li title="Ana Example"></li><li>· 1 authors</li></ul>'
        f'<a href="/papers/{arxiv_id}#community">3</a></div></article>'
    )


def page(
    props: dict[str, Any] | None = None, cards: str = "", target: str = "DailyPapers", end: str = "</html>\n"
) -> str:
    """Return a saved page with its embedded JSON, a decoy before it, and its cards."""
    embedded = html.escape(json.dumps(props, ensure_ascii=False)) if props is not None else ""
    hydrater = (
        f'<div class="SVELTE_HYDRATER contents" data-target="{target}" data-props="{embedded}">'
        if props is not None
        else "<div>"
    )
    return (
        '<!doctype html>\n<html class=""><head><meta charset="utf-8"><title>Daily Papers - Hugging Face</title></head><body>'
        '<div class="SVELTE_HYDRATER contents" data-target="MainHeader" data-props="{&quot;isWide&quot;:false}"></div>'
        f"{hydrater}{cards}</div></body>{end}"
    )


def snapshot_line(**changes: Any) -> dict[str, Any]:
    """Return one object of arXiv's bulk snapshot, with changes."""
    return {
        "id": "0704.9001",
        "submitter": None,
        "authors": 'Ana Example, J\\"urgen Pr\\"ufung and Zo{\\\'e} Li (Example Lab (North))',
        "title": "A Very Long Invented Title That Wraps in the\n  Snapshot File",
        "comments": "37 pages",
        "journal-ref": None,
        "doi": None,
        "report-no": None,
        "categories": "cs.CL cs.LG",
        "license": None,
        "abstract": "  A fully invented calculation over\n$10^{9}$ tokens.\n",
        "versions": [
            {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
            {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
        ],
        "update_date": "2008-11-26",
        "authors_parsed": [["Example", "Ana", ""], ["Prüfung", "Jürgen", "Jr", "Example Lab"]],
    } | changes


def snapshot(*lines: dict[str, Any]) -> bytes:
    """Return JSON lines, as the snapshot's file has them."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def feed_like() -> list[bytes]:
    """Return one small listing of every format, for tests that damage them."""
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query: x</title><entry>'
        "<id>http://arxiv.org/abs/2603.90001v1</id><title>T</title><summary>S</summary></entry></feed>"
    )
    oai = (
        '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><request/><ListRecords><record>'
        '<header status="deleted"><identifier>oai:arXiv.org:2603.90099</identifier></header></record></ListRecords>'
        "</OAI-PMH>"
    )
    plain = [
        copied().encode(),
        json.dumps([hf_item()]).encode(),
        json.dumps(hf_item()["paper"]).encode(),
        page({"dailyPapers": [hf_item()]}, cards=card()).encode(),
        page(cards=card(abstract="We adapt.")).encode(),
        snapshot(snapshot_line(), snapshot_line(id="0704.9002")),
        json.dumps([snapshot_line()]).encode(),
        atom.encode(),
        oai.encode(),
    ]
    return [*plain, gzip.compress(plain[0], mtime=0), gzip.compress(plain[5], mtime=0)]

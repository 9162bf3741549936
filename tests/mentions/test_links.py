"""URLs in prose, TeX and markdown: where they end, and what kind of place they are."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mentions.links import LINK_TRIGGER, find_links


def urls(text: str) -> list[str]:
    """Return the URLs that `text` prints, in order."""
    return [link.url for link in find_links(text, "abstract")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Code: https://github.com/quux/rank.", ["https://github.com/quux/rank"]),
        ("(see https://github.com/quux/rank.)", ["https://github.com/quux/rank"]),
        ("(https://github.com/quux/rank), and more", ["https://github.com/quux/rank"]),
        ('at "https://quux.github.io/rank/".', ["https://quux.github.io/rank/"]),
        ("see https://en.quux.org/wiki/A_(b).", ["https://en.quux.org/wiki/A_(b)"]),
        ("\\url{https://github.com/quux/rank}.", ["https://github.com/quux/rank"]),
        ("\\href{https://github.com/quux/rank}{github.com/quux/rank}", ["https://github.com/quux/rank"]),
        ("[code](https://github.com/quux/rank).", ["https://github.com/quux/rank"]),
        ("github.com/quux/rank (https://github.com/quux/rank)", ["https://github.com/quux/rank"]),
        ("at \\url{https://github.com/quux/a\\_b}", ["https://github.com/quux/a_b"]),
        ("our code at github.com/quux/rank.", ["github.com/quux/rank"]),
        ("weights at huggingface.co/quux/rank-7b,", ["huggingface.co/quux/rank-7b"]),
        ("Project page: quux-lab.github.io", ["quux-lab.github.io"]),
        ("available at quux-anchors.com.", ["quux-anchors.com"]),
        ("at https://github. com/quux/rank today", ["https://github.com/quux/rank"]),
        ("at https://github.com/ quux/rank today", ["https://github.com/quux/rank"]),
        ("at https://quux.github.io/rank.We also", ["https://quux.github.io/rank"]),
        ("https://drive.google.com/f?id=1_a&usp=sharing.", ["https://drive.google.com/f?id=1_a&usp=sharing"]),
        ("at _https://github.com/quux/rank_.", ["https://github.com/quux/rank"]),
    ],
)
def test_reads_urls_as_printed(text: str, expected: list[str]) -> None:
    """A URL is read as printed, without the punctuation or the markup around it."""
    assert urls(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "See this https URL for code.",
        "We crawl game tiles from OpenQuux.org under a free licence.",
        "A product description on Quux.com has labels.",
        "Write to someone@quux.org or use quux.py, i.e. the script.",
        "It scores 7.ai and e.g. more.",
    ],
)
def test_leaves_what_is_no_link(text: str) -> None:
    """Names of sites in prose, addresses of people and file names are no links."""
    assert urls(text) == []


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/quux/rank", "code"),
        ("https://anonymous.4open.science/r/quux-1A", "code"),
        ("https://huggingface.co/quux/rank-7b", "model_or_data"),
        ("https://www.kaggle.com/datasets/quux", "model_or_data"),
        ("https://quux.github.io/rank", "project"),
        ("https://doi.org/10.1000/1", "other"),
    ],
)
def test_tells_the_kind_of_place(url: str, kind: str) -> None:
    """The host tells code from models and data, project pages and the rest."""
    assert find_links(f"At {url}.", "abstract")[0].kind == kind


_PIECES = st.sampled_from(
    [
        " ",
        *re.split(
            " ",
            "https:// http:// github.com /a/b . , ) ( ] } { \\url \\href quux .io .org www. at available 'x' \" ; [t]( : e.g. com",
        ),
    ]
)
_TEXTS = st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=60)
_TRIGGER = re.compile(LINK_TRIGGER)


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_spans_are_what_the_text_prints(text: str) -> None:
    """Every span is the text between its offsets, no link is empty, and the trigger sees every text with one."""
    found = find_links(text, "abstract")
    assert all(text[x.span.start : x.span.end] == x.span.surface and x.url for x in found)
    assert not found or _TRIGGER.search(text.lower())

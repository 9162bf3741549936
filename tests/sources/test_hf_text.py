"""Text copied from a Hugging Face papers page: what is a title, what is an abstract, what is neither."""

import gzip
import textwrap
from pathlib import Path

import pytest
from listings import ABSTRACTS, BANNER, TITLES, copied, read, records

from pipelines.papers.text import normalize_text, normalize_title
from pipelines.sources.record import Record, Rejected, UnreadableListing


def pairs(data: bytes | str) -> list[tuple[str, str | None]]:
    """Return the normalized titles and abstracts of a copied page."""
    return [
        (normalize_title(r.title_raw), normalize_text(r.abstract_raw) if r.abstract_raw else None)
        for r in records(data)
    ]


EXPECTED = [(normalize_title(t), normalize_text(a)) for t, a in zip(TITLES, ABSTRACTS, strict=True)]


def wrapped(text: str, width: int = 80) -> str:
    """Return text with its lines broken at `width`, as an e-mail program breaks them."""
    return "\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in text.split("\n"))


VARIANTS = {
    "as copied": copied().encode(),
    "Windows line ends": copied().replace("\n", "\r\n").encode(),
    "lost blank lines": copied(gap="\n").encode(),
    "many blank lines": copied(gap="\n\n \n\n").encode(),
    "indented": copied().replace("\n", "\n    ").encode(),
    "abstracts over lines": wrapped(copied()).encode(),
    "byte-order mark": copied().encode("utf-8-sig"),
    "UTF-16": copied().encode("utf-16"),
    "UTF-16 without a mark": copied().encode("utf-16-le"),
    "packed": gzip.compress(copied().encode()),
    "no banner": copied(banner="").encode(),
    "banner with blanks": copied().replace("byAK", "by AK").encode(),
    "footer": copied(
        footer="\n\nPrevious\n\nNext\n\nCompany\nTOS\nPrivacy\n\nModels\n\nDatasets\n© Hugging Face"
    ).encode(),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_paper_comes_out_whole(variant: str) -> None:
    """However the copy was mangled, title and abstract stay together and nothing of the page becomes a paper."""
    assert pairs(VARIANTS[variant]) == EXPECTED


def test_lost_blank_lines_and_abstracts_over_lines() -> None:
    """Filled lines without blank lines are parted where a line had room for the next word."""
    text = wrapped(copied(gap="\n").replace("of them are released", "of them are released."))
    assert [title for title, _ in pairs(text)] == [title for title, _ in EXPECTED]
    assert pairs(text)[2] == EXPECTED[2]


def test_chips_between_papers_belong_to_the_paper_before() -> None:
    """Votes, author counts and dates after an abstract are no titles; a vote and a dated day are kept."""
    text = copied(gap="\n\nUpvote 12\n\n-\n\n5 authors\n\n·\n\nOct 3, 2022\n\n")
    found = records(text)
    assert [normalize_title(r.title_raw) for r in found] == [t for t, _ in EXPECTED]
    assert found[0].upvotes == 12
    assert str(found[0].published_date) == "2022-10-03"


def test_the_day_of_the_page_has_no_year() -> None:
    """The banner's day is the listing's; its year is only known when the banner has one."""
    listing, _ = read(copied())
    assert (listing.month_day, listing.listing_date) == ((3, 13), None)
    listing, _ = read(copied(banner=BANNER.replace("Mar 13", "Oct 3, 2022")))
    assert (listing.month_day, str(listing.listing_date)) == (None, "2022-10-03")
    assert read(copied(banner=""))[0].month_day is None


def test_windows_1252_copy() -> None:
    """A copy that an old editor saved in Windows-1252 keeps its dashes and accents."""
    text = copied().replace("they match", "they – naïvely – match")
    assert "they – naïvely – match" in (pairs(text.encode("cp1252"))[1][1] or "")


def test_missing_abstract_does_not_shift_the_next_paper() -> None:
    """A title without an abstract stays alone, and the papers after it keep their own."""
    found = pairs(copied().replace(ABSTRACTS[1] + "\n\n", ""))
    assert found == [EXPECTED[0], (TITLES[1], None), EXPECTED[2]]


def test_abstract_without_a_title_is_reported() -> None:
    """An abstract whose title is lost goes to no other paper, and is reported in its place."""
    _, found = read(copied().replace(TITLES[1] + "\n\n", "").replace(ABSTRACTS[1], ABSTRACTS[1] * 2))
    assert [type(r) for r in found] == [Record, Rejected, Record]
    assert found[1] == Rejected(2, "an abstract without a title")
    assert all("portable" not in (r.abstract_raw or "") for r in found if isinstance(r, Record))


def test_second_paragraph_belongs_to_its_abstract() -> None:
    """A short further paragraph, such as a link to code, is part of the abstract before it."""
    text = copied().replace(
        ABSTRACTS[0], ABSTRACTS[0] + "\n\nCode and data are available at https://x.org/more."
    )
    assert pairs(text)[0][1] == EXPECTED[0][1] + "\n\nCode and data are available at https://x.org/more."
    assert len(pairs(text)) == 3


def test_copy_that_breaks_off_after_a_title() -> None:
    """A copy that ends on a title says so instead of listing a paper without text."""
    _, found = read(copied(footer="\n\nAn Unfinished Paper on Adapters and Their Ranks"))
    assert len(found) == 4
    assert isinstance(found[3], Rejected)
    assert "breaks off" in found[3].reason


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nplease find the list attached.\n\nBest,\nAna\n",
        "# Notes\n\n- one\n- two\n\n```\ncode\n```\n",
        "a,b,c\n1,2,3\n4,5,6\n",
        "A Title Alone: Without Any Abstract\n",
    ],
)
def test_other_text_is_refused(text: str) -> None:
    """Text that is no copied page is refused, not read as strange papers."""
    with pytest.raises(UnreadableListing, match="no papers were recognised"):
        read(text)


def test_the_seed_is_read_whole(shared: Path) -> None:
    """The real copied page gives its 63 papers, each with its own abstract, and its day."""
    data = (shared / "seed" / "huggingface-papers-mar-13.txt").read_bytes()
    listing, _ = read(data)
    found = records(data)
    lines = [line for line in data.decode().split("\n") if line.strip()][5:]
    assert [(r.title_raw, r.abstract_raw) for r in found] == [
        (" ".join(t.split()), " ".join(a.split())) for t, a in zip(lines[::2], lines[1::2], strict=True)
    ]
    assert len(found) == 63
    assert (listing.format, listing.source, listing.month_day) == ("hf_text", "saved_page", (3, 13))


def test_the_seed_survives_lost_blank_lines(shared: Path) -> None:
    """The real page gives the same papers when the copy lost its blank lines or was broken at 80 columns."""
    text = (shared / "seed" / "huggingface-papers-mar-13.txt").read_text()
    assert pairs(text.replace("\n\n", "\n")) == pairs(text)
    assert pairs(wrapped(text)) == pairs(text)

"""arXiv ids from every spelling, and title keys."""

import pytest

from pipelines.papers.ids import canonical_id, month_of, split_version, title_key


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("2603.90001", ("2603.90001", None)),
        ("2603.90001v12", ("2603.90001", 12)),
        ("arXiv:2603.90001v2", ("2603.90001", 2)),
        ("ARXIV: 2603.90001", ("2603.90001", None)),
        ("oai:arXiv.org:cmp-lg/9501999", ("cmp-lg/9501999", None)),
        ("http://arxiv.org/abs/2603.90001v2", ("2603.90001", 2)),
        ("https://www.arxiv.org/pdf/2603.90001v3.pdf", ("2603.90001", 3)),
        ("https://export.arxiv.org/html/2603.90001?utm=1#S2", ("2603.90001", None)),
        ("https://arxiv.org/abs/hep-th/9901999", ("hep-th/9901999", None)),
        ("10.48550/arXiv.2603.90001", ("2603.90001", None)),
        ("https://doi.org/10.48550/ARXIV.2603.90001", ("2603.90001", None)),
        ("https://huggingface.co/papers/2603.90001", ("2603.90001", None)),
        ("math.GT/0309136v2", ("math/0309136", 2)),
        ("0704.0010", ("0704.0010", None)),
        (" 2603.90001\n", ("2603.90001", None)),
    ],
)
def test_every_spelling_comes_to_one_id(spelling: str, expected: tuple[str, int | None]) -> None:
    """Every spelling that is met in the wild comes to the canonical id, with its version apart."""
    assert split_version(spelling) == expected


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        "2613.90001",  # month 13
        "2600.90001",  # month 0
        "2603.00000",  # number 0
        "0703.0001",  # the new numbering began in April 2007
        "1412.00001",  # five digits came with 2015
        "1501.0001",
        "2603.9000",  # a number that lost a zero
        "hep-th/0704001",  # the old numbering ended in March 2007
        "hep-th/9913001",
        "madeup/9901001",
        "2603.90001v0",
        "2603.90001x",
        "٢٦٠٣.90001",  # Arabic digits
        "https://example.org/abs/2603.90001",
        "10.99999/example.2603.90001",
        "9" * 5000,
    ],
)
def test_what_is_no_id_is_none(spelling: str) -> None:
    """What only resembles an id is none: a wrong id would join two papers."""
    assert canonical_id(spelling) is None


def test_number_without_leading_zeros_is_padded_for_hugging_face_only() -> None:
    """Three digits are padded where Hugging Face says them; elsewhere trailing zeros may be lost as well."""
    assert canonical_id("https://huggingface.co/papers/2406.105") == "2406.00105"
    assert canonical_id("2406.105", is_hugging_face=True) == "2406.00105"
    assert canonical_id("2406.105") is None


@pytest.mark.parametrize(
    ("arxiv_id", "month"),
    [
        ("2603.90001", (2026, 3)),
        ("0704.0010", (2007, 4)),
        ("hep-th/9901999", (1999, 1)),
        ("cs/0112017", (2001, 12)),
    ],
)
def test_an_id_says_its_month(arxiv_id: str, month: tuple[int, int]) -> None:
    """An id says the year and month in which it was given out, in both numberings."""
    assert month_of(arxiv_id) == month


def test_month_of_a_spelling_that_is_not_canonical_is_refused() -> None:
    """month_of takes canonical ids only."""
    with pytest.raises(ValueError, match="not a canonical arXiv id"):
        month_of("arXiv:2603.90001")


@pytest.mark.parametrize(
    "spelling",
    [
        "Ada$^2$Rank: Erdős λ-Pruning,\n  Again",
        "Ada^{2}Rank: Erd\\H{o}s $\\lambda$-Pruning, Again",
        "ADA²RANK: ERDŐS Λ-PRUNING AGAIN",
        "Ada2Rank: Erdos lambda-Pruning, again",
        "**Ada**2Rank:  Erdős lambda\u2010Pruning — Again",
    ],
)
def test_spellings_of_one_title_share_a_key(spelling: str) -> None:
    """Wrapped, TeX, stripped and Unicode spellings of a title have one key."""
    assert title_key(spelling) == "ada2rankerdoslambdapruningagain"


def test_titles_without_letters_keep_apart() -> None:
    """Titles of signs alone do not all fall under one empty key."""
    assert title_key("???") != title_key("!!!")
    assert title_key("学习适配器") == "学习适配器"

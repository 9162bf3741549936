"""What versions promise: a change of what makes a result gives another version, and no other change does."""

import shutil
from pathlib import Path

import pytest

from pipelines import freshness, version
from pipelines.mentions import accuracy
from pipelines.settings import DataDir


@pytest.mark.parametrize(
    ("file", "is_parser"),
    [
        ("papers/tex_tables.py", True),
        ("papers/text.py", True),
        ("sources/formats/hf_json.py", True),
        ("sources/huggingface_daily.py", True),
        ("papers/merge.py", False),
        ("report/summary.py", False),
    ],
)
def test_the_parsers_version_is_of_the_parsers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, is_parser: bool
) -> None:
    """A changed parser, its tables of TeX among them, reads captures again; other code does not."""
    shutil.copytree(version.PACKAGE_DIR, tmp_path / "pipelines")
    monkeypatch.setattr(version, "PACKAGE_DIR", tmp_path / "pipelines")
    before = version.parser_version.__wrapped__()
    changed = tmp_path / "pipelines" / file
    changed.write_text(changed.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert (version.parser_version.__wrapped__() != before) == is_parser


def test_other_labels_make_another_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the labelled texts change, the accuracy beside the numbers is measured again."""
    gold = tmp_path / "gold.jsonl"
    shutil.copy(accuracy.GOLD_SETS[-1].labels, gold)
    monkeypatch.setattr(accuracy, "GOLD_SETS", (accuracy.GOLD_SETS[-1]._replace(labels=gold),))
    before = freshness._fingerprint(DataDir(tmp_path))
    gold.write_text("", encoding="utf-8")
    assert freshness._fingerprint(DataDir(tmp_path)) != before

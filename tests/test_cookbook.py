"""What docs/cookbook.md promises: every answer is the true one."""

from pipelines.report import cookbook


def test_every_worked_question_has_its_true_answer() -> None:
    """The cookbook holds at least twelve questions, and each gives what the page shows; else `make docs`."""
    text = cookbook.COOKBOOK.read_text(encoding="utf-8")
    assert len(cookbook.questions(text)) >= 12
    assert cookbook.current(text) == text

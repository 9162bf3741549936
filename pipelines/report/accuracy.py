"""The extractor's accuracy as a table to read in a terminal."""

from pipelines.mentions.evaluate import Score


def accuracy_table(scores: dict[str, "Score"], has_misses: bool = False) -> str:
    """Return precision, recall and F1 a field; with `has_misses` also each paper's missing and surplus values."""
    lines = [f"{'field':<18}{'precision':>10}{'recall':>8}{'F1':>8}{'right':>7}{'wrong':>7}{'missed':>8}"]
    for name, score in scores.items():
        lines.append(
            f"{name:<18}{score.precision:>10.3f}{score.recall:>8.3f}{score.f1:>8.3f}"
            f"{score.n_right:>7}{score.n_wrong:>7}{score.n_missed:>8}"
        )
        if has_misses:
            lines += [f"    {miss}" for miss in score.misses]
    return "\n".join(lines)

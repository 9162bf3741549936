"""Fixtures that every test may use: the shared material, where this checkout has it beside it."""

from pathlib import Path

import pytest

SHARED_DIR = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared material, or skip the test where the checkout stands alone."""
    if not SHARED_DIR.is_dir():
        pytest.skip(f"{SHARED_DIR} is absent: this test reads the shared corpus, seed or labels")
    return SHARED_DIR

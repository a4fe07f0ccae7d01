"""A small hall to break, and a way to look at what the loader says about a text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.loader import Examined, examine

SMALL = Path(__file__).with_name("small.yaml")
YANGXIN = Path(__file__).parents[2] / "config" / "halls" / "yangxin.yaml"


@pytest.fixture
def small() -> str:
    """The text of a small hall without a fault."""
    return SMALL.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def yangxin_file() -> Path:
    """The shipped hall."""
    return YANGXIN


@pytest.fixture
def examine_text(tmp_path: Path) -> Callable[[str], Examined]:
    """Write a text to a file and examine it."""

    def examined(text: str) -> Examined:
        file = tmp_path / "hall.yaml"
        file.write_text(text, encoding="utf-8")
        return examine(file)

    return examined

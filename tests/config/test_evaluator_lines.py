"""Lines of evaluators in a hall file: their windows and ports are looked at as those of keypads are."""

from pathlib import Path

import pytest

from config.loader import HallFileError, load_hall

SMALL = Path(__file__).parents[1] / "hall" / "small_hall.yaml"


def hall_with(folder: Path, line: str) -> Path:
    """The small hall with one line of evaluators."""
    path = folder / "hall.yaml"
    path.write_text(SMALL.read_text("utf-8") + f"evaluators:\n  - {line}\n", "utf-8")
    return path


def test_a_line_of_evaluators_is_read(tmp_path: Path) -> None:
    """Address → window; the codec is the five-key one unless told."""
    hall = load_hall(hall_with(tmp_path, '{ id: faces, port: "loop://", windows: { 1: S01, 2: S02 } }'))
    assert [(one.id, one.codec, one.windows) for one in hall.evaluators] == [
        ("faces", "five-keys", {1: "S01", 2: "S02"})
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{ id: faces, port: "loop://", windows: { 1: S99 } }', "S99"),
        ('{ id: keys, port: "loop://", windows: { 1: S01 } }', "keys"),
    ],
)
def test_a_wrong_line_is_told(tmp_path: Path, line: str, told: str) -> None:
    """A window that is none, an id that a line of keypads has."""
    with pytest.raises(HallFileError, match=told):
        load_hall(hall_with(tmp_path, line))

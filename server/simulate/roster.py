"""Rosters: when each window's clerk is there, as a CSV file `window,from_s,to_s`; several rows for one window.

A window without a row has no clerk that day.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

from server.simulate.table import Table, write_table
from server.simulate.visits import Shift
from server.simulate.wording import sentence

COLUMNS = ("window", "from_s", "to_s")


def read_roster(path: Path, windows: Collection[str]) -> list[Shift]:
    """Read who is there when, in the order of the file. Raises TableError, which tells everything that is wrong."""
    table = Table.read(path, COLUMNS)
    shifts: list[Shift] = []
    of_window: dict[str, list[tuple[int, Shift]]] = {}
    for cells in table.cells():
        window, from_s, to_s = cells.known("window", windows), cells.needed("from_s"), cells.needed("to_s")
        if window is None or from_s is None or to_s is None:
            continue
        if to_s <= from_s:
            cells.problem(
                "to_s",
                sentence("the shift ends ({to_s} s) before it has begun ({from_s} s)", to_s=to_s, from_s=from_s),
                sentence("Write the earlier time into from_s and the later one into to_s."),
            )
            continue
        there = of_window.setdefault(window, [])
        for line, other in there:
            if from_s < other.to_s and other.from_s < to_s:
                cells.problem(
                    "from_s",
                    sentence(
                        "window {window} has a shift at that time already, in line {line}", window=window, line=line
                    ),
                    sentence("Join the two lines into one, or let one end where the other begins."),
                )
                break
        shifts.append(Shift(window, from_s, to_s))
        there.append((cells.line, shifts[-1]))
    table.done()
    return shifts


def write_roster(path: Path, shifts: Iterable[Shift]) -> None:
    """Write a roster; what is read back is the same."""
    write_table(path, COLUMNS, ((shift.window, shift.from_s, shift.to_s) for shift in shifts))

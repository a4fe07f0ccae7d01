"""Traces: the citizens of a day as a CSV file, so that any arrival record can be played and any generator used.

`ref,at_s,service,group,service_s,patience_s,appointment_s,no_show,next_service,next_service_s`, seconds from local
midnight; the last four columns may be empty or absent, an empty patience is endless.
"""

import math
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from server.simulate.table import Cells, Table, write_table
from server.simulate.visits import Visit
from server.simulate.wording import LANGUAGES, sentence

REQUIRED = ("ref", "at_s", "service", "group", "service_s", "patience_s")
OPTIONAL = ("appointment_s", "no_show", "next_service", "next_service_s")
ORDINARY = {"", "ordinary", "normal", "none", "0"}
USUAL_GROUP = "priority"


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")


def read_trace(
    path: Path, services: Collection[str], groups: Sequence[str], tell: Callable[[str], None] = _tell
) -> list[Visit]:
    """Read who comes, ordered by when. Raises TableError, which tells everything that is wrong with the file.

    `groups` are the hall's priority groups. Another group's people count as a group of the hall; `tell` is told once.
    """
    table = Table.read(path, REQUIRED, OPTIONAL)
    visits: list[Visit] = []
    lines: dict[str, int] = {}
    foreign: dict[str, None] = {}
    for cells in table.cells():
        ref = cells.text("ref")
        if ref is not None:
            first = lines.setdefault(ref, cells.line)
            if first != cells.line:
                cells.problem(
                    "ref",
                    sentence("“{ref}” stands in line {first} already", ref=ref, first=first),
                    sentence("Give every visit a ref of its own; a follow-up goes into next_service."),
                )
        group = cells.row["group"]
        if group.casefold() in ORDINARY:
            group = ""
        elif group not in groups:
            foreign[group] = None
            group = (USUAL_GROUP if USUAL_GROUP in groups else groups[0]) if groups else ""
        visit = _visit(cells, services, ref, group)
        if visit is not None:
            visits.append(visit)
    table.done()
    if foreign:
        _warn(str(path), list(foreign), groups, tell)
    return sorted(visits, key=lambda visit: visit.at_s)


def write_trace(path: Path, visits: Iterable[Visit]) -> None:
    """Write a trace; what is read back is the same."""
    write_table(path, (*REQUIRED, *OPTIONAL), _rows(visits))


def _rows(visits: Iterable[Visit]) -> Iterator[Sequence[object]]:
    for visit in visits:
        yield (
            visit.ref,
            visit.at_s,
            visit.service,
            visit.group,
            visit.service_s,
            visit.patience_s,
            visit.appointment_s,
            int(visit.no_show),
            visit.next_service,
            visit.next_service_s,
        )


def _visit(cells: Cells, services: Collection[str], ref: str | None, group: str) -> Visit | None:
    at_s, service, service_s = cells.needed("at_s"), cells.known("service", services), cells.needed("service_s")
    next_service = cells.known("next_service", services, empty=True)
    if cells.row["next_service"] and not cells.row["next_service_s"]:
        cells.problem(
            "next_service_s", sentence("the next service has no time"), sentence("Write how many seconds it takes.")
        )
    if cells.row["next_service_s"] and not cells.row["next_service"]:
        cells.problem(
            "next_service",
            sentence("there is a time for a next service, but no service"),
            sentence("Write its service, or empty next_service_s."),
        )
    # Endless patience may come as a large number: that is longer than any day and harms nobody.
    patience_s = cells.number("patience_s", most=math.inf)
    appointment_s, next_service_s = cells.number("appointment_s"), cells.number("next_service_s")
    no_show = cells.yes("no_show")
    if ref is None or at_s is None or service is None or service_s is None:
        return None
    return Visit(
        ref, at_s, service, service_s, group or None, patience_s, appointment_s, no_show, next_service, next_service_s
    )


def _warn(file: str, foreign: Sequence[str], groups: Sequence[str], tell: Callable[[str], None]) -> None:
    names = ", ".join(foreign)
    if groups:
        told = sentence(
            "{file}: the hall has no group {names}; these people count as one of its priority groups",
            file=file,
            names=names,
        )
    else:
        told = sentence(
            "{file}: the hall has no priority groups; {names} count as ordinary people", file=file, names=names
        )
    tell("\n".join(told.say(language) for language in LANGUAGES))

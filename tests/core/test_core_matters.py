"""Matters: what could not be done, cross-region business, words to 12345, each with its deadline and result."""

from dataclasses import replace
from datetime import date

import pytest

from server.core import commands as c
from server.core import matters as m
from server.core.affairs import MatterKind
from server.core.model import Redress, TicketState
from server.core.refusals import Reason
from tests.cast import MORNING, STORY_OF, YANGXIN, at, given, id_of

HALL = replace(YANGXIN, redress=Redress(matter_days={"unresolved": 5, "cross_region": 10, "complaint": 1}))
RECORD = m.RecordMatter(
    at=at("10:00"), matter="m-1", kind=MatterKind.UNRESOLVED, by="wang", reason="refused", note="n-1"
)
SETTLE = m.SettleMatter(at=at("11:00"), matter="m-1", by="chen", result="done", note="n-2")


@pytest.mark.parametrize(
    ("kind", "deadline"),
    [
        (MatterKind.UNRESOLVED, date(2026, 11, 30)),
        (MatterKind.CROSS_REGION, date(2026, 12, 7)),
        (MatterKind.COMPLAINT, date(2026, 11, 24)),
        (MatterKind.SUGGESTION, date(2026, 11, 30)),
    ],
)
def test_each_kind_has_its_deadline(kind: MatterKind, deadline: date) -> None:
    """Working days of the hall file; five where it names none."""
    hall = given(*MORNING, plan=HALL)
    hall.when(replace(RECORD, kind=kind))
    assert hall.state.matters["m-1"].deadline_at == at("10:00", deadline)


def test_recorded_with_the_ticket_and_settled() -> None:
    """The ticket tells number and service; the result tells who and when."""
    hall = given(*MORNING, *STORY_OF[TicketState.SERVING], plan=HALL)
    hall.when(replace(RECORD, ticket="a001", department="人社局"))
    matter = hall.state.matters["m-1"]
    assert (matter.ticket, matter.number, matter.service, matter.department) == (
        id_of("A001"), "A001", "soc-ins", "人社局",
    )  # fmt: skip
    hall.when(SETTLE).then(m.MatterSettled(at=SETTLE.at, matter="m-1", by="chen", result="done", note="n-2"))
    settled = hall.state.matters["m-1"]
    assert (settled.result, settled.settled_by, settled.settled_at, settled.reason) == (
        "done",
        "chen",
        SETTLE.at,
        "refused",
    )


def test_a_second_tap_records_nothing_more() -> None:
    """The sender made the id: the same again is the same matter; another under that id is refused."""
    hall = given(*MORNING, plan=HALL)
    hall.when(RECORD)
    hall.when(replace(RECORD, at=at("10:01"))).then()
    hall.when(replace(RECORD, kind=MatterKind.REPORT)).refused(Reason.MATTER_EXISTS)
    hall.when(replace(RECORD, by="li")).refused(Reason.MATTER_EXISTS)


def test_refusals() -> None:
    """No such ticket, no such matter, settled already."""
    hall = given(*MORNING, plan=HALL)
    hall.when(replace(RECORD, ticket="Z999")).refused(Reason.TICKET_UNKNOWN)
    hall.when(SETTLE).refused(Reason.MATTER_UNKNOWN)
    hall.when(RECORD)
    hall.when(SETTLE)
    hall.when(replace(SETTLE, result="explained")).refused(Reason.MATTER_SETTLED)


def test_an_open_matter_lives_through_the_night() -> None:
    """A new day takes it over with everything; a long settled one is left to the log."""
    hall = given(*MORNING, plan=HALL)
    hall.when(RECORD)
    before = hall.state.matters["m-1"]
    morning = date(2027, 3, 1)
    hall.when(c.OpenDay(at=at("7:00", morning), business_day=morning.isoformat()))
    assert hall.state.matters == {"m-1": before}
    hall.when(replace(SETTLE, at=at("9:00", morning)))
    later = date(2027, 6, 1)
    hall.when(c.OpenDay(at=at("7:00", later), business_day=later.isoformat()))
    assert hall.state.matters == {}

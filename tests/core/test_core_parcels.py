"""Papers that come by courier (P7): signed for, sorted to a department, registered there or with a case."""

from dataclasses import replace
from datetime import date

import pytest

from server.core import case_events as k
from server.core import commands as c
from server.core.case_records import Parcel, ParcelState
from server.core.refusals import Reason
from tests.cast import MORNING, TODAY, at, given
from tests.core.case_cast import AT_THE_WINDOW, CASE, CHEN, CIVIL, HE, HOUSING, NUMBER, case_opened, settled

SIGN = k.SignParcel(at=at("9:00"), parcel="x-1", carrier="SF", tracking="SF1", by=CHEN, note="n-1")
SORT = k.SortParcel(at=at("9:10"), parcel="x-1", department=CIVIL, by=CHEN)
REGISTER = k.RegisterParcel(at=at("9:30"), parcel="x-1", by=HE)
SIGNED = k.ParcelSigned(at=SIGN.at, parcel="x-1", carrier="SF", tracking="SF1", by=CHEN, note="n-1")
SORTED = k.ParcelSorted(at=SORT.at, parcel="x-1", department=CIVIL, by=CHEN)
REGISTERED = k.ParcelRegistered(at=REGISTER.at, parcel="x-1", by=HE)


def test_from_the_courier_to_the_department() -> None:
    """Who signed, who sorted, who registered and when each of it was stays with it."""
    hall = given(*MORNING)
    hall.when(SIGN).then(SIGNED)
    hall.when(SORT).then(SORTED)
    hall.when(REGISTER).then(REGISTERED)
    assert hall.state.parcels["x-1"] == Parcel(
        "x-1", "SF", "SF1", SIGN.at, CHEN, note="n-1", state=ParcelState.REGISTERED, department=CIVIL,
        sorted_at=SORT.at, sorted_by=CHEN, registered_at=REGISTER.at, registered_by=HE,
    )  # fmt: skip


def test_a_parcel_is_signed_for_once() -> None:
    """The same again is the same tap; another parcel under its id is refused."""
    hall = given(*MORNING, SIGNED)
    hall.when(SIGN).then()
    hall.when(replace(SIGN, tracking="SF2")).refused(Reason.PARCEL_EXISTS)
    hall.when(replace(SIGN, carrier="EMS")).refused(Reason.PARCEL_EXISTS)


def test_a_number_signed_for_twice_is_asked_about() -> None:
    """The same courier and number under another id is another parcel only if somebody says so."""
    hall, second = given(*MORNING, SIGNED), replace(SIGN, parcel="x-2")
    hall.when(second).refused(Reason.PARCEL_SIGNED)
    hall.when(replace(second, carrier="EMS")).then(replace(SIGNED, parcel="x-2", carrier="EMS"))
    hall.when(replace(second, parcel="x-3", again=True)).then(replace(SIGNED, parcel="x-3"))


def test_sorted_wrongly_and_sorted_again() -> None:
    """Until the department has registered it, it may go to another; to the same one again is nothing new."""
    hall = given(*MORNING, SIGNED, SORTED)
    hall.when(SORT).then()
    hall.when(replace(SORT, department=HOUSING)).then(replace(SORTED, department=HOUSING))
    hall.when(REGISTER)
    hall.when(SORT).refused(Reason.PARCEL_STATE)


def test_no_step_is_left_out() -> None:
    """Nobody registers what was not sorted to him, nor twice; nobody sorts what never came."""
    given(*MORNING, SIGNED).when(REGISTER).refused(Reason.PARCEL_STATE)
    given(*MORNING, SIGNED, SORTED, REGISTERED).when(REGISTER).refused(Reason.PARCEL_STATE)
    given(*MORNING).when(SORT).refused(Reason.PARCEL_UNKNOWN)
    given(*MORNING).when(REGISTER).refused(Reason.PARCEL_UNKNOWN)


def test_registered_with_a_case_by_its_number() -> None:
    """Material that was sent for an application; a case that nobody knows is refused."""
    hall = given(*AT_THE_WINDOW, settled(), case_opened(), SIGNED, SORTED)
    hall.when(replace(REGISTER, case="20260101-0001")).refused(Reason.CASE_UNKNOWN)
    hall.when(replace(REGISTER, case=NUMBER)).then(replace(REGISTERED, case=CASE))
    assert hall.state.parcels["x-1"].case == CASE


@pytest.mark.parametrize(
    ("story", "days", "kept"),
    [((SIGNED,), 400, True), ((SIGNED, SORTED), 400, True), ((SIGNED, SORTED, REGISTERED), 6, True),
     ((SIGNED, SORTED, REGISTERED), 8, False)],
)  # fmt: skip
def test_what_is_not_registered_is_never_forgotten(story: tuple[k.ParcelEvent, ...], days: int, kept: bool) -> None:
    """It is carried over every night; what was registered stays in sight for a week."""
    hall = given(*MORNING, *story)
    before = dict(hall.state.parcels)
    later = date.fromordinal(TODAY.toordinal() + days)
    hall.when(c.OpenDay(at=at("9:40", later), business_day=later.isoformat()))
    assert hall.state.parcels == (before if kept else {})

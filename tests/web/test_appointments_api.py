"""Slots, booking, the citizen's link, staff's list and check-in, by HTTP."""

import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from server.web.api import topics
from tests.web.conftest import SMALL, World, build

ReasonOf = Callable[[Any], str]
#: The small hall, where 社会保险 is booked by the half hour, two people each, and 营业执照 once on Monday at ten.
SLOTS = {
    "insurance": '    slots: [{ days: [mon, tue, wed, thu, fri], span: "08:30-12:00", every_min: 30, capacity: 2 }]\n',
    "licence": '    slots: [{ days: [mon], span: "10:00-10:30", capacity: 1 }]\n    id_card: required\n',
}
EXTENDED = "    appointment: { mon: [17:00-18:00] }\n"
#: A county's own holiday on a Tuesday, for which a Saturday is worked.
CALENDAR = "calendar:\n  holidays: { 2026-12-01: { zh: 县庆, en: County Day } }\n  workdays: [2026-12-05]\n"
PHONES = (f"138001380{n:02d}" for n in itertools.count())
LAN = "13900139000"


def booking_file(folder: Path, **more: str) -> Path:
    """The hall file with slots, written into a folder."""
    text = SMALL.read_text("utf-8")
    for service, slots in (SLOTS | more).items():
        at = text.index(f"  - id: {service}\n") + len(f"  - id: {service}\n")
        text = text[:at] + slots + text[at:]
    text = text.replace("    fri: [08:30-12:00, 14:00-17:00]\n", f"    fri: [08:30-12:00, 14:00-17:00]\n{EXTENDED}", 1)
    path = folder / "booking_hall.yaml"
    path.write_text(CALENDAR + text, "utf-8")
    return path


def close(world: World) -> None:
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[World]:
    """Monday 2026-11-23, nine o'clock, in a hall that can be booked."""
    world = build(tmp_path, booking_file(tmp_path))
    yield world
    close(world)


IDS = (f"booking-{n}" for n in itertools.count())


def wish(slot: str = "2026-11-23T11:30:00+08:00", **fields: Any) -> dict[str, Any]:
    """A citizen's booking, with a phone number of its own unless one is given."""
    return {"id": next(IDS), "service": "insurance", "slot_at": slot, "phone": next(PHONES), **fields}


def book(world: World, slot: str = "2026-11-23T11:30:00+08:00", who: str = "anyone", **fields: Any) -> dict[str, Any]:
    """A booking that succeeds."""
    answer = world.cast[who].post("/appointments", wish(slot, **fields))
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


# --- Slots ------------------------------------------------------------------------------------------------------------


def test_slots_of_a_day_and_of_the_horizon(hall: World) -> None:
    """Begun ones are gone; a day beyond the horizon has none; without a day every day is told, with its kind."""
    day = hall.anyone.get("/services/insurance/slots?day=2026-11-23").json
    assert day["service"] == "insurance"
    (monday,) = day["days"]
    assert (monday["day"], monday["kind"], monday["market"], monday["name"]) == ("2026-11-23", "workday", False, "")
    # Half an hour ahead: once booked, only staff may change it.
    first = {"at": "2026-11-23T09:30:00.000+08:00", "capacity": 2, "left": 2, "final": True}
    assert monday["slots"][0] == first
    assert monday["slots"][-1]["final"] is False
    assert len(monday["slots"]) == 5
    whole = hall.anyone.get("/services/insurance/slots").json["days"]
    assert [len(one["slots"]) for one in whole] == [5, 7, 7, 7, 7, 0, 0, 7, 0, 7, 7, 7, 7, 0, 7]
    assert [one["kind"] for one in whole[4:8]] == ["workday", "weekend", "weekend", "workday"]
    assert hall.anyone.get("/services/insurance/slots?day=2027-03-01").json["days"] == []


def test_a_holiday_has_its_name_and_no_slots(hall: World) -> None:
    """A Tuesday off has its name and no slots; the Saturday worked for it has a Friday's."""
    days = {one["day"]: one for one in hall.anyone.get("/services/insurance/slots").json["days"]}
    festival, saturday = days["2026-12-01"], days["2026-12-05"]
    assert (festival["kind"], festival["name"], festival["name_en"]) == ("holiday", "县庆", "County Day")
    assert festival["slots"] == []
    assert (saturday["kind"], len(saturday["slots"])) == ("makeup", 7)


def test_slots_of_a_service_that_is_not_there(hall: World, reason: ReasonOf) -> None:
    """Unknown is told; one without slots has empty days."""
    assert reason(hall.anyone.get("/services/fishing/slots")) == "service_unknown"
    assert not any(one["slots"] for one in hall.anyone.get("/services/relief/slots").json["days"])
    for day in ("tomorrow", "0", "1795402800", "2026-11-31", ""):
        assert reason(hall.anyone.get(f"/services/insurance/slots?day={day}")) == "invalid_request", day


def test_the_hall_tells_what_can_be_booked(hall: World) -> None:
    """Per service and for today; what sort of day it is."""
    view = hall.anyone.get("/hall").json
    services = {s["id"]: s for zone in view["zones"] for s in zone["services"]}
    assert {name: (s["bookable"], s["slots_today"]) for name, s in services.items()} == {
        "insurance": (True, True),
        "relief": (False, False),
        "licence": (True, True),
    }
    assert (view["booking"], view["by_appointment"]) == (True, False)
    assert view["day"] == {"kind": "workday", "market": False, "name": "", "name_en": ""}
    hall.clock.set("2026-11-23T17:10")
    view = hall.anyone.get("/hall").json
    assert (view["open"], view["by_appointment"]) == (False, True)
    services = {s["id"]: s for zone in view["zones"] for s in zone["services"]}
    assert (services["insurance"]["bookable"], services["insurance"]["slots_today"]) == (True, False)
    hall.clock.set("2026-11-23T18:00")
    hall.site.cache = type(hall.site.cache)()
    assert hall.anyone.get("/hall").json["by_appointment"] is False


# --- Booking ----------------------------------------------------------------------------------------------------------


def test_booking_by_phone(hall: World) -> None:
    """Anybody with a phone number gets a code and a link; the number itself is masked in every answer."""
    wanted = wish(phone=LAN, name="王兰")
    answer = hall.anyone.post("/appointments", wanted)
    told = answer.json
    assert answer.status_code == 201
    assert (told["id"], told["service"], told["state"], told["channel"]) == (
        wanted["id"],
        "insurance",
        "booked",
        "phone",
    )
    assert len(told["code"]) == 6
    assert told["code"].isdecimal()
    assert told["slot_at"] == "2026-11-23T11:30:00.000+08:00"
    assert told["cancel_until"] == "2026-11-23T09:30:00.000+08:00"
    assert told["early_from"] == "2026-11-23T11:00:00.000+08:00"
    assert told["late_until"] == "2026-11-23T11:40:00.000+08:00"
    assert (told["can_change"], told["ticket"], told["masked"]) == (True, None, "*******9000")
    assert (told["hall"], told["zone_name"], told["area_name"]) == ("小镇便民中心", "社会事务", "一楼")
    assert LAN not in answer.text
    assert "王兰" not in answer.text
    assert hall.anyone.get(told["url"]).json == told
    (slot,) = [s for s in hall.anyone.get("/services/insurance/slots?day=2026-11-23").json["days"][0]["slots"][-1:]]
    assert slot["left"] == 1


def test_a_repeated_booking_is_one(hall: World, reason: ReasonOf) -> None:
    """The same key gives the first answer; the same id under another key too; one place is taken."""
    wanted = wish(phone=LAN)
    first = hall.anyone.post("/appointments", wanted, key="booking-key-1")
    again = hall.anyone.post("/appointments", wanted, key="booking-key-1")
    other_key = hall.anyone.post("/appointments", wanted, key="booking-key-2")
    assert first.json == again.json == other_key.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(hall.clerk.get("/appointments").json["appointments"]) == 1
    stranger = {**wanted, "phone": "13700137000"}
    assert reason(hall.anyone.post("/appointments", stranger)) == "appointment_exists"


def test_who_books_by_himself_leaves_a_phone_number(hall: World, reason: ReasonOf) -> None:
    """And may not act as somebody else's handle; staff may book without a number."""
    assert reason(hall.anyone.post("/appointments", wish(phone=None))) == "phone_wanted"
    assert reason(hall.stranger.post("/appointments", wish(phone=None))) == "phone_wanted"
    lan = hall.kiosk.post("/holders", {"phone": LAN}).json["holder"]
    assert reason(hall.anyone.post("/appointments", wish(holder=lan))) == "phone_wanted"
    assert reason(hall.anyone.post("/appointments", wish(phone="110-x"))) == "invalid_request"
    assert book(hall, who="clerk", phone=None)["channel"] == "staff"
    assert book(hall, who="kiosk", phone=None, holder=lan)["channel"] == "kiosk"
    assert reason(hall.kiosk.post("/appointments", wish(holder="p-nobody"))) == "holder_unknown"


def test_limits_follow_the_phone_number(hall: World, reason: ReasonOf) -> None:
    """A second appointment of a day is refused however the number is written; staff may, another day may."""
    book(hall, phone=LAN)
    spaced = wish("2026-11-23T11:00:00+08:00", phone="139 0013 9000")
    assert reason(hall.anyone.post("/appointments", spaced)) == "appointment_limit"
    book(hall, "2026-11-23T11:00:00+08:00", who="clerk", phone=LAN)
    book(hall, "2026-11-24T11:00:00+08:00", phone=LAN)


@pytest.mark.parametrize(
    ("slot", "service", "expected"),
    [
        ("2026-11-23T11:31:00+08:00", "insurance", "slot_unknown"),
        ("2026-11-23T08:30:00+08:00", "insurance", "slot_unknown"),
        ("2026-11-28T09:00:00+08:00", "insurance", "slot_unknown"),
        ("9999-12-31T23:59:59-12:00", "insurance", "slot_unknown"),
        ("0001-01-01T00:00:00+12:00", "insurance", "slot_unknown"),
        ("2026-11-23T11:30:00+08:00", "relief", "slot_unknown"),
        ("2026-11-23T11:30:00+08:00", "fishing", "service_unknown"),
    ],
)
def test_what_is_no_slot_is_refused(hall: World, reason: ReasonOf, slot: str, service: str, expected: str) -> None:
    """Also beyond every calendar."""
    assert reason(hall.anyone.post("/appointments", wish(slot, service=service))) == expected


def test_a_full_slot_is_refused_and_told_as_full(hall: World, reason: ReasonOf) -> None:
    """One place on Monday at ten."""
    ten = "2026-11-23T10:00:00+08:00"
    book(hall, ten, service="licence")
    hall.site.cache = type(hall.site.cache)()
    (slot,) = hall.anyone.get("/services/licence/slots?day=2026-11-23").json["days"][0]["slots"]
    assert (slot["capacity"], slot["left"]) == (1, 0)
    assert reason(hall.anyone.post("/appointments", wish(ten, service="licence"))) == "slot_full"


def test_exactly_as_many_as_there_are_places(tmp_path: Path) -> None:
    """N+50 people at once on the N places of a morning: exactly N succeed, the others hear that it is full (A2.4)."""
    world = build(tmp_path, booking_file(tmp_path))
    slots = world.anyone.get("/services/insurance/slots?day=2026-11-23").json["days"][0]["slots"]
    places = [slot["at"] for slot in slots for _ in range(slot["capacity"])]
    wishes = [wish(places[n % len(places)]) for n in range(len(places) + 50)]
    ready, answers = threading.Barrier(20), []

    def one(mine: list[dict[str, Any]]) -> None:
        client = world.app.test_client(use_cookies=False)
        ready.wait()
        for wanted in mine:
            headers = {"Idempotency-Key": f"crowd-{wanted['id']}"}
            answers.append(client.post("/api/v1/appointments", json=wanted, headers=headers))

    threads = [threading.Thread(target=one, args=(wishes[n::20],)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert Counter(answer.status_code for answer in answers) == {201: len(places), 409: 50}
    assert {answer.json["reason"] for answer in answers if answer.status_code == 409} == {"slot_full"}
    booked = world.clerk.get("/appointments?day=2026-11-23").json["appointments"]
    assert Counter(one["slot_at"] for one in booked) == Counter(places)
    assert len({one["code"] for one in booked}) == len(places)
    close(world)


# --- The citizen's link -----------------------------------------------------------------------------------------------


def test_the_link_moves_and_cancels_in_time(hall: World, reason: ReasonOf) -> None:
    """Two hours before and not later; staff always."""
    told = book(hall, "2026-11-23T11:30:00+08:00")
    moved = hall.anyone.post(f"{told['url']}/move", {"slot_at": "2026-11-23T11:00:00+08:00"}).json
    assert (moved["slot_at"], moved["moves"], moved["code"]) == ("2026-11-23T11:00:00.000+08:00", 1, told["code"])
    hall.clock.set("2026-11-23T09:00:01")
    assert hall.anyone.get(told["url"]).json["can_change"] is False
    late = hall.anyone.post(f"{told['url']}/cancel")
    assert reason(late) == "appointment_late"
    assert "120" in late.json["detail_zh"]
    move = {"slot_at": "2026-11-23T11:30:00+08:00"}
    assert reason(hall.anyone.post(f"{told['url']}/move", move)) == "appointment_late"
    assert hall.clerk.post(f"/appointments/{told['id']}/move", move).json["slot_at"].startswith("2026-11-23T11:30")
    assert hall.clerk.post(f"/appointments/{told['id']}/cancel").json["state"] == "cancelled"
    assert hall.anyone.get(told["url"]).json["state"] == "cancelled"
    assert reason(hall.clerk.post(f"/appointments/{told['id']}/move", move)) == "appointment_over"


def test_links_cannot_be_guessed(hall: World, reason: ReasonOf) -> None:
    """A token of 128 bits that is no ticket's; nothing is found by an id or another token."""
    told = book(hall)
    token = told["url"].removeprefix("/a/")
    assert len(token) == 22
    ticket = hall.kiosk.issue()
    for wrong in (told["id"], ticket["url"].removeprefix("/t/"), token[:-1] + ("A" if token[-1] != "A" else "B")):
        assert reason(hall.anyone.get(f"/a/{wrong}")) == "link_unknown"
        assert reason(hall.anyone.post(f"/a/{wrong}/cancel")) == "link_unknown"
    assert reason(hall.anyone.get(f"/t/{token}")) == "link_unknown"


def test_a_link_lives_over_the_nights_before_its_day(hall: World) -> None:
    """Booked on Monday for Wednesday: on Tuesday and Wednesday it is still there, with the same code."""
    told = book(hall, "2026-11-25T09:00:00+08:00")
    for morning in ("2026-11-24T08:00", "2026-11-25T08:31"):
        hall.clock.set(morning)
        hall.hall.tick()
        seen = hall.anyone.get(told["url"]).json
        assert (seen["state"], seen["code"], seen["slot_at"]) == ("booked", told["code"], told["slot_at"])
    ticket = hall.kiosk.post("/check-ins", {"id": "ticket-wed", "code": told["code"]})
    assert ticket.status_code == 201


# --- Staff ------------------------------------------------------------------------------------------------------------


def test_the_list_of_a_day(hall: World) -> None:
    """In the order of the slots, names masked; another day has its own; leaders see name and number of one of them."""
    second = book(hall, "2026-11-23T11:30:00+08:00", phone=LAN, name="欧阳建国")
    first = book(hall, "2026-11-23T11:00:00+08:00")
    tomorrow = book(hall, "2026-11-24T11:00:00+08:00")
    today = hall.clerk.get("/appointments")
    assert [one["id"] for one in today.json["appointments"]] == [first["id"], second["id"]]
    assert [one["name_masked"] for one in today.json["appointments"]] == [None, "欧阳*国"]
    assert LAN not in today.text
    assert "建国" not in today.text
    assert [one["id"] for one in hall.guide.get("/appointments?day=2026-11-24").json["appointments"]] == [
        tomorrow["id"]
    ]
    full = hall.supervisor.get(f"/appointments/{second['id']}").json
    assert (full["name"], full["phone"]) == ("欧阳建国", LAN)
    for_clerk = hall.clerk.get(f"/appointments/{second['id']}").json
    assert not {"name", "phone"} & set(for_clerk)


def test_an_appointment_that_nobody_has(hall: World, reason: ReasonOf) -> None:
    """404 for staff too."""
    assert reason(hall.clerk.get("/appointments/none")) == "appointment_unknown"
    assert reason(hall.clerk.post("/appointments/none/cancel")) == "appointment_unknown"
    move = {"slot_at": "2026-11-23T11:00:00+08:00"}
    assert reason(hall.clerk.post("/appointments/none/move", move)) == "appointment_unknown"


# --- Check-in ---------------------------------------------------------------------------------------------------------


def check_in(world: World, who: str = "kiosk", ticket: str = "ticket-one", **fields: Any) -> Any:
    return world.cast[who].post("/check-ins", {"id": ticket, **fields})


@pytest.mark.parametrize("way", ["code", "token", "appointment", "holder"])
def test_check_in_by_every_way(hall: World, way: str) -> None:
    """Code, QR of the link, id, or the person by his phone number or card: a ticket that keeps its time."""
    told = book(hall, "2026-11-23T09:30:00+08:00", phone=LAN, language="en")
    values = {
        "code": told["code"],
        "token": told["url"].removeprefix("/a/"),
        "appointment": told["id"],
        "holder": hall.kiosk.post("/holders", {"phone": LAN}).json["holder"],
    }
    answer = check_in(hall, **{way: values[way]})
    ticket = answer.json
    assert answer.status_code == 201
    assert (ticket["number"], ticket["service"], ticket["language"], ticket["on_time"]) == (
        "A001",
        "insurance",
        "en",
        True,
    )
    seen = hall.anyone.get(told["url"]).json
    assert (seen["state"], seen["ticket"], seen["ticket_number"]) == ("arrived", "ticket-one", "A001")
    assert seen["ticket_url"] == ticket["url"]


def test_check_in_is_early_late_or_missed(hall: World, reason: ReasonOf) -> None:
    """Half an hour before is too early and told the time; after ten minutes it is a walk-in; once it has lapsed too."""
    told = book(hall, "2026-11-23T10:00:00+08:00")
    other = book(hall, "2026-11-23T10:00:00+08:00")
    hall.clock.set("2026-11-23T09:29:59")
    early = check_in(hall, code=told["code"])
    assert reason(early) == "appointment_early"
    assert "09:30" in early.json["detail_zh"]
    hall.clock.set("2026-11-23T10:10:01")
    assert check_in(hall, code=told["code"]).json["on_time"] is False
    hall.clock.set("2026-11-23T10:20")
    assert hall.anyone.get(other["url"]).json["state"] == "missed"
    walk_in = check_in(hall, ticket="ticket-late", code=other["code"])
    assert (walk_in.status_code, walk_in.json["on_time"]) == (201, False)
    hall.watch()
    assert check_in(hall, ticket="ticket-late", code=other["code"]).json["number"] == walk_in.json["number"]
    assert reason(check_in(hall, ticket="ticket-later", code=other["code"])) == "has_open_ticket"
    assert hall.anyone.get(other["url"]).json["state"] == "missed"
    assert hall.anyone.get(other["url"]).json["ticket"] is None


def test_check_in_on_another_day(hall: World, reason: ReasonOf) -> None:
    """Tomorrow's appointment is told its day."""
    told = book(hall, "2026-11-24T10:00:00+08:00")
    answer = check_in(hall, code=told["code"])
    assert reason(answer) == "appointment_early"
    assert "2026-11-24 09:30" in answer.json["detail"]


def test_check_in_once(hall: World, reason: ReasonOf) -> None:
    """The same tap again is the same ticket, under any key; another ticket is refused, and so is a cancelled one."""
    told = book(hall, "2026-11-23T09:30:00+08:00", who="clerk", phone=None)
    first = check_in(hall, code=told["code"])
    assert check_in(hall, code=told["code"]).json["number"] == first.json["number"]
    again = check_in(hall, ticket="ticket-two", code=told["code"])
    assert reason(again) == "appointment_over"
    gone = book(hall, "2026-11-23T11:30:00+08:00")
    hall.anyone.post(f"{gone['url']}/cancel")
    hall.clock.set("2026-11-23T11:30")
    assert reason(check_in(hall, ticket="ticket-three", code=gone["code"])) == "appointment_over"


def test_check_in_of_nobody(hall: World, reason: ReasonOf) -> None:
    """A wrong code, a wrong link, a person without appointment; nothing at all."""
    told = book(hall)
    mei = hall.kiosk.post("/holders", {"phone": "13700137000"}).json["holder"]
    wrong = {
        "code": f"{(int(told['code']) + 1) % 10**6:06d}",
        "token": "nothing-here",
        "holder": mei,
        "appointment": "none",
    }
    for way, value in wrong.items():
        assert reason(check_in(hall, **{way: value})) == "appointment_unknown"
    assert reason(check_in(hall, holder="p-nobody")) == "holder_unknown"
    assert reason(check_in(hall)) == "invalid_request"
    assert reason(check_in(hall, code="12345")) == "invalid_request"


def test_the_nearest_of_several(hall: World) -> None:
    """Staff booked two for one person: checking in as himself he gets the one whose time it is, then the other."""
    morning = book(hall, "2026-11-23T09:30:00+08:00", who="clerk", phone=LAN)
    noon = book(hall, "2026-11-23T11:30:00+08:00", who="clerk", phone=LAN)
    lan = hall.kiosk.post("/holders", {"phone": LAN}).json["holder"]
    check_in(hall, ticket="ticket-m", holder=lan)
    assert hall.anyone.get(morning["url"]).json["state"] == "arrived"
    hall.clock.set("2026-11-23T11:20")
    hall.kiosk.post("/tickets/ticket-m/cancel")
    check_in(hall, ticket="ticket-n", holder=lan)
    assert hall.anyone.get(noon["url"]).json["ticket"] == "ticket-n"


def test_a_service_that_wants_a_card_wants_it_at_check_in_too(hall: World, reason: ReasonOf) -> None:
    """A phone number books it; the kiosk asks for the card, staff need none."""
    told = book(hall, "2026-11-23T10:00:00+08:00", service="licence", phone=LAN)
    hall.clock.set("2026-11-23T09:40")
    assert reason(check_in(hall, code=told["code"])) == "card_wanted"
    card = hall.kiosk.post("/holders", {"card": {"number": "11010519491231002X"}}).json["holder"]
    assert check_in(hall, code=told["code"], holder=card).status_code == 201
    assert check_in(hall, who="clerk", ticket="by-staff", code=told["code"]).status_code == 409


def test_extended_hours_let_in_who_has_booked(tmp_path: Path, reason: ReasonOf) -> None:
    """After five the hall is shut to walk-ins and open to who has booked 17:30."""
    evening = '    slots: [{ days: [mon], span: "17:00-18:00", every_min: 30, capacity: 1 }]\n'
    world = build(tmp_path, booking_file(tmp_path, insurance=evening))
    told = book(world, "2026-11-23T17:30:00+08:00")
    world.clock.set("2026-11-23T17:20")
    assert reason(world.kiosk.post("/tickets", {"service": "insurance"})) == "service_closed"
    assert check_in(world, code=told["code"]).json["on_time"] is True
    close(world)


# --- Privacy ----------------------------------------------------------------------------------------------------------


def test_name_and_number_stand_in_the_side_file_only(tmp_path: Path) -> None:
    """Not in the log, its views or the kept answers; and they go some days after the appointment."""
    world = build(tmp_path, booking_file(tmp_path))
    told = book(world, "2026-11-24T10:00:00+08:00", phone=LAN, name="王兰花")
    world.log.database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in tmp_path.iterdir():
        if file.name.startswith("hall.db"):
            assert LAN.encode() not in file.read_bytes()
            assert "王兰花".encode() not in file.read_bytes()
            assert LAN[-4:].encode() + b'"' not in file.read_bytes()
    people = world.site.people
    assert people.fact(f"appointment:{told['id']}", "phone") == LAN
    day_after = datetime.fromisoformat("2026-11-25T00:00:00+08:00").timestamp()
    kept = world.site.names.hall.identity.kept_days * 86400
    people.purge(day_after + kept - 1)
    assert people.fact(f"appointment:{told['id']}", "name") == "王兰花"
    people.purge(day_after + kept)
    assert people.fact(f"appointment:{told['id']}", "name") is None
    assert people.fact(f"appointment:{told['id']}", "phone") is None
    close(world)


def test_a_refused_booking_keeps_no_name(hall: World, reason: ReasonOf) -> None:
    """Nor does a stranger who sends a known id change whose number it is."""
    mine = wish(phone=LAN, name="王兰")
    hall.anyone.post("/appointments", mine)
    assert (
        reason(hall.anyone.post("/appointments", {**mine, "phone": "13700137000", "name": "别人"}))
        == "appointment_exists"
    )
    assert hall.site.people.fact(f"appointment:{mine['id']}", "phone") == LAN
    wrong = wish("2026-11-23T11:31:00+08:00", name="别人")
    hall.anyone.post("/appointments", wrong)
    assert hall.site.people.fact(f"appointment:{wrong['id']}", "name") is None


@pytest.mark.parametrize(
    ("who", "path", "body"),
    [
        ("anyone", "/appointments", {"id": "b-new", "service": "insurance", "slot_at": "{eleven}", "phone": "{phone}"}),
        ("anyone", "{url}/move", {"slot_at": "{eleven}"}),
        ("anyone", "{url}/cancel", {}),
        ("clerk", "/appointments/{id}/move", {"slot_at": "{eleven}"}),
        ("clerk", "/appointments/{id}/cancel", {}),
        ("kiosk", "/check-ins", {"id": "ticket-one", "code": "{code}"}),
    ],
)
def test_every_post_happens_once(hall: World, reason: ReasonOf, who: str, path: str, body: dict[str, str]) -> None:
    """Sent again under its key it answers the same and changes nothing; another body under that key is refused."""
    hall.clock.set("2026-11-23T09:10")
    told = book(hall, "2026-11-23T11:30:00+08:00" if who != "kiosk" else "2026-11-23T09:30:00+08:00")
    fields = {**told, "eleven": "2026-11-23T11:00:00+08:00", "phone": LAN}
    path, wanted = path.format(**fields), {name: value.format(**fields) for name, value in body.items()}
    first = hall.cast[who].post(path, wanted, key="the-same-key")
    assert first.status_code in (200, 201), first.text
    happened = hall.hall.seq
    again = hall.cast[who].post(path, wanted, key="the-same-key")
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    if wanted:
        name = next(iter(wanted))
        other = {**wanted, name: "2026-11-23T10:30:00+08:00" if name == "slot_at" else "another"}
        assert reason(hall.cast[who].post(path, other, key="the-same-key")) == "idempotency_key_reused"
    assert hall.hall.seq == happened


def test_who_follows_a_day_sees_each_change(hall: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list as `GET` gives it, again when somebody books on that day, not when on another."""
    monkeypatch.setattr(topics, "APPOINTMENTS_MAX_AGE_S", 0.0)
    book(hall, who="clerk")
    answer = hall.clerk.get("/feed?appointments=2026-11-23")
    stream = (
        json.loads(line[6:]) for chunk in answer.response for line in chunk.decode().split("\n") if "data: " in line
    )
    assert next(stream) == hall.clerk.get("/appointments?day=2026-11-23").json
    book(hall, "2026-11-24T11:30:00+08:00", who="clerk")
    kept = book(hall, "2026-11-23T11:00:00+08:00", who="clerk")
    told = next(stream)
    assert told["appointments"][0]["id"] == kept["id"]
    assert told == hall.clerk.get("/appointments?day=2026-11-23").json
    answer.close()
    assert hall.clerk.get("/feed?appointments=monday").status_code == 422

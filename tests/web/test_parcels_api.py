"""Papers by courier (P7) and the archive's tick-off of originals (Y16) over HTTP."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.accounts import Person, Role
from server.core.case_events import Settle
from server.core.case_records import Outcome
from server.hall import Answer, Request
from tests.web.conftest import SMALL, Caller, World, build

PICKUP = "\n  - { ids: L01, number: 31, zone: social, position: pickup }\npriority_groups:"
COLLECT = """
  - { id: collect, zone: social, name: { zh: 取件, en: Collection }, department: { zh: 中心, en: Centre }, position: pickup }
windows:"""
HR = "人社局"
PARCEL = {"id": "parcel-1", "carrier": "EMS", "tracking": "EA123456789CN", "note": "内有户口簿原件"}
SETTLED = itertools.count(1)


@pytest.fixture
def post_room(tmp_path: Path) -> Iterator[World]:
    """A world with a desk that takes parcels in, and a department; wang serves A001 at S01."""
    file = tmp_path / "post_room.yaml"
    file.write_text(
        SMALL.read_text("utf-8").replace("\npriority_groups:", PICKUP).replace("\nwindows:", COLLECT, 1), "utf-8"
    )
    world = build(tmp_path, file)
    people = {
        "pickup": Person("he", frozenset({Role.CLERK}), "L01"),
        "hr": Person("bo", frozenset({Role.DEPARTMENT}), department=HR),
        "civil": Person("min", frozenset({Role.DEPARTMENT}), department="民政局"),
        "runner": Person("pao", frozenset({Role.RUNNER})),
    }
    world.cast |= {name: Caller(world.clerk.client, world.accounts.session(one)) for name, one in people.items()}
    world.kiosk.issue()
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


def settle(world: World, outcome: Outcome = Outcome.DONE, **fields: Any) -> str:
    """An item of the ticket at S01 is settled; the settlement's id."""
    name = f"settled-{next(SETTLED)}"
    answer = world.hall.handle(
        Request(
            lambda at: Settle(at=at, window="S01", settlement=name, outcome=outcome, title="参保证明打印", **fields),
            f"settle-{name}",
            "",
            "user:wang",
            lambda *_: Answer(204, None),
            lambda refusal: Answer(409, {"reason": refusal.reason.value}),
        )
    )
    assert answer.status == 204, answer.body
    return name


def test_signed_sorted_registered(post_room: World) -> None:
    """At the desk, to a department, by the department with its case: each step with who and when."""
    signed = post_room.pickup.post("/parcels", PARCEL)
    assert (signed.status_code, signed.json["state_name"], signed.json["signed_by"]) == (201, "已签收", "user:he")
    assert post_room.hr.get("/parcels").json["parcels"] == []
    assert post_room.pickup.post("/parcels/parcel-1/sort", {"department": HR}).json["department"] == HR
    (seen,) = post_room.hr.get("/parcels").json["parcels"]
    assert (seen["tracking"], seen["note"]) == ("EA123456789CN", "内有户口簿原件")
    case = settle(post_room, Outcome.ACCEPTED, departments=(HR,))
    with post_room.hall.reading() as state:
        number = state.cases[case].number
    done = post_room.hr.post("/parcels/parcel-1/register", {"case": number}).json
    assert (done["state"], done["case"], done["registered_by"]) == ("registered", number, "user:bo")


def test_what_was_written_at_the_desk_is_not_kept_with_the_answer(post_room: World) -> None:
    """The note comes with the list; the answer to POST, which stays beside the log, has none."""
    assert post_room.pickup.post("/parcels", PARCEL).json["note"] is None
    assert [x["note"] for x in post_room.pickup.get("/parcels").json["parcels"]] == ["内有户口簿原件"]


def test_sent_again_it_is_one_parcel(post_room: World, reason: Callable[[Any], str]) -> None:
    """The id is made before it is sent: the same again signs nothing more, another under the same id is refused."""
    post_room.pickup.post("/parcels", PARCEL)
    seq = post_room.hall.seq
    assert post_room.pickup.post("/parcels", PARCEL).status_code == 201
    other = {**PARCEL, "tracking": "EA123456780CN"}
    assert reason(post_room.pickup.post("/parcels", other)) == "parcel_exists"
    assert reason(post_room.pickup.post("/parcels", {**PARCEL, "id": "p2"})) == "parcel_signed"
    assert reason(post_room.pickup.post("/parcels", {**other, "id": "p2", "tracking": "EA1"})) == "invalid_request"
    assert reason(post_room.pickup.post("/parcels", {**other, "id": "p2", "tracking": "EA12"})) == "tracking_unlikely"
    assert post_room.hall.seq == seq


def test_only_the_desk_signs_and_only_the_department_registers(post_room: World, reason: Callable[[Any], str]) -> None:
    """A clerk elsewhere, a runner and a foreign department are refused; what is not sorted is not registered."""
    assert reason(post_room.clerk.post("/parcels", PARCEL)) == "not_at_pickup"
    assert reason(post_room.runner.post("/parcels", PARCEL)) == "forbidden"
    post_room.pickup.post("/parcels", PARCEL)
    assert reason(post_room.supervisor.post("/parcels/parcel-1/register")) == "parcel_state"
    assert reason(post_room.clerk.post("/parcels/parcel-1/sort", {"department": HR})) == "not_at_pickup"
    post_room.pickup.post("/parcels/parcel-1/sort", {"department": HR})
    assert reason(post_room.civil.post("/parcels/parcel-1/register")) == "parcel_unknown"
    assert reason(post_room.clerk.post("/parcels/parcel-1/register")) == "forbidden"
    assert reason(post_room.hr.post("/parcels/parcel-1/register", {"case": "20261123-0001"})) == "case_unknown"
    assert post_room.hr.post("/parcels/parcel-1/register").json["state"] == "registered"
    assert reason(post_room.pickup.post("/parcels/parcel-1/sort", {"department": "民政局"})) == "parcel_state"
    assert reason(post_room.pickup.post("/parcels/nothing/sort", {"department": HR})) == "parcel_unknown"
    assert post_room.pickup.post("/parcels", {**PARCEL, "id": "p2", "tracking": "no number"}).status_code == 422


def test_originals_are_ticked_off(post_room: World, reason: Callable[[Any], str]) -> None:
    """All of a day at once or one by one; what is filed already is not filed again; an unknown one files nothing."""
    first, second, third = settle(post_room), settle(post_room), settle(post_room)
    settle(post_room, Outcome.REFUSED, reason="not-here")  # whoever is refused takes the originals home
    view = post_room.manager.get("/archive").json
    assert (view["day"], [x["id"] for x in view["settlements"]]) == ("2026-11-23", [first, second, third])
    assert view["days"] == [{"day": "2026-11-23", "unfiled": 3}]
    assert reason(post_room.manager.post("/archive", {"settlements": [first, "lost"]})) == "settlement_unknown"
    assert post_room.supervisor.post("/archive", {"settlements": [first]}).json == {"filed": 1}
    assert post_room.manager.post("/archive", {"settlements": [first, second]}).json == {"filed": 1}
    view = post_room.manager.get("/archive?day=2026-11-23").json
    assert [(x["id"], x["filed_by"]) for x in view["settlements"]] == [
        (third, None), (first, "user:chen"), (second, "user:sun"),
    ]  # fmt: skip
    assert post_room.manager.get("/cases/overview").json["unfiled"] == 1
    assert reason(post_room.clerk.get("/archive")) == "forbidden"
    assert post_room.manager.post("/archive", {"settlements": []}).status_code == 422


def test_yesterdays_originals_stay_in_sight(post_room: World) -> None:
    """What nobody ticked off is offered the next day, under its own day."""
    kept = settle(post_room)
    post_room.clock.set("2026-11-24 09:00")
    post_room.hall.tick()
    today = post_room.manager.get("/archive").json
    assert (today["day"], today["settlements"]) == ("2026-11-24", [])
    assert today["days"] == [{"day": "2026-11-23", "unfiled": 1}]
    assert [x["id"] for x in post_room.manager.get("/archive?day=2026-11-23").json["settlements"]] == [kept]
    assert post_room.manager.post("/archive", {"settlements": [kept]}).json == {"filed": 1}

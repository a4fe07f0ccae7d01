"""Days at the Yangxin Citizens' Home through the API: tides, rights, experts, packages, night, a case to its end (rows Y)."""

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest

from server.accounts import Role
from tests.halls.conftest import House

MORNING = "2026-11-24T09:00"  # a Tuesday
HR = "县人力资源和社会保障局"


@pytest.fixture
def yangxin(open_house: Callable[..., House]) -> House:
    """Yangxin on a Tuesday morning."""
    return open_house("yangxin", MORNING)


def test_a_supervisor_lends_a_window_to_the_busy_zone_until_ten(yangxin: House) -> None:
    """Y2, Y7: the line of social affairs is seen live; a window of real estate takes from it with its reason, and at ten
    it is home again by itself."""
    tickets = [yangxin.kiosk.post("/tickets", {"service": "social-insurance"}) for _ in range(3)]
    supervisor = yangxin.supervisor
    yangxin.clerk("TR03").post("/windows/TR03/open")
    assert supervisor.get("/zones/social")["waiting"] == 3

    supervisor.post("/windows/TR03/assign", {"zones": ["social"], "until": "2026-11-24T10:00:00+08:00"})
    called = yangxin.clerk("TR03").post("/windows/TR03/call-next")

    assert called["ticket"]["number"] == tickets[0]["number"]
    assert called["why"]["zh"]
    assert called["why"]["en"]
    yangxin.clerk("TR03").post("/windows/TR03/start")
    yangxin.clerk("TR03").post("/windows/TR03/finish")
    [away] = [one for one in supervisor.get("/tides")["windows"] if one["window"] == "TR03"]
    assert away["zone"] == "social"
    yangxin.at("2026-11-24T10:00:01")
    [home] = [one for one in supervisor.get("/tides")["windows"] if one["window"] == "TR03"]
    assert home["zone"] == "real-estate"


def test_any_comprehensive_window_takes_any_business_of_its_zone(yangxin: House) -> None:
    """Y2, Y8, Y14: 24 windows for social security as for business of another region and for a package of several
    departments; what could not be done goes to its own desk and is a matter with a deadline."""
    social = {f"S{n:02d}" for n in range(1, 25)}
    package = next(
        item
        for item in yangxin.kiosk.get("/items", package="true", limit=200)["items"]
        if item["service"] == "one-thing-birth"
    )
    members = yangxin.kiosk.get(f"/items/{package['code']}")["members"]
    wishes = [{"service": "social-insurance"}, {"service": "cross-region"}]
    wishes.append({"service": "one-thing-birth", "item": package["code"]})

    tickets = [yangxin.kiosk.post("/tickets", wish) for wish in wishes]

    assert len({member["department"] for member in members}) >= 2
    for ticket in tickets:
        assert social <= set(ticket["windows"])
    assert [yangxin.serve("S05", ticket)["number"] for ticket in tickets] == [one["number"] for one in tickets]
    complaint = yangxin.kiosk.post("/tickets", {"service": "unresolved"})
    assert complaint["windows"] == ["K01"]
    yangxin.serve("K01")
    body = {"id": str(uuid.uuid4()), "kind": "unresolved", "reason": "passed-on", "ticket": complaint["id"]}
    # Five working days from Tuesday.
    assert yangxin.clerk("K01").post("/matters", body)["deadline_at"].startswith("2026-12-01T09:00")


def test_a_clerk_with_rights_for_one_zone_takes_nothing_else(yangxin: House) -> None:
    """Y6: an account with rights for social security alone calls that and no other business of its comprehensive window,
    from the moment its rights are known."""
    relief = yangxin.kiosk.post("/tickets", {"service": "elderly-care"})
    insurance = yangxin.kiosk.post("/tickets", {"service": "social-insurance"})
    accounts = yangxin.service.accounts
    accounts.put_user("clerk-s01", "a-long-password", [Role.CLERK], "S01", services=["social-insurance"])
    yangxin.service.rights.work()

    assert yangxin.serve("S01")["number"] == insurance["number"]
    assert yangxin.clerk("S01").post("/windows/S01/call-next") is None
    assert yangxin.serve("S02")["number"] == relief["number"]


def test_an_expert_is_called_and_takes_the_ticket_over(yangxin: House) -> None:
    """Y9: a clerk calls the middle office; the expert with a window of his own is handed the ticket, number and all."""
    ticket = yangxin.kiosk.post("/tickets", {"service": "pension"})
    yangxin.receive("S03", ticket)
    yangxin.clerk("S24").post("/windows/S24/open")

    yangxin.clerk("S03").post("/windows/S03/expert", {"expert": "hr-expert"})
    yangxin.clerk("S03").post("/windows/S03/transfer", {"window": "S24"})

    assert yangxin.serve("S24")["number"] == ticket["number"]


def test_at_night_the_self_service_area_still_answers(yangxin: House) -> None:
    """Y11: at ten in the evening there are no numbers, but guides to every item, slots to book, and when it opens again."""
    yangxin.at("2026-11-24T22:00")

    assert yangxin.kiosk.refused("/tickets", {"service": "social-insurance"}) == "service_closed"
    found = yangxin.kiosk.get("/items", q="社保卡")["items"]
    assert found
    assert yangxin.anyone.get(f"/items/{found[0]['code']}")["guide"]
    days = yangxin.anyone.get("/services/estate-registration/slots")["days"]
    first = next(day for day in days if day["slots"])
    assert datetime.fromisoformat(first["slots"][0]["at"]) == datetime.fromisoformat("2026-11-25T09:00+08:00")
    zone = next(one for one in yangxin.anyone.get("/hall")["zones"] if one["id"] == "social")
    assert {service["open"] for service in zone["services"]} == {False}


def test_a_case_leaves_its_trace_from_the_number_to_the_archive(yangxin: House) -> None:
    """Y3, Y4, Y10, Y15, Y16: accepted, rated, carried in time, a fee asked for and paid, decided, handed out, its original
    filed: one thread tells all of it, and the month's figures of the department count it."""
    ticket = yangxin.kiosk.post("/tickets", {"service": "pension"})
    yangxin.receive("S03", ticket)
    clerk, runner, office = yangxin.clerk("S03"), yangxin.runner, yangxin.office(HR)
    case = f"c-{uuid.uuid4()}"
    body = {"id": case, "outcome": "accepted", "title": "养老待遇申领", "departments": [HR], "days": 5}
    clerk.post("/windows/S03/settle", body)
    clerk.post("/windows/S03/finish")
    yangxin.anyone.post(f"{ticket['url']}/rating", {"level": 5})
    runner.post(f"/cases/{case}/take")
    yangxin.at("2026-11-24T09:20")
    office.post(f"/cases/{case}/sign")

    office.post(f"/cases/{case}/pause", {"kind": "fee", "fee": 2000})
    page = yangxin.anyone.get(f"/c/{yangxin.service.site.links.case_token(case)}")
    assert (page["state"], page["fee"]) == ("paused", 2000)
    yangxin.at("2026-11-25T09:00")
    office.post(f"/cases/{case}/go-on")
    office.post(f"/cases/{case}/answer", {"answer": "granted"})
    desk = yangxin.clerk("SI01")
    desk.post(f"/cases/{case}/result", {"title": "养老待遇核定表", "granted": True})
    fetching = yangxin.kiosk.post("/tickets", {"voucher": yangxin.voucher(case)})
    yangxin.receive("SI01", fetching)
    desk.post(f"/cases/{case}/hand-out", {"to": "applicant", "proof": "voucher"})
    desk.post("/windows/SI01/finish")
    leader = yangxin.supervisor
    assert leader.post("/archive", {"settlements": [case]}) == {"filed": 1}

    events = yangxin.manager.get(f"/threads/{ticket['id']}")["events"]
    assert {event["kind"] for event in events} == {
        *("TicketIssued", "TicketCalled", "ServiceStarted", "ItemSettled", "ServiceFinished", "TicketRated"),
        *("CaseOpened", "PapersTaken", "PapersSigned", "CasePaused", "CaseWentOn", "CaseAnswered"),
        *("ResultReceived", "ResultHandedOut", "OriginalsFiled"),
    }
    figures = {one["department"]: one for one in yangxin.manager.get("/stats/acceptance")["departments"]}
    assert (figures[HR]["cases"], figures[HR]["granted"]) == (1, 1)
    assert figures[HR]["transfer"] == {"part": 1, "of": 1, "share": 1.0}
    assert figures[HR]["answers"] == {"part": 1, "of": 1, "share": 1.0}

"""People by card or phone: a handle, a masked tail, what the age proves; limits with a way out; forgetting (A2.10, A3)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.id_numbers import check_sign
from server.retention import Retention
from tests.web.conftest import SMALL, build

Reason = Callable[[Any], str]


def card(birth: str = "19491231", region: str = "110105", serial: str = "002") -> str:
    """A number with a right check sign."""
    first = f"{region}{birth}{serial}"
    return first + check_sign(first)


def test_the_same_card_is_the_same_handle_and_nothing_of_it_is_told(world: Any) -> None:
    """Read at a kiosk, typed small at a desk: one person; the answer has four figures of the number and a masked name."""
    number = card()
    assert number == "11010519491231002X"
    first = world.kiosk.post("/holders", {"card": {"number": number, "name": "欧阳小明", "kind": "resident"}})
    again = world.clerk.post("/holders", {"card": {"number": number.lower()}})

    assert first.status_code == 200, first.text
    assert first.json["holder"] == again.json["holder"]
    assert first.json["masked"] == "**************002X"
    assert first.json["name_masked"] == "欧阳*明"
    assert (first.json["tickets"], first.json["appointments"], first.json["barred"]) == ([], [], False)
    assert number not in first.text
    assert "小明" not in first.text


@pytest.mark.parametrize(
    "number",
    ["110105194912310021", "1101051949123100", "110105194913310029", "000000000000000000", "USA310076131012"],
)
def test_a_number_that_cannot_be_one_is_refused(world: Any, reason: Reason, number: str) -> None:
    """A wrong check sign, a month that does not exist: read once more, and nobody is remembered."""
    refused = world.kiosk.post("/holders", {"card": {"number": number}})
    assert (refused.status_code, reason(refused)) == (409, "card_invalid")


def test_a_birth_to_come_is_no_birth(world: Any, reason: Reason) -> None:
    """The check sign alone does not make a card."""
    assert reason(world.kiosk.post("/holders", {"card": {"number": card("20270101")}})) == "card_invalid"


@pytest.mark.parametrize(
    "number",
    [card(region="810000"), card(region="820000"), card(region="830000"), card(region="931156"), "USA310076101012"],
)
def test_residence_permits_and_foreigners_cards_count(world: Any, number: str) -> None:
    """People from Hong Kong, Macau, Taiwan and abroad get their handle like everybody."""
    answer = world.kiosk.post("/holders", {"card": {"number": number, "name": "SMITH, JOHN"}})
    assert answer.status_code == 200, answer.text
    assert answer.json["masked"].endswith(number[-4:])
    assert answer.json["name_masked"] == "S****, J***"


def test_a_phone_is_a_person_however_it_is_written(world: Any) -> None:
    """With country code, blanks or dashes: the same handle; another number another."""
    handles = {
        world.clerk.post("/holders", {"phone": phone, "name": "王"}).json["holder"]
        for phone in ("13912345678", "+86 139 1234 5678", "139-1234-5678", "8613912345678")
    }
    assert len(handles) == 1
    assert world.clerk.post("/holders", {"phone": "13912345679"}).json["holder"] not in handles


def test_somebody_is_wanted(world: Any, reason: Reason) -> None:
    """Neither card nor phone: not as the API wants it."""
    assert reason(world.kiosk.post("/holders", {"name": "张三"})) == "invalid_request"


# --- A hall that wants to know people ---------------------------------------------------------------------------------


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Any]:
    """The small hall where insurance wants a card and its clerks see the name, relief may have one, and elders from 65
    on are proved by the card; a second group is proved by nothing else."""
    text = SMALL.read_text("utf-8")
    text = text.replace(
        "mean_service_min: 6\n", "mean_service_min: 6\n    id_card: required\n    clerk_sees_name: true\n"
    )
    text = text.replace("en: ID card } }\n", "en: ID card }, min_age: 65 }\n" + CENTENARY)
    assert "required" in text
    assert "min_age: 65" in text
    path = tmp_path / "named.yaml"
    path.write_text(text, "utf-8")
    world = build(tmp_path, path)
    yield world
    for part in (world.log, world.accounts, world.site.people, world.site.catalogue):
        part.close()


CENTENARY = (
    "  - { id: hundred, name: { zh: 百岁老人, en: Centenarians }, proof: { zh: 身份证, en: ID card },"
    " min_age: 100, by_clerk: false }\n"
)


def shown(world: Any, number: str | None = None, name: str | None = None) -> str:
    """The handle of somebody whose card a kiosk reads."""
    answer = world.kiosk.post("/holders", {"card": {"number": number or card(), **({"name": name} if name else {})}})
    assert answer.status_code == 200, answer.text
    return str(answer.json["holder"])


def test_a_second_ticket_is_refused_by_the_name_of_the_first(named: Any, reason: Reason) -> None:
    """The sentence says which ticket is still open; the person's list says it too."""
    lan = shown(named)
    first = named.kiosk.issue(holder=lan)
    refused = named.kiosk_2.post("/tickets", {"service": "insurance", "holder": lan})

    assert (refused.status_code, reason(refused)) == (409, "has_open_ticket")
    assert first["number"] in refused.json["detail"]
    assert first["number"] in refused.json["detail_zh"]
    told = named.kiosk.post("/holders", {"card": {"number": card()}}).json["tickets"]
    assert [(t["number"], t["state"], t["service"]) for t in told] == [(first["number"], "waiting", "insurance")]
    assert first["masked"] == "**************002X"


def test_staff_give_one_more_and_a_kiosk_cannot(named: Any, reason: Reason) -> None:
    """`over_limit` opens the way for a clerk and a guide, is forbidden to a machine, and is shown to managers."""
    lan = shown(named)
    named.kiosk.issue(holder=lan)
    wish = {"service": "insurance", "holder": lan, "over_limit": True}
    assert reason(named.kiosk.post("/tickets", wish)) == "forbidden"
    assert reason(named.clerk.post("/tickets", wish | {"over_limit": False})) == "has_open_ticket"
    for who in (named.clerk, named.guide):
        assert who.post("/tickets", wish).status_code == 201
    told = named.manager.get("/stats/today").json["identity"]
    assert [one["number"] for one in told["over_limit"]] == ["A002", "A003"]
    named.kiosk.issue("relief")
    named.clock.at += 60
    told = named.manager.get("/stats/today").json["identity"]
    assert (told["named"], told["tickets"], told["limits"]) == (3, 4, {"open_per_service": 1, "per_day": 3})


def test_three_a_day(named: Any, reason: Reason) -> None:
    """After three tickets the machine says so and sends to the staff."""
    lan = shown(named)
    for service in ("insurance", "relief", "licence"):
        named.kiosk.post(f"/tickets/{named.kiosk.issue(service, holder=lan)['id']}/cancel")
    assert reason(named.kiosk.post("/tickets", {"service": "relief", "holder": lan})) == "daily_limit"


def test_where_a_card_is_wanted_there_is_a_way_without(named: Any, reason: Reason) -> None:
    """The machine wants the card, and calling itself staff does not help; whoever has none goes to a clerk or a guide."""
    for body in ({"service": "insurance"}, {"service": "insurance", "channel": "staff"}):
        assert reason(named.kiosk.post("/tickets", body)) == "card_wanted"
    assert named.clerk.issue()["number"] == "A001"
    assert named.guide.issue()["number"] == "A002"
    assert named.kiosk.issue("relief")["number"] == "A003"


def test_a_handle_that_means_nobody_is_refused_but_a_repetition_is_not(named: Any, reason: Reason) -> None:
    """Made-up handles open no way round the limits; a ticket sent again after its person was forgotten is still his."""
    assert reason(named.kiosk.post("/tickets", {"service": "insurance", "holder": "p-made-up"})) == "holder_unknown"
    lan = shown(named)
    body = {"id": "id-of-lan", "service": "insurance", "holder": lan}
    first = named.kiosk.post("/tickets", body, key="lans-first-tap")
    assert named.kiosk.post(f"/holders/{lan}/forget").json == {"forgotten": True}
    again = named.kiosk.post("/tickets", body, key="lans-first-tap")
    assert (first.status_code, again.status_code, again.json["number"]) == (201, 201, first.json["number"])
    assert again.json["masked"] is None


# --- Priority by card and by clerk ------------------------------------------------------------------------------------


def test_the_card_proves_the_age_and_only_the_server_says_so(named: Any) -> None:
    """Somebody of 76 is proved by his card, somebody of 64 is not, whatever he taps; a group without a card is open."""
    old = named.kiosk.post("/holders", {"card": {"number": card("19491231")}}).json
    young = named.kiosk.post("/holders", {"card": {"number": card("19611124")}}).json
    assert (old["groups"], young["groups"]) == (["elder"], [])
    assert named.kiosk.issue(holder=old["holder"], group="elder")["proof"] == "card"
    assert named.kiosk.issue(holder=young["holder"], group="elder")["proof"] is None
    assert named.kiosk.issue("relief", group="elder")["proof"] is None


def test_on_the_birthday_itself_one_is_old_enough(named: Any) -> None:
    """65 today counts, 65 tomorrow does not yet; the hall's date is what counts."""
    for birth, groups in (("19611123", ["elder"]), ("19611124", [])):
        assert named.kiosk.post("/holders", {"card": {"number": card(birth)}}).json["groups"] == groups


def test_a_foreigners_old_permit_needs_the_birth_that_the_reader_tells(named: Any) -> None:
    """Its number has no century; a birth beside it that does not fit proves nothing."""
    permit = {"number": "USA310040101012"}
    for birth, groups in ((None, []), ("1940-10-10", ["elder"]), ("1940-10-11", [])):
        told = permit | ({"birth": birth} if birth else {})
        assert named.kiosk.post("/holders", {"card": told}).json["groups"] == groups


def test_what_a_card_proved_holds_for_its_day(named: Any) -> None:
    """Tomorrow the card must be read again: nothing about the age is kept."""
    lan = shown(named)
    named.clock.set("2026-11-24 09:00")
    named.hall.tick()
    Retention(named.hall, named.site.names, named.site.people).work()
    assert named.kiosk.issue(holder=lan, group="elder")["proof"] is None


def test_a_group_that_only_a_card_proves(named: Any, reason: Reason) -> None:
    """At the machine it is refused without the card; staff look for themselves."""
    lan = shown(named)
    refused = named.kiosk.post("/tickets", {"service": "relief", "holder": lan, "group": "hundred"})
    assert (refused.status_code, reason(refused)) == (422, "proof_wanted")
    assert "百岁老人" in refused.json["detail_zh"]
    assert named.clerk.issue("relief", group="hundred")["proof"] is None


def test_the_clerk_confirms_or_refutes_and_the_place_stays(named: Any, reason: Reason) -> None:
    """At the window only, by a person; the figures count it; nothing else is written down."""
    ticket = named.kiosk.issue("relief", group="elder")
    named.clerk.post("/windows/S01/open")
    named.clerk.post("/windows/S01/call-next")
    assert reason(named.clerk_2.post("/windows/S01/proof", {"ticket": "A001", "confirmed": True})) == "not_your_window"
    assert reason(named.keypad.post("/windows/S01/proof", {"ticket": "A001", "confirmed": True})) == "forbidden"

    view = named.clerk.post("/windows/S01/proof", {"ticket": ticket["id"], "confirmed": False})

    assert (view.status_code, view.json["ticket"]["proof"]) == (200, "refuted")
    assert named.clerk.get(f"/tickets/{ticket['id']}").json["proof"] == "refuted"
    told = named.manager.get("/stats/today").json["identity"]["proofs"]
    assert told == {"card": 0, "clerk": 0, "refuted": 1, "open": 0}


# --- Who sees a name --------------------------------------------------------------------------------------------------


def test_the_clerk_sees_the_name_while_the_citizen_is_there_and_nobody_else_ever(named: Any) -> None:
    """From the call to the end of the service, at the window's own clerk and his leaders; not waiting, not over, not at
    boards, keypads, kiosks, other windows or the citizen's own link."""
    lan = shown(named, name="欧阳𬱖䶮")
    ticket = named.kiosk.issue(holder=lan)
    assert ticket["name"] is None
    named.clerk.post("/windows/S01/open")
    assert "𬱖" not in named.clerk.get("/windows/S01").get_data(as_text=True)

    called = named.clerk.post("/windows/S01/call-next", key="lans-call")
    assert called.json["ticket"]["name"] == "欧阳𬱖䶮"
    assert called.json["ticket"]["masked"] == "**************002X"
    assert named.clerk.post("/windows/S01/call-next", key="lans-call").json["ticket"]["name"] == "欧阳𬱖䶮"
    assert named.clerk.post("/windows/S01/start").json["ticket"]["name"] == "欧阳𬱖䶮"
    assert named.supervisor.get("/windows/S01").json["ticket"]["name"] == "欧阳𬱖䶮"
    assert named.clerk.get(f"/tickets/{ticket['id']}").json["name"] == "欧阳𬱖䶮"
    for who in ("clerk_2", "guide", "keypad", "board"):
        assert named.cast[who].get("/windows/S01").json["ticket"]["name"] is None, who
    for path in (
        "/boards/main",
        "/zones/social",
        f"/t/{ticket['url'][3:]}",
        "/hall",
        "/stats/today",
        "/stats/today.csv",
    ):
        assert "𬱖" not in named.admin.get(path).get_data(as_text=True), path
    assert named.kiosk.get(f"/tickets/{ticket['id']}").json["name"] is None

    named.clerk.post("/windows/S01/finish")
    assert named.clerk.get(f"/tickets/{ticket['id']}").json["name"] is None
    Retention(named.hall, named.site.names, named.site.people).work()
    assert named.site.people.fact(f"ticket:{ticket['id']}", "name") is None


def test_the_feed_of_a_window_tells_the_name_to_its_clerk_only(named: Any) -> None:
    """A board that follows the same window, on the same kept view, gets the number."""
    lan = shown(named, name="欧阳𬱖䶮")
    named.kiosk.issue(holder=lan)
    named.clerk.post("/windows/S01/open")
    named.clerk.post("/windows/S01/call-next")
    texts = {}
    for who in ("clerk", "board", "clerk_2"):
        answer = named.app.test_client().get("/api/v1/feed?window=S01", headers=named.cast[who].headers)
        stream = iter(answer.response)
        texts[who] = next(stream).decode() + next(stream).decode()
        answer.close()
    assert "欧阳𬱖䶮" in texts["clerk"]
    assert "𬱖" not in texts["board"] + texts["clerk_2"]
    assert "A001" in texts["board"]


def test_a_name_is_kept_only_for_a_service_that_wants_it(named: Any) -> None:
    """Read for relief, whose clerks work without names, it is never written; nor after a quarter of an hour."""
    lan = shown(named, name="张三")
    relief = named.kiosk.issue("relief", holder=lan)
    named.clock.at += 901
    late = named.kiosk.issue(holder=lan)
    for ticket in (relief, late):
        assert named.site.people.fact(f"ticket:{ticket['id']}", "name") is None


# --- Forgetting -------------------------------------------------------------------------------------------------------


def test_who_asks_is_forgotten_and_his_ticket_stays(named: Any) -> None:
    """The handle means nobody, the name is gone, the place in the line is not; the same card is a new person."""
    lan = shown(named, name="张三")
    ticket = named.kiosk.issue(holder=lan)
    assert named.kiosk.post(f"/holders/{lan}/forget").status_code == 200
    named.clerk.post("/windows/S01/open")
    called = named.clerk.post("/windows/S01/call-next").json["ticket"]
    assert (called["number"], called["name"], called["masked"]) == (ticket["number"], None, None)
    assert shown(named) != lan


def test_forgetting_twice_or_a_stranger_is_no_fault(named: Any, reason: Reason) -> None:
    """Whoever asks again gets the same answer; what is no handle at all is unknown."""
    lan = shown(named)
    for _ in range(2):
        assert named.clerk.post(f"/holders/{lan}/forget").status_code == 200
    assert reason(named.clerk.post("/holders/kiosk-1/forget")) == "holder_unknown"

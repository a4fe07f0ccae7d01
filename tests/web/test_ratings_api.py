"""Ratings over HTTP: the form, all channels, the evaluator, who must not see what, figures with both totals (A1)."""

import json
import sqlite3
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from server.accounts import DeviceKind
from server.links import TicketLinks
from server.web.access import COOKIE, DEVICE_COOKIE

CANARY, CANARY_PHONE = "金丝雀的话", "13912345678"


def serve(world: Any, service: str = "insurance", window: str = "S01", **fields: Any) -> dict[str, Any]:
    """A citizen is served to the end; gives the ticket as the kiosk printed it."""
    ticket: dict[str, Any] = world.kiosk.issue(service, **fields)
    world.admin.post(f"/windows/{window}/open")
    world.admin.post(f"/windows/{window}/call", {"ticket": ticket["number"]})
    assert world.admin.post(f"/windows/{window}/finish").status_code == 200
    return ticket


def serve_by_clerk(world: Any) -> dict[str, Any]:
    """The same, by Wang at S01."""
    ticket: dict[str, Any] = world.kiosk.issue()
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    world.clerk.post("/windows/S01/finish")
    return ticket


def by_number(ticket: dict[str, Any], code: str | None = None) -> dict[str, Any]:
    """What one types at a kiosk to rate: what stands on the paper."""
    return {"number": ticket["number"], "code": code or ticket["rating_code"]}


def wrong_codes(ticket: dict[str, Any], count: int) -> list[str]:
    """Codes that are not this ticket's."""
    return [f"{(int(ticket['rating_code']) + n) % 10_000:04}" for n in range(1, count + 1)]


def shown(world: Any, window: str = "S01") -> tuple[str, str | None]:
    """What the evaluator shows."""
    view = world.evaluator.get(f"/windows/{window}/evaluator").json
    return view["state"], view["number"]


# --- the form -----------------------------------------------------------------------------------------------------------


def test_the_five_names_are_fixed(world: Any) -> None:
    """Exactly the five of the State Council, best first, in both languages, each with its points (A1.1)."""
    form = world.anyone.get("/rating-form").json
    assert [(x["level"], x["name"], x["name_en"]) for x in form["levels"]] == [
        (5, "非常满意", "Very satisfied"),
        (4, "满意", "Satisfied"),
        (3, "基本满意", "Fairly satisfied"),
        (2, "不满意", "Dissatisfied"),
        (1, "非常不满意", "Very dissatisfied"),
    ]
    assert form["version"] == "1"
    assert {"id": "polite", "name": "态度热情", "name_en": "Friendly"} in form["levels"][0]["points"]
    assert {point["id"] for point in form["levels"][4]["points"]} >= {"rude", "slow"}


@pytest.mark.parametrize(
    "body",
    [
        {"level": 0},
        {"level": 6},
        {"level": "5"},
        {},
        {"level": 5, "comment": "x" * 501},
        {"level": 1, "phone": "not a phone"},
        {"level": 5, "stars": 5},
    ],
)
def test_a_rating_of_another_shape_is_refused(world: Any, body: dict[str, Any]) -> None:
    """Five levels, short remarks, phone numbers."""
    ticket = serve(world)
    assert world.anyone.post(f"{ticket['url']}/rating", body).status_code == 422
    assert (
        world.evaluator.post("/windows/S01/rating", {"level": 5, "points": ["rude"]}).json["reason"] == "point_unknown"
    )


# --- channels -----------------------------------------------------------------------------------------------------------


def test_each_channel_leaves_its_name(world: Any) -> None:
    """Evaluator, phone, kiosk with the ticket, kiosk by number: each is kept with the rating (A1.5)."""
    tickets = [serve(world) for _ in range(4)]
    ratings = [
        world.anyone.post(f"{tickets[0]['url']}/rating", {"level": 5, "points": ["quick"]}),
        world.kiosk.post(f"/tickets/{tickets[1]['id']}/rating", {"level": 4}),
        world.kiosk_2.post("/ratings", {**by_number(tickets[2]), "level": 3}),
        world.evaluator.post("/windows/S01/rating", {"level": 2, "number": tickets[3]["number"]}),
    ]
    assert [rating.status_code for rating in ratings] == [200] * 4
    assert [rating.json["rating"] for rating in ratings[:3]] == [5, 4, 3]
    with world.hall.reading() as state:
        kept = [state.tickets[ticket["id"]] for ticket in tickets]
    assert [(t.rating, t.rated_by) for t in kept] == [(5, "phone"), (4, "kiosk"), (3, "kiosk"), (2, "evaluator")]
    assert kept[0].points == ("quick",)


def test_the_second_rating_is_409_whatever_the_channel(world: Any, reason: Callable[[Any], str]) -> None:
    """Keypad and QR code for one ticket: the second is refused and the first stands (A1.2)."""
    ticket = serve(world)
    assert world.evaluator.post("/windows/S01/rating", {"level": 4}).status_code == 200
    again = [
        world.anyone.post(f"{ticket['url']}/rating", {"level": 1}),
        world.kiosk.post(f"/tickets/{ticket['id']}/rating", {"level": 1}),
        world.kiosk.post("/ratings", {**by_number(ticket), "level": 1}),
        world.evaluator.post("/windows/S01/rating", {"level": 1}),
    ]
    assert [(answer.status_code, reason(answer)) for answer in again] == [(409, "already_rated")] * 4
    assert world.anyone.get(ticket["url"]).json["rating"] == 4
    assert world.supervisor.get("/orders").json["orders"] == []


def test_who_knows_only_a_number_gets_no_link(world: Any) -> None:
    """The answer at the kiosk must not hand out the ticket's own page."""
    ticket = serve(world)
    answer = world.kiosk_2.post("/ratings", {**by_number(ticket), "level": 5}).json
    assert (answer["url"], answer["rating_code"]) == ("", None)
    assert ticket["url"] not in json.dumps(answer)
    assert "id" not in answer


def test_the_page_is_told_whether_it_may_ask(world: Any) -> None:
    """Rateable from the finish on, until it is rated or the hall's span is over."""
    ticket = world.kiosk.issue()
    assert world.anyone.get(ticket["url"]).json["rateable"] is False
    done = serve(world)
    assert world.anyone.get(done["url"]).json["rateable"] is True
    world.anyone.post(f"{done['url']}/rating", {"level": 5})
    assert world.anyone.get(done["url"]).json["rateable"] is False


def test_the_link_rates_on_a_later_day(world: Any, reason: Callable[[Any], str]) -> None:
    """For a week by the standard file: the page shows the visit of that day, its rating counts in that day's figures and
    opens an order about it, once; rated ones and those that nobody finished have no page any more."""
    ticket, rated, waiting = serve(world), serve(world), world.kiosk.issue()
    world.anyone.post(f"{rated['url']}/rating", {"level": 5})
    world.clock.set("2026-11-25 19:00")
    world.hall.tick()
    for gone in (rated, waiting):
        assert reason(world.anyone.get(gone["url"])) == "link_unknown"
    view = world.anyone.get(ticket["url"]).json
    assert (view["business_day"], view["number"], view["state"], view["window"]) == (
        "2026-11-23",
        "A001",
        "done",
        "S01",
    )
    assert (view["rateable"], view["rating"], view["rating_code"], view["finished_at"][:10]) == (
        True, None, None, "2026-11-23",
    )  # fmt: skip
    stream = iter(world.anyone.get(f"/feed?ticket={ticket['url'].removeprefix('/t/')}").response)
    assert '"rateable":true' in first_message_of(stream)
    body = {"level": 1, "comment": CANARY, "phone": CANARY_PHONE}
    done = world.anyone.post(f"{ticket['url']}/rating", body, key="late-rating-1")
    again = world.anyone.post(f"{ticket['url']}/rating", body, key="late-rating-1")
    assert (done.status_code, done.json["rating"], done.json["rateable"], again.json) == (200, 1, False, done.json)
    assert reason(world.anyone.post(f"{ticket['url']}/rating", {"level": 5})) == "already_rated"
    assert world.anyone.get(ticket["url"]).json["rating"] == 1
    order = world.supervisor.get(f"/orders/{ticket['id']}").json
    assert (order["business_day"], order["number"], order["comment"]) == ("2026-11-23", "A001", CANARY)
    assert order["contact"]["by"].startswith("2026-11-26")
    told = world.manager.get("/stats/ratings?from=2026-11-23&to=2026-11-23").json
    assert (told["all"]["rated"], told["all"]["bad"], told["orders"]["opened"]) == (2, 1, 1)
    thread = world.supervisor.get(f"/threads/{ticket['id']}").json
    assert (thread["rating"], [event["kind"] for event in thread["events"]][-2:]) == (1, ["VisitRated", "OrderOpened"])


def test_after_its_time_a_link_rates_no_more(world: Any, reason: Callable[[Any], str]) -> None:
    """Within the day in which the time runs out it is refused in words, on the day after there is no page; by number it
    is rated on its own day only, and nothing can be given up afterwards."""
    ticket = serve(world)
    world.clock.set("2026-11-24 09:00")
    world.hall.tick()
    assert reason(world.kiosk.post("/ratings", {**by_number(ticket), "level": 5})) == "ticket_unknown"
    assert reason(world.kiosk.post(f"/tickets/{ticket['id']}/rating", {"level": 5})) == "ticket_unknown"
    assert reason(world.anyone.post(f"{ticket['url']}/cancel")) == "ticket_unknown"
    world.clock.set("2026-11-30 00:00")
    world.hall.tick()
    world.clock.set("2026-11-30 09:01")
    assert world.anyone.get(ticket["url"]).json["rateable"] is False
    assert reason(world.anyone.post(f"{ticket['url']}/rating", {"level": 5})) == "rating_over"
    world.clock.set("2026-12-01 09:01")
    world.hall.tick()
    assert reason(world.anyone.post(f"{ticket['url']}/rating", {"level": 5})) == "link_unknown"


# --- who must not -------------------------------------------------------------------------------------------------------


def test_staff_have_no_way_to_rate(world: Any, reason: Callable[[Any], str]) -> None:
    """Not by any call, nor by the citizen's link while they are signed in (P6, A1.3)."""
    ticket = serve(world)
    for who in ("clerk", "clerk_2", "supervisor", "manager", "admin", "guide"):
        tries = [
            world.cast[who].post(f"/tickets/{ticket['id']}/rating", {"level": 5}),
            world.cast[who].post("/ratings", {**by_number(ticket), "level": 5}),
            world.cast[who].post("/windows/S01/rating", {"level": 5}),
            world.cast[who].post(f"{ticket['url']}/rating", {"level": 5}),
        ]
        assert [(answer.status_code, reason(answer)) for answer in tries] == [(403, "forbidden")] * 4, who
    assert world.anyone.get(ticket["url"]).json["rating"] is None


def test_a_clerk_is_not_handed_the_citizens_link(world: Any) -> None:
    """Neither by looking at a ticket nor by issuing one at the desk: the link rates the clerk's own work."""
    ticket = world.kiosk.issue()
    assert ticket["url"].startswith("/t/")
    assert world.clerk.get(f"/tickets/{ticket['id']}").json["url"] == ""
    assert world.clerk.issue()["url"] == ""
    assert world.guide.issue()["url"].startswith("/t/")
    assert "/t/" not in world.clerk.get("/windows/S01").text


# --- the rating code ----------------------------------------------------------------------------------------------------


def test_a_number_alone_rates_nothing(world: Any, reason: Callable[[Any], str]) -> None:
    """Numbers stand on every board: without the code of the paper nobody praises himself at the kiosk, and what he is
    told is the same whether somebody has rated."""
    ticket, rated = serve(world), serve(world)
    world.anyone.post(f"{rated['url']}/rating", {"level": 5})
    none = world.kiosk.post("/ratings", {"number": ticket["number"], "level": 5})
    assert (none.status_code, reason(none)) == (422, "invalid_request")
    for one in (ticket, rated):
        guess = world.kiosk.post("/ratings", {**by_number(one, wrong_codes(one, 1)[0]), "level": 5})
        assert (guess.status_code, reason(guess)) == (409, "rating_code_wrong")
    by_number_only = world.kiosk.post(f"/tickets/{ticket['number']}/rating", {"level": 5})
    assert (by_number_only.status_code, reason(by_number_only)) == (404, "ticket_unknown")
    assert world.anyone.get(ticket["url"]).json["rating"] is None


def test_codes_cannot_be_found_by_trying(world: Any, reason: Callable[[Any], str]) -> None:
    """After five wrong ones the right one, too, is refused for this ticket; its link still rates, others are as they
    were."""
    ticket, other = serve(world), serve(world)
    for code in wrong_codes(ticket, 5):
        assert reason(world.kiosk.post("/ratings", {**by_number(ticket, code), "level": 5})) == "rating_code_wrong"
    spent = world.kiosk_2.post("/ratings", {**by_number(ticket), "level": 5})
    assert (spent.status_code, reason(spent)) == (409, "rating_code_spent")
    assert "二维码" in spent.json["detail_zh"]
    assert world.kiosk.post("/ratings", {**by_number(other), "level": 5}).status_code == 200
    assert world.anyone.post(f"{ticket['url']}/rating", {"level": 2}).status_code == 200


def test_a_request_sent_again_is_one_try(world: Any, reason: Callable[[Any], str]) -> None:
    """A lost answer makes the kiosk send the same again: that does not use the tries up."""
    ticket = serve(world)
    body = {**by_number(ticket, wrong_codes(ticket, 1)[0]), "level": 5}
    for _ in range(9):
        assert reason(world.kiosk.post("/ratings", body, key="the-same-tap")) == "rating_code_wrong"
    assert world.kiosk.post("/ratings", {**by_number(ticket), "level": 5}).status_code == 200


def test_the_code_is_of_the_ticket_and_of_this_hall(world: Any) -> None:
    """Four figures that follow from a secret and the ticket; not from the link, and another hall's secret gives others."""
    ids = [f"ticket-{n}" for n in range(200)]
    codes, others = ([TicketLinks(secret).rating_code(one) for one in ids] for secret in ("one", "two"))
    assert all(len(code) == 4 and code.isdigit() for code in codes)
    assert len(set(codes)) > 150
    assert sum(a == b for a, b in zip(codes, others, strict=True)) < 5


#: Everything that shows a ticket, as each of these may ask for it.
SHOWS = ["/tickets/{id}", "/tickets/{number}", "/windows/S01", "/zones/social", "/boards/main", "/hall", "/orders",
         "/threads/{number}", "/windows/S01/evaluator", "/feed?board=main", "/feed?window=S01", "/feed?zone=social",
         "/feed?calls=f1", "/feed?evaluator=S01", "/t/{token}"]  # fmt: skip


@pytest.mark.parametrize(
    "who", ["clerk", "clerk_2", "guide", "supervisor", "manager", "admin", "keypad", "board", "evaluator", "anyone"]
)
def test_staff_boards_keypads_and_evaluators_never_see_a_code(world: Any, who: str) -> None:
    """In no view, answer or feed of theirs stands a code: it is printed, and shown to the citizen."""
    ticket = serve_by_clerk(world)
    seen = []
    for path in SHOWS:
        answer = world.cast[who].get(path.format(token=ticket["url"].removeprefix("/t/"), **ticket))
        if who == "anyone" and path.startswith("/t/"):
            assert answer.json["rating_code"] == ticket["rating_code"]
            continue
        seen.append(first_message(answer) if path.startswith("/feed") and answer.status_code == 200 else answer.text)
    if who in ("clerk", "guide", "supervisor", "manager", "admin"):
        own = world.cast[who].issue()
        seen += [json.dumps(own), world.cast[who].post(f"/tickets/{own['id']}/reprint").text]
        assert own["rating_code"] is None
    told = "".join(seen)
    assert f'"rating_code":"{ticket["rating_code"]}"' not in told
    assert '"rating_code":"' not in told


def first_message(stream: Any) -> str:
    """The snapshot of a feed."""
    return first_message_of(iter(stream.response))


def first_message_of(messages: Any) -> str:
    """The first of some messages, with the line that goes before it."""
    return "".join(next(messages).decode() for _ in range(2))


def test_what_prints_a_ticket_gets_its_code(world: Any) -> None:
    """The kiosk with its answer, also when it asks again; a hall's printer with the order of a ticket that staff issue,
    and nobody else who follows that printer."""
    streams = [iter(world.cast[who].get("/feed?prints=desk").response) for who in ("printer", "clerk", "guide")]
    for stream in streams:
        first_message_of(stream)
    ticket = world.guide.issue(printer="desk")
    code = world.site.links.rating_code(ticket["id"])
    orders = [next(text for part in stream if "event: print" in (text := part.decode())) for stream in streams]
    assert [f'"rating_code":"{code}"' in order for order in orders] == [True, False, False]
    assert ["/t/" in order for order in orders] == [True, False, True]
    mine, again = (world.kiosk.issue(id="018f-kiosk-ticket") for _ in range(2))
    assert mine["rating_code"] == again["rating_code"] == world.site.links.rating_code(mine["id"])


#: Everything a clerk, a guide or a keypad can look at.
LOOKS = ["/windows/S01", "/zones/social", "/tickets/{id}", "/tickets/{number}", "/hall", "/boards/main", "/matters"]


@pytest.mark.parametrize("who", ["clerk", "guide", "supervisor", "keypad", "kiosk"])
def test_nobody_sees_from_a_ticket_how_it_was_rated(world: Any, who: str) -> None:
    """Every view reads the same before a rating and after, to the last letter (A1.9)."""
    ticket = serve_by_clerk(world)
    paths = [path.format(**ticket) for path in LOOKS]

    def look() -> list[Any]:
        views = [world.cast[who].get(path).json for path in paths]
        return [{name: value for name, value in view.items() if name != "seq"} for view in views]

    before = look()
    body = {"level": 1, "points": ["rude"], "comment": CANARY, "phone": CANARY_PHONE, "name": "王金丝"}
    assert world.anyone.post(f"{ticket['url']}/rating", body).status_code == 200
    after = look()
    assert after == before
    assert CANARY not in json.dumps(after, ensure_ascii=False)


def test_asking_again_answers_the_same_rated_or_not(world: Any) -> None:
    """A clerk cannot find out by the rate key whether somebody has rated."""
    ticket = serve_by_clerk(world)
    unrated = world.clerk.post("/windows/S01/rating/ask")
    world.anyone.post(f"{ticket['url']}/rating", {"level": 1})
    rated = world.clerk.post("/windows/S01/rating/ask")
    assert (unrated.status_code, unrated.data) == (rated.status_code, rated.data) == (200, b'{"window":"S01"}')


def test_what_the_citizen_wrote_is_in_no_table_of_the_log(world: Any) -> None:
    """Remark, phone and name lie in the side file only: not in events, answers or views (A3)."""
    ticket = serve(world)
    body = {"level": 1, "comment": CANARY, "phone": CANARY_PHONE, "name": "王金丝"}
    world.anyone.post(f"{ticket['url']}/rating", body)
    order = world.supervisor.get("/orders").json["orders"][0]["id"]
    world.supervisor.post(f"/orders/{order}/callback", {"reached": True, "note": CANARY})
    seen = world.supervisor.get(f"/orders/{order}").json
    assert (seen["comment"], seen["phone"], seen["name"]) == (CANARY, CANARY_PHONE, "王金丝")
    assert seen["callbacks"][0]["note"] == CANARY
    dump = "\n".join(world.log.database.conn.iterdump())
    for secret in (CANARY, CANARY_PHONE, "王金丝"):
        assert secret not in dump
    # The answers are kept packed.
    for (answer,) in world.log.database.conn.execute("SELECT answer FROM commands WHERE typeof(answer) = 'blob'"):
        assert CANARY.encode() not in zlib.decompress(answer)
        assert CANARY_PHONE.encode() not in zlib.decompress(answer)


def test_a_refused_rating_leaves_nothing_behind(world: Any) -> None:
    """Rated twice with a remark and a phone number: the second's are kept nowhere, the first's stay."""
    ticket = serve(world)
    world.anyone.post(f"{ticket['url']}/rating", {"level": 1, "phone": "13800000000"})
    world.anyone.post(f"{ticket['url']}/rating", {"level": 1, "comment": CANARY, "phone": CANARY_PHONE})
    facts = people(world)
    assert CANARY not in str(facts)
    assert ("order:" + ticket["id"], "phone", "13800000000") in facts


def test_a_good_rating_keeps_no_phone_number(world: Any) -> None:
    """Nobody will call, so nothing to call is kept."""
    ticket = serve(world)
    world.anyone.post(f"{ticket['url']}/rating", {"level": 4, "comment": "好", "phone": CANARY_PHONE, "name": "王"})
    assert [(kind, value) for _, kind, value in people(world)] == [("text", "好")]


def people(world: Any) -> list[tuple[str, str, str]]:
    """Every fact of the side file."""
    path = world.log.path.with_name("people.db")
    with sqlite3.connect(path) as database:
        return database.execute("SELECT subject, kind, value FROM facts").fetchall()


# --- the evaluator ------------------------------------------------------------------------------------------------------


def test_the_evaluator_asks_thanks_and_rests(world: Any) -> None:
    """Idle, asking for a minute after the finish, thanks for a moment, idle again; a time-out rates nothing."""
    assert shown(world) == ("idle", None)
    first = serve(world)
    assert shown(world) == ("asking", first["number"])
    world.clock.at += 60
    assert shown(world) == ("idle", None)
    second = serve(world)
    answer = world.evaluator.post("/windows/S01/rating", {"level": 5, "number": second["number"]})
    assert (answer.json["state"], shown(world)) == ("thanks", ("thanks", None))
    world.clock.at += 6
    assert shown(world) == ("idle", None)
    assert world.anyone.get(first["url"]).json["rating"] is None


def test_a_late_press_is_refused(world: Any, reason: Callable[[Any], str]) -> None:
    """After the minute, for another number than shown, where nobody was served."""
    first = serve(world)
    world.clock.at += 61
    late = world.evaluator.post("/windows/S01/rating", {"level": 1})
    assert (late.status_code, reason(late)) == (409, "rating_over")
    serve(world)
    stale = world.evaluator.post("/windows/S01/rating", {"level": 1, "number": first["number"]})
    assert (stale.status_code, reason(stale)) == (409, "rating_over")
    other = type(world.evaluator)(world.evaluator.client, world.accounts.add_device("S03", DeviceKind.EVALUATOR))
    nobody = other.post("/windows/S03/rating", {"level": 1})
    assert (nobody.status_code, reason(nobody)) == (409, "window_idle")


def test_an_evaluator_knows_only_its_window(world: Any, reason: Callable[[Any], str]) -> None:
    """S01's evaluator neither sees nor rates at S02, and sees nothing else of the hall's staff."""
    serve(world, window="S02")
    for answer in (
        world.evaluator.get("/windows/S02/evaluator"),
        world.evaluator.post("/windows/S02/rating", {"level": 5}),
        world.evaluator.get("/feed?evaluator=S01,S02"),
    ):
        assert (answer.status_code, reason(answer)) == (403, "not_your_window")
    for path in ("/windows/S01", "/zones/social", "/orders", "/stats/ratings"):
        assert reason(world.evaluator.get(path)) == "forbidden"
    assert reason(world.evaluator.get("/windows/S99/evaluator")) == "window_unknown"


def test_the_feed_tells_the_evaluator(world: Any) -> None:
    """A snapshot, then each change; what it is told names nobody but the number."""
    stream = iter(world.evaluator.get("/feed?evaluator=S01").response)
    next(stream)
    first = next(stream).decode()
    assert '"state":"idle"' in first
    serve(world)
    for message in stream:
        if b"event: view" in message:
            break
    assert '"state":"asking","number":"A001"' in message.decode()


def test_the_clerks_key_asks_again(world: Any) -> None:
    """The minute was over; the keypad's rate key lets it ask for the same ticket once more."""
    ticket = serve(world)
    world.clock.at += 90
    assert shown(world) == ("idle", None)
    assert world.keypad.post("/windows/S01/rating/ask").status_code == 200
    assert shown(world) == ("asking", ticket["number"])


def test_a_leader_makes_a_tablet_the_evaluator(world: Any, reason: Callable[[Any], str]) -> None:
    """The browser gets a cookie of its own that shows nothing but this window, and the leader is signed out of it."""
    tablet = world.app.test_client()
    tablet.set_cookie(COOKIE, world.supervisor.token)
    asked = tablet.get("/api/v1/windows/S02/evaluator")
    assert reason(asked) == "forbidden"
    paired = tablet.post("/api/v1/windows/S02/evaluator/pair", json={}, headers={"Idempotency-Key": "pair-the-tablet"})
    assert (paired.status_code, paired.json["state"]) == (200, "idle")
    cookie = tablet.get_cookie(DEVICE_COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert tablet.get("/api/v1/windows/S02/evaluator").status_code == 200
    assert reason(tablet.get("/api/v1/windows/S01/evaluator")) == "not_your_window"
    assert reason(tablet.get("/api/v1/orders")) == "forbidden"
    assert reason(tablet.get("/api/v1/me")) == "forbidden"
    foreign = tablet.post("/api/v1/windows/S02/rating", json={"level": 5}, headers={"Origin": "http://evil.test"})
    assert reason(foreign) == "cross_site"


# --- figures ------------------------------------------------------------------------------------------------------------


def rate_some(
    world: Any, levels: list[int], unrated: int, service: str = "insurance", window: str = "S01"
) -> list[str]:
    """Some citizens rate and some do not; gives the ids of those who rated."""
    ids = []
    for level in levels:
        ticket = serve(world, service, window)
        assert world.anyone.post(f"{ticket['url']}/rating", {"level": level}).status_code == 200
        ids.append(ticket["id"])
    for _ in range(unrated):
        serve(world, service, window)
    return ids


def test_unrated_is_never_good(world: Any) -> None:
    """Three good of four rated of six served: 75 % satisfied, 67 % rated; no figure takes silence for praise (A1.3)."""
    rate_some(world, [5, 4, 3, 1], unrated=2)
    told = world.manager.get("/stats/ratings").json
    assert (told["first_day"], told["last_day"]) == ("2026-11-23", "2026-11-23")
    assert told["all"] == {
        "served": 6, "rated": 4, "rated_share": 0.6667, "good": 3, "bad": 1, "satisfaction": 0.75,
        "levels": {"5": 1, "4": 1, "3": 1, "2": 0, "1": 1},
    }  # fmt: skip


def test_a_day_without_ratings_has_no_satisfaction(world: Any) -> None:
    """Neither 0 nor 100 %: nothing."""
    serve(world)
    told = world.manager.get("/stats/ratings").json["all"]
    assert (told["served"], told["rated"], told["satisfaction"]) == (1, 0, None)


def test_few_ratings_are_not_told_by_window(world: Any) -> None:
    """Below five one could tell whose they are; from five on zone, window and service have figures."""
    rate_some(world, [5, 5, 5, 1], unrated=1)
    by_window = {x["id"]: x for x in world.manager.get("/stats/ratings").json["windows"]}
    assert (by_window["S01"]["served"], by_window["S01"]["rated"]) == (5, 4)
    assert (by_window["S01"]["satisfaction"], by_window["S01"]["bad"], by_window["S01"]["levels"]) == (None,) * 3
    rate_some(world, [4], unrated=0)
    told = world.manager.get("/stats/ratings").json
    for scope, name in (("zones", "social"), ("windows", "S01"), ("services", "insurance")):
        (group,) = [x for x in told[scope] if x["id"] == name]
        assert (group["satisfaction"], group["good"], group["bad"]) == (0.8, 4, 1), scope


def test_both_totals_with_and_without_excluded(world: Any) -> None:
    """The excluded rating stays in one total and is missing in the other, in JSON and in the sheet (A1.8)."""
    ids = rate_some(world, [5, 1, 1], unrated=0)
    world.supervisor.post(f"/orders/{ids[1]}/exclude", {"note": "评错了人"})
    assert world.manager.post(f"/orders/{ids[1]}/judge", {"accept": True}).status_code == 200
    told = world.manager.get("/stats/ratings").json
    assert told["excluded"] == 1
    assert (told["all"]["rated"], told["all"]["satisfaction"]) == (3, 0.3333)
    assert (told["without_excluded"]["rated"], told["without_excluded"]["satisfaction"]) == (2, 0.5)
    sheet = world.manager.get("/stats/ratings.csv")
    assert sheet.content_type == "text/csv; charset=utf-8"
    rows = [line.split(",") for line in sheet.text.splitlines()]
    assert rows[2][:8] == ["全部（含已排除） all", "", "3", "3", "1.0", "1", "2", "0.3333"]
    assert rows[3][:8] == ["不含已排除 without excluded", "", "3", "2", "0.6667", "1", "1", "0.5"]


def test_the_following_up_has_numerator_and_denominator(world: Any) -> None:
    """Call-back, mending and closing of the bad ratings that count, late ones told apart (A1.7)."""
    ids = rate_some(world, [1, 2, 1, 2], unrated=0)
    world.supervisor.post(f"/orders/{ids[3]}/exclude", {"note": "恶意"})
    world.manager.post(f"/orders/{ids[3]}/judge", {"accept": True})
    world.supervisor.post(f"/orders/{ids[0]}/callback", {"reached": True})
    world.supervisor.post(f"/orders/{ids[0]}/mend", {"note": "已当面道歉"})
    world.manager.post(f"/orders/{ids[0]}/close")
    world.clock.set("2026-11-25 10:00")
    world.supervisor.post(f"/orders/{ids[1]}/callback", {"reached": False})
    told = world.manager.get("/stats/ratings?from=2026-11-23&to=2026-11-25").json["orders"]
    assert (told["opened"], told["excluded"], told["overdue"]) == (4, 1, 1)
    shares = {name: (told[name]["part"], told[name]["of"]) for name in told if isinstance(told[name], dict)}
    assert shares == {
        "callback": (2, 3), "callback_named": (0, 0), "callback_in_time": (1, 3), "reached": (1, 3),
        "mending": (1, 3), "mending_in_time": (1, 3), "closing": (1, 3),
    }  # fmt: skip
    assert told["callback"]["share"] == 0.6667
    assert told["callback_named"]["share"] is None


def test_figures_of_past_days(world: Any, reason: Callable[[Any], str]) -> None:
    """Yesterday's ratings are told tomorrow; a stretch backwards, too long or of no days is refused."""
    rate_some(world, [5], unrated=1)
    world.clock.set("2026-11-24 09:00")
    rate_some(world, [1], unrated=0)
    assert world.manager.get("/stats/ratings").json["all"]["rated"] == 1
    assert world.manager.get("/stats/ratings?from=2026-11-23").json["all"]["rated"] == 2
    assert world.manager.get("/stats/ratings?from=2026-11-23&to=2026-11-23").json["all"]["satisfaction"] == 1.0
    for query in ("from=2026-11-25", "from=2026-01-01", "from=2026-02-31", "to=yesterday"):
        assert reason(world.manager.get(f"/stats/ratings?{query}")) == "invalid_request"

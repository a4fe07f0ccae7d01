"""GET changes nothing, and every POST can be sent again: over every route the app has (D2.10)."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from server.web.access import ACCESS


def test_every_get_is_harmless(world: Any) -> None:
    """After GET and HEAD of every route as everybody, state, log, answers and accounts are as before."""
    ticket = world.a_day_has_begun()
    world.clerk.post("/windows/S01/settle", {"id": "s-1", "outcome": "done", "title": "待遇查询"})
    places = {"ticket": ticket["id"], "token": ticket["url"][3:], "window": "S01", "zone": "social", "board": "main"}
    before = world.facts()
    asked = 0
    for rule in world.app.url_map.iter_rules():
        path = re.sub(r"<(\w+)>", lambda m: places.get(m[1], "kiosk-1"), rule.rule)
        for who in ("admin", "kiosk", "board", "anyone"):
            queries = ["?board=main", "?hall=1&last_event_id=0", "?ticket=" + places["token"]]
            for query in queries if path.endswith("/feed") else [""]:
                for method in ("GET", "HEAD"):
                    answer = world.app.test_client().open(path + query, method=method, headers=world.cast[who].headers)
                    if path.endswith("/feed") and method == "GET":
                        stream = iter(answer.response)
                        assert [next(stream), next(stream)][0].startswith(b"retry")
                    answer.close()
                    asked += 1

    assert asked > 100
    assert world.facts() == before


#: For every POST of the table a request that succeeds in a day that has begun, by whom, and what it changes.
POSTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "tickets.issue": ("kiosk", "/tickets", {"service": "licence"}),
    "tickets.cancel": ("kiosk", "/tickets/{ticket}/cancel", {}),
    "tickets.reprint": ("kiosk", "/tickets/{ticket}/reprint", {"printer": "desk"}),
    "tickets.print_state": ("kiosk", "/tickets/{ticket}/print-state", {"state": "printed"}),
    "tickets.rating": ("kiosk", "/tickets/{done}/rating", {"level": 5}),
    "links.cancel": ("anyone", "/t/{token}/cancel", {}),
    "links.rating": ("anyone", "/t/{done_token}/rating", {"level": 4}),
    "devices.status": ("kiosk", "/devices/kiosk-1/status", {"printer": "near_end"}),
    "windows.open": ("supervisor", "/windows/S03/open", {}),
    "windows.pause": ("clerk", "/windows/S01/pause", {"reason": "喝水"}),
    "windows.close": ("supervisor", "/windows/S02/close", {}),
    "windows.call_next": ("clerk", "/windows/S01/call-next", {"finish_current": True}),
    "windows.recall": ("supervisor", "/windows/E01/recall", {}),
    "windows.start": ("supervisor", "/windows/E01/start", {}),
    "windows.finish": ("clerk", "/windows/S01/finish", {"outcome": "办结"}),
    "windows.no_show": ("supervisor", "/windows/E01/no-show", {}),
    "windows.hold": ("clerk", "/windows/S01/hold", {}),
    "windows.call": ("supervisor", "/windows/S02/call", {"ticket": "{ticket}"}),
    "windows.resume": ("supervisor", "/windows/S02/resume", {"ticket": "A003"}),
    "windows.reinstate": ("supervisor", "/windows/E02/reinstate", {"ticket": "B001"}),
    "windows.proof": ("supervisor", "/windows/E01/proof", {"ticket": "B002", "confirmed": True}),
    "help.ask": ("kiosk", "/help", {"id": "h-2", "kind": "sign"}),
    "help.take": ("guide", "/help/h-1/take", {}),
    "help.end": ("guide", "/help/h-1/end", {"outcome": "not_needed"}),
    "windows.transfer": ("clerk", "/windows/S01/transfer", {"service": "licence"}),
    "settle.settle": ("clerk", "/windows/S01/settle", {"id": "s-2", "outcome": "done", "title": "参保登记"}),
    "settle.retract": ("clerk", "/windows/S01/retract", {"settlement": "s-1"}),
    "settle.expert": ("clerk", "/windows/S01/expert", {"expert": "zhang"}),
    "windows.assign": ("supervisor", "/windows/S03/assign", {"zones": ["social", "business"]}),
    "tides.accept": ("supervisor", "/tides/T1/accept", {}),
    "tides.dismiss": ("manager", "/tides/T1/dismiss", {}),
}


@pytest.fixture
def begun(request: pytest.FixtureRequest) -> tuple[Any, dict[str, str]]:
    """A day in which each of the requests above is possible."""
    name: str = request.node.callspec.params["name"]
    if name.startswith("tides."):
        tidal = request.getfixturevalue("tidal")
        tidal.propose_help_for_business()
        return tidal, {}
    world = request.getfixturevalue("world")
    first = world.kiosk.issue()
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    world.clerk.post("/windows/S01/finish")
    for service in ("licence", "licence"):
        world.kiosk.issue(service, group="elder")
    world.kiosk.post("/help", {"id": "h-1", "kind": "wheelchair"})
    for window in ("E01", "E02"):
        world.supervisor.post(f"/windows/{window}/open")
    world.supervisor.post("/windows/E02/call-next")
    world.supervisor.post("/windows/E02/no-show")
    world.supervisor.post("/windows/E01/call-next")
    ticket = world.a_day_has_begun()
    world.clerk.post("/windows/S01/settle", {"id": "s-1", "outcome": "done", "title": "待遇查询"})
    places = {"ticket": ticket["id"], "done": first["id"], "token": ticket["url"][3:], "done_token": first["url"][3:]}
    return world, places


def test_every_post_of_the_table_is_tried_here() -> None:
    """A new call that changes something has to come here too; signing in and out needs no key."""
    assert set(POSTS) == {
        name
        for name in ACCESS
        if name.split(".")[0] in ("tickets", "links", "windows", "devices", "tides", "help", "settle")
        and name.split(".")[1] not in ("ticket", "window", "device", "tides", "requests", "outcomes")
    }


@pytest.mark.parametrize("name", POSTS)
def test_a_post_happens_once_however_often_it_is_sent(
    begun: tuple[Any, dict[str, str]], reason: Callable[[Any], str], name: str
) -> None:
    """Sent three times under one key it happens once and answers the same; another body under that key is 422."""
    world, places = begun
    who, path, body = POSTS[name]
    path = path.format(**places)
    body = {key: value.format(**places) if isinstance(value, str) else value for key, value in body.items()}
    seq = world.hall.seq

    first = world.cast[who].post(path, body, key="the-same-key")
    assert first.status_code in (200, 201), first.text
    assert "Idempotency-Replayed" not in first.headers
    happened = world.hall.seq
    assert happened > seq, "nothing happened, so the repetition would prove nothing"
    for _ in range(2):
        again = world.cast[who].post(path, body, key="the-same-key")
        assert (again.status_code, again.data) == (first.status_code, first.data)
        assert again.headers["Idempotency-Replayed"] == "true"
    quoted = world.cast[who].post(path, body, key='"the-same-key"')
    assert quoted.data == first.data

    other = world.cast[who].post("/tickets" if who != "anyone" else path, {"service": "relief"}, key="the-same-key")
    if other.status_code == 422 and reason(other) == "invalid_request":
        return  # a body the call does not take at all is refused before the key is looked at
    assert (other.status_code, reason(other)) == (422, "idempotency_key_reused")
    assert world.hall.seq == happened


UNUSABLE = {
    None: "idempotency_key_missing",
    "": "idempotency_key_invalid",
    "short": "idempotency_key_invalid",
    "with blank inside": "idempotency_key_invalid",
    "x" * 129: "idempotency_key_invalid",
    '"' * 8: "idempotency_key_invalid",
    '"short"': "idempotency_key_invalid",
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_without_a_usable_key_is_400(
    begun: tuple[Any, dict[str, str]], reason: Callable[[Any], str], name: str
) -> None:
    """No key, a short, a long or a broken one: refused, and nothing happens."""
    world, places = begun
    who, path, body = POSTS[name]
    body = {k: v.format(**places) if isinstance(v, str) else v for k, v in body.items()}
    seq = world.hall.seq
    for key, why in UNUSABLE.items():
        headers = world.cast[who].headers | ({} if key is None else {"Idempotency-Key": key})
        answer = world.app.test_client().post("/api/v1" + path.format(**places), json=body, headers=headers)
        assert (answer.status_code, reason(answer)) == (400, why), key
    assert world.hall.seq == seq


def test_a_refusal_and_an_empty_answer_are_repeated(world: Any, reason: Callable[[Any], str]) -> None:
    """A key that met a closed window or nobody waiting keeps its answer although both have changed."""
    refused = world.clerk.post("/windows/S01/call-next", key="while-closed")
    world.clerk.post("/windows/S01/open")
    empty = world.clerk.post("/windows/S01/call-next", key="while-empty")
    world.kiosk.issue()

    refused_again = world.clerk.post("/windows/S01/call-next", key="while-closed")
    empty_again = world.clerk.post("/windows/S01/call-next", key="while-empty")

    assert (refused.status_code, reason(refused)) == (409, "window_closed")
    assert (refused_again.status_code, refused_again.data) == (409, refused.data)
    assert refused_again.content_type == "application/problem+json"
    assert (empty.status_code, empty.data, empty_again.status_code, empty_again.data) == (204, b"", 204, b"")
    assert empty_again.headers["Idempotency-Replayed"] == "true"
    assert world.clerk.post("/windows/S01/call-next").json["ticket"]["number"] == "A001"


def test_a_key_belongs_to_who_used_it(world: Any, reason: Callable[[Any], str]) -> None:
    """Another kiosk with the same key by accident does not get this kiosk's ticket."""
    world.kiosk.post("/tickets", {"service": "insurance"}, key="by-accident")
    other = world.kiosk_2.post("/tickets", {"service": "insurance"}, key="by-accident")
    assert (other.status_code, reason(other)) == (422, "idempotency_key_reused")


def test_the_order_of_fields_is_no_other_body(world: Any) -> None:
    """JSON objects have no order: a sender that writes its fields otherwise on a retry is understood."""
    first = world.kiosk.post("/tickets", {"service": "insurance", "group": "elder"}, key="any-order")
    again = world.kiosk.post("/tickets", {"group": "elder", "service": "insurance"}, key="any-order")
    assert (first.status_code, again.data) == (201, first.data)


def test_an_absent_body_is_an_empty_one(world: Any) -> None:
    """`{}` and no body at all are the same request."""
    first = world.clerk.post("/windows/S01/open", key="no-body-at-all")
    headers = world.clerk.headers | {"Idempotency-Key": "no-body-at-all"}
    again = world.app.test_client().post("/api/v1/windows/S01/open", headers=headers)
    assert (again.status_code, again.data) == (200, first.data)

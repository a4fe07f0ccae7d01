"""Who may call what: every route, every caller, denied by default; and no cookie from a foreign page (D3.5, D3.7)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Blueprint

from server.accounts import DeviceKind, Person, Role
from server.web.access import ACCESS, COOKIE, TOPIC_ACCESS
from server.web.app import create_app

#: docs/api.md, column "who", in the words of the cast; written by hand so that a slip in the table is seen.
STAFF = {"clerk", "supervisor", "manager", "admin", "guide"}
#: A guide has no window.
AT_WINDOW = STAFF - {"guide"}
LEADERS = {"supervisor", "manager", "admin"}
#: Who has to do with cases.
OFFICE = STAFF | {"runner", "department"}
EVERYBODY = OFFICE | {"kiosk", "board", "keypad", "printer", "evaluator", "platform", "anyone", "stranger"}
CONTRACT: dict[str, set[str]] = {
    "GET /api/v1/hall": EVERYBODY,
    "POST /api/v1/tickets": STAFF | {"kiosk"},
    "GET /api/v1/tickets/<ticket>": STAFF | {"kiosk"},
    "POST /api/v1/tickets/<ticket>/cancel": STAFF | {"kiosk"},
    "POST /api/v1/tickets/<ticket>/reprint": STAFF | {"kiosk"},
    "POST /api/v1/tickets/<ticket>/print-state": {"kiosk", "printer"},
    "POST /api/v1/tickets/<ticket>/rating": {"kiosk"},
    "POST /api/v1/holders": STAFF | {"kiosk"},
    "POST /api/v1/holders/<holder>/forget": STAFF | {"kiosk"},
    "POST /api/v1/help": STAFF | {"kiosk"},
    "GET /api/v1/help": STAFF,
    "POST /api/v1/help/<help>/take": STAFF,
    "POST /api/v1/help/<help>/end": STAFF,
    "POST /api/v1/windows/<window>/proof": AT_WINDOW,
    "GET /api/v1/rating-form": EVERYBODY,
    "POST /api/v1/ratings": {"kiosk"},
    "GET /api/v1/windows/<window>/evaluator": {"evaluator"},
    "POST /api/v1/windows/<window>/rating": {"evaluator"},
    "POST /api/v1/windows/<window>/rating/ask": AT_WINDOW | {"keypad"},
    "POST /api/v1/windows/<window>/evaluator/pair": LEADERS,
    "GET /api/v1/stats/ratings": LEADERS,
    "GET /api/v1/stats/ratings.csv": LEADERS,
    "GET /api/v1/orders": LEADERS,
    "GET /api/v1/orders/<order>": LEADERS,
    **{f"POST /api/v1/orders/<order>/{step}": LEADERS for step in ["callback", "mend", "close", "exclude", "judge"]},
    "GET /api/v1/matters": STAFF,
    "GET /api/v1/matters/form": STAFF,
    "GET /api/v1/matters/<matter>": STAFF,
    "POST /api/v1/matters": STAFF,
    "POST /api/v1/matters/<matter>/settle": STAFF,
    "GET /api/v1/matters/export": LEADERS,
    **{f"GET /api/v1/{path}": OFFICE for path in ["cases", "cases/overview", "cases/form", "cases/<case>"]},
    "GET /api/v1/vouchers/<path:token>": OFFICE,
    "GET /api/v1/staff": OFFICE,
    "POST /api/v1/cases/<case>/take": LEADERS | {"runner"},
    "POST /api/v1/cases/<case>/papers": LEADERS | {"clerk", "department"},
    **{f"POST /api/v1/cases/<case>/{step}": LEADERS | {"department"} for step in ["sign", "pause", "go-on", "answer"]},
    **{
        f"POST /api/v1/cases/<case>/{step}": LEADERS | {"clerk"}
        for step in ["result", "return", "post", "delivered", "hand-out", "withdraw"]
    },
    "GET /api/v1/parcels": LEADERS | {"clerk", "department"},
    "POST /api/v1/parcels": LEADERS | {"clerk"},
    "POST /api/v1/parcels/<parcel>/sort": LEADERS | {"clerk"},
    "POST /api/v1/parcels/<parcel>/register": LEADERS | {"clerk", "department"},
    "GET /api/v1/ledger": LEADERS,
    "GET /api/v1/stats/acceptance": LEADERS,
    "GET /api/v1/threads": LEADERS,
    "GET /api/v1/threads/<ticket>": LEADERS,
    "GET /api/v1/threads/<ticket>.xlsx": LEADERS,
    "GET /api/v1/archive": LEADERS,
    "POST /api/v1/archive": LEADERS,
    "GET /api/v1/services/<service>/slots": EVERYBODY,
    "POST /api/v1/appointments": EVERYBODY,
    "GET /api/v1/appointments": STAFF,
    "GET /api/v1/appointments/<appointment>": STAFF,
    "POST /api/v1/appointments/<appointment>/move": STAFF,
    "POST /api/v1/appointments/<appointment>/cancel": STAFF,
    "GET /api/v1/a/<token>": EVERYBODY,
    "POST /api/v1/a/<token>/move": EVERYBODY,
    "POST /api/v1/a/<token>/cancel": EVERYBODY,
    "POST /api/v1/check-ins": STAFF | {"kiosk"},
    "GET /api/v1/t/<token>": EVERYBODY,
    "GET /api/v1/c/<token>": EVERYBODY,
    "POST /api/v1/t/<token>/cancel": EVERYBODY,
    "POST /api/v1/t/<token>/rating": EVERYBODY,
    "GET /api/v1/windows/<window>": STAFF | {"keypad", "board"},
    **{
        f"POST /api/v1/windows/<window>/{verb}": AT_WINDOW | {"keypad"}
        for verb in [
            "open",
            "pause",
            "close",
            "call-next",
            "recall",
            "start",
            "finish",
            "no-show",
            "hold",
            "call",
            "resume",
            "reinstate",
            "transfer",
        ]
    },
    "GET /api/v1/outcomes": STAFF,
    **{f"POST /api/v1/windows/<window>/{verb}": AT_WINDOW for verb in ["settle", "retract", "expert"]},
    "GET /api/v1/settlements/<settlement>/papers/<kind>.pdf": LEADERS | {"clerk"},
    "POST /api/v1/settlements/<settlement>/print": LEADERS | {"clerk"},
    "POST /api/v1/windows/<window>/assign": LEADERS,
    "GET /api/v1/zones/<zone>": STAFF,
    "GET /api/v1/tides": LEADERS,
    "POST /api/v1/tides/<tide>/accept": LEADERS,
    "POST /api/v1/tides/<tide>/dismiss": LEADERS,
    "GET /api/v1/boards/<board>": EVERYBODY,
    "GET /api/v1/devices/<device>": STAFF | {"kiosk", "board", "keypad", "printer", "evaluator"},
    "POST /api/v1/devices/<device>/status": {"kiosk", "printer"},
    "GET /api/v1/feed": EVERYBODY,
    "GET /api/v1/stats/today": LEADERS,
    "GET /api/v1/stats/today.csv": LEADERS,
    "GET /api/v1/items": EVERYBODY,
    "GET /api/v1/items/<code>": EVERYBODY,
    "GET /api/v1/departments": EVERYBODY,
    "POST /api/v1/items/<code>": {"admin"},
    "POST /api/v1/items/<code>/remove": {"admin"},
    "GET /api/v1/catalogue": {"admin"},
    "POST /api/v1/catalogue/preview": {"admin"},
    "POST /api/v1/catalogue/import": {"admin"},
    "GET /api/v1/catalogue/export": {"admin"},
    "GET /api/v1/catalogue/template": {"admin"},
    "GET /api/v1/catalogue/changes": {"admin"},
    "GET /api/v1/catalogue/items/<code>": {"admin"},
    "GET /api/v1/letters": {"admin"},
    "POST /api/v1/letters": {"admin"},
    "POST /api/v1/letters/<letter>/remove": {"admin"},
    "GET /api/v1/platform": LEADERS | {"platform"},
    "POST /api/v1/platform/milestones": {"platform"},
    "POST /api/v1/platform/milestones/<milestone>/retry": {"admin"},
    "POST /api/v1/platform/outgoing/<item>/retry": {"admin"},
    "GET /api/v1/hooks": {"admin"},
    "POST /api/v1/hooks/<hook>/test": {"admin"},
    "GET /api/v1/hooks/<hook>/failed": {"admin"},
    "POST /api/v1/hooks/<hook>/failed/<message>/resend": {"admin"},
    "POST /api/v1/sign-in": EVERYBODY,
    "POST /api/v1/sign-out": EVERYBODY,
    "GET /api/v1/me": OFFICE,
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /api/openapi.json": EVERYBODY,
}
TOPICS: dict[str, set[str]] = {
    "board=main": EVERYBODY,
    "hall=1": EVERYBODY,
    "ticket=<token>": EVERYBODY,
    "calls=f1": STAFF | {"board"},
    "window=S01": STAFF | {"keypad", "board"},
    "prints=desk": STAFF | {"printer"},
    "zone=social": STAFF,
    "stats=1": LEADERS,
    "tides=1": LEADERS,
    "evaluator=S01": {"evaluator"},
    "help=1": STAFF,
    "appointments=2026-11-23": STAFF,
    "cases=1": OFFICE,
    "case=<case>": EVERYBODY,
}
CAST = sorted(EVERYBODY)


@pytest.fixture(scope="module")
def places(shared: Any) -> dict[str, str]:
    """What stands for the parts of a path: things that exist, the ticket one of kiosk-1."""
    ticket = shared.a_day_has_begun()
    token = ticket["url"].removeprefix("/t/")
    return {
        "ticket": ticket["id"],
        "token": token,
        "window": "S01",
        "order": "nobody",
        "matter": "nothing",
        "case": "nothing",
        "parcel": "nothing",
        "path:token": "nothing",
        "zone": "social",
        "board": "main",
        "tide": "T1",
        "holder": "p-1",
        "help": "h-1",
    }


def ask(shared: Any, places: dict[str, str], who: str, route: str) -> Any:
    """Send a request with an empty body to a route; a device asks for its own settings."""
    method, path = route.split(" ")
    own = {"kiosk": "kiosk-1", "board": "main", "keypad": "keys", "printer": "desk", "evaluator": "S01"}
    for name, value in (places | {"device": own.get(who, "kiosk-1")}).items():
        path = path.replace(f"<{name}>", value)
    caller = shared.cast[who]
    headers = caller.headers | {"Idempotency-Key": f"matrix-{who}-{route}".replace(" ", "-")}
    if method == "GET":
        return caller.client.get(path, headers=headers)
    # A field nobody knows: whoever gets past the door is told so, and nothing is changed by this test.
    return caller.client.post(path, headers=headers, json={"no_such_field": 1})


def test_every_route_stands_in_the_contract(shared: Any) -> None:
    """The app has the routes of the contract and no others."""
    routes = {
        f"{method} {rule.rule}"
        for rule in shared.app.url_map.iter_rules()
        for method in (rule.methods or ()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(CONTRACT)


def test_every_route_stands_in_the_table(shared: Any) -> None:
    """Every endpoint has its row in the table, and no row is left over from a route that went."""
    endpoints = {rule.endpoint for rule in shared.app.url_map.iter_rules()}
    assert endpoints - set(ACCESS) == set()
    assert set(ACCESS) - endpoints <= {"static"}


@pytest.mark.parametrize("who", CAST)
def test_each_caller_at_each_route(shared: Any, places: dict[str, str], reason: Callable[[Any], str], who: str) -> None:
    """Those who may are let in, others get 403, and who is nobody gets 401."""
    before = shared.facts()
    for route, allowed in CONTRACT.items():
        answer = ask(shared, places, who, route)
        if who in allowed:
            assert answer.status_code not in (401, 403), (route, answer.text)
        elif who in ("anyone", "stranger"):
            assert (answer.status_code, reason(answer)) == (401, "unauthorized"), route
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        else:
            assert (answer.status_code, reason(answer)) == (403, "forbidden"), route
        answer.close()
    assert shared.facts() == before


@pytest.mark.parametrize("topic", TOPICS)
def test_each_caller_at_each_topic_of_the_feed(
    shared: Any, places: dict[str, str], reason: Callable[[Any], str], topic: str
) -> None:
    """A feed shows nobody more than the call of the same thing would."""
    for who in CAST:
        answer = shared.cast[who].get(f"/feed?{topic.replace('<token>', places['token'])}")
        if who in TOPICS[topic]:
            # Nobody has a case here: everybody is let in as far as that.
            assert answer.status_code == (404 if topic == "case=<case>" else 200), (who, answer.text)
        else:
            wanted = (401, "unauthorized") if who in ("anyone", "stranger") else (403, "forbidden")
            assert (answer.status_code, reason(answer)) == wanted, who
        answer.close()
    assert {topic.split("=")[0] for topic in TOPICS} == set(TOPIC_ACCESS)


def test_a_route_that_is_not_in_the_table_refuses_everybody(shared: Any, reason: Callable[[Any], str]) -> None:
    """A view somebody forgot to think about is shut, even to the administrator."""
    app = create_app(shared.site)
    app.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "open!")
    for who in CAST:
        answer = app.test_client().get("/api/v1/forgotten", headers=shared.cast[who].headers)
        assert (answer.status_code, reason(answer)) == (403, "forbidden")


def test_a_page_may_show_but_not_change(shared: Any, reason: Callable[[Any], str]) -> None:
    """A blueprint of pages is open for reading; a POST in it would need a row in the table."""
    page = Blueprint("page", __name__)
    page.add_url_rule("/page", "show", lambda: "shown", methods=["GET", "POST"])
    client = create_app(shared.site, [page]).test_client()

    assert client.get("/page").text == "shown"
    assert reason(client.post("/page")) == "forbidden"


def test_a_clerk_acts_only_at_the_own_window(shared: Any, places: dict[str, str], reason: Callable[[Any], str]) -> None:
    """Signed in at S01: S02 is refused; a clerk signed in at no window has none."""
    for route, allowed in CONTRACT.items():
        method, path = route.split(" ")
        if method == "POST" and "<window>" in path and "clerk" in allowed:
            path = path.removeprefix("/api/v1").replace("<window>", "S02")
            bodies = {"call": {"ticket": "A003"}, "transfer": {"service": "relief"}}
            bodies |= dict.fromkeys(("resume", "reinstate"), bodies["call"])
            bodies |= {"proof": {"ticket": "A003", "confirmed": True}}
            bodies |= {"settle": {"id": "s1", "outcome": "done", "title": "社保"}, "retract": {"settlement": "s1"}}
            bodies |= {"expert": {"expert": "e1"}}
            body = bodies.get(path.rsplit("/", 1)[-1])
            for who in ("clerk", "clerk_nowhere"):
                answer = shared.cast[who].post(path, body)
                assert (answer.status_code, reason(answer)) == (403, "not_your_window"), (who, path)


def test_a_keypad_acts_only_for_its_windows(world: Any, reason: Callable[[Any], str]) -> None:
    """The hall file says which windows hang on a line; for another one the keypad is refused."""
    assert world.keypad.post("/windows/S02/open").status_code == 200
    assert reason(world.keypad.post("/windows/S03/open")) == "not_your_window"
    stray = type(world.keypad)(world.keypad.client, world.accounts.add_device("not-in-the-file", DeviceKind.KEYPAD))
    assert reason(stray.post("/windows/S01/open")) == "not_your_window"
    demo = type(world.keypad)(world.keypad.client, world.accounts.add_device("*", DeviceKind.KEYPAD))
    assert demo.post("/windows/S03/open").status_code == 200


def test_a_kiosk_sees_only_its_own_tickets(shared: Any, places: dict[str, str], reason: Callable[[Any], str]) -> None:
    """Another kiosk's ticket is neither shown nor changed, by id or by number."""
    number = shared.kiosk.get(f"/tickets/{places['ticket']}").json["number"]
    before = shared.facts()
    for name in (places["ticket"], number):
        answers = [
            shared.kiosk_2.get(f"/tickets/{name}"),
            shared.kiosk_2.post(f"/tickets/{name}/cancel"),
            shared.kiosk_2.post(f"/tickets/{name}/reprint"),
            shared.kiosk_2.post(f"/tickets/{name}/print-state", {"state": "printed"}),
            shared.kiosk_2.post(f"/tickets/{name}/rating", {"level": 5}),
        ]
        assert [(a.status_code, reason(a)) for a in answers] == [(403, "not_your_ticket")] * 5
    assert shared.facts() == before


def test_a_device_reads_only_its_own_settings(shared: Any, reason: Callable[[Any], str]) -> None:
    """A kiosk is not told how the other kiosk is set up."""
    assert shared.kiosk.get("/devices/kiosk-1").status_code == 200
    assert reason(shared.kiosk.get("/devices/kiosk-2")) == "forbidden"
    assert reason(shared.board.get("/devices/kiosk-1")) == "forbidden"


# --- cookies and foreign pages ----------------------------------------------------------------------------------------

POSTS = sorted(route.split(" ")[1] for route in CONTRACT if route.startswith("POST"))
FOREIGN = [
    {"Origin": "http://evil.test"},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none", "Origin": "http://localhost"},
]


@pytest.mark.parametrize("path", POSTS)
def test_a_foreign_page_cannot_use_the_cookie(
    shared: Any, places: dict[str, str], reason: Callable[[Any], str], path: str
) -> None:
    """Every POST that comes with the cookie but from elsewhere is refused (D3.5)."""
    person = Person("root", frozenset(Role), "S01")
    client = shared.app.test_client()
    client.set_cookie(COOKIE, shared.accounts.session(person))
    is_for_machines = CONTRACT[f"POST {path}"].isdisjoint(STAFF)
    for name, value in places.items():
        path = path.replace(f"<{name}>", value)
    before = shared.facts()
    for headers in FOREIGN:
        answer = client.post(path, json={}, headers=headers | {"Idempotency-Key": "from-elsewhere"})
        if is_for_machines:
            assert answer.status_code == 403  # no person may at all
        else:
            assert (answer.status_code, reason(answer)) == (403, "cross_site"), headers
    assert shared.facts() == before


def test_our_own_page_may_use_the_cookie(world: Any) -> None:
    """The console's requests carry its own origin, or, from a program, none."""
    client = world.app.test_client()
    client.set_cookie(COOKIE, world.clerk.token)
    for n, headers in enumerate(
        [{"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}]
    ):
        answer = client.post(
            "/api/v1/windows/S01/open", json={}, headers=headers | {"Idempotency-Key": f"own-page-{n}"}
        )
        assert answer.status_code == 200, answer.text


def test_a_bearer_token_needs_no_origin(world: Any) -> None:
    """A program's token cannot be sent by a foreign page, so its origin does not matter."""
    answer = world.clerk.post("/windows/S01/open", headers={"Origin": "http://elsewhere.test"})
    assert answer.status_code == 200


def test_a_bad_token_is_nobody_even_beside_a_good_cookie(world: Any, reason: Callable[[Any], str]) -> None:
    """What is shown is what counts: a forged bearer token is not saved by a cookie."""
    client = world.app.test_client()
    client.set_cookie(COOKIE, world.admin.token)
    answer = client.get("/api/v1/me", headers={"Authorization": "Bearer forged"})
    assert reason(answer) == "unauthorized"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(world: Any, scheme: str) -> None:
    """RFC 9110: the name of the scheme knows no case."""
    answer = world.anyone.get("/me", headers={"Authorization": f"{scheme} {world.clerk.token}"})
    assert answer.json["user"] == "wang"

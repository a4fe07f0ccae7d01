"""What is sent and what comes back: broken requests, refusals in both languages, headers on everything (C9, D3.6)."""

import re
import string
from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest

from config.texts import Texts
from server.core.refusals import Reason, Rejected
from server.web.app import BODY_MAX_BYTES, HEADERS
from server.web.problems import LOCALE, SENTENCES, problem

#: Whatever a sentence names; the next test proves that the translation names the same.
NAMES = {name for _, sentence in SENTENCES.values() for _, name, _, _ in string.Formatter().parse(sentence) if name}
FIELDS: dict[str, str | int] = {**dict.fromkeys(NAMES, "A012"), "state": "waiting", "verb": "recall"}


@pytest.mark.parametrize("reason", SENTENCES)
def test_every_reason_speaks_both_languages(reason: str) -> None:
    """Each refusal has a status that fits, an English and a Chinese sentence, and every field filled in."""
    ready = problem(reason, FIELDS)

    assert 400 <= ready.status <= 503
    assert ready.body["detail"] != ready.body["detail_zh"]
    assert re.search("[\u4e00-\u9fff]", ready.body["detail_zh"])
    assert not re.search("[\u4e00-\u9fff]", ready.body["detail"])
    assert "{" not in ready.body["detail"] + ready.body["detail_zh"]


@pytest.mark.parametrize("reason", SENTENCES)
def test_a_translation_names_what_the_sentence_names(reason: str) -> None:
    """No field gets lost on the way to Chinese, none is invented."""
    sentence = SENTENCES[reason][1]
    chinese = Texts(LOCALE, "zh")._catalogue.gettext(sentence)

    def named(text: str) -> set[str]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field}

    assert named(chinese) == named(sentence)


@pytest.mark.parametrize("reason", [reason for reason in SENTENCES if "{" in SENTENCES[reason][1]])
def test_a_refusal_gives_things_of_the_hall_their_public_names(reason: str, shared: Any) -> None:
    """Ids of windows, services, zones and groups are for programs: people read the names on doors and boards."""
    hall = shared.site.names.hall
    ids = {"window": "S02", "service": "insurance", "zone": "social", "group": hall.priority_groups[0].id}
    body = problem(reason, FIELDS | ids, names=shared.site.names).body
    named = {field for _, field, _, _ in string.Formatter().parse(SENTENCES[reason][1]) if field in ids}
    for field in named:
        assert ids[field] not in body["detail"].split() + body["detail_zh"].split("“")
        assert ids[field] not in body["detail_zh"]
    if "window" in named:
        assert "Window 2" in body["detail"]
        assert "2号窗口" in body["detail_zh"]


def test_a_press_at_an_empty_window_names_the_window_as_its_sign_does(shared: Any) -> None:
    """Refused by the hall, by the web itself, and when the same request comes again."""
    for _ in range(2):
        answer = shared.supervisor.post("/windows/S02/finish", key="a-second-tab")
        assert answer.json["detail"] == "There is no ticket at Window 2"
        assert answer.json["detail_zh"] == "2号窗口当前没有号票"
    assert shared.clerk.post("/windows/S02/finish").json["detail_zh"] == "您登录的不是2号窗口"


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/sign-in", {"user": "wang"}, ("password", "is missing", "必填")),
        ("/sign-in", {"user": "", "password": "x"}, ("user", "must not be empty", "不能为空")),
        ("/tickets", {"service": "insurance", "colour": "red"}, ("colour", "is not known here", "不认识这一项")),
    ],
)
def test_a_refused_request_names_field_and_fault(
    shared: Any, path: str, body: dict[str, str], told: tuple[str, str, str]
) -> None:
    """In both languages, so that the page can say it beside its own label."""
    headers = shared.kiosk.headers | {"Idempotency-Key": f"fault-{told[0]}"}
    answer = shared.kiosk.client.post(f"/api/v1{path}", json=body, headers=headers)
    assert (answer.status_code, answer.json["reason"]) == (422, "invalid_request")
    assert told in [(fault["loc"], fault["msg"], fault.get("zh")) for fault in answer.json["errors"]]


def test_every_business_refusal_has_a_sentence() -> None:
    """The core can refuse nothing that the web has no words for."""
    assert {reason.value for reason in Reason} <= set(SENTENCES)
    assert Rejected(Reason.SERVICE_CLOSED, service="x").fields == {"service": "x"}


@pytest.mark.parametrize(
    ("body", "kind", "status", "why"),
    [
        (b"{", "application/json", 400, "invalid_json"),
        (b'{"service": "insurance"', "application/json", 400, "invalid_json"),
        (b"\xff\xfe{}", "application/json", 400, "invalid_json"),
        (b'{"service": "\\ud800"}', "application/json", 400, "invalid_json"),
        (b'{"\\udfff": 1}', "application/json", 400, "invalid_json"),
        (b"[" * 30_000, "application/json", 400, "invalid_json"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "application/json", 400, "invalid_json"),
        (b'{"service": ' + b"9" * 5000 + b"}", "application/json", 400, "invalid_json"),
        (b"[]", "application/json", 422, "invalid_request"),
        (b"null", "application/json", 422, "invalid_request"),
        (b'"insurance"', "application/json", 422, "invalid_request"),
        (b'{"service": "insurance"}', "text/plain", 415, "json_wanted"),
        (b"service=insurance", "application/x-www-form-urlencoded", 415, "json_wanted"),
        (b'{"service": "insurance"}', "", 415, "json_wanted"),
        (b" " * (BODY_MAX_BYTES + 1), "application/json", 413, "too_large"),
        (b'{"service": "' + b"x" * BODY_MAX_BYTES + b'"}', "application/json", 413, "too_large"),
        (b"", "application/json", 422, "invalid_request"),
        (b"{}", "application/json", 422, "invalid_request"),
        (b'{"service": 5}', "application/json", 422, "invalid_request"),
        (b'{"service": null}', "application/json", 422, "invalid_request"),
        (b'{"service": "insurance", "number": "A001"}', "application/json", 422, "invalid_request"),
        (b'{"service": "../../etc"}', "application/json", 422, "invalid_request"),
        (b'{"service": "insurance\\u0000"}', "application/json", 422, "invalid_request"),
        (b'{"service": "insurance", "id": "A001"}', "application/json", 422, "invalid_request"),
        (b'{"service": "insurance", "id": ""}', "application/json", 422, "invalid_request"),
        (b'{"service": "insurance", "language": "fr"}', "application/json", 422, "invalid_request"),
        (b'{"service": "nothing-of-ours"}', "application/json", 404, "service_unknown"),
        (b'{"service": "insurance", "group": "nobility"}', "application/json", 422, "group_unknown"),
        (b'{"service": "insurance", "printer": "nowhere"}', "application/json", 404, "printer_unknown"),
        (b'{"service": "insurance", "for_window": "X99"}', "application/json", 404, "window_unknown"),
    ],
)
def test_a_broken_request_is_refused_and_changes_nothing(
    shared: Any, reason: Callable[[Any], str], body: bytes, kind: str, status: int, why: str
) -> None:
    """Whatever is wrong with a body, the answer is a problem with the reason, never a crash and never a ticket."""
    with shared.hall.reading() as state:
        before = len(state.tickets)
    headers = shared.kiosk.headers | {"Idempotency-Key": f"broken-{crc32(body)}-{kind}"}
    answer = shared.kiosk.client.post("/api/v1/tickets", data=body, content_type=kind or None, headers=headers)

    assert (answer.status_code, reason(answer)) == (status, why)
    with shared.hall.reading() as state:
        assert len(state.tickets) == before
    if why == "invalid_request" and body not in (b"", b"null"):
        assert answer.json["errors"]
        assert all({"loc", "msg"} <= set(error) <= {"loc", "msg", "zh"} for error in answer.json["errors"])


WEIRD = ["a b", "a%00b", "..%2f..", "%E6%B5%8B", "a;b", "a'--", "x" * 65, "%ff", "{}", "<script>"]


@pytest.mark.parametrize("weird", WEIRD)
@pytest.mark.parametrize("place", ["tickets", "windows", "zones", "boards", "devices", "t"])
def test_weird_ids_are_refused(shared: Any, reason: Callable[[Any], str], place: str, weird: str) -> None:
    """An id that no hall could have is no crash, and nothing is echoed into a page."""
    answer = shared.admin.get(f"/{place}/{weird}")

    assert answer.status_code in (404, 422)
    assert reason(answer) in ("invalid_request", "not_found")
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/tickets/none-such", "ticket_unknown"),
        ("/tickets/A999", "ticket_unknown"),
        ("/windows/X1", "window_unknown"),
        ("/zones/none", "zone_unknown"),
        ("/boards/none", "board_unknown"),
        ("/devices/none", "device_unknown"),
        ("/t/AAAAAAAAAAAAAAAAAAAAAA", "link_unknown"),
        ("/nothing", "not_found"),
        ("/feed?board=none", "board_unknown"),
        ("/feed?calls=none", "area_unknown"),
        ("/feed?zone=none", "zone_unknown"),
        ("/feed?window=S01,none", "window_unknown"),
        ("/feed?prints=none", "printer_unknown"),
        ("/feed?ticket=none", "link_unknown"),
    ],
)
def test_unknown_things_are_404(shared: Any, reason: Callable[[Any], str], path: str, why: str) -> None:
    """A name that is well formed but nobody's is told as such."""
    answer = shared.admin.get(path)
    assert (answer.status_code, reason(answer)) == (404, why)


def test_unknown_windows_and_tickets_in_posts_are_404(shared: Any, reason: Callable[[Any], str]) -> None:
    """Also where they stand in a path or a body that changes something."""
    shared.supervisor.post("/windows/S01/open")
    assert reason(shared.supervisor.post("/windows/X1/open")) == "window_unknown"
    assert reason(shared.supervisor.post("/windows/S01/call", {"ticket": "A999"})) == "ticket_unknown"
    assert reason(shared.supervisor.post("/windows/S01/assign", {"zones": ["none"]})) == "zone_unknown"
    assert reason(shared.supervisor.post("/windows/S01/assign", {"services": ["none"]})) == "service_unknown"
    assert reason(shared.kiosk.post("/tickets/none/cancel")) == "ticket_unknown"
    assert reason(shared.anyone.post("/t/AAAAAAAAAAAAAAAAAAAAAA/cancel")) == "link_unknown"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_another_method_is_405_with_allow(shared: Any, reason: Callable[[Any], str], method: str) -> None:
    """The answer names the methods that would do (RFC 9110)."""
    answer = shared.app.test_client().open("/api/v1/hall", method=method)

    assert (answer.status_code, reason(answer)) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_crash_is_a_problem_too(world: Any, reason: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program shows neither traceback nor data, and the next request works."""
    monkeypatch.setattr("server.web.api.hall.hall_view", lambda *_: 1 / 0)
    answer = world.anyone.get("/hall")
    assert (answer.status_code, reason(answer)) == (500, "internal_error")
    assert "ZeroDivision" not in answer.text
    monkeypatch.undo()
    assert world.anyone.get("/hall").status_code == 200


def test_a_full_disk_is_503_and_heals(world: Any, reason: Callable[[Any], str]) -> None:
    """No ticket, `Retry-After`, reading goes on; with room again the same request gets its ticket (D2.4)."""
    world.kiosk.issue()
    world.disk.full = True
    refused = world.kiosk.post("/tickets", {"service": "insurance"}, key="while-the-disk-was-full")
    assert (refused.status_code, reason(refused)) == (503, "storage_trouble")
    assert int(refused.headers["Retry-After"]) >= 1
    assert world.anyone.get("/hall").json["zones"][0]["waiting"] == 1
    world.disk.full = False

    again = world.kiosk.post("/tickets", {"service": "insurance"}, key="while-the-disk-was-full")

    assert (again.status_code, again.json["number"]) == (201, "A002")


def test_security_headers_on_every_answer(world: Any) -> None:
    """Every route, refused or not, and even what does not exist, carries them (D3.6)."""
    ticket = world.a_day_has_begun()
    places = {"ticket": ticket["id"], "token": ticket["url"][3:], "window": "S01", "zone": "social", "board": "main"}
    paths = {re.sub(r"<(\w+)>", lambda m: places.get(m[1], "kiosk-1"), r.rule) for r in world.app.url_map.iter_rules()}
    client = world.app.test_client()
    for who in ("anyone", "admin"):
        for path in sorted(paths | {"/none", "/api/v1/none"}):
            for method in ("GET", "POST", "OPTIONS"):
                query = "?hall=1" if path.endswith("/feed") else ""
                answer = client.open(path + query, method=method, headers=world.cast[who].headers)
                for name, value in HEADERS.items():
                    assert answer.headers[name] == value, (method, path)
                if path.startswith("/api/"):
                    assert answer.headers["Cache-Control"] == "no-store", (method, path)
                answer.close()


def test_the_policy_lets_nothing_inline_or_foreign_run() -> None:
    """No inline script or style, no frame, nothing loaded from elsewhere but data images (D3.6)."""
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))

    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"

"""The OpenAPI document is true: valid by itself, and no answer of the running server that it does not tell (C9)."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests
from jsonschema_rs import Draft202012Validator

from server.accounts import DeviceKind
from server.web.access import ACCESS

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def document(shared: Any) -> dict[str, Any]:
    """The document as the app gives it."""
    answer = shared.app.test_client().get("/api/openapi.json")
    assert answer.content_type == "application/json"
    return dict(answer.json)


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    """Its skeleton is that of OpenAPI 3.1, every reference leads somewhere, every schema is valid JSON Schema 2020-12."""
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert {"title", "version"} <= set(document["info"])
    text = json.dumps(document)
    for reference in set(re.findall(r'"\$ref": "([^"]+)"', text)):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, reference
            found = found[part]
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
        assert schema.get("type") in ("object", "array") or schema.get("enum"), name
    ids = [op["operationId"] for operations in document["paths"].values() for op in operations.values()]
    assert len(ids) == len(set(ids))


def test_every_call_is_in_it_with_its_answers(shared: Any, document: dict[str, Any]) -> None:
    """Every route of the API; every operation tells its path's parameters, its success and its problems."""
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in shared.app.url_map.iter_rules()
        for method in (rule.methods or ()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "openapi"
    }
    told = {(path, method) for path, operations in document["paths"].items() for method in operations}
    assert told == routes
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            named = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            responses = operation["responses"]
            assert any(status.startswith("2") for status in responses)
            for status, response in responses.items():
                if status >= "400":
                    assert set(response["content"]) == {"application/problem+json"}
            if method == "post" and "sign" not in path:
                assert "Idempotency-Key" in {p["name"] for p in operation["parameters"] if p["in"] == "header"}


def test_who_must_sign_in_is_told(document: dict[str, Any]) -> None:
    """What anybody may call is told as open, everything else wants a token: as the table of access says."""

    def security(path: str, method: str) -> Any:
        return document["paths"][path][method]["security"]

    assert security("/api/v1/hall", "get") == []
    assert security("/api/v1/a/{token}/move", "post") == []
    for path, method in (("/api/v1/tickets", "post"), ("/api/v1/orders", "get"), ("/api/v1/items/{code}", "post")):
        assert security(path, method) == [{"bearer": []}]


def test_exactly_one_target_is_told(document: dict[str, Any]) -> None:
    """A reader of the document knows that a ticket is for a service or a voucher, a transfer goes to a service or to a
    window, and never to null; that an assignment is one of three kinds; and that going home has no end."""
    assign = Draft202012Validator(document["components"]["schemas"]["AssignBody"])
    until = {"until": "2026-11-21T09:30:00+08:00"}
    for right in ({"zones": ["x"]}, {"services": ["y"]} | until, {"home": True}):
        assert assign.is_valid(right)
    for wrong in (
        {},
        until,
        {"home": False},
        {"home": True} | until,
        {"home": True, "zones": ["x"], "until": None},
        {"zones": ["x"], "services": ["y"]},
    ):
        assert not assign.is_valid(wrong)
    issue = Draft202012Validator(document["components"]["schemas"]["IssueBody"])
    assert issue.is_valid({"service": "x"})
    assert issue.is_valid({"voucher": "http://hall.test/c/Vc4mYb0qQxq7Jw3mT0sE2A"})
    for wrong in ({}, {"service": None}, {"service": "x", "voucher": "Vc4mYb0qQxq7Jw3mT0sE2A"}):
        assert not issue.is_valid(wrong)
    transfer = Draft202012Validator(document["components"]["schemas"]["TransferBody"])
    assert transfer.is_valid({"service": "x"})
    for wrong in ({}, {"service": None}, {"service": "x", "window": "y"}, {"service": "x", "window": None}):
        assert not transfer.is_valid(wrong)


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, tidal_hall: Path
) -> Iterator[tuple[str, dict[str, str], dict[str, list[str]]]]:
    """A demo server in which a day has begun: its address, tokens, and the names of things in it."""
    data = tmp_path_factory.mktemp("openapi") / "data"
    arguments = [
        "run_server.py",
        "--hall",
        str(tidal_hall),
        "--data",
        str(data),
        "--demo",
        "--quiet-hall",
        "--port",
        "0",
    ]
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "demo.json" in line:
                break
        demo = json.loads((data / "demo.json").read_text("utf-8"))
        login = next(u for u in demo["users"] if u["user"] == "admin")
        body = {"user": "admin", "password": login["password"]}
        # The address is told before the server listens to its first request; the connection waits in the queue.
        admin = requests.post(f"{demo['url']}/api/v1/sign-in", json=body, timeout=30).json()["token"]
        tokens = {"admin": admin, "kiosk": demo["kiosk_token"]}

        def post(path: str, body: dict[str, str], who: str) -> Any:
            headers = {"Authorization": f"Bearer {tokens[who]}", "Idempotency-Key": f"begin {path}".replace(" ", "-")}
            headers["Idempotency-Key"] += str(len(tickets))
            return requests.post(f"{demo['url']}/api/v1{path}", json=body, headers=headers, timeout=30).json()

        tickets: list[dict[str, Any]] = []
        for n in range(24):
            tickets.append(post("/tickets", {"service": ("insurance", "licence")[n % 2]}, "kiosk"))
        post("/windows/T1/open", {}, "admin")
        post("/windows/T1/assign", {"zones": ["business"]}, "admin")
        for window in ("S01", "S02", "E01"):
            post(f"/windows/{window}/open", {}, "admin")
            post(f"/windows/{window}/call-next", {}, "admin")
        post("/windows/E01/start", {}, "admin")
        cases = []
        for n in range(6):
            accepted = {"id": f"settled-{n}", "outcome": "accepted", "title": "营业执照"}
            cases.append(post("/windows/E01/settle", accepted, "admin")["settled"][-1]["case"])
            post("/parcels", {"id": f"parcel-{n}", "carrier": "EMS", "tracking": f"EA10000000{n}CN"}, "admin")
            tickets.append(tickets[0])  # so that the next key is another
        places = {
            "ticket": [t["id"] for t in tickets],
            "token": [t["url"].removeprefix("/t/") for t in tickets],
            "window": ["S01", "S02", "E01", "T1"],
            "tide": ["T1", "T2"],
            "case": cases,
            "parcel": [f"parcel-{n}" for n in range(6)],
            "zone": ["social", "business"],
            "board": ["main", "upstairs"],
            "device": ["kiosk-1", "main", "voice-f1", "keys", "led", "desk"],
        }
        yield demo["url"], tokens, places
    finally:
        process.kill()
        process.communicate(timeout=10)


def may_call(app: Any, document: dict[str, Any], who: str) -> list[str]:
    """The operations to try as somebody: all as an administrator, as a kiosk those that a kiosk may call."""
    wanted = []
    for rule in app.url_map.iter_rules():
        operations = document["paths"].get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), {})
        for method, operation in operations.items():
            if method.upper() not in (rule.methods or ()) or rule.endpoint == "feed.feed":
                continue
            if who == "admin" or DeviceKind(who) in (ACCESS[rule.endpoint] or ()):
                wanted.append(operation["operationId"])
    return wanted


@pytest.mark.slow
@pytest.mark.parametrize("who", ["admin", "kiosk"])
def test_schemathesis_finds_no_undocumented_answer(
    shared: Any,
    running: tuple[str, dict[str, str], dict[str, list[str]]],
    document: dict[str, Any],
    tmp_path: Path,
    who: str,
) -> None:
    """All calls but the endless feed, sane and broken requests: documented status and shape, no 5xx. By night also
    requests made at random."""
    is_nightly = os.environ.get("CHAOXI_HYPOTHESIS") == "nightly"
    url, tokens, places = running
    wanted = may_call(shared.app, document, who)
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={HERE / 'schemathesis.toml'}",
            "run",
            f"{url}/api/openapi.json",
            *(f"--include-operation-id={each}" for each in wanted),
            f"--header=Authorization: Bearer {tokens[who]}",
            "--checks=all",
            # Every request gets the token given above, so a call without one cannot be tried here: the access matrix
            # does; and what a missing key is answered, test_harmless_and_repeatable.py.
            "--exclude-checks=missing_required_header",
            *(["--phases=coverage,fuzzing", "--max-examples=50"] if is_nightly else ["--phases=coverage"]),
            "--generation-deterministic",
            "--no-shrink",
            "--continue-on-failure",
            "--warnings=off",
            "--no-color",
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(HERE),
            "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
            "CHAOXI_PLACES": json.dumps(places),
        },
        capture_output=True,
        text=True,
        timeout=3600 if is_nightly else 300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    tested = re.search(r"Tested: (\d+)", done.stdout)
    assert tested is not None
    assert int(tested[1]) == len(wanted) >= {"admin": 90, "kiosk": 10}[who]

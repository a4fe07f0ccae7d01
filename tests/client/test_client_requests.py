"""GET and POST of the device client against a server that drops, stalls, cuts and repeats."""

import argparse
import json
import socket
import subprocess
import sys
import threading
import time

import pytest

from server.client import ApiError, Client, ServerLost, token_from


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_get_reads_json_below_the_api_base(script, acts):
    """A GET asks below /api/v1 with token and query, and gives the JSON object."""
    script.then(acts.answers(200, {"name": "阳新县市民之家"}))
    with Client(script.url + "/", "secret") as client:
        assert client.get("/stats/today", zone="social") == {"name": "阳新县市民之家"}
    asked = script.seen[0]
    assert (asked.method, asked.path) == ("GET", "/api/v1/stats/today?zone=social")
    assert asked.headers["Authorization"] == "Bearer secret"
    assert "Idempotency-Key" not in asked.headers


def test_post_keeps_its_key_over_retries(script, acts):
    """A POST whose answer is lost twice is sent again with the same key and body."""
    script.then(acts.drops, acts.answers(503, {"reason": "storage"}), acts.answers(201, {"number": "A012"}))
    with Client(script.url) as client:
        assert client.post("/tickets", {"service": "soc-ins"}) == {"number": "A012"}
    keys = {request.headers["Idempotency-Key"] for request in script.seen}
    assert len(script.seen) == 3
    assert len(keys) == 1
    assert len(keys.pop()) >= 8
    assert {request.body for request in script.seen} == {b'{"service": "soc-ins"}'}


def test_two_posts_have_two_keys(script, acts):
    """Every logical call makes its own key; a given key is used as it is."""
    script.then(acts.answers(200, {}))
    with Client(script.url) as client:
        client.post("/windows/S03/recall")
        client.post("/windows/S03/recall")
        client.post("/windows/S03/recall", key="begun-before")
    keys = [request.headers["Idempotency-Key"] for request in script.seen]
    assert len(set(keys)) == 3
    assert keys[2] == "begun-before"
    assert json.loads(script.seen[0].body) == {}


def test_empty_answer_is_none(script, acts):
    """204 (nobody waits) is None, not an error and not an empty object."""
    script.then(acts.answers(204))
    with Client(script.url) as client:
        assert client.post("/windows/S03/call-next") is None


def test_refusal_is_not_retried(script, acts):
    """A business refusal comes at once, with its reason and both sentences."""
    script.then(
        acts.answers(409, {"reason": "window_busy", "detail": "Finish A012 first", "detail_zh": "请先办结A012", "x": 1})
    )
    with Client(script.url) as client, pytest.raises(ApiError) as refusal:
        client.post("/windows/S03/call-next")
    error = refusal.value
    assert (error.status, error.reason, error.detail, error.detail_zh) == (
        409,
        "window_busy",
        "Finish A012 first",
        "请先办结A012",
    )
    assert len(script.seen) == 1


def test_500_is_not_retried(script, acts):
    """An internal error of the server is no reason to repeat."""
    script.then(acts.answers(500, b"<html>oops</html>"))
    with Client(script.url) as client, pytest.raises(ApiError) as refusal:
        client.post("/windows/S03/recall")
    assert (refusal.value.status, refusal.value.reason) == (500, "unexpected_answer")
    assert len(script.seen) == 1


def test_redirect_is_refused(script, acts):
    """A redirect is not followed: it would turn a POST into a GET."""
    script.then(acts.answers(302, b"", Location="/elsewhere"))
    with Client(script.url) as client, pytest.raises(ApiError) as refusal:
        client.post("/windows/S03/recall")
    assert refusal.value.status == 302
    assert len(script.seen) == 1


def test_503_until_the_tries_end(script, acts):
    """Storage trouble that lasts is given up after the tries allowed."""
    script.then(acts.answers(503, {"reason": "storage_trouble", "detail": "disk full"}))
    with Client(script.url) as client, pytest.raises(ApiError) as refusal:
        client.post("/windows/S03/recall", retries=2)
    assert refusal.value.reason == "storage_trouble"
    assert len(script.seen) == 3


def test_stalled_server_is_lost_within_the_limit(script, acts):
    """A server that accepts and says nothing costs no more than the total limit."""
    script.then(acts.stalls)
    with Client(script.url, timeout_s=0.3) as client:
        begin = time.monotonic()
        with pytest.raises(ServerLost):
            client.post("/windows/S03/recall", retries=50, within_s=1.0)
        assert 0.3 <= time.monotonic() - begin < 2.0
    assert len(script.seen) >= 2


def test_dripping_answer_is_lost_within_the_limit(script, acts):
    """An answer that trickles byte by byte does not hold the caller for ever."""

    def drips(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "4000")
        handler.end_headers()
        handler.close_connection = True
        while not handler.script.over.wait(0.05):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    script.then(drips)
    with Client(script.url, timeout_s=0.4) as client:
        begin = time.monotonic()
        with pytest.raises(ServerLost):
            client.get("/hall")
        assert time.monotonic() - begin < 3.0


def test_cut_answer_is_lost_and_asked_again(script, acts):
    """Half an answer is never taken for an answer."""

    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "400")
        handler.end_headers()
        handler.wfile.write(b'{"number": "A0')
        handler.close_connection = True

    script.then(half, acts.answers(200, {"number": "A012"}))
    with Client(script.url) as client:
        assert client.post("/tickets", {"service": "x"}) == {"number": "A012"}
    assert script.seen[0].headers["Idempotency-Key"] == script.seen[1].headers["Idempotency-Key"]


def test_no_server_is_lost():
    """Nobody listening is ServerLost, soon."""
    client = Client(f"http://127.0.0.1:{free_port()}")
    begin = time.monotonic()
    with client, pytest.raises(ServerLost):
        client.get("/hall")
    assert time.monotonic() - begin < 2.0


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://hall", "http://", ""])
def test_bad_address_is_refused(url):
    """An address that is none is a mistake to show at start."""
    with pytest.raises(ValueError, match="address"):
        Client(url)


def test_token_from_file_or_environment(tmp_path, monkeypatch):
    """The file goes before the environment; an empty file is refused, neither is no token."""
    monkeypatch.setenv("CHAOXI_TOKEN", "from-environment")
    file = tmp_path / "token"
    file.write_text("\ufefffrom-file\r\n", encoding="utf-8")
    assert token_from(argparse.Namespace(token_file=file)) == "from-file"
    assert token_from(argparse.Namespace(token_file=None)) == "from-environment"
    monkeypatch.delenv("CHAOXI_TOKEN")
    assert token_from(argparse.Namespace(token_file=None)) is None
    file.write_text("\n")
    with pytest.raises(ValueError, match="empty"):
        token_from(argparse.Namespace(token_file=file))


def test_settings_are_asked_for_until_the_server_is_there(script, acts, monkeypatch):
    """A device started before its server waits for it; one the hall does not know is told at once."""
    monkeypatch.setattr("server.client.BACK_OFF_S", (0.05,))
    settings = {"port": "loop://"}
    script.then(acts.drops, acts.drops, acts.drops, acts.drops, acts.answers(200, {"settings": settings}))
    stop = threading.Event()
    with Client(script.url) as client:
        assert client.settings("keypad-1", stop) == settings
        script.acts[:] = [acts.answers(404, {"reason": "device_unknown", "detail": "no such device"})]
        with pytest.raises(ApiError, match="no such device"):
            client.settings("keypad-2", stop)
        stop.set()
        assert client.settings("keypad-1", stop) is None


def test_client_brings_no_server_along():
    """Importing the client loads neither Flask nor the core."""
    code = (
        "import sys, server.client; "
        "print([m for m in sys.modules if m.split('.')[0] in ('flask', 'gevent', 'pydantic') "
        "or m.startswith(('server.core', 'server.log', 'server.web'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == "[]"

"""`make run` before it starts anything."""

import socket

import pytest

from server.simulate import demo_hall


def test_a_port_in_use_is_told_before_anything_starts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which port, why perhaps, and what to type instead; no server is begun that would take the other's answers."""
    monkeypatch.setattr(demo_hall.signal, "signal", lambda *_: None)
    monkeypatch.setattr(demo_hall.subprocess, "Popen", lambda *_, **__: pytest.fail("something was started"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert demo_hall.main(["--port", str(port)]) == 2
    said = capsys.readouterr().out
    assert f"端口 {port} 已被占用" in said
    assert f"make run PORT={port + 10}" in said

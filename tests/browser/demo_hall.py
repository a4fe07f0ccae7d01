"""A demo hall run as a program of its own, and what tests do with it: start, kill, take tickets, sign in, wait."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import ConsoleMessage, Page

ROOT = Path(__file__).absolute().parents[2]
READY_S = 30.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(condition: Callable[[], Any], limit_s: float, what: str) -> Any:
    """Wait for a condition, look often, give up after the limit."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {limit_s} s: {what}")


@dataclass
class DemoHall:
    """A demo hall on a data directory: started, killed and started again on the same port."""

    data: Path
    hall_file: Path | None = None
    port: int = field(default_factory=_free_port)
    process: subprocess.Popen[bytes] | None = None
    session: requests.Session = field(default_factory=requests.Session)
    tokens: dict[tuple[str | None, str], str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "run_server.py", "--demo", "--quiet-hall"]
        command += ["--data", str(self.data), "--port", str(self.port)]
        command += ["--hall", str(self.hall_file)] if self.hall_file else []
        with (self.data.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            until(self._is_ready, READY_S, "the server is ready")
        except AssertionError:
            raise AssertionError((self.data.parent / "server.log").read_text()[-3000:]) from None
        self.demo = json.loads((self.data / "demo.json").read_text())

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "the server stopped"
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.url}/readyz", timeout=1).status_code == 200
        return False

    def kill(self) -> None:
        """kill −9: no goodbye to anybody."""
        assert self.process is not None
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def get(self, path: str, token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.session.get(f"{self.url}/api/v1{path}", headers=headers, timeout=5)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: dict[str, Any], token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
        answer = self.session.post(f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=5)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def login(self, window: str | None = None, role: str = "clerk") -> dict[str, Any]:
        """The demo user of a window, or the first with a role."""
        for user in self.demo["users"]:
            if role in user["roles"] and (window is None or user.get("window") == window):
                found: dict[str, Any] = user
                return found
        raise LookupError((window, role))

    def token(self, window: str | None = None, role: str = "clerk") -> str:
        """A program's token for that user; signing in costs a password hash, so it is done once."""
        if (window, role) in self.tokens:
            return self.tokens[window, role]
        user = self.login(window, role)
        body = {"user": user["user"], "password": user["password"], "window": window}
        answer = self.session.post(f"{self.url}/api/v1/sign-in", json=body, timeout=5)
        assert answer.ok, answer.text
        self.tokens[window, role] = answer.json()["token"]
        return self.tokens[window, role]

    def issue(self, service: str, **more: Any) -> Any:
        """A citizen takes a ticket at the kiosk."""
        return self.post("/tickets", {"service": service, **more}, self.demo["kiosk_token"])


@dataclass
class Watch:
    """What the browser complained about: scripts that failed, blocked by the content policy, missing files."""

    complaints: list[str] = field(default_factory=list)
    forgiven: tuple[str, ...] = ()

    def on(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        text = f"{message.type}: {message.text} {message.location.get('url', '')}"
        if message.type in ("error", "warning") and not any(part in text for part in self.forgiven):
            self.complaints.append(text)


def sign_in(page: Page, hall: DemoHall, window: str | None = None, role: str = "clerk") -> None:
    """Gives the page's browser the cookie of a user, as the sign-in form does."""
    user = hall.login(window, role)
    body = {"user": user["user"], "password": user["password"], "window": window}
    answer = page.request.post(f"{hall.url}/api/v1/sign-in", data={k: v for k, v in body.items() if v})
    assert answer.ok, answer.text()

"""What a press at a window does: which calls of the API, in which order, and what is refused before asking.

Pure but for the client handed in: no port, no thread; the time is handed in. The display is drawn from `views`.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from caller.codecs import Action, Press
from server.client import ApiError, ServerLost

log = logging.getLogger("caller.keypad")

#: Two presses of a key within this time are one: fingers and contacts bounce.
DOUBLE_PRESS_S = 1.0

#: A press that could not be carried out within this time is dropped: the clerk has seen no answer and looked up.
STALE_PRESS_S = 3.0

#: How long a press made again, after its answer was lost, may still be the same one.
SAME_PRESS_S = 30.0


class Poster(Protocol):
    """The part of `server.client.Client` that acts."""

    def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        retries: int = 3,
        within_s: float = 8.0,
    ) -> dict[str, Any] | None:
        """As `Client.post`."""


class Refused(Exception):
    """A press that makes no sense now; said by a beep."""


@dataclass(frozen=True, slots=True)
class Command:
    """One POST of a window. A refusal of one that `may_fail` does not end the press."""

    name: str
    body: dict[str, Any] = field(default_factory=dict)
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class _Unanswered:
    command: Command
    key: str
    at_s: float
    situation: object


class Desk:
    """The windows of one line of keypads. `views` holds each window as the feed last told, None if not known."""

    def __init__(self, windows: Mapping[int, str], client: Poster) -> None:
        self.windows = dict(windows)
        self.views: dict[str, Mapping[str, Any] | None] = dict.fromkeys(windows.values())
        self._client = client
        self._last_press: dict[tuple[int, Action, str], float] = {}
        self._unanswered: dict[tuple[str, str], _Unanswered] = {}

    def is_double(self, press: Press, now_s: float) -> bool:
        """Whether a press is the bounce of the one before it at the same keypad."""
        what = (press.address, press.action, press.digits)
        before = self._last_press.get(what)
        if before is not None and now_s - before < DOUBLE_PRESS_S:
            return True
        self._last_press[what] = now_s
        return False

    def do(self, press: Press, pressed_s: float, now_s: float) -> None:
        """Carry out one press; raises `Refused`, `ApiError` or `ServerLost`."""
        window = self.windows.get(press.address)
        if window is None:
            raise Refused(f"keypad {press.address} belongs to no window")
        if press.action is Action.NOTHING:
            return
        view = self.views.get(window)
        if view is None:
            raise Refused(f"window {window}: the server is lost")
        if now_s - pressed_s > STALE_PRESS_S:
            raise Refused(f"window {window}: the press is {now_s - pressed_s:.0f} s old")
        for command in self._commands(press, view):
            self._post(window, command, now_s)

    def _commands(self, press: Press, view: Mapping[str, Any]) -> list[Command]:
        match press.action:
            case Action.CALL_NEXT:
                opening = [] if view.get("state") == "open" else [Command("open", may_fail=True)]
                return [*opening, Command("call-next", {"finish_current": True})]
            case Action.PAUSE:
                return [Command("open") if view.get("state") == "paused" else Command("pause")]
            case Action.RECALL:
                return [Command("recall")]
            case Action.NO_SHOW:
                return [Command("no-show")]
            case Action.HOLD:
                return [Command("hold")]
            case Action.RESUME:
                held = view.get("held") or []
                if not held:
                    raise Refused("nobody is held")
                return [Command("resume", {"ticket": held[0]["id"]})]
            case Action.RATE:
                # The evaluator asks once more about the ticket finished last.
                return [Command("rating/ask")]
            case Action.TRANSFER:
                return [Command("transfer", {"window": self._window_numbered(press.digits)})]
            case _:
                return []

    def _window_numbered(self, digits: str) -> str:
        """The window of this line with a public number; a keypad can name no others."""
        if not digits:
            raise Refused("no window was typed before the transfer key")
        for window, view in self.views.items():
            if view and view.get("number") == int(digits):
                return window
        raise Refused(f"no window {digits} on this line of keypads")

    def _post(self, window: str, command: Command, now_s: float) -> None:
        """Send one command. If its answer was lost and the clerk presses again, seeing nothing changed, it is the same
        command: with its old key it is carried out once, and a second ticket is not called."""
        situation = _situation(self.views.get(window))
        before = self._unanswered.pop((window, command.name), None)
        key = str(uuid.uuid4())
        if (
            before
            and before.command == command
            and before.situation == situation
            and now_s - before.at_s < SAME_PRESS_S
        ):
            key = before.key
        try:
            self._client.post(f"/windows/{window}/{command.name}", command.body, key=key, retries=2, within_s=4.0)
        except ServerLost:
            self._unanswered[window, command.name] = _Unanswered(command, key, now_s, situation)
            raise
        except ApiError as refusal:
            if refusal.status >= 500:
                self._unanswered[window, command.name] = _Unanswered(command, key, now_s, situation)
            if not command.may_fail:
                raise


def _situation(view: Mapping[str, Any] | None) -> object:
    """What a clerk sees at a window: its state, and which ticket is there how."""
    if view is None:
        return None
    ticket = view.get("ticket") or {}
    return view.get("state"), ticket.get("id"), ticket.get("state"), ticket.get("recalls")

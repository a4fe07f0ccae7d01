"""The Kivy program: carries touches and news to the flow, draws its state, and does what it asks for.

Holds no rule. Kivy must have been set up (`kiosk.toolkit`) before this is imported.
"""

import gc
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import glFinish
from kivy.uix.widget import Widget

from kiosk import fonts, staff
from kiosk.catalogue import Ticket
from kiosk.errands import (
    AskHelp,
    CheckIn,
    CopyHeld,
    FindItems,
    LoadForm,
    LoadGuide,
    PrintSlip,
    Rate,
    ReadCard,
    SeeCase,
    SlipMoved,
    StopReading,
    Wish,
)
from kiosk.flow import step
from kiosk.frame import frame_of
from kiosk.pagebook import Rules, choices, idle_left, look_of
from kiosk.printing import Printing, paper_of
from kiosk.screens.parts import Tappable, forget_widths
from kiosk.screens.shell import Shell
from kiosk.screens.view import View
from kiosk.settings import KioskSettings
from kiosk.sheet import pages, rows
from kiosk.slip import slip_of
from kiosk.speech import Speech
from kiosk.spoken import spoken
from kiosk.state import (
    Abandon,
    CheckPin,
    Command,
    Event,
    HallSeen,
    IssueTicket,
    NotePinFailures,
    Paper,
    PaperMoved,
    PinChecked,
    PrintTicket,
    Quit,
    Reprint,
    Screen,
    State,
    Taken,
    Tap,
    Tick,
    Touched,
)
from kiosk.theme import Look, Stage
from kiosk.wording import texts_of
from printer.slips import Slip

log = logging.getLogger("kiosk")

TICK_S = 0.2
SWEEP_AFTER_S = 1.0
#: Return, and Enter of the figures' block.
ENTER_KEYS = (13, 271)

#: Never shown: without a hall the header is empty.
NO_HALL_YET = "2000-01-01T00:00:00+08:00"


def _finish_frame(*_: object) -> None:
    """Let the graphics driver finish: a software one queues frames without limit, a gigabyte in a hundred visitors."""
    glFinish()


def _forget_words(*_: object) -> None:
    """What was measured for one visitor, codes and names among it, is not kept for the next (B1.8)."""
    forget_widths()
    rows.cache_clear()
    pages.cache_clear()


class Line(Protocol):
    """What the app needs of `kiosk.link.Link`."""

    def issue(self, command: IssueTicket) -> None: ...

    def check_in(self, command: CheckIn) -> None: ...

    def copy_held(self, command: CopyHeld) -> None: ...

    def abandon(self, attempt: int) -> None: ...

    def taken(self, ticket: Ticket) -> None: ...

    def reprint(self, ticket: Ticket, then: Callable[[dict[str, Any]], None]) -> None: ...

    def report_paper(self, ticket_id: str, state: str) -> None: ...


class Asking(Protocol):
    """What the app needs of `kiosk.enquiry.Enquiry`."""

    def find(self, command: FindItems) -> None: ...

    def ask(self, question: LoadGuide | LoadForm | AskHelp | Rate | SeeCase) -> None: ...


class Reading(Protocol):
    """What the app needs of `kiosk.identify.Identify`."""

    def begin(self, command: ReadCard) -> None: ...

    def stop(self) -> None: ...


@dataclass(slots=True)
class Parts:
    """What the program is put together from; a test puts in its own."""

    settings: KioskSettings
    data: Path
    line: Line | None = None
    printing: Printing | None = None
    speech: Speech | None = None
    enquiry: Asking | None = None
    reading: Reading | None = None
    #: Takes what is typed by a scanner or a card reader that types, Enter as a line break.
    keys: Callable[[str], None] = lambda text: None
    hall_now: Callable[[], datetime | None] = lambda: None
    now: Callable[[], float] = time.monotonic
    tell: Callable[[str, dict[str, Any]], None] = lambda kind, facts: None


class Kiosk(App):
    """One kiosk."""

    title = "Chaoxi 潮汐"
    finger: Any = None

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.parts = parts
        self.inbox: queue.SimpleQueue[Event | Callable[[], None]] = queue.SimpleQueue()
        self.state = State(staff=staff.at_start(self._pin_failures(), parts.now()))
        self.rules = self._rules()
        self._shell: Shell | None = None
        self._shell_key: tuple[Any, ...] = ()
        self._said: tuple[Any, ...] = ()
        self._drawn: tuple[Any, ...] = ()
        self._ui = threading.get_ident()

    # Kivy

    def build(self) -> Widget:
        """Make the root; the page is drawn into it."""
        root = Widget()
        Window.clearcolor = (0, 0, 0, 1)
        Window.bind(on_resize=self._resized, on_touch_down=self._touched, on_request_close=self._asked_to_close)
        Window.bind(on_flip=_finish_frame, on_textinput=self._typed, on_key_down=self._key_down)
        return root

    def on_start(self) -> None:
        """Prove the fonts, draw the first page, begin to tick."""
        fonts.prove()
        self._ticker = Clock.schedule_interval(self._tick, TICK_S)
        self._drain = Clock.create_trigger(self._take_inbox)
        self.rules = self._rules()
        self.draw()

    def on_stop(self) -> None:
        """Let go of the window."""
        Window.unbind(on_resize=self._resized, on_touch_down=self._touched, on_request_close=self._asked_to_close)
        Window.unbind(on_flip=_finish_frame, on_textinput=self._typed, on_key_down=self._key_down)
        self._ticker.cancel()

    def open_settings(self, *_: object) -> bool:
        """A forgotten keyboard's F1 opens nothing (standards D3.14)."""
        return False

    def _asked_to_close(self, *_: object, **__: object) -> bool:
        """Only staff leave; a window manager's close button is theirs in a demonstration."""
        return bool(Window.borderless)

    def _resized(self, *_: object) -> None:
        self.rules = self._rules()
        self.draw()

    def _touched(self, *_: object) -> bool:
        if self.state.warned_at is None:
            self.happen(Touched())
        return False

    def _typed(self, _: object, text: str) -> None:
        self.parts.keys(text)

    def _key_down(self, _: object, key: int, *__: object) -> None:
        if key in ENTER_KEYS:
            self.parts.keys("\n")

    def _tick(self, _: float) -> None:
        self._take_inbox()
        if self.parts.speech is not None and self.state.prefs.has_voice and self.parts.speech.is_speaking():
            # Who is being spoken to is not idle.
            self.happen(Touched() if self.state.warned_at is None else Tick())
        else:
            self.happen(Tick())

    # Events

    def post(self, event: Event | Callable[[], None]) -> None:
        """Take an event, or a thing to do, from another thread."""
        self.inbox.put(event)
        if getattr(self, "_drain", None) is not None:
            self._drain()

    def _take_inbox(self, *_: object) -> None:
        while not self.inbox.empty():
            item = self.inbox.get()
            if callable(item):
                item()
            else:
                self.happen(item)

    def happen(self, event: Event) -> None:
        """Let the flow take an event; draw and do what follows."""
        before = self.state
        result = step(before, event, self.parts.now(), self.rules)
        after, commands = result.state, result.commands
        self.state = after
        if after.screen is Screen.HOME and before.screen is not Screen.HOME:
            Clock.schedule_once(_forget_words, SWEEP_AFTER_S)
        if isinstance(event, Tap):
            self.parts.tell("tap", {"target": event.target.value, "value": event.value})
        for command in commands:
            self._do(command)
        if isinstance(event, HallSeen) or after is not before or isinstance(event, Tick):
            self.draw()

    def adopt(self, settings: KioskSettings) -> None:
        """Take this kiosk's section of the hall file as the server gives it now."""
        self.parts.settings = settings
        self.rules = self._rules()
        self.draw()

    # Commands

    def _do(self, command: Command) -> None:
        match command:
            case IssueTicket() | Abandon() | Taken() | CheckIn() | CopyHeld():
                self._send(command)
            case PrintTicket(ticket):
                self.parts.tell("ticket", {"number": ticket.number, "id": ticket.id, "url": ticket.url})
                self._print(dict(ticket.raw), int(ticket.raw.get("copies") or 1))
            case Reprint(ticket):
                self._reprint(ticket)
            case CheckPin(typed):
                threading.Thread(target=self._check_pin, args=(typed,), name="kiosk-pin", daemon=True).start()
            case NotePinFailures(failures):
                self._pin_file.parent.mkdir(parents=True, exist_ok=True)
                self._pin_file.write_text(str(failures), encoding="ascii")
            case Quit():
                self.parts.tell("quit", {})
                self.stop()
            case _:
                self._fulfil(command)

    def _fulfil(self, wish: Wish) -> None:
        """Do what a journey beyond the plain ticket asks for."""
        enquiry, reading = self.parts.enquiry, self.parts.reading
        match wish:
            case FindItems() if enquiry is not None:
                enquiry.find(wish)
            case LoadGuide() | LoadForm() | AskHelp() | Rate() | SeeCase() if enquiry is not None:
                enquiry.ask(wish)
            case ReadCard() if reading is not None:
                reading.begin(wish)
            case StopReading() if reading is not None:
                reading.stop()
            case PrintSlip(guide, language):
                self._print_slip(slip_of(guide, self.state.hall, language))
            case _:
                log.debug("nobody here to do %s", type(wish).__name__)

    def _print_slip(self, slip: Slip) -> None:
        if self.parts.printing is None:
            self.post(SlipMoved(Paper.TROUBLE.value))
            return
        self.parts.tell("slip", {"title": slip.title})
        self.parts.printing.print_slip(
            slip, lambda state, is_waiting: self.post(SlipMoved(paper_of(state, is_waiting).value))
        )

    def _send(self, command: IssueTicket | Abandon | Taken | CheckIn | CopyHeld) -> None:
        line = self.parts.line
        if line is None:
            return
        match command:
            case IssueTicket():
                line.issue(command)
            case CheckIn():
                line.check_in(command)
            case CopyHeld():
                line.copy_held(command)
            case Abandon(attempt):
                line.abandon(attempt)
            case Taken(ticket):
                line.taken(ticket)
                # Pages of other looks are rings of widgets; sweep while nobody looks, not in the middle of a touch.
                Clock.schedule_once(lambda _: gc.collect(), SWEEP_AFTER_S)

    def _reprint(self, ticket: Ticket) -> None:
        if self.parts.line is not None:
            self.parts.line.reprint(
                ticket, lambda answer: self.post(lambda: self._print(answer, int(answer["copies"])))
            )

    def _print(self, ticket: dict[str, Any], copy: int) -> None:
        hall = self.state.hall
        if self.parts.printing is not None and hall is not None:
            self.parts.printing.submit(ticket, hall.raw, copy)
        else:
            self.post(PaperMoved(str(ticket["id"]), paper_of("failed", False)))

    def paper_moved(self, ticket_id: str, state: str, is_waiting: bool) -> None:
        """Take news of the printer, from its thread."""
        self.parts.tell("paper", {"id": ticket_id, "state": state, "is_waiting": is_waiting})
        if self.parts.line is not None and not is_waiting:
            self.parts.line.report_paper(ticket_id, state)
        self.post(PaperMoved(ticket_id, paper_of(state, is_waiting)))

    def _check_pin(self, typed: str) -> None:
        # Takes a tenth of a second on purpose, hence a thread of its own.
        try:
            is_right: bool = PasswordHasher().verify(self.parts.settings.exit_pin_hash or "", typed)
        except (VerificationError, InvalidHashError):
            is_right = False
        self.post(PinChecked(is_right))

    @property
    def _pin_file(self) -> Path:
        return self.parts.data / "pin-failures"

    def _pin_failures(self) -> int:
        try:
            return int(self._pin_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    # Drawing

    def _rules(self) -> Rules:
        settings = self.parts.settings
        stage = Stage(max(320, Window.width), max(320, Window.height), settings.inches)
        return Rules(
            stage,
            settings.idle_s,
            settings.idle_warning_s,
            settings.exit_pin_hash is not None,
            bool(settings.reader_url),
        )

    def view(self) -> View:
        """This moment."""
        look = look_of(self.state, self.rules.stage)
        hall = self.state.hall
        hall_now = self.parts.hall_now() or datetime.fromisoformat(hall.now if hall else NO_HALL_YET)
        return View(
            self.state,
            look,
            frame_of(look),
            texts_of(look.language),
            self.rules,
            self.parts.now(),
            hall_now,
            self._device(),
        )

    def _device(self) -> str:
        printer = self.parts.printing.describe() if self.parts.printing is not None else ""
        return "\n".join(line for line in (self.parts.settings.id, printer) if line)

    def draw(self) -> None:
        """Draw this moment, if it differs from the last."""
        if self.root is None:
            return
        view = self.view()
        left = idle_left(self.state, view.now, self.rules)
        moment = replace(self.state, touched_at=0.0, last_tap=("", ""), last_tap_at=0.0)
        locked = staff.locked_for_s(self.state.staff, view.now)
        drawn = (
            moment,
            view.look,
            f"{view.hall_now:%m-%d %H:%M}",
            left and round(left),
            round(locked / 60),
            self.rules,
        )
        if drawn == self._drawn:
            return
        key = (view.look, self.state.hall.languages if self.state.hall else ())
        if self._shell is None or key != self._shell_key:
            self.root.clear_widgets()
            self._shell, self._shell_key = Shell(view), key
            self.root.add_widget(self._shell)
        is_other_page = not self._drawn or self._drawn[0].screen is not self.state.screen
        self._drawn = drawn
        self._shell.show(view)
        if is_other_page:
            self.parts.tell("screen", {"screen": self.state.screen.value, "targets": self._targets()})
        self._speak(view.look)

    def _targets(self) -> list[dict[str, Any]]:
        """Where things can be tapped, from the upper left corner, for whoever drives the whole program."""
        return [
            {
                "target": part.target.value,
                "value": part.value,
                "x": round(part.center_x),
                "y": round(Window.height - part.center_y),
            }
            for part in (self._shell.walk() if self._shell is not None else ())
            if isinstance(part, Tappable)
        ]

    def _speak(self, look: Look) -> None:
        """Say the page when it has become another one; not when only a figure on it changed."""
        speech, state = self.parts.speech, self.state
        if speech is None:
            return
        page = (
            state.prefs.has_voice,
            state.screen,
            state.page,
            state.zone,
            state.service,
            state.group,
            state.query,
            choices(state) if state.screen is Screen.SEARCH else None,
            state.guide,
            state.slip,
            state.card_trouble,
            state.typed,
            state.form,
            state.points,
            look.language,
            state.paper,
            state.warned_at is None,
            state.spoken_again,
            state.refusal,
        )
        if page == self._said:
            return
        was_on = bool(self._said and self._said[0])
        self._said = page
        if state.prefs.has_voice:
            speech.say(spoken(state, self.rules, texts_of(look.language)), look.language)
        elif was_on:
            speech.stop()

    @property
    def shell(self) -> Shell | None:
        """The page that is drawn."""
        return self._shell

    @property
    def screen(self) -> Screen:
        """Where we are."""
        return self.state.screen

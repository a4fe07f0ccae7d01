"""A kiosk off screen through thousands of visitors: what stays in memory, how soon a finger is answered.

    python bench/kiosk_soak.py --visitors 2000

The real program draws every page; only server, printer and time are played. Visitors differ in zone, language, size of
type and contrast; some search, some ask for a guide. Prints one line for every hundred visitors and the growth of the
resident memory after the first tenth (standards C5: less than 50 MB in 20 000 visits).
"""

import argparse
import gc
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kiosk import fonts, toolkit
from kiosk.catalogue import read_hall, read_ticket
from kiosk.errands import AskHelp, Sent
from kiosk.sample import sample_hall, sample_ticket
from kiosk.settings import KioskSettings
from kiosk.state import HallSeen, Issued, IssueTicket, Screen, Target

#: The page as on 1080 by 1920, in a sixteenth of its pixels: what is looked for does not depend on them.
SIZE = (270, 480)
SEED = 20261122
MB = 1024 * 1024


def resident() -> int:
    """Bytes of memory in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class Played:
    """Server and printer, which answer at once."""

    def __init__(self) -> None:
        self.app: Any = None
        self.given = 0

    def issue(self, command: IssueTicket) -> None:
        """Give the next number."""
        self.given += 1
        body = {**sample_ticket(), "id": f"ticket-{self.given}", "number": f"A{self.given % 1000:03d}"}
        self.app.post(Issued(command.attempt, read_ticket(body)))

    def submit(self, ticket: dict[str, Any], hall: dict[str, Any], copy: int) -> None:
        """Print."""
        self.app.paper_moved(ticket["id"], "printed", False)

    def ask(self, question: Any) -> None:
        """Send a guide; know nothing else."""
        if isinstance(question, AskHelp):
            self.app.post(Sent(question.attempt))

    def describe(self) -> str:
        """Say how it is."""
        return "played"

    def find(self, command: Any) -> None:
        """Find no items: the hall's services are found without the server."""

    def nothing(self, *_: Any) -> None:
        """Take what needs no answer."""

    check_in = copy_held = abandon = taken = reprint = report_paper = print_slip = close = nothing


class Visitors:
    """One after the other, each with a finger."""

    def __init__(self, app: Any, clock: list[float]) -> None:
        from kivy.base import EventLoop

        self.app, self.clock, self.loop = app, clock, EventLoop
        self.dice = random.Random(SEED)
        self.press_ms: list[float] = []
        self.page_ms: list[float] = []

    def targets(self) -> Iterator[Any]:
        """What can be tapped now."""
        from kiosk.screens.parts import Tappable

        for part in self.app.root.walk():
            if isinstance(part, Tappable) and not part.is_inert and not getattr(part, "is_hidden", False):
                yield part

    def tap(self, target: Target, value: str | None = None) -> None:
        """Touch it, and measure how soon it looks pressed and the next page stands there."""
        from kivy.tests.common import UnitTestTouch

        self.clock[0] += 1.0
        wanted = [part for part in self.targets() if part.target is target and value in (None, part.value)]
        part = self.dice.choice(wanted)
        touch = UnitTestTouch(*part.center)
        began, page = time.perf_counter(), self.app.screen
        touch.touch_down()
        self.loop.idle()
        self.press_ms.append((time.perf_counter() - began) * 1000)
        lifted = time.perf_counter()
        touch.touch_up()
        self.loop.idle()
        if self.app.screen is not page:
            self.page_ms.append((time.perf_counter() - lifted) * 1000)

    def until(self, screen: Screen) -> None:
        """Turn until a page is there."""
        for _ in range(200):
            if self.app.screen is screen:
                return
            self.loop.idle()
        raise AssertionError(f"{self.app.screen} instead of {screen}")

    def visit(self, number: int) -> None:
        """One visitor, from the first page to the first page."""
        if number % 5 == 1:
            self.tap(Target.LANGUAGE)
        if number % 7 == 2:
            self.tap(Target.SCALE)
        if number % 11 == 3:
            self.tap(Target.CONTRAST)
        if number % 13 == 4:
            self.tap(Target.LOW)
        if number % 9 == 5:
            self.tap(Target.HELP)
            self.tap(Target.HELP_KIND)
            self.until(Screen.HELPED)
        elif number % 4 == 0:
            self.tap(Target.SEARCH)
            for letter in self.dice.choice(("SB", "S", "J")):
                self.tap(Target.KEY, letter)
            self.take(Target.SERVICE)
        else:
            self.tap(Target.ZONE)
            self.take(Target.SERVICE)
        if self.app.screen is not Screen.HOME:
            self.clock[0] += 1.0
            self.tap(Target.DONE) if self.app.screen is not Screen.SHUT else self.tap(Target.HOME)
        self.until(Screen.HOME)

    def take(self, target: Target) -> None:
        """Choose a service and take its number, if it is open."""
        if self.app.screen is Screen.SHUT:
            return
        self.tap(target)
        if self.app.screen is Screen.SHUT:
            return
        self.tap(Target.CONFIRM)
        self.until(Screen.TICKET)
        for _ in range(5):
            self.loop.idle()


def program(folder: Path, clock: list[float]) -> Any:
    """The kiosk, with everything round it played."""
    from kiosk.app import Kiosk, Parts

    at = datetime.fromisoformat(sample_hall()["now"])
    played: Any = Played()

    def now() -> float:
        """Time that passes when a visitor lets it."""
        return clock[0]

    parts = Parts(
        KioskSettings("kiosk-1"), folder, line=played, printing=played, enquiry=played, hall_now=lambda: at, now=now
    )
    app = Kiosk(parts)
    played.app = app
    app._run_prepare()
    hall = read_hall(sample_hall())
    # No card is asked for: there is no reader in this measurement.
    zones = tuple(replace(z, services=tuple(replace(s, card="none") for s in z.services)) for z in hall.zones)
    app.post(HallSeen(replace(hall, zones=zones)))
    return app


def of_hundred(values: list[float], share: float) -> float:
    """A quantile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def main() -> int:
    """Let them come."""
    parser = argparse.ArgumentParser(prog="bench/kiosk_soak.py")
    parser.add_argument("--visitors", type=int, default=300)
    given = parser.parse_args()
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    os.environ.pop("DISPLAY", None)
    with tempfile.TemporaryDirectory() as scratch:
        files = fonts.prepare(Path(tempfile.gettempdir()) / "chaoxi-fonts")
        toolkit.set_up(SIZE, files, Path(scratch) / "kivy", is_windowed=False)
        from kivy.config import Config

        Config.set("graphics", "maxfps", "0")
        clock = [0.0]
        app = program(Path(scratch), clock)
        visitors = Visitors(app, clock)
        visitors.until(Screen.HOME)
        settled, began = 0, time.perf_counter()
        for number in range(given.visitors):
            visitors.visit(number)
            if number == given.visitors // 10:
                gc.collect()
                settled = resident()
            if number % 100 == 99:
                gc.collect()
                print(
                    f"{number + 1:6d} visitors  {resident() / MB:7.1f} MB  {time.perf_counter() - began:6.0f} s",
                    flush=True,
                )
        gc.collect()
        growth = (resident() - settled) / MB
        later = given.visitors - given.visitors // 10
        print(
            f"growth after the first tenth: {growth:.1f} MB in {later} visits, {growth * 1024 / later:.2f} kB a visit"
        )
        print(
            f"press seen: median {of_hundred(visitors.press_ms, 0.5):.0f} ms, 95 % {of_hundred(visitors.press_ms, 0.95):.0f} ms"
        )
        print(
            f"page changed: median {of_hundred(visitors.page_ms, 0.5):.0f} ms, 95 % {of_hundred(visitors.page_ms, 0.95):.0f} ms"
        )
        app.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

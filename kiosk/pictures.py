"""`python -m kiosk.pictures --out DIR`: every page of the kiosk as a picture, drawn off screen with a canned hall.

The real program draws them; only hall, ticket and time are canned.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from kiosk import fonts, toolkit
from kiosk.catalogue import Hall, read_hall, read_ticket
from kiosk.errands import Doing
from kiosk.items import read_guide, read_items
from kiosk.people import read_form, read_holder
from kiosk.sample import sample, sample_hall, sample_ticket
from kiosk.settings import KioskSettings
from kiosk.state import Paper, Prefs, Screen, State
from kiosk.theme import Scale
from kiosk.vouchers import read_case

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}

LOOKS = {
    "": Prefs(),
    "en": Prefs(language="en"),
    "large": Prefs(scale=Scale.LARGE),
    "largest": Prefs(scale=Scale.LARGEST),
    "largest-en": Prefs(language="en", scale=Scale.LARGEST),
    "contrast": Prefs(has_high_contrast=True),
    "low": Prefs(has_low_controls=True, has_voice=True),
    "low-largest-en": Prefs(language="en", scale=Scale.LARGEST, has_low_controls=True),
}


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to be drawn."""

    name: str
    state: State


@cache
def _hall() -> Hall:
    return read_hall(sample_hall())


def shots(prefs: Prefs) -> Iterator[Shot]:
    """Every page there is, for one visitor's wishes."""
    hall, ticket = _hall(), read_ticket(sample_ticket())
    base = State(screen=Screen.HOME, hall=hall, prefs=prefs, is_online=True)
    service = hall.zones[0].services[0].id
    chosen = replace(base, zone="social", service=service)
    yield Shot("home", base)
    yield Shot("services", replace(base, screen=Screen.SERVICES, zone="social"))
    yield Shot("services-2", replace(base, screen=Screen.SERVICES, zone="social", page=1))
    yield Shot("services-few", replace(base, screen=Screen.SERVICES, zone="housing-fund"))
    yield Shot("search", replace(base, screen=Screen.SEARCH, query="SB"))
    yield Shot("confirm", replace(chosen, screen=Screen.CONFIRM))
    yield Shot("confirm-priority", replace(chosen, screen=Screen.CONFIRM, group="elder"))
    yield Shot("groups", replace(chosen, screen=Screen.GROUPS))
    yield Shot("issuing", replace(chosen, screen=Screen.ISSUING))
    for paper in (Paper.PRINTING, Paper.PRINTED, Paper.TROUBLE):
        yield Shot(f"ticket-{paper.value}", replace(chosen, screen=Screen.TICKET, ticket=ticket, paper=paper))
    full = replace(chosen, refusal="This service takes no more tickets today", refusal_zh="该业务今日号源已满")
    yield Shot("refused", replace(full, screen=Screen.REFUSED))
    yield Shot("shut", replace(base, screen=Screen.SHUT, zone="marriage"))
    closed = replace(hall, is_open=False, opens_at="2026-11-24T08:30:00+08:00")
    yield Shot("closed", replace(base, screen=Screen.CLOSED, hall=closed))
    yield Shot("lost", replace(base, screen=Screen.LOST))
    yield Shot("refused-here", replace(base, screen=Screen.LOST, is_online=False, is_refused=True))
    yield Shot("warning", replace(base, screen=Screen.SERVICES, zone="social", warned_at=0.0))
    yield from _journeys(base, chosen)
    for_staff = replace(base, prefs=Prefs(language=prefs.language))
    yield Shot("pin", replace(for_staff, screen=Screen.PIN))
    yield Shot("staff", replace(for_staff, screen=Screen.STAFF))


def _journeys(base: State, chosen: State) -> Iterator[Shot]:
    """The pages beyond the plain ticket."""
    guide, elsewhere = read_guide(sample("guide")), read_guide(sample("guide_elsewhere"))
    holder, form = read_holder(sample("holder")), read_form(sample("rating_form"))
    found = replace(base, screen=Screen.SEARCH, query="GJJ", items=read_items(sample("items")), items_for="GJJ")
    yield Shot("search-items", found)
    yield Shot("guide", replace(base, screen=Screen.GUIDE, item=guide.item, guide=guide))
    yield Shot("guide-2", replace(base, screen=Screen.GUIDE, item=guide.item, guide=guide, page=1))
    printed = replace(base, screen=Screen.GUIDE, item=elsewhere.item, guide=elsewhere, slip=Paper.PRINTED)
    yield Shot("guide-elsewhere", printed)
    yield Shot("online", replace(base, screen=Screen.ONLINE, item=guide.item, guide=guide))
    named = replace(chosen, zone="police", service="entry-exit")
    optional = replace(chosen, zone="housing-fund", service="fund-withdraw")
    yield Shot("confirm-card", replace(optional, screen=Screen.CONFIRM))
    yield Shot("consent", replace(named, screen=Screen.CONSENT))
    yield Shot("reading", replace(named, screen=Screen.READING))
    yield Shot("reading-trouble", replace(named, screen=Screen.READING, card_trouble="unreadable"))
    yield Shot("welcome", replace(named, screen=Screen.WELCOME, holder=holder))
    yield Shot("no-card", replace(named, screen=Screen.NO_CARD))
    yield Shot("arrival", replace(base, screen=Screen.ARRIVAL, doing=Doing.CHECK_IN, typed="4029"))
    yield Shot("help", replace(base, screen=Screen.HELP))
    rated = replace(base, doing=Doing.RATING, form=form)
    ready = replace(base, doing=Doing.VOUCHER, screen=Screen.CASE, case=read_case(sample("case_ready")))
    yield Shot("case-ready", ready)
    yield Shot("case-missing", replace(ready, case=read_case(sample("case_missing"))))
    hall = base.hall
    if hall is not None:
        looked = next(service for zone in hall.zones for service in zone.services if service.first is not None)
        stepped = replace(chosen, zone=looked.zone, service=looked.id)
        yield Shot("confirm-precheck", replace(stepped, screen=Screen.CONFIRM))
        ticket = read_ticket(sample("ticket_precheck"))
        yield Shot("ticket-precheck", replace(stepped, screen=Screen.TICKET, ticket=ticket, paper=Paper.PRINTED))
    yield Shot("number", replace(rated, screen=Screen.NUMBER, typed="A012"))
    yield Shot("rating-code", replace(rated, screen=Screen.RATING_CODE, typed="A012", code="48"))
    yield Shot("levels", replace(rated, screen=Screen.LEVELS))
    yield Shot("points", replace(rated, screen=Screen.POINTS, level=2, points=("slow", "again")))
    yield Shot("sending", replace(rated, screen=Screen.SENDING))
    yield Shot("helped", replace(base, screen=Screen.HELPED, doing=Doing.HELP))
    yield Shot("thanks", replace(rated, screen=Screen.THANKS))


def main(arguments: list[str] | None = None) -> int:
    """Draw the pictures of one orientation; both by starting ourselves again, as Kivy has one window in its life."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.pictures")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--only", choices=tuple(SIZES), help="one orientation")
    parser.add_argument("--looks", nargs="*", choices=tuple(look or "plain" for look in LOOKS), help="some looks only")
    parser.add_argument("--pages", nargs="*", help="some pages only")
    parser.add_argument("--inches", type=float, default=21.5, help="diagonal of the glass")
    given = parser.parse_args(arguments)
    if given.only is None:
        rest = sys.argv[1:] if arguments is None else arguments
        runs = [subprocess.run([sys.executable, "-m", "kiosk.pictures", *rest, "--only", one]) for one in SIZES]
        return max(run.returncode for run in runs)
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    os.environ.pop("DISPLAY", None)
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(tempfile.gettempdir()) / "chaoxi-fonts"
        toolkit.set_up(SIZES[given.only], fonts.prepare(cache), Path(scratch) / "kivy", is_windowed=False)
        wanted = {("" if look == "plain" else look) for look in given.looks} if given.looks else set(LOOKS)
        _draw(given.out, given.only, Path(scratch), wanted, given)
    return 0


def _draw(out: Path, orientation: str, scratch: Path, looks: set[str], given: argparse.Namespace) -> None:
    from kivy.base import EventLoop

    from kiosk.app import Kiosk, Parts

    at: Any = datetime.fromisoformat(sample_hall()["now"])
    settings = KioskSettings("kiosk-1", inches=given.inches, reader_url="simulator:///cards")
    app = Kiosk(Parts(settings, scratch, hall_now=lambda: at, now=lambda: 0.0))
    app._run_prepare()
    for look in looks:
        for shot in shots(LOOKS[look]):
            if given.pages and shot.name not in given.pages:
                continue
            app.state = shot.state
            app.draw()
            for _ in range(3):
                EventLoop.idle()
            name = "-".join(part for part in ("kiosk", shot.name, orientation, look) if part)
            assert app.shell is not None, "the first draw makes it"
            app.shell.export_to_png(str(out / f"{name}.png"))
    app.stop()


if __name__ == "__main__":
    raise SystemExit(main())

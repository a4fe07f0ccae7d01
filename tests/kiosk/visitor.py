"""One visitor at the kiosk's flow, for the tests of the journeys: touches, waits, and hears what the server says."""

from dataclasses import replace
from typing import Any

from kiosk.catalogue import read_hall, read_ticket
from kiosk.errands import (
    HolderSeen,
    ItemsFound,
)
from kiosk.flow import step
from kiosk.items import read_guide, read_items
from kiosk.pagebook import Rules
from kiosk.people import read_form, read_holder
from kiosk.sample import sample, sample_hall, sample_ticket
from kiosk.state import (
    Command,
    Event,
    HallSeen,
    Screen,
    State,
    Tap,
    Target,
    Tick,
)
from kiosk.theme import Stage

RULES = Rules(Stage(1080, 1920, 21.5), idle_s=45, warning_s=20, has_reader=True)
ITEMS = read_items(sample("items"))
WITHDRAWAL, LOAN, FIREWORKS, BIRTH, _ = ITEMS
GUIDE, ELSEWHERE = read_guide(sample("guide")), read_guide(sample("guide_elsewhere"))
HOLDER = read_holder(sample("holder"))
NOBODY_SPECIAL = replace(HOLDER, groups=(), tickets=(), appointments=())
FORM = read_form(sample("rating_form"))
TICKET = read_ticket(sample_ticket())

#: In the sample hall this service's ticket is in somebody's name; the other may be.
REQUIRED, OPTIONAL = ("police", "entry-exit"), ("housing-fund", "fund-withdraw")


class Visitor:
    """Walks through the flow; a tap comes a second after the last."""

    def __init__(self, rules: Rules = RULES, **hall: Any) -> None:
        self.rules, self.now = rules, 100.0
        self.state = State(touched_at=self.now)
        self.commands: list[Command] = []
        self.see(HallSeen(read_hall({**sample_hall(), **hall})))

    def see(self, *events: Event) -> "Visitor":
        """Let things happen now."""
        for event in events:
            result = step(self.state, event, self.now, self.rules)
            self.state = result.state
            self.commands.extend(result.commands)
        return self

    def tap(self, target: Target, value: str = "") -> "Visitor":
        """Tap after a moment."""
        self.now += 1.0
        return self.see(Tap(target, value))

    def keys(self, text: str) -> "Visitor":
        """Tap keys."""
        for sign in text:
            self.tap(Target.KEY, sign)
        return self

    def wait(self, seconds: float) -> "Visitor":
        """Let time pass, tick by tick."""
        for _ in range(round(seconds * 4)):
            self.now += 0.25
            self.see(Tick())
        return self

    def asked(self, kind: type[Any]) -> list[Any]:
        """What was asked for, of one kind."""
        return [command for command in self.commands if isinstance(command, kind)]

    def search(self, letters: str = "GJJ") -> "Visitor":
        """Look for items."""
        return self.tap(Target.SEARCH).keys(letters).see(ItemsFound(letters, ITEMS))

    def choose(self, choice: tuple[str, str], *, with_card: bool = True) -> "Visitor":
        """Choose a service and confirm it; with a card where one is taken."""
        asks_for_card = with_card and choice == OPTIONAL and self.rules.has_reader
        confirm = Target.CARD if asks_for_card else Target.CONFIRM
        return self.tap(Target.ZONE, choice[0]).tap(Target.SERVICE, choice[1]).tap(confirm)

    def lay_card(self, holder: Any = HOLDER) -> "Visitor":
        """Agree, and have the card read."""
        self.tap(Target.AGREE)
        return self.see(HolderSeen(self.state.attempt, holder))

    @property
    def screen(self) -> Screen:
        """Where we are."""
        return self.state.screen

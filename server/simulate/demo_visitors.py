"""The citizens of a played day: at the kiosk with or without a card, by appointment, asking for help, going online,
rating when they leave. They take no ticket where the kiosk tells them not to."""

from datetime import datetime
from typing import Any

from config.sections import CardUse
from server.client import ApiError
from server.simulate.people import (
    ABSENT_SHARE,
    BOOKED_SHARE,
    CARD_SHARE,
    ENGLISH_SHARE,
    GIVE_UP_SHARE,
    HELP_SHARE,
    ITEM_SHARE,
    LATE_SHARE,
    NO_CARD_SHARE,
    ONLINE_SHARE,
    PRIORITY_SHARE,
    RATED_SHARE,
    RETURN_SHARE,
    Card,
)
from server.simulate.played_hall import PlayedHall

#: Nobody books a slot that begins so soon.
BOOK_AHEAD_S = 30 * 60.0


class Visitors:
    """Everybody who comes. `wishes`: what those want who asked for help, by request."""

    def __init__(self, here: PlayedHall) -> None:
        self._here = here
        self._crowd = here.crowd
        self._groups = [group.id for group in here.hall.priority_groups if group.enabled]
        self._cards: list[Card] = []
        self._form: dict[int, list[str]] = {}
        self.wishes: dict[str, dict[str, Any]] = {}

    # --- at the door --------------------------------------------------------------------------------------------------

    def open(self, line: str, *, with_line: bool) -> None:
        """Let in those of a line who stand at the door, then the others as they come."""
        for _ in range(self._crowd.opening_line(line) if with_line else 0):
            self._here.after(self._crowd.random.uniform(0, 90), lambda: self.come(line))
        self._next(line)

    def _next(self, line: str) -> None:
        def arrive() -> None:
            if self._here.doors_open:
                self._next(line)
                self.come(line)

        self._here.after(self._crowd.next_arrival_s(line, self._here.day.now_s), arrive)

    def come(self, line: str) -> None:
        """One citizen of a line: looks a thing up, shows a card, asks for help or takes a ticket."""
        here, crowd = self._here, self._crowd
        wish: dict[str, Any] = {
            "service": crowd.choose(line),
            "language": "en" if crowd.is_(ENGLISH_SHARE) else "zh",
        }
        if not self._looks_up(wish):
            return
        if self._groups and crowd.is_(PRIORITY_SHARE):
            wish["group"] = crowd.random.choice(self._provable())
        if here.staff.guide is not None and here.hall.assistance.kinds and crowd.is_(HELP_SHARE):
            request = here.new_id()
            kind = crowd.random.choice(here.hall.assistance.kinds).id
            here.kiosk.post("/help", {"id": request, "kind": kind, "language": wish["language"]})
            self.wishes[request] = wish
            here.happened["asked for help"] += 1
            return
        if self._shows_card(wish):
            self._take(wish)

    def _provable(self) -> list[str]:
        """Groups that can be named without a card."""
        asked = [group.id for group in self._here.hall.priority_groups if group.enabled and group.by_clerk]
        return asked or self._groups

    def _looks_up(self, wish: dict[str, Any]) -> bool:
        """Whether a ticket is still wanted after a look at the item: some go online, some must go elsewhere."""
        here, crowd = self._here, self._crowd
        items = here.items.get(wish["service"])
        if not items or not crowd.is_(ITEM_SHARE):
            return True
        if here.elsewhere and crowd.is_(0.05):
            here.kiosk.get(f"/items/{crowd.random.choice(here.elsewhere)['code']}")
            here.happened["sent elsewhere"] += 1
            return False
        item = crowd.random.choice(items)
        here.kiosk.get(f"/items/{item['code']}")
        if item["online"] and crowd.is_(ONLINE_SHARE):
            here.happened["went online"] += 1
            return False
        wish["item"] = item["code"]
        return True

    def _shows_card(self, wish: dict[str, Any]) -> bool:
        """Show a card where it is asked for; False if the kiosk said that there is no need for another ticket."""
        here, crowd = self._here, self._crowd
        use = here.services[wish["service"]].id_card
        if use is CardUse.NONE or (use is CardUse.OPTIONAL and not crowd.is_(CARD_SHARE)):
            return True
        if use is CardUse.REQUIRED and crowd.is_(NO_CARD_SHARE):
            # The way without a card, always: staff issue the ticket.
            if here.staff.guide is not None:
                here.staff.guide.post("/tickets", wish | {"channel": "staff"})
                here.happened["without a card, by staff"] += 1
            return False
        if self._cards and crowd.is_(RETURN_SHARE):
            card = crowd.random.choice(self._cards)
        else:
            card = crowd.card()
            self._cards.append(card)
        known = here.kiosk.post("/holders", {"card": {"number": card.number, "name": card.name, "kind": "resident"}})
        assert known is not None
        here.happened["card shown"] += 1
        open_ = [one for one in known["tickets"] if one["state"] in ("waiting", "called", "serving", "held")]
        limit = here.hall.identity.per_day
        if any(one["service"] == wish["service"] for one in open_) or (limit and len(known["tickets"]) >= limit):
            here.happened["has a ticket already"] += 1
            return False
        wish["holder"] = known["holder"]
        if known["groups"]:
            wish["group"] = known["groups"][0]
            here.happened["group proved by card"] += 1
        return True

    def _take(self, wish: dict[str, Any]) -> None:
        ticket = self._here.kiosk.post("/tickets", wish | {"channel": "kiosk"})
        assert ticket is not None
        self._here.happened["ticket"] += 1
        self._here.somebody_waits(ticket["service"])
        if self._crowd.is_(GIVE_UP_SHARE):
            self._here.after(self._crowd.random.uniform(300, 900), lambda: self._give_up(ticket["id"]))

    def _give_up(self, ticket: str) -> None:
        if self._here.kiosk.get(f"/tickets/{ticket}")["state"] == "waiting":
            self._here.kiosk.post(f"/tickets/{ticket}/cancel")
            self._here.happened["gave up"] += 1

    # --- by appointment -----------------------------------------------------------------------------------------------

    def book(self) -> None:
        """Phones at home: some of the free slots of today and of the days to come are booked."""
        if self._here.anyone is None:
            return
        for service in self._here.hall.services:
            if service.slots:
                self._book(service.id)

    def _book(self, service: str) -> None:
        here, crowd = self._here, self._crowd
        assert here.anyone is not None
        now = datetime.fromisoformat(here.anyone.get("/hall")["now"])
        days = here.anyone.get(f"/services/{service}/slots")["days"]
        for number, day in enumerate(days[:4]):
            for slot in day["slots"]:
                away_s = (datetime.fromisoformat(slot["at"]) - now).total_seconds()
                # Fewer of later days are taken already.
                if slot["left"] > 0 and away_s > BOOK_AHEAD_S and crowd.is_(BOOKED_SHARE / (1 + number)):
                    self._book_slot(service, slot["at"], away_s)

    def _book_slot(self, service: str, slot_at: str, away_s: float) -> None:
        here, crowd = self._here, self._crowd
        assert here.anyone is not None
        body = {"id": here.new_id(), "service": service, "slot_at": slot_at, "phone": crowd.phone(), "name": "预约人"}
        booked = here.anyone.post("/appointments", body)
        assert booked is not None
        here.happened["booked"] += 1
        if crowd.is_(ABSENT_SHARE):
            return
        late = crowd.is_(LATE_SHARE)
        late_s = here.hall.rules.appointment_late_min * 60
        gap_s = crowd.random.uniform(late_s + 60, late_s + 900) if late else -crowd.random.uniform(60, 1200)
        # The slot is on the server's clock, the day's clock runs `speed` times as fast.
        here.after((away_s + gap_s) * here.day.speed, lambda: self._check_in(booked, late=late))

    def _check_in(self, booked: dict[str, Any], *, late: bool) -> None:
        here = self._here
        if not here.doors_open:
            return
        body: dict[str, Any] = {"id": here.new_id(), "code": booked["code"]}
        if here.services[booked["service"]].id_card is CardUse.REQUIRED:
            card = self._crowd.card()
            known = here.kiosk.post("/holders", {"card": {"number": card.number, "name": card.name}})
            assert known is not None
            body["holder"] = known["holder"]
        here.kiosk.post("/check-ins", body)
        here.somebody_waits(booked["service"])
        here.happened["checked in late" if late else "checked in"] += 1

    # --- on leaving ---------------------------------------------------------------------------------------------------

    def leave(self, window: str, ticket: dict[str, Any]) -> None:
        """Whoever was served rates, or not."""
        if not self._crowd.is_(RATED_SHARE):
            return
        level = self._crowd.level()
        self._here.after(self._crowd.random.uniform(1, 4), lambda: self._rate(window, ticket["number"], level))

    def _rate(self, window: str, number: str, level: int) -> None:
        here, crowd = self._here, self._crowd
        if not self._form:
            form = here.kiosk.get("/rating-form")
            self._form = {one["level"]: [point["id"] for point in one["points"]] for one in form["levels"]}
        points = crowd.random.sample(self._form[level], k=min(len(self._form[level]), crowd.random.choice((0, 1, 2))))
        body: dict[str, Any] = {"level": level, "points": points}
        try:
            if here.evaluator is not None and crowd.is_(0.7):
                here.evaluator.post(f"/windows/{window}/rating", body | {"number": number})
            else:
                contact = {"comment": "等了很久，材料要了两次", "phone": crowd.phone()} if level <= 2 else {}
                code = here.kiosk.get(f"/tickets/{number}")["rating_code"]
                here.kiosk.post("/ratings", body | contact | {"number": number, "code": code})
        except ApiError as refusal:
            # The clerk has called the next one meanwhile and the evaluator asks about nobody: then it stays unrated. So
            # does who has a paper of another printer: its code is on it alone.
            if refusal.reason not in ("rating_over", "wrong_state", "already_rated", "not_your_ticket"):
                raise
            here.happened["came too late to rate"] += 1
            return
        here.happened[f"rated {level}"] += 1

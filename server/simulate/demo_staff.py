"""The staff of a played day: clerks at their windows, guides who help, leaders who follow up bad ratings and matters."""

from collections.abc import Callable
from typing import Any

from config.sections import ServiceKind
from server.client import ApiError
from server.simulate.demo_cases import Settling
from server.simulate.people import (
    HOLD_SHARE,
    NO_SHOW_SHARE,
    PAUSE_SHARE,
    PROVED_SHARE,
    TRANSFER_SHARE,
)
from server.simulate.played_hall import Api, PlayedHall

#: After meeting somebody else at a window, leave it alone this long.
HANDS_OFF_S = 600.0
#: How often a clerk on standby looks whether the window has been opened.
STANDBY_S = 15.0
#: An idle clerk sees somebody take a ticket and calls after this; he looks whether anything else came up after that.
NOTICE_S = (2.0, 8.0)
LOOK_S = (30.0, 60.0)
#: Who was sent to copy a paper comes back after this.
ASIDE_S = 300.0
#: How often guides look for requests, leaders for work orders and matters.
GUIDE_ROUND_S = 30.0
LEADERS_ROUND_S = 300.0
#: Kinds of service whose visits are written down as a matter.
MATTERS = {ServiceKind.UNRESOLVED: "unresolved", ServiceKind.CROSS_REGION: "cross_region"}


class Clerk:
    """A clerk at one window: opens it, then calls, starts and finishes for the rest of the day."""

    def __init__(
        self,
        here: PlayedHall,
        client: Api,
        window: str,
        served: Callable[[str, dict[str, Any]], None],
        settling: Settling | None = None,
    ) -> None:
        self._settling = settling
        self._here, self._day, self._crowd, self._client = here, here.day, here.crowd, client
        self._window, self._served = window, served
        self._idle_round = 0
        #: Tickets set aside, with the time from which the clerk takes them back.
        self._aside: list[tuple[float, dict[str, Any]]] = []

    def _post(self, verb: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        return self._client.post(f"/windows/{self._window}/{verb}", body)

    def _later(self, delay_s: float, act: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                act()
            except ApiError as refusal:
                # The tide closed the window meanwhile, or somebody else works at it: look again later.
                self._here.note(act, refusal)
                closed = refusal.reason == "window_closed"
                self._day.after(STANDBY_S if closed else HANDS_OFF_S, self.begin)

        self._day.after(delay_s, guarded)

    def _length_s(self, ticket: dict[str, Any]) -> float:
        return self._crowd.service_s(self._here.services[ticket["service"]].mean_service_min * 60)

    def begin(self) -> None:
        """Come to the window and go on with whatever is there."""
        try:
            found = self._client.get(f"/windows/{self._window}")
            if found["standby"]:
                # The tide has sent this clerk to other work and will open the window again.
                if self._here.doors_open:
                    self._day.after(STANDBY_S, self.begin)
                return
            if found["state"] != "open":
                self._post("open")
        except ApiError:
            self._day.after(HANDS_OFF_S, self.begin)
            return
        ticket = found["ticket"]
        if ticket is None:
            self._later(self._crowd.random.uniform(0, 5), self._call)
        elif ticket["state"] == "called":
            self._later(self._crowd.walk_s(), lambda: self._arrive(ticket))
        else:
            self._later(self._length_s(ticket) / 2, lambda: self._finish(ticket))

    def _call(self) -> None:
        if self._aside and self._day.now_s >= self._aside[0][0]:
            self._take_back(self._aside.pop(0)[1])
            return
        answer = self._post("call-next")
        if answer is None:
            if not self._here.doors_open and not self._aside:
                self._post("close")
                return
            self._wait_idle()
            return
        ticket = answer["ticket"]
        if self._crowd.is_(NO_SHOW_SHARE):
            self._later(30, lambda: self._nobody_comes(recalls=1))
        else:
            self._later(self._crowd.walk_s(), lambda: self._arrive(ticket))

    def _wait_idle(self) -> None:
        """Until a ticket is taken for this window, or for a while: whichever comes first."""
        self._idle_round += 1
        this_round = self._idle_round

        def look() -> None:
            if self._idle_round == this_round:
                self._idle_round += 1
                self._here.idle.pop(self._window, None)
                self._call()

        self._here.idle[self._window] = lambda: self._later(self._crowd.random.uniform(*NOTICE_S), look)
        self._later(self._crowd.random.uniform(*LOOK_S), look)

    def _nobody_comes(self, recalls: int) -> None:
        if recalls > 0:
            self._post("recall")
            self._later(25, lambda: self._nobody_comes(recalls - 1))
        else:
            self._post("no-show")
            self._later(3, self._call)

    def _arrive(self, ticket: dict[str, Any]) -> None:
        self._post("start")
        if ticket.get("group") and ticket.get("proof") is None:
            confirmed = self._crowd.is_(PROVED_SHARE)
            self._post("proof", {"ticket": ticket["id"], "confirmed": confirmed})
            self._here.happened["proof seen" if confirmed else "proof refuted"] += 1
        length = self._length_s(ticket)
        if self._crowd.is_(HOLD_SHARE):
            self._later(length / 3, lambda: self._set_aside(ticket))
        elif self._crowd.is_(TRANSFER_SHARE):
            self._later(length / 3, lambda: self._send_on(ticket))
        else:
            self._later(length, lambda: self._finish(ticket))

    def _set_aside(self, ticket: dict[str, Any]) -> None:
        self._post("hold")
        self._aside.append((self._day.now_s + ASIDE_S, ticket))
        self._later(2, self._call)

    def _take_back(self, ticket: dict[str, Any]) -> None:
        """Resume a ticket that was set aside; if somebody else took it, go on with the next."""
        if any(held["id"] == ticket["id"] for held in self._client.get(f"/windows/{self._window}")["held"]):
            self._post("resume", {"ticket": ticket["id"]})
            self._later(self._crowd.walk_s(), lambda: self._arrive(ticket))
        else:
            self._later(2, self._call)

    def _send_on(self, ticket: dict[str, Any]) -> None:
        others = [s for s in self._client.get(f"/windows/{self._window}")["services"] if s != ticket["service"]]
        if others:
            self._post("transfer", {"service": self._crowd.random.choice(others)})
        else:
            self._post("finish")
            self._served(self._window, ticket)
        self._later(3, self._call)

    def _finish(self, ticket: dict[str, Any]) -> None:
        if self._settling is not None:
            settling = self._settling
            # Whatever is not taken, the citizen goes home.
            self._here.try_(lambda: settling.settle(self._client, self._window, ticket))
        self._post("finish")
        self._here.happened["served"] += 1
        if following := self._here.after_check.get(ticket["service"]):
            for service in following:
                self._here.somebody_waits(service)
        else:
            self._served(self._window, ticket)
        self._write_down(ticket)
        if self._crowd.is_(PAUSE_SHARE):
            self._post("pause", {"reason": "短暂离开"})
            self._later(self._crowd.random.uniform(60, 300), self.begin)
        else:
            self._later(self._crowd.random.uniform(2, 8), self._call)

    def _write_down(self, ticket: dict[str, Any]) -> None:
        """办不成事 and cross-region business are recorded as matters."""
        kind = MATTERS.get(self._here.services[ticket["service"]].kind)
        if kind is None:
            return
        chance, matters = self._crowd.random, self._here.hall.matters
        body: dict[str, Any] = {"id": self._here.new_id(), "kind": kind, "ticket": ticket["id"]}
        if kind == "unresolved":
            body |= {"reason": chance.choice(matters.reasons).id, "phone": self._crowd.phone()}
        elif matters.regions:
            body["region"] = chance.choice(matters.regions).id
        self._client.post("/matters", body)
        self._here.happened[f"matter {kind}"] += 1


class Guide:
    """A guide with a tablet: takes requests for help and issues tickets for those who cannot use the kiosk."""

    def __init__(self, here: PlayedHall, client: Api, wishes: dict[str, dict[str, Any]]) -> None:
        self._here, self._client, self._wishes = here, client, wishes

    def look(self) -> None:
        """Take the first open request, then look again."""
        found = self._client.get("/help")
        waiting = [one for one in found["requests"] if one["state"] == "asked"]
        if waiting:
            request = waiting[0]
            self._client.post(f"/help/{request['id']}/take")
            self._here.after(self._here.crowd.random.uniform(30, 120), lambda: self._help(request["id"]))
        if waiting or self._here.doors_open:
            self._here.after(GUIDE_ROUND_S, self.look)

    def _help(self, request: str) -> None:
        wish = self._wishes.pop(request, None)
        if wish is not None:
            self._client.post("/tickets", wish | {"channel": "staff"})
            self._here.happened["issued by a guide"] += 1
        self._client.post(f"/help/{request}/end", {"outcome": "helped" if wish else "not_needed"})
        self._here.happened["helped"] += 1


class Leaders:
    """Supervisor and manager: work orders of bad ratings go through both hands, matters get their result."""

    def __init__(self, here: PlayedHall, supervisor: Api, manager: Api) -> None:
        self._here, self._supervisor, self._manager = here, supervisor, manager

    def look(self) -> None:
        """Take every open order one step further, settle a matter, then look again."""
        for order in self._supervisor.get("/orders", state="unfinished")["orders"]:
            self._step(order)
        for matter in self._supervisor.get("/matters", open="true")["matters"][:2]:
            result = self._here.hall.matters.results[0 if self._here.crowd.is_(0.7) else 1].id
            self._supervisor.post(f"/matters/{matter['id']}/settle", {"result": result})
            self._here.happened["matter settled"] += 1
        if self._here.doors_open:
            self._here.after(LEADERS_ROUND_S, self.look)

    def _step(self, order: dict[str, Any]) -> None:
        path, chance = f"/orders/{order['id']}", self._here.crowd
        exclusion = order["exclusion"]
        if exclusion is not None and exclusion["verdict"] is None:
            self._manager.post(f"{path}/judge", {"accept": chance.is_(0.5)})
            self._here.happened["exclusion judged"] += 1
        elif order["state"] == "open":
            self._supervisor.post(f"{path}/callback", {"reached": True, "note": "已电话回访，群众说明情况"})
            self._here.happened["called back"] += 1
        elif order["state"] == "contacted":
            if exclusion is None and chance.is_(0.15):
                self._supervisor.post(f"{path}/exclude", {"note": "群众表示误按"})
            else:
                self._supervisor.post(f"{path}/mend", {"note": "已当面致歉并补办"})
        elif order["state"] == "mended":
            self._manager.post(f"{path}/close")
            self._here.happened["order closed"] += 1

"""What follows the visits of a played day: clerks settle items, runners carry papers, departments decide, desks hand out,
the post delivers, originals go to the archive. Through the API like everybody else, a few steps each round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from config.schema import Position
from config.sections import ServiceKind
from server.simulate.played_hall import Api, PlayedHall

#: What becomes of items at an acceptance window, in parts of a hundred.
OUTCOMES = {"done": 58, "accepted": 26, "accepted_missing": 6, "correction": 6, "refused": 2, "pre_accepted": 2}
#: Who is told at the pre-check to bring other papers first.
TURNED_AWAY_SHARE = 0.08
POST_SHARE = 0.25
URGENT_SHARE = 0.1
PAPERS = ("户口簿复印件", "近期一寸免冠照片", "申请表（签字）", "居住证明", "授权委托书", "银行卡复印件")
PROMISE_DAYS = 5
CASE_ROUND_S = 40.0
#: Steps of one kind in a round, so that a round stays a handful of requests.
STEPS_MAX = 8
#: In a round: papers are signed for, a department decides or waits for a fee, what was waited for comes, somebody fetches.
SIGN_SHARE = 0.7
ANSWER_SHARE = 0.3
DENY_SHARE = 0.04
FEE_SHARE = 0.02
GO_ON_SHARE = 0.25
FETCH_SHARE = 0.3
DELIVERED_SHARE = 0.1
PARCEL_SHARE = 0.1
FEE_CENTS = 2500


def _tracking(chance: Random, carrier: str) -> str:
    """A number as this carrier gives them."""
    figures = f"{chance.randint(10**12, 10**13 - 1)}"
    if "顺丰" in carrier:
        return f"SF{figures}"
    if "京东" in carrier:
        return f"JDV{figures}"
    return f"EA{figures[:9]}CN" if "EMS" in carrier else figures


class Settling:
    """What a clerk says became of the item of a ticket, before the citizen goes."""

    def __init__(self, here: PlayedHall, today: date) -> None:
        self._here, self._today = here, today

    def settle(self, client: Api, window: str, ticket: dict[str, Any]) -> None:
        """Settle the ticket's item, or hand out the result it was taken for."""
        service = self._here.services[ticket["service"]]
        if service.position is Position.PICKUP or self._is_pickup(service.id):
            self._hand_out(client, ticket)
        elif service.position is Position.PRECHECK:
            if self._here.crowd.is_(TURNED_AWAY_SHARE):
                self._say(client, window, self._body(ticket, "correction"))
        elif service.position is Position.ACCEPTANCE and service.kind is not ServiceKind.UNRESOLVED:
            chance = self._here.crowd.random
            [outcome] = chance.choices(list(OUTCOMES), list(OUTCOMES.values()))
            self._say(client, window, self._body(ticket, outcome))

    def _is_pickup(self, service: str) -> bool:
        return service in self._here.hall.cases.pickup.values()

    def _hand_out(self, client: Api, ticket: dict[str, Any]) -> None:
        case = client.get(f"/tickets/{ticket['id']}")["case"]
        if case is not None:
            client.post(f"/cases/{case}/hand-out", {"to": "applicant", "proof": "voucher"})
            self._here.happened["result fetched"] += 1

    def _say(self, client: Api, window: str, body: dict[str, Any]) -> None:
        client.post(f"/windows/{window}/settle", body)
        self._here.happened[f"settled {body['outcome']}"] += 1

    def _body(self, ticket: dict[str, Any], outcome: str) -> dict[str, Any]:
        crowd, service = self._here.crowd, self._here.services[ticket["service"]]
        body: dict[str, Any] = {"id": f"s-{self._here.new_id()}", "outcome": outcome}
        if ticket.get("item"):
            body["item"] = ticket["item"]
        else:
            body["title"] = service.name["zh"]
            body["departments"] = [(service.departments or [service.department["zh"]])[0]]
        if outcome in ("accepted_missing", "correction"):
            body["lacks"] = crowd.random.sample(PAPERS, k=crowd.random.choice((1, 1, 2)))
        if outcome == "accepted_missing":
            body["promise_on"] = (self._today + timedelta(days=PROMISE_DAYS)).isoformat()
        if outcome == "refused":
            body["reason"] = crowd.random.choice(self._here.hall.cases.refusals).id
            body["note"] = "所申请的事项不符合受理条件，已当面说明"
        if outcome in ("accepted", "accepted_missing", "pre_accepted"):
            body |= {"name": "申请人", "phone": crowd.phone(), "urgent": crowd.is_(URGENT_SHARE)}
            if crowd.is_(POST_SHARE):
                body |= {"delivery": "post", "address": "演示路一号"}
        return body


@dataclass(slots=True)
class BackOffice:
    """Everybody behind the windows. `departments`: signs somebody of a department in, the first time he is wanted."""

    here: PlayedHall
    supervisor: Api
    runner: Api | None
    departments: Callable[[str], Api | None]
    #: Clerks at desks that hand results out; the supervisor where there is none.
    desks: list[Api] = field(default_factory=list)

    def look(self) -> None:
        """Take some cases a step further, then look again."""
        cases = self.supervisor.get("/cases", state="transit,approval,paused,decided,ready,posted")["cases"]
        for state, act in self._acts().items():
            done = 0
            for case in cases:
                if done < STEPS_MAX and case["state"] == state:
                    done += self._tried(act, case)
        if self.here.crowd.is_(PARCEL_SHARE):
            self.here.try_(self._parcel)
        self.here.try_(self._file)
        if self.here.doors_open:
            self.here.after(CASE_ROUND_S, self.look)

    def _acts(self) -> dict[str, Callable[[dict[str, Any]], bool]]:
        return {
            "transit": self._carry,
            "approval": self._decide,
            "paused": self._go_on,
            "decided": self._take_over,
            "ready": self._give_out,
            "posted": self._deliver,
        }

    def _tried(self, act: Callable[[dict[str, Any]], bool], case: dict[str, Any]) -> bool:
        done: list[bool] = []
        self.here.try_(lambda: done.append(act(case)))
        return any(done)

    def _desk(self) -> Api:
        return self.here.crowd.random.choice(self.desks) if self.desks else self.supervisor

    def _carry(self, case: dict[str, Any]) -> bool:
        if "take" in case["steps"] and self.runner is not None:
            self.runner.post(f"/cases/{case['id']}/take")
            self.here.happened["papers taken"] += 1
            return True
        waiting = [leg["department"] for leg in case["legs"] if leg["signed_at"] is None]
        office = self.departments(waiting[0]) if waiting else None
        if office is None or not self.here.crowd.is_(SIGN_SHARE):
            return False
        office.post(f"/cases/{case['id']}/sign")
        self.here.happened["papers signed"] += 1
        return True

    def _decide(self, case: dict[str, Any]) -> bool:
        crowd = self.here.crowd
        open_ = [leg["department"] for leg in case["legs"] if leg["answer"] is None]
        office = self.departments(open_[0]) if open_ else None
        if office is None or not crowd.is_(ANSWER_SHARE + FEE_SHARE):
            return False
        if crowd.is_(FEE_SHARE / (ANSWER_SHARE + FEE_SHARE)):
            office.post(f"/cases/{case['id']}/pause", {"kind": "fee", "fee": FEE_CENTS})
            self.here.happened["fee asked"] += 1
        else:
            answer = "denied" if crowd.is_(DENY_SHARE) else "granted"
            office.post(f"/cases/{case['id']}/answer", {"answer": answer})
            self.here.happened["case answered"] += 1
        return True

    def _go_on(self, case: dict[str, Any]) -> bool:
        office = self.departments(case["legs"][0]["department"])
        if office is None or not self.here.crowd.is_(GO_ON_SHARE):
            return False
        office.post(f"/cases/{case['id']}/go-on")
        return True

    def _take_over(self, case: dict[str, Any]) -> bool:
        desk, path = self._desk(), f"/cases/{case['id']}"
        if case["lacks"] and case["granted"]:
            desk.post(f"{path}/papers", {"papers": case["lacks"]})
        desk.post(f"{path}/result", {"title": "办理结果", "granted": case["granted"], "item": case["item"]})
        self.here.happened["result ready"] += 1
        return True

    def _give_out(self, case: dict[str, Any]) -> bool:
        here, crowd = self.here, self.here.crowd
        if case["delivery"] == "post":
            carrier = crowd.random.choice(here.hall.cases.carriers)
            tracking = _tracking(crowd.random, carrier)
            self._desk().post(f"/cases/{case['id']}/post", {"carrier": carrier, "tracking": tracking})
            here.happened["result posted"] += 1
            return True
        if not here.doors_open or not crowd.is_(FETCH_SHARE):
            return False
        # Vouchers of other days lie at home; of today's the kiosk that gave the number knows the code.
        visit = here.kiosk.get(f"/tickets/{case['ticket']}")
        voucher = next((one["url"] for one in visit["cases"] if one["number"] == case["number"]), None)
        if voucher is None:
            return False
        ticket = here.kiosk.post("/tickets", {"id": here.new_id(), "voucher": voucher})
        assert ticket is not None
        here.somebody_waits(ticket["service"])
        here.happened["came for a result"] += 1
        return True

    def _deliver(self, case: dict[str, Any]) -> bool:
        if not self.here.crowd.is_(DELIVERED_SHARE):
            return False
        told = {"carrier": case["carrier"], "tracking": case["tracking"]}
        self._desk().post(f"/cases/{case['id']}/delivered", told)
        return True

    def _parcel(self) -> None:
        here, desk = self.here, self._desk()
        parcel, chance = here.new_id(), here.crowd.random
        department = chance.choice(here.hall.services).department["zh"]
        carrier = chance.choice(here.hall.cases.carriers)
        tracking = _tracking(chance, carrier)
        desk.post("/parcels", {"id": parcel, "carrier": carrier, "tracking": tracking})
        desk.post(f"/parcels/{parcel}/sort", {"department": department})
        here.happened["parcel sorted"] += 1

    def _file(self) -> None:
        """Tick some of the day's originals off."""
        waiting = [
            one["id"]
            for one in self.supervisor.get("/archive")["settlements"]
            if one["filed_at"] is None and not one["on_the_way"]
        ]
        if waiting:
            self.supervisor.post("/archive", {"settlements": waiting[: max(1, len(waiting) // 2)]})
            self.here.happened["originals filed"] += 1

"""What open cases cost: the size of a day's opening, how long it and the server's start take, and each look of the hall.

`python bench/open_cases.py [--cases 6000] [--settlements 3000]` prints the figures. Bounds: 5 MB for the event, 2 s for
opening the day and for the start, 50 ms for a look (one is taken every second).
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from config.loader import load_hall
from server.core import commands as c
from server.core.case_records import Answer, Case, CaseState, DeliveryWay, Leg, Outcome, Pause, PauseKind, Settlement
from server.core.decide import decide
from server.core.events import DayOpened
from server.hall import Hall
from server.log.records import Changes, Recorded, encode, packed
from server.log.sqlite import PACK_EVENT_FROM, SqliteLog
from server.plan import make_plan

ROOT = Path(__file__).resolve().parent.parent
#: Monday 2026-11-23 7:00 in Shanghai.
MONDAY = 1795388400.0
DAY_S = 86400.0
STATES = (
    CaseState.TRANSIT,
    CaseState.APPROVAL,
    CaseState.APPROVAL,
    CaseState.PAUSED,
    CaseState.DECIDED,
    CaseState.READY,
)


def a_case(number: int) -> Case:
    """A case some days old, with two departments and what its state needs."""
    opened_at = MONDAY - number % 15 * DAY_S - 3600 * (number % 7)
    state = STATES[number % len(STATES)]
    leg = Leg("不动产登记中心", opened_at + 1800)
    if state is not CaseState.TRANSIT:
        leg = replace(
            leg, taken_at=opened_at + 600, taken_by="user:runner", signed_at=opened_at + 1500, signed_by="user:he"
        )
    if state in (CaseState.DECIDED, CaseState.READY):
        leg = replace(leg, answer=Answer.GRANTED, answered_at=opened_at + 90000, answered_by="user:he")
    case = Case(
        id=f"{number:08x}-7a5c-4d8e-9b1f-3c2d1e0f4a5b",
        number=f"20261108-{number:04d}",
        ticket=f"{number:08x}-1111-4d8e-9b1f-3c2d1e0f4a5b",
        ticket_number=f"A{number % 1000:03d}",
        business_day="2026-11-08",
        opened_at=opened_at,
        title="国有建设用地使用权及房屋所有权转移登记",
        service="estate-transfer",
        zone="estate",
        window="E03",
        clerk="user:clerk",
        deadline_at=MONDAY + (number % 20 + 1) * DAY_S,
        days=20,
        delivery=DeliveryWay.POST if number % 3 else DeliveryWay.WINDOW,
        legs=(leg, replace(leg, department="税务局")),
        item="420222-0815",
        holder="p-0123456789abcdef",
        state=state,
        lacks=("购房合同原件",) if number % 10 == 0 else (),
        promise_by=MONDAY + 5 * DAY_S if number % 10 == 0 else None,
    )
    if state is CaseState.PAUSED:
        case = replace(case, pauses=(Pause(PauseKind.FEE, opened_at + 9000, "user:he", 12, 8000),))
    return replace(case, ready_at=MONDAY - DAY_S) if state is CaseState.READY else case


def a_settlement(case: Case) -> Settlement:
    """What the case began with, its originals not in the archive yet."""
    return Settlement(
        id=case.id, ticket=case.ticket, number=case.ticket_number, business_day=case.business_day,
        at=MONDAY - 2 * DAY_S, outcome=Outcome.ACCEPTED, title=case.title, window=case.window, clerk=case.clerk,
        service=case.service, zone=case.zone, item=case.item, department="不动产登记中心", case=case.number,
    )  # fmt: skip


def timed(what: str, work: Callable[[], object]) -> object:
    """Do it and tell how long it took."""
    begun = time.perf_counter()
    result = work()
    print(f"{what}: {(time.perf_counter() - begun) * 1000:.0f} ms")
    return result


def main() -> None:
    """Measure one morning."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=6000)
    options.add_argument("--settlements", type=int, default=3000)
    asked = options.parse_args()
    cases = tuple(a_case(number) for number in range(asked.cases))
    settlements = tuple(a_settlement(case) for case in cases[: asked.settlements])
    opening = DayOpened(at=MONDAY, business_day="2026-11-23", cases=cases, settlements=settlements)
    with tempfile.TemporaryDirectory() as folder:
        log = SqliteLog(Path(folder) / "hall.db", "bench")
        with log.transaction() as turn:
            turn.append(Changes([Recorded(1, "2026-11-23", opening, "day-2026-11-23", "system")], {}))
            turn.commit()
        _, data = encode(opening)
        kept = len(packed(data, PACK_EVENT_FROM)) / 1e6
        print(
            f"the day's opening with {len(cases)} cases: {len(data.encode()) / 1e6:.2f} MB, {kept:.2f} MB as it is kept"
        )
        plan = make_plan(load_hall(ROOT / "config" / "halls" / "yangxin.yaml"))
        moment = [MONDAY + 3600]
        hall = Hall(plan, log, lambda: moment[0])
        timed("start of the server (the day read and folded)", lambda: Hall(plan, log, lambda: moment[0]))
        seq = hall.seq
        timed("first look, with what is late told", hall.tick)
        print(f"  ({hall.seq - seq} steps were late)")
        with hall.reading() as state:
            timed("a look at all clocks", lambda: decide(plan, state, c.Watch(at=moment[0])))
        moment[0] += DAY_S
        seq = hall.seq
        timed("opening of the next day, and what is late by then", hall.tick)
        print(f"  ({hall.seq - seq - 2} steps were late)")
        log.close()


if __name__ == "__main__":
    main()

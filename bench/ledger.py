"""What the ledger and the monthly bulletin cost: reading, figures and files of a month of settled items.

`python bench/ledger.py [--items 20000] [--profile]` asks the API for each and prints the seconds; the bound is 15 s for
a file of 20,000 rows, made beside the hall.
"""

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from open_cases import MONDAY, a_case, a_settlement

from config.loader import load_hall
from server.accounts import Accounts, Person, Role
from server.catalogue.store import Catalogue
from server.core.case_records import CaseState, Outcome
from server.forecasts import Forecasts
from server.hall import Hall
from server.links import TicketLinks
from server.log.records import Changes, Row
from server.log.sqlite import SqliteLog
from server.log.views import record_row
from server.people import People
from server.plan import Names, make_plan
from server.web.app import create_app
from server.web.site import Site

ROOT = Path(__file__).resolve().parent.parent
FIRST, DAYS = date(2026, 11, 2), 20
#: Of a hundred items so many become a case.
CASES_OF_100 = 35
FILES = (
    "/ledger?{days}&format=xlsx",
    "/ledger?{days}&format=csv",
    "/ledger?{days}",
    "/stats/acceptance?{days}&format=xlsx",
)


def fill(log: SqliteLog, items: int) -> None:
    """A month of settled items, as the views have them."""
    rows: dict[str, list[Row]] = {"settlements": [], "cases": []}
    for number in range(items):
        day = (FIRST + timedelta(days=number * DAYS // items)).isoformat()
        case = replace(a_case(number), business_day=day)
        kept = replace(a_settlement(case), business_day=day, at=case.opened_at)
        if number % 100 >= CASES_OF_100:
            kept = replace(kept, outcome=Outcome.DONE, case=None)
        else:
            if number % 3 == 0:
                case = replace(case, state=CaseState.DELIVERED, ended_at=MONDAY, ended_by="user:he", handed_to="agent")
            rows["cases"].append(record_row(log.hall, "cases", case))
        rows["settlements"].append(record_row(log.hall, "settlements", kept))
    with log.transaction() as turn:
        turn.append(Changes([], rows))
        turn.commit()


def main() -> None:
    """Measure each file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=20000)
    options.add_argument("--profile", action="store_true", help="tell where the time goes")
    asked = options.parse_args()
    hall_file = load_hall(ROOT / "config" / "halls" / "yangxin.yaml")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = SqliteLog(folder / "hall.db", hall_file.id)
        hall = Hall(make_plan(hall_file), log, lambda: MONDAY + 3600)
        hall.tick()
        fill(log, asked.items)
        accounts = Accounts(folder / "accounts.db")
        links, people = TicketLinks(accounts.secret("ticket-links")), People(folder / "people.db", "secret")
        catalogue = Catalogue(folder / "catalogue.db")
        site = Site(hall, Names.of(hall_file), accounts, links, Forecasts(hall), people, catalogue)
        client = create_app(site).test_client(use_cookies=False)
        token = accounts.session(Person("sun", frozenset({Role.MANAGER})))
        days = f"from={FIRST}&to={FIRST + timedelta(days=DAYS)}"
        for path in FILES:
            measure(path.format(days=days), lambda where: client.get(where, headers={"Authorization": f"Bearer {token}"}),
                    profiled=asked.profile)  # fmt: skip


def measure(path: str, ask: Callable[[str], object], *, profiled: bool) -> None:
    """Ask once and tell how long it took, and where."""
    profile, begun, worked = cProfile.Profile(), time.perf_counter(), time.process_time()
    if profiled:
        profile.enable()
    answer = ask(f"/api/v1{path}")
    profile.disable()
    size = len(getattr(answer, "data", b""))
    took, of_cpu = time.perf_counter() - begun, time.process_time() - worked
    print(f"{path}: {took:.1f} s ({of_cpu:.1f} s of a core), {size / 1e6:.2f} MB, {getattr(answer, 'status', '')}")
    if profiled:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()

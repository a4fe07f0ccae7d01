"""The pictures of docs/dispatch.md: one reference day under several rules, played by the simulator. `make pictures`."""

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from config.loader import load_hall
from server.plan import make_plan
from server.simulate.engine import simulate
from server.simulate.policies import POLICIES
from server.simulate.reference_day import Scenario, reference_day, shifts_of, visits_of
from server.simulate.report import write_report

HERE = Path(__file__).resolve().parent
HALL = HERE.parent.parent / "config" / "halls" / "reference.yaml"
RULES = ("chaoxi", "zone_fifo", "dedicated", "patrol")
SEED = 0


def main() -> None:
    """Play the day and keep two of the report's pictures."""
    hall, day = load_hall(HALL), reference_day()
    plan, visits = make_plan(hall, always_open=True), visits_of(day, Scenario.MONDAY, SEED)
    shifts = shifts_of(day, Scenario.MONDAY, SEED)
    days = [simulate(plan, POLICIES[rule](), visits, shifts) for rule in RULES]
    with tempfile.TemporaryDirectory() as folder:
        write_report(days, hall, Path(folder))
        for picture in ("wait-p90", "moves-1"):
            shutil.copy(Path(folder) / f"{picture}.svg", HERE / f"balance-{picture}.svg")


if __name__ == "__main__":
    main()

"""`python -m server.simulate`: play a day through the real hall, compare rules of calling, try an authorisation more."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Never

from tqdm import tqdm

from config.loader import HallFileError, load_hall
from config.schema import HallFile
from server.core.model import Plan, ServiceId
from server.plan import make_plan
from server.simulate.engine import shifts_of_plan, simulate
from server.simulate.estimating import estimator, usual
from server.simulate.policies import POLICIES
from server.simulate.report import write_report
from server.simulate.results import DayResult, write_results
from server.simulate.roster import read_roster
from server.simulate.table import TableError
from server.simulate.trace import read_trace
from server.simulate.visits import Shift, Visit
from server.simulate.wording import LANGUAGES, language_wished, texts

REFERENCE_HALL = Path(__file__).resolve().parent.parent.parent / "config" / "halls" / "reference.yaml"
#: Estimates of one run come from this seed, so that two runs of the same day are the same.
SEED = 1


class WrongWish(Exception):
    """An option that makes no sense with this hall; the text says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One day to be played: under which rule, with which plan, and what the report calls it if not after its rule."""

    label: str | None
    policy: str
    plan: Plan


def main(arguments: Sequence[str] | None = None) -> int:
    """Play and write; the exit code is 0, 1 when a file cannot be read or written, 2 for a wrong command line."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(language_wished(given)).parse_args(given)
    try:
        hall = load_hall(options.hall)
        plan = make_plan(hall, always_open=True)
        visits = read_trace(options.trace, set(plan.services), sorted(plan.groups))
        shifts = shifts_of_plan(plan) if options.roster is None else read_roster(options.roster, set(plan.windows))
        days = [_play(run, visits, shifts, options) for run in _runs(options, plan)]
        write_results(options.out, days[0].legs)
        if options.report is not None:
            _report(days, hall, options)
    except (HallFileError, WrongWish) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    except TableError as wrong:
        sys.stderr.write(wrong.say(options.language) + "\n")
        return 1
    except OSError as trouble:
        t = texts(options.language)
        sys.stderr.write(t("A file cannot be read or written: {trouble}", trouble=trouble) + "\n")
        return 1
    return 0


def _runs(options: argparse.Namespace, plan: Plan) -> list[Run]:
    """The day asked for first, then what it is to be compared with."""
    t = texts(options.language)
    wished = _authorised(plan, options.authorise, options.language)
    runs = [Run(None, options.policy, wished)]
    if options.authorise:
        runs[0] = replace(runs[0], label=t("with {wish}", wish=" ".join(options.authorise)))
        runs.append(Run(t("as it is"), options.policy, plan))
    return runs + [Run(None, policy, plan) for policy in options.compare if policy != options.policy]


def _authorised(plan: Plan, wishes: Sequence[str], language: str) -> Plan:
    """The plan with more services that windows may help with, from wishes like `TS01=re_comp,re_base`."""
    t = texts(language)
    windows = dict(plan.windows)
    for wish in wishes:
        window, _, services = wish.partition("=")
        if window not in windows:
            raise WrongWish(t("--authorise {wish}: the hall has no window {window}", wish=wish, window=window))
        wanted = [service for service in services.split(",") if service]
        unknown = [service for service in wanted if service not in plan.services]
        if unknown or not wanted:
            told = ", ".join(unknown) or "…"
            raise WrongWish(t("--authorise {wish}: the hall has no service {services}", wish=wish, services=told))
        planned = windows[window]
        more = [ServiceId(s) for s in wanted if s not in planned.services and s not in planned.may_help]
        windows[window] = replace(planned, may_help=(*planned.may_help, *more))
    return replace(plan, windows=windows)


def _play(run: Run, visits: Sequence[Visit], shifts: Sequence[Shift], options: argparse.Namespace) -> DayResult:
    """Play one day, with a bar for those who watch."""
    told = None if options.no_estimates else usual if POLICIES[run.policy]().chooses else estimator(SEED)
    with tqdm(total=len(visits), desc=run.label or run.policy, unit="", disable=None, leave=False) as bar:
        return simulate(run.plan, POLICIES[run.policy](), visits, shifts, estimator=told, progress=_mover(bar))


def _mover(bar: "tqdm[Never]") -> Callable[[int], None]:
    def move(arrived: int) -> None:
        bar.update(arrived - bar.n)

    return move


def _report(days: Sequence[DayResult], hall: HallFile, options: argparse.Namespace) -> None:
    t = texts(options.language)
    labels = [run.label for run in _runs(options, make_plan(hall, always_open=True))]
    for file in write_report(days, hall, options.report, subject=options.trace.stem, labels=labels):
        sys.stdout.write(f"{file}\n")
    sys.stdout.write(t("The report is in {folder}", folder=options.report) + "\n")


def _policy_list(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in POLICIES]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: {', '.join(POLICIES)}")
    return names


def _parser(language: str) -> argparse.ArgumentParser:
    t = texts(language)
    parser = argparse.ArgumentParser(
        prog="python -m server.simulate",
        description=t("Play a day of visits through the hall's own rules on a virtual clock."),
    )
    parser.add_argument("--hall", type=Path, default=REFERENCE_HALL, help=t("hall file (the reference hall if absent)"))
    parser.add_argument("--trace", type=Path, required=True, help=t("who comes when: CSV, see docs/dispatch.md"))
    parser.add_argument("--out", type=Path, required=True, help=t("what came of it: CSV, one row per leg"))
    parser.add_argument(
        "--roster", type=Path, help=t("when each window is staffed: CSV; the hall file's hours if absent")
    )
    parser.add_argument("--policy", choices=list(POLICIES), default="chaoxi", help=t("the rule of calling"))
    parser.add_argument("--report", type=Path, help=t("folder for a page, a Markdown report and pictures"))
    parser.add_argument(
        "--compare", type=_policy_list, default=[], help=t("rules to compare with in the report, with commas")
    )
    parser.add_argument(
        "--authorise",
        action="append",
        default=[],
        metavar="WINDOW=SERVICE[,SERVICE]",
        help=t("what if: a window may also help with these services; the report compares with the hall as it is"),
    )
    parser.add_argument("--no-estimates", action="store_true", help=t("leave out the estimates: much quicker"))
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help=t("language of the messages"))
    return parser


if __name__ == "__main__":
    sys.exit(main())

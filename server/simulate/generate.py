"""`python -m server.simulate.generate --scenario monday --seed 7 --out trace.csv`: a day of the reference hall as files."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from server.simulate.reference_day import Scenario, reference_day, shifts_of, visits_of
from server.simulate.roster import write_roster
from server.simulate.trace import write_trace
from server.simulate.wording import LANGUAGES, language_wished, texts


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files; the exit code is 0, or 1 when a file could not be written, 2 for a wrong command line."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(language_wished(given)).parse_args(given)
    t = texts(options.language)
    day = reference_day()
    visits = visits_of(day, Scenario(options.scenario), options.seed)
    try:
        write_trace(options.out, visits)
        sys.stdout.write(t("{file}: {n} visits", file=options.out, n=len(visits)) + "\n")
        if options.roster is not None:
            shifts = shifts_of(day, Scenario(options.scenario), options.seed)
            write_roster(options.roster, shifts)
            windows = len({shift.window for shift in shifts})
            told = t("{file}: {n} shifts at {windows} windows", file=options.roster, n=len(shifts), windows=windows)
            sys.stdout.write(told + "\n")
    except OSError as trouble:
        sys.stderr.write(t("The file cannot be written: {trouble}", trouble=trouble) + "\n")
        return 1
    return 0


def _parser(language: str) -> argparse.ArgumentParser:
    t = texts(language)
    parser = argparse.ArgumentParser(
        prog="python -m server.simulate.generate",
        description=t("Write a believable day of the reference hall; the same seed always gives the same day."),
    )
    kinds = [scenario.value for scenario in Scenario]
    parser.add_argument(
        "--scenario",
        type=str,
        choices=kinds,
        default=Scenario.NORMAL.value,
        help=t(
            "normal day; Monday (18 %% more people); surge (three coaches of home buyers); "
            "absent (three clerks missing); appointments (45 %% come with one)"
        ),
    )
    parser.add_argument("--seed", type=int, default=1, help=t("any whole number"))
    parser.add_argument("--out", type=Path, required=True, metavar="TRACE.csv", help=t("file for the visits"))
    parser.add_argument("--roster", type=Path, metavar="ROSTER.csv", help=t("file for the clerks' shifts"))
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help=t("language of the answer"))
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""`python -m printer`: print a test page, or print for the hall's staff.

python -m printer --device tcp://10.0.0.8:9100 --test
python -m printer --server http://hall:8080 --printer desk-f1 --token-file printer.token
python -m printer --new-roll SPOOL
"""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from printer.delivery import DeviceError, Limits, Outcome
from printer.devices import KINDS, open_device
from printer.follow import follow
from printer.fonts import NoChineseFont
from printer.layout import texts
from printer.profile import DOTS, Mode, PrinterUrl, PrinterUrlError, Profile
from printer.sample import page_jobs
from printer.spool import Job, SpoolBusy
from printer.spool_folder import say_new_roll
from printer.status import Condition, explain
from server.client import ApiError, Client, add_token_option, token_from


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say; 0 done, 1 failed, 2 asked for wrongly."""
    parser = argument_parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", force=True)
    try:
        if options.new_roll:
            say_new_roll(options.new_roll)
            say("Noted: a new roll is in")
            return 0
        if options.test and options.device:
            return print_test_page(options.device, options.paper, Mode(options.mode))
        if options.server and options.printer:
            return print_for_server(options)
    except PrinterUrlError as wrong:
        complain(wrong)
        return 2
    except (NoChineseFont, SpoolBusy, ApiError, OSError, ValueError) as trouble:
        complain(trouble)
        return 1
    parser.error("give --device URL --test, or --server URL --printer ID, or --new-roll FOLDER")


def argument_parser() -> argparse.ArgumentParser:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m printer", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--test", action="store_true", help="print a test page on --device")
    kinds = " ".join(f"{kind}://" for kind in KINDS)
    parser.add_argument("--device", metavar="URL", help=f"{kinds} (with --server: instead of the hall file's)")
    parser.add_argument("--paper", type=int, choices=sorted(DOTS), default=80, help="width of the paper in mm")
    parser.add_argument("--mode", choices=[mode.value for mode in Mode], default=Mode.AUTO.value)
    parser.add_argument("--server", metavar="URL", help="print for this server")
    parser.add_argument("--printer", metavar="ID", help="as this printer of the hall file")
    parser.add_argument("--spool", type=Path, metavar="FOLDER", help="where waiting tickets are kept")
    parser.add_argument("--new-roll", type=Path, metavar="FOLDER", help="tell a spool that a new roll is in")
    add_token_option(parser)
    return parser


def print_test_page(device: str, paper_mm: int, mode: Mode) -> int:
    """Print the test page and say what the printer said."""
    url = PrinterUrl.parse(device).with_folder(Path("tickets"))
    profile = Profile.of(url, paper_mm)
    printer = open_device(url, profile, Limits())
    status = printer.status()
    say_reason(status.condition)
    if status.condition is Condition.UNREACHABLE:
        return 1
    for job in page_jobs(url, profile, mode, status):
        try:
            delivery = printer.deliver(job, Onlooker())
        except DeviceError as trouble:
            say_reason(trouble.reason)
            complain(trouble)
            return 1
        length_mm = round(job.length_mm)
        if delivery.outcome is Outcome.PRINTED:
            say(
                "Printed: {name}, {bytes} bytes, {length_mm} mm",
                name=job.name,
                bytes=len(job.data),
                length_mm=length_mm,
            )
        elif delivery.reason:
            say_reason(delivery.reason)
    return 0


def print_for_server(options: argparse.Namespace) -> int:
    """Print for the server until told to stop (Ctrl-C, SIGTERM)."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    folder = options.spool or Path("spool") / options.printer
    with Client(options.server, token_from(options)) as client:
        follow(client, options.printer, folder, device_url=options.device, stop=stop, tell=say_job)
    return 0


class Onlooker:
    """Says on the terminal what stops the test page."""

    def begun(self) -> None:
        """Nothing is kept of a test page."""

    def trouble(self, condition: Condition | None) -> None:
        say_reason(condition or Condition.READY)

    def is_closing(self) -> bool:
        return False


def say(message: str, **fields: object) -> None:
    """A sentence in both languages."""
    print(f"{texts('zh')(message, **fields)} / {texts('en')(message, **fields)}", flush=True)  # noqa: T201


def say_reason(reason: str) -> None:
    print(f"{explain(reason, 'zh')} / {explain(reason, 'en')}", flush=True)  # noqa: T201


def say_job(job: Job) -> None:
    reason = f" ({explain(job.reason, 'zh')} / {explain(job.reason, 'en')})" if job.reason else ""
    print(f"{job.number} {job.state.value}{reason}", flush=True)  # noqa: T201


def complain(trouble: Exception) -> None:
    print(trouble, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())

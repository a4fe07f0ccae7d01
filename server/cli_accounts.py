"""`run_server.py add-user`, `set-name`, `add-device`, `set-exit-pin`: who may do what in a hall. Exit status 2 tells what to mend."""

import argparse
import getpass
import sys

from config.plan import resolve_windows
from config.schema import HallFile
from server.accounts import Accounts, DeviceKind, Role
from server.compose import ACCOUNTS_FILE

NAME_MAX = 64


class Wrong(Exception):
    """What was asked for is not possible; the message says why."""


def register(args: argparse.Namespace, hall_file: HallFile) -> int:
    """Carry out one of the four; the exit status."""
    args.data.mkdir(parents=True, exist_ok=True)
    accounts = Accounts(args.data / ACCOUNTS_FILE)
    work = {"add-device": _add_device, "set-exit-pin": _set_exit_pin, "add-user": _add_user, "set-name": _set_name}
    try:
        sys.stdout.write("".join(line + "\n" for line in work[args.command](args, hall_file, accounts)))
    except Wrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    finally:
        accounts.close()
    return 0


def _add_device(args: argparse.Namespace, hall_file: HallFile, accounts: Accounts) -> list[str]:
    known = _devices_of(hall_file)
    # The platform's gateway is no device of the hall.
    if args.device != "*" and args.device not in known and args.kind != DeviceKind.PLATFORM:
        raise Wrong(f"{args.device}: no such device in {args.hall}; it names {', '.join(sorted(known))}")
    token = accounts.add_device(args.device, DeviceKind(args.kind))
    return [f"{args.device} ({args.kind}), token, shown this once:", token]


def _devices_of(hall_file: HallFile) -> set[str]:
    """Every device the hall file names."""
    sections = (
        hall_file.kiosks,
        hall_file.boards,
        hall_file.voices,
        hall_file.keypads,
        hall_file.ledbars,
        hall_file.evaluators,
        hall_file.printers,
    )
    return {str(entry.id) for section in sections for entry in section}


def _set_exit_pin(args: argparse.Namespace, hall_file: HallFile, accounts: Accounts) -> list[str]:
    pin = _secret("PIN (at least 6 digits): ", "--pin-stdin", from_stdin=args.pin_stdin)
    if not (pin.isascii() and pin.isdigit() and len(pin) >= 6):
        raise Wrong("a PIN has at least 6 digits")
    accounts.set_exit_pin(pin)
    return []


def _name(text: str) -> str:
    """A name as it is shown and printed."""
    name = " ".join(text.split())
    if not 0 < len(name) <= NAME_MAX or not name.isprintable():
        raise Wrong(f"a name has 1 to {NAME_MAX} characters")
    return name


def _set_name(args: argparse.Namespace, hall_file: HallFile, accounts: Accounts) -> list[str]:
    name = _name(args.name)
    if not accounts.set_name(args.user, name):
        raise Wrong(f"{args.user}: no such user; add-user makes one")
    return [f"{args.user}: {name}"]


def _add_user(args: argparse.Namespace, hall_file: HallFile, accounts: Accounts) -> list[str]:
    password = _secret("Password: ", "--password-stdin", from_stdin=args.password_stdin)
    if args.window is not None and args.window not in {window.id for window in resolve_windows(hall_file)}:
        raise Wrong(f"{args.window}: no such window in {args.hall}")
    places = {zone.id for zone in hall_file.zones} | {service.id for service in hall_file.services}
    if unknown := [name for name in (*args.zones, *args.services) if name not in places]:
        raise Wrong(f"{unknown[0]}: no such zone or service in {args.hall}")
    if len(password) < 8:
        raise Wrong("a password has at least 8 characters")
    if Role.DEPARTMENT in args.role and args.department is None:
        raise Wrong("the role department needs --department, as the lists write it")
    roles = [Role(role) for role in args.role]
    name = None if args.name is None else _name(args.name)
    accounts.put_user(
        args.user, password, roles, args.window, args.zones, args.services, department=args.department, name=name
    )
    told = [f"{args.user}: {', '.join(args.role)} at {hall_file.name['en']}"]
    if accounts.called(args.user) == args.user:
        told.append(f"note: papers and pages call {args.user} by this id; --name gives a name")
    if args.department not in {None, *(service.department["zh"] for service in hall_file.services)}:
        # The catalogue may know more departments than the services of the hall file.
        told.append(f"note: {args.department} stands in no service of {args.hall}")
    return told


def _secret(question: str, option: str, *, from_stdin: bool) -> str:
    """Ask at the terminal, or read a line where the caller said so."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Wrong(f"no terminal to ask at; give it with {option}")
    return getpass.getpass(question)

"""The command line of the server: serve (default), rebuild, add-user, add-device."""

import argparse
import ipaddress
import sys
from pathlib import Path
from typing import Any

import structlog

from config.loader import DEFAULT_HALL, HallFileError, load_hall
from config.schema import HallFile
from server.accounts import Accounts, DeviceKind, Role
from server.catalogue.setting_up import SeedBroken
from server.cli_accounts import register
from server.compose import ACCOUNTS_FILE, LOG_FILE, DataInUse, Service, compose, lock_data
from server.core.calendar import day_to_play, local
from server.demo import DEMO_FILE, prepare
from server.demo_player import EVERY_S as PLAYER_EVERY_S
from server.demo_player import DemoPlayer
from server.forecasts import REFRESH_EVERY_S
from server.log.rebuild import rebuild
from server.log.records import StorageTrouble
from server.log.sqlite import SqliteLog
from server.notices.notifier import Notices, hook_secret, secret_name
from server.platform.desk import PlatformDesk
from server.retention import EVERY_S as RETENTION_EVERY_S
from server.rights import EVERY_S as RIGHTS_EVERY_S
from server.serving import Chore, at_most, in_native_thread, let_others, listen, serve

DEFAULT_PORT = 8421
TICK_EVERY_S = 1.0
NOTICE_EVERY_S = 0.25


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _fail(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 2


def port_number(text: str) -> int:
    """A port to listen on; 0 takes any free one."""
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


def names(text: str) -> tuple[str, ...]:
    """Several ids, with commas between."""
    return tuple(name for name in text.replace(",", " ").split())


def speed_factor(text: str) -> float:
    """How fast a day is played."""
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0.1 <= factor <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed (0.1 to 1000)")
    return factor


def parser() -> argparse.ArgumentParser:
    """All arguments."""
    root = argparse.ArgumentParser(prog="run_server.py", description="潮汐 Chaoxi: the server of one hall")
    root.add_argument("--hall", type=Path, default=DEFAULT_HALL, help="hall file (default: Yangxin)")
    root.add_argument("--data", type=Path, default=Path("data"), help="data directory (default: ./data)")
    root.add_argument("--database", help="database URL (PostgreSQL comes with a later release)")
    root.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    root.add_argument(
        "--port", type=port_number, default=DEFAULT_PORT, help=f"port (default: {DEFAULT_PORT}; 0 = any free)"
    )
    root.add_argument("--demo", action="store_true", help="a demo hall with logins for everything, loopback only")
    root.add_argument("--quiet-hall", action="store_true", help="with --demo: play no day, wait for what is asked")
    root.add_argument(
        "--speed", type=speed_factor, default=1.0, help="with --demo: how much faster than real time the day is played"
    )
    commands = root.add_subparsers(dest="command")
    commands.add_parser("serve", help="serve the hall (default)")
    commands.add_parser("rebuild", help="drop and rebuild all views, and prove them equal to the log")
    user = commands.add_parser("add-user", help="add a user, or change one; asks for the password")
    user.add_argument("user")
    user.add_argument("--name", help="as papers and pages call them, such as 王芳 (default: unchanged, else the id)")
    user.add_argument("--role", action="append", required=True, choices=[r.value for r in Role])
    user.add_argument("--window", help="the window a clerk usually sits at")
    user.add_argument(
        "--zones", type=names, default=(), help="zones whose services the clerk may take, with commas (default: any)"
    )
    user.add_argument("--services", type=names, default=(), help="single services beside them")
    user.add_argument("--department", help="whose cases a user of role department decides, as the lists write it")
    user.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    name = commands.add_parser("set-name", help="change what papers and pages call a user")
    name.add_argument("user")
    name.add_argument("name")
    device = commands.add_parser("add-device", help="register a device and print its token once")
    device.add_argument("device", help="its id in the hall file")
    device.add_argument("--kind", required=True, choices=[k.value for k in DeviceKind])
    commands.add_parser("hooks", help="tell the hooks of the hall file and the secrets their messages are signed with")
    pin = commands.add_parser("set-exit-pin", help="set the PIN with which staff leave a kiosk's page")
    pin.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input")
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit status."""
    args = parser().parse_args(arguments)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
            if sys.stderr.isatty()
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    if args.database:
        return _fail("--database: this release keeps a hall in one SQLite file (--data); PostgreSQL is not built yet")
    try:
        hall_file = load_hall(args.hall)
    except HallFileError as broken:
        return _fail(str(broken))
    try:
        if args.command == "rebuild":
            return _rebuild(args, hall_file)
        if args.command == "hooks":
            return _hooks(args, hall_file)
        if args.command in ("add-user", "set-name", "add-device", "set-exit-pin"):
            return register(args, hall_file)
        return _serve(args, hall_file)
    except DataInUse as busy:
        return _fail(f"{busy}: another server is running on this data directory; stop it first")
    except SeedBroken as broken:
        return _fail(f"{args.hall}: {broken}")
    except (StorageTrouble, OSError) as trouble:
        return _fail(f"{args.data}: {trouble}")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _serve(args: argparse.Namespace, hall_file: HallFile) -> int:
    if args.demo and not _is_loopback(args.host):
        return _fail(f"--demo has known logins and listens on this machine only, not on {args.host}")
    try:
        listener = listen(args.host, args.port)
    except OSError as trouble:
        return _fail(f"cannot listen on {args.host} port {args.port}: {trouble.strerror or trouble}")
    port = listener.getsockname()[1]
    host = f"[{args.host}]" if ":" in args.host else args.host
    url = f"http://{host}:{port}"
    public = url if _is_loopback(args.host) or args.host not in ("0.0.0.0", "::") else None
    service = compose(
        hall_file,
        args.data,
        hall_path=args.hall,
        public_url=public,
        demo=args.demo,
        blocking=in_native_thread,
        limit=at_most,
    )
    player = None
    try:
        if args.demo:
            demo = prepare(service.site.names, service.accounts, args.data, url)
            _tell_demo(service, args.data, demo)
            if not args.quiet_hall:
                player = _player(args, url)
        else:
            _say(f"{hall_file.name['zh']} {hall_file.name['en']}: {url}")
        forecasts = service.site.forecasts
        chores = [
            Chore("tick", service.hall.tick, TICK_EVERY_S),
            Chore("retention", service.retention.work, RETENTION_EVERY_S),
            Chore("rights", service.rights.work, RIGHTS_EVERY_S),
            Chore("forecast", lambda: forecasts.keep_fresh(let_others), REFRESH_EVERY_S),
            *_chores_of_hooks(service.notices),
            *_chores_of_platform(service.platform),
            *([Chore("demo day", player.watch, PLAYER_EVERY_S)] if player is not None else []),
        ]
        serve(service.app, listener, chores)
    finally:
        if player is not None:
            player.stop()
        service.close()
    return 0


def _chores_of_hooks(notices: Notices) -> list[Chore]:
    """One looks what there is to tell, one for each hook tells it: they do not wait for each other."""
    if not notices.couriers:
        return []
    couriers = [Chore(f"hook {one.hook.id}", one.work, NOTICE_EVERY_S) for one in notices.couriers]
    return [Chore("notices", notices.follow, NOTICE_EVERY_S), *couriers]


def _chores_of_platform(desk: PlatformDesk) -> list[Chore]:
    """What waits is applied as soon as the hall has moved; a platform that must be asked is asked at its own pace."""
    asking = [Chore("platform", desk.exchange, desk.every_s)] if desk.is_linked else []
    return [Chore("milestones", desk.apply, TICK_EVERY_S), *asking]


def _hooks(args: argparse.Namespace, hall_file: HallFile) -> int:
    """The secrets that receivers check signatures with."""
    if not hall_file.hooks:
        return _fail(f"{args.hall}: no hooks in this hall file")
    args.data.mkdir(parents=True, exist_ok=True)
    accounts = Accounts(args.data / ACCOUNTS_FILE)
    try:
        for hook in hall_file.hooks:
            _say(
                f"{hook.id}\t{hook.url}\t{', '.join(hook.events)}\n\t{hook_secret(accounts.secret(secret_name(hook.id)))}"
            )
    finally:
        accounts.close()
    return 0


def _player(args: argparse.Namespace, url: str) -> DemoPlayer:
    told = ["--server", url, "--demo-file", str(args.data.resolve() / DEMO_FILE)]
    return DemoPlayer([*told, "--hall", str(args.hall.resolve()), "--speed", str(args.speed)], _say)


_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def _tell_demo(service: Service, data: Path, demo: dict[str, Any]) -> None:
    hall, url = service.hall_file, demo["url"]
    window, named = next(iter(service.site.names.windows.items()))
    name = named.name
    login = next(u for u in demo["users"] if u.get("window") == window)
    manager = next(u for u in demo["users"] if "manager" in u["roles"])
    board = hall.boards[0].id if hall.boards else ""
    plan = service.hall.plan
    played = day_to_play(plan, local(service.hall.now(), plan.tz).date())
    lines = [
        "",
        f"  {hall.name['zh']} · {hall.name['en']}",
        f"  演示全天开放，按{played} {_WEEKDAYS[played.weekday()]}的安排 open round the clock, as on {played:%A} {played}",
        "",
        f"  首页 start          {url}/",
        f"  叫号 clerk          {url}/window",
        f"  大屏 board          {url}/board/{board}",
        f"  管理 manager        {url}/manage",
        f"  接口 API            {url}/api/openapi.json",
        "",
        f"  演示账号与令牌 logins and tokens: {data / DEMO_FILE}",
        f"  您可以试用的窗口 a window left for you: {name['zh']} {window}  ({login['user']} / {login['password']})",
        f"  管理员 manager: {manager['user']} / {manager['password']}",
        "",
    ]
    _say("\n".join(lines))


def _rebuild(args: argparse.Namespace, hall_file: HallFile) -> int:
    lock = lock_data(args.data)
    log = SqliteLog(args.data / LOG_FILE, hall_file.id)
    try:
        compared = rebuild(log)
    finally:
        log.close()
        lock.release()
    for view in compared:
        verdict = "equal" if view.equal else "WAS DIFFERENT, now as the log says"
        _say(f"{view.view}: {view.rows_before} rows before, {view.rows_after} after: {verdict}")
    return 0 if all(view.equal for view in compared) else 1

"""`make run`: the demo hall, and the kiosk and a browser beside it where there is a screen. Ctrl-C ends all of it."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

import requests

from config.loader import DEFAULT_HALL, load_hall
from server.cli import port_number, speed_factor

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 60.0
#: The voice's port is the server's and this.
VOICE_PORT_AFTER = 2
#: Portrait 1080×1920 scaled to stand beside a browser on an office screen.
KIOSK_WINDOW = "540x960"


def tell(line: str) -> None:
    """One line for whoever started it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def hall_file(name: str) -> Path:
    """A shipped hall by its name (`miluo`), or any hall file by its path; raises LookupError."""
    shipped = DEFAULT_HALL.parent / f"{name}.yaml"
    if name.replace("-", "").isalnum() and shipped.is_file():
        return shipped
    if Path(name).is_file():
        return Path(name).resolve()
    halls = ", ".join(sorted(path.stem for path in DEFAULT_HALL.parent.glob("*.yaml")))
    raise LookupError(f"{name}: no such hall; there are {halls}")


def has_screen() -> bool:
    """Whether a window can be shown here."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def wait_ready(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers that it is ready; False if it ended or takes too long."""
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and server.poll() is None:
        try:
            if requests.get(f"{url}/readyz", timeout=1).ok:
                return True
        except requests.RequestException:
            time.sleep(0.2)
    return False


def open_kiosk(url: str, data: Path) -> subprocess.Popen[bytes]:
    """The kiosk as a window of its own."""
    demo = json.loads((data / "demo.json").read_text("utf-8"))
    kiosk = next(iter(demo["kiosks"]))
    return subprocess.Popen(
        [
            sys.executable,
            str(ROOT / "run_kiosk.py"),
            "--server",
            url,
            "--kiosk",
            kiosk,
            "--window",
            KIOSK_WINDOW,
            "--windowed",
            "--data",
            str(data / "kiosk"),
        ],
        env=os.environ | {"CHAOXI_TOKEN": demo["kiosk_token"]},
        cwd=ROOT,
    )


def first_board(hall: Path) -> tuple[str, str]:
    """The first board of the hall file that has sound (else the first), and its area."""
    boards = load_hall(hall).boards
    board = next((b for b in boards if b.sound), boards[0])
    return board.id, board.area


def open_voice(url: str, data: Path, area: str, listen: str) -> subprocess.Popen[bytes]:
    """The voice of an area, heard through the boards' browsers: it needs no sound card here."""
    demo = json.loads((data / "demo.json").read_text("utf-8"))
    options = ["--area", area, "--player", "web", "--listen", listen, "--cache", str(data / "voice")]
    return subprocess.Popen(
        [sys.executable, "-m", "caller.voice", "--server", url, *options],
        env=os.environ | {"CHAOXI_TOKEN": demo["board_token"]},
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m server.simulate.demo_hall", description=__doc__)
    parser.add_argument("--hall", default=DEFAULT_HALL.stem, help="a shipped hall by its name, or a hall file")
    parser.add_argument(
        "--data", type=Path, help="data directory; of the default hall ./data, of another ./data-<hall>"
    )
    parser.add_argument("--port", type=port_number, default=8421)
    parser.add_argument("--speed", type=speed_factor, default=1.0)
    parser.add_argument("--no-windows", action="store_true", help="open neither kiosk nor browser")
    args = parser.parse_args(arguments)
    # Ended from outside we end what we started, as with Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        hall = hall_file(args.hall)
    except LookupError as unknown:
        parser.error(str(unknown))
    if not is_free(args.port):
        # Otherwise the other server's answers would be taken for those of this one.
        tell(f"端口 {args.port} 已被占用，可能已有一个演示大厅在运行；换一个端口：make run PORT={args.port + 10}")
        tell(f"port {args.port} is in use, perhaps by another demo hall; try: make run PORT={args.port + 10}")
        return 2
    data = (args.data or Path("data" if hall == DEFAULT_HALL else f"data-{hall.stem}")).resolve()
    url = f"http://127.0.0.1:{args.port}"
    options = ["--hall", str(hall), "--data", str(data), "--port", str(args.port), "--speed", str(args.speed)]
    server = subprocess.Popen([sys.executable, str(ROOT / "run_server.py"), "--demo", *options], cwd=ROOT)
    programs = [server]
    try:
        if not wait_ready(url, server):
            return server.poll() or 1
        board, area = first_board(hall)
        voice = f"127.0.0.1:{args.port + VOICE_PORT_AFTER}"
        programs.append(open_voice(url, data, area, voice))
        tell(f"  有声大屏 board with its voice:  {url}/board/{board}?voice=http://{voice}")
        if has_screen() and not args.no_windows:
            programs.append(open_kiosk(url, data))
            webbrowser.open(url)
        elif not args.no_windows:
            token = json.loads((data / "demo.json").read_text("utf-8"))["kiosk_token"]
            tell("  没有屏幕，自助机未打开 no screen here, so the kiosk was not opened; on a screen of this machine:")
            tell(f"  CHAOXI_TOKEN={token} .venv/bin/python run_kiosk.py --server {url} --kiosk kiosk-1 --windowed")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for program in reversed(programs):
            program.terminate()
        for program in reversed(programs):
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()


if __name__ == "__main__":
    sys.exit(main())

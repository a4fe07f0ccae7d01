"""LED bars without LED bars: `python -m display_board.led_simulator [--codec NAME] [--link PATH | --port URL]`.

Opens a pseudo-terminal, says its name (use it as the port of a `ledbars` line), and writes a line for every text a
real bar would show. `--link` also gives it a name that stays the same. On Windows, where there are none, `--port`
takes one end of a pair of joined ports.
"""

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from display_board.led_codecs import LedCodec, Shown, known_codecs, led_codec
from server.serial_link import SerialLink


class Bars:
    """The bars of one line: takes bytes, tells what changed on which bar."""

    def __init__(self, codec: LedCodec) -> None:
        self._codec = codec
        self.shown: dict[int, Shown] = {}

    def take(self, data: bytes, now_s: float) -> list[Shown]:
        """The bars whose text is another one now."""
        changed = [shown for shown in self._codec.decode(data, now_s) if self.shown.get(shown.address) != shown]
        self.shown.update({shown.address: shown for shown in changed})
        return changed


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _show(bars: Bars, data: bytes) -> None:
    for shown in bars.take(data, time.monotonic()):
        _say(f"{shown.address:3}  {shown.text}{'  <<<' if shown.scrolls else ''}")


def _serve_terminal(bars: Bars, link: Path | None, stop: threading.Event) -> None:
    import select
    import tty

    master, slave = os.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)
    if link:
        link.unlink(missing_ok=True)
        link.symlink_to(name)
    _say(str(link or name))
    try:
        while not stop.is_set():
            if select.select([master], [], [], 0.2)[0]:
                with contextlib.suppress(OSError):
                    _show(bars, os.read(master, 4096))
    finally:
        if link:
            link.unlink(missing_ok=True)
        os.close(slave)
        os.close(master)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m display_board.led_simulator", description="Shows what bars show.")
    parser.add_argument("--codec", choices=known_codecs(), default="reference_gbk")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--link", type=Path, metavar="PATH", help="a lasting name for the pseudo-terminal")
    where.add_argument("--port", metavar="URL", help="a port instead of a pseudo-terminal")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    bars = Bars(led_codec(options.codec))
    if options.port:
        SerialLink(options.port, on_bytes=lambda data: _show(bars, data)).run(stop)
    else:
        _serve_terminal(bars, options.link, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())

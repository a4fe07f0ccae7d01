"""What the programs of a serial line share: options, settings from the server, threads, the feed, the end.

A line reads and writes in one thread, acts on presses in another, and follows the feed in the one that called.
"""

import argparse
import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from server.client import ApiError, Client, FeedMessage, add_token_option, token_from
from server.serial_link import SerialLink


class Line(Protocol):
    """A line of devices."""

    link: SerialLink

    def act(self, stop: threading.Event) -> None:
        """Carry out presses one after the other, until `stop`."""

    def take(self, message: FeedMessage) -> None:
        """Act on one message of the feed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A line as the hall file describes it, with what the command line says instead."""

    windows: dict[int, str]
    codec: str
    port: str
    baud: int


def follow(client: Client, line: Line, stop: threading.Event, name: str, **topic: Any) -> None:
    """Serve one line until `stop`; raises `ApiError` if the server refuses at the start. `name` is for its threads."""
    threads = [
        threading.Thread(target=line.link.run, args=(stop,), name=f"{name}-line", daemon=True),
        threading.Thread(target=line.act, args=(stop,), name=f"{name}-act", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        for message in client.feed(stop=stop, **topic):
            line.take(message)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def serve(
    device: str,
    description: str,
    log: logging.Logger,
    work: Callable[[Client, Settings, threading.Event], None],
    arguments: Sequence[str] | None,
) -> int:
    """Run the program of a line of `device`s until it is told to stop; the exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m caller.{device}", description=description)
    parser.add_argument("--server", required=True, metavar="URL")
    parser.add_argument(f"--{device}", required=True, metavar="ID", help=f"a line of `{device}s` in the hall file")
    add_token_option(parser)
    parser.add_argument(
        "--port", metavar="URL", help="instead of the hall file's: /dev/ttyUSB0, COM3, socket://host:port"
    )
    parser.add_argument("--baud", type=int, default=9600)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with contextlib.closing(Client(options.server, token_from(options))) as client:
            told = client.settings(getattr(options, device), stop)
            if told is not None:
                work(client, _settings(told, options.port, options.baud), stop)
    except (ApiError, OSError, ValueError, KeyError) as trouble:
        log.error("%s", trouble)
        return 1
    return 0


def _settings(told: dict[str, Any], port: str | None, baud: int) -> Settings:
    windows = {int(address): str(window) for address, window in told["windows"].items()}
    return Settings(windows, str(told["codec"]), port or str(told["port"]), baud)

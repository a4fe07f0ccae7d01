"""Run an app behind gevent: one process, thousands of feeds, small packets sent at once. Also on Windows."""

import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import gevent
import structlog
from flask import Flask
from gevent.pywsgi import WSGIServer
from gevent.threadpool import ThreadPool

log = structlog.get_logger()

NAME_THREADS = 10


class _Server(WSGIServer):  # type: ignore[misc]  # gevent has no types
    """Without TCP_NODELAY every answer waits 44 ms for the client's delayed ACK: head and body are two packets."""

    def handle(self, client_socket: socket.socket, address: Any) -> None:
        client_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handle(client_socket, address)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(1024)
    return listener


def in_native_thread(work: Callable[[], Any]) -> Any:
    """Run blocking work in a real thread, so that other requests go on.

    Comes back only when the work is over, also when its request is killed (the server stops): work that went on alone
    would use the database while its caller already tidies up.
    """
    going = gevent.get_hub().threadpool.spawn(work)
    try:
        return going.get()
    except BaseException:
        going.wait()
        raise


def at_most(seconds: float) -> AbstractContextManager[object]:
    """Ends what is done inside with a `TimeoutError`: a socket's own limit starts anew with every byte."""
    limit: AbstractContextManager[object] = gevent.Timeout(seconds, TimeoutError(f"no answer within {seconds:g} s"))
    return limit


def look_names_up_apart() -> None:
    """Host names are looked up by threads of their own: a name server that does not answer must not hold up the flush
    of the log, which takes its thread from the hub's."""
    hub = gevent.get_hub()
    hub.resolver.pool = ThreadPool(NAME_THREADS, hub=hub)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done again and again beside the serving, with `every_s` seconds of rest between."""

    name: str
    work: Callable[[], None]
    every_s: float


def let_others() -> None:
    """Let the other requests go on; for long work that runs in the event loop."""
    gevent.sleep(0)


def serve(app: Flask, listener: socket.socket, chores: Sequence[Chore]) -> None:
    """Serve until SIGTERM or SIGINT, and do the chores meanwhile."""
    server = _Server(listener, app, log=None)
    look_names_up_apart()

    def doing(chore: Chore) -> None:
        while True:
            gevent.sleep(chore.every_s)
            try:
                chore.work()
            except Exception as trouble:  # noqa: BLE001 - a failure must not end the chore; it is told each time
                log.error("chore failed", chore=chore.name, error=str(trouble))

    workers = [gevent.spawn(doing, chore) for chore in chores]
    for name in ("SIGTERM", "SIGINT"):
        if hasattr(signal, name):
            gevent.signal_handler(getattr(signal, name), server.stop, 1)
    try:
        server.serve_forever(stop_timeout=1)
    finally:
        gevent.killall(workers)

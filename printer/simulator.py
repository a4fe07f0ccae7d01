"""A printer that is not there: listens on TCP as a network printer does, answers status questions, prints PNGs.

For trying Chaoxi without hardware, for the demo and for tests. It can run out of paper in the middle of a ticket, have
its cover open, be silent, slow, die half way, or refuse connections.

    python -m printer.simulator --port 9100 --png tickets/
"""

import argparse
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from printer.paper import Paper
from printer.profile import DOTS
from printer.status import Paper as PaperState
from printer.streams import FORGET
from printer.tokens import Command, Tokens

Write = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class State:
    """How the simulated printer is; see `Simulator.set`."""

    paper: PaperState = PaperState.OK
    is_cover_open: bool = False
    is_offline: bool = False
    has_error: bool = False
    #: Answers neither DLE EOT nor GS r.
    is_silent: bool = False
    #: Answers DLE EOT but not GS r, as some cheap printers.
    is_silent_when_done: bool = False
    #: The roll ends after so many rows of a ticket.
    paper_out_after_rows: int | None = None
    #: The connection breaks after so many bytes.
    dies_after_bytes: int | None = None
    bytes_per_s: int | None = None

    @property
    def is_stopped(self) -> bool:
        return self.paper is PaperState.OUT or self.is_cover_open or self.is_offline or self.has_error

    def answer(self, question: int) -> int:
        """The byte for DLE EOT n."""
        near, out = self.paper in (PaperState.NEAR_END, PaperState.OUT), self.paper is PaperState.OUT
        bits = {
            1: 0x08 * self.is_stopped,
            2: 0x04 * self.is_cover_open | 0x20 * out | 0x40 * self.has_error,
            3: 0x08 * self.has_error,
            4: 0x0C * near | 0x60 * out,
        }
        return 0x12 | bits.get(question, 0)

    @property
    def done_answer(self) -> int:
        """The byte for GS r 1."""
        return 0x0C if self.paper is PaperState.OUT else 0x03 if self.paper is PaperState.NEAR_END else 0


class Mechanism:
    """The printer itself, whatever it is connected by. Stopped, it holds what it was sent and goes on later."""

    def __init__(self, paper_mm: int = 80, on_ticket: Callable[[Image.Image], None] | None = None) -> None:
        self.paper = Paper(DOTS[paper_mm])
        self._state = State()
        self._held: deque[tuple[Command, Write]] = deque()
        self._on_ticket = on_ticket
        self._told = 0
        self._changed = threading.Condition()

    @property
    def state(self) -> State:
        return self._state

    @property
    def tickets(self) -> list[Image.Image]:
        """The tickets cut so far."""
        return self.paper.cut

    def set(self, **changes: object) -> None:
        """Change the state: `set(paper=PaperState.OUT)`, `set(is_silent=True)`."""
        with self._changed:
            self._state = replace(self._state, **changes)  # type: ignore[arg-type]  # names are checked by replace
            self._go_on()

    def wait_for_tickets(self, count: int, timeout_s: float = 10.0) -> bool:
        """Wait until so many tickets were cut."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.paper.cut) >= count, timeout_s)

    def hear(self, command: Command, write: Write) -> None:
        """Take one command; questions in real time are answered even by a printer that is stopped."""
        with self._changed:
            if command.name == b"\x10\x04":
                if not self._state.is_silent:
                    write(bytes([self._state.answer(command.data[0])]))
                return
            self._held.append((command, write))
            self._go_on()

    def forget_held(self, write: Write) -> None:
        """The connection is gone: nobody is there to be answered."""
        with self._changed:
            self._held = deque((command, _nobody if to is write else to) for command, to in self._held)

    def _go_on(self) -> None:
        while self._held and not self._state.is_stopped:
            command, write = self._held.popleft()
            if command.name == b"\x1dr":
                if not self._state.is_silent and not self._state.is_silent_when_done:
                    with suppress(OSError):
                        write(bytes([self._state.done_answer]))
                continue
            self.paper.obey(command)
            limit = self._state.paper_out_after_rows
            if limit is not None and self.paper.rows >= limit:
                self._state = replace(self._state, paper=PaperState.OUT, paper_out_after_rows=None)
        while self._told < len(self.paper.cut):
            picture = self.paper.cut[self._told]
            self._told += 1
            if self._on_ticket:
                self._on_ticket(picture)
        self._changed.notify_all()


def _nobody(answer: bytes) -> None:
    """Where answers go when the connection is gone."""


class Simulator(Mechanism):
    """A network printer on this machine. Use it in a `with` block."""

    def __init__(self, paper_mm: int = 80, port: int = 0, host: str = "127.0.0.1", png: Path | None = None) -> None:
        super().__init__(paper_mm, self._save if png else None)
        self._png = png
        self._host = host
        self._connections: set[socket.socket] = set()
        self._is_closing = False
        self.received = bytearray()
        self.connections_made = 0
        self._listener: socket.socket | None = None
        self.port = port
        self.accept()

    @property
    def url(self) -> str:
        return f"tcp://{self._host}:{self.port}"

    def refuse(self) -> None:
        """Refuse connections from now on, as a printer that is switched off."""
        listener, self._listener = self._listener, None
        if listener:
            # Closing alone does not wake the thread that waits in accept().
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for connection in list(self._connections):
            _reset(connection)

    def accept(self) -> None:
        """Accept connections, again after `refuse`, on the same port."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self._host, self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._listen, args=(listener,), name="simulated printer", daemon=True).start()

    def close(self) -> None:
        """Switch off."""
        self._is_closing = True
        self.refuse()

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self, listener: socket.socket) -> None:
        while self._listener is listener:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._connections.add(connection)
            self.connections_made += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        tokens, heard = Tokens(), 0
        write: Write = connection.sendall
        try:
            while data := connection.recv(self._piece()):
                heard += len(data)
                self.received += data
                limit = self.state.dies_after_bytes
                if limit is not None and heard > limit:
                    _reset(connection)
                    return
                for command in tokens.take(data):
                    self.hear(command, write)
                if self.state.bytes_per_s:
                    time.sleep(len(data) / self.state.bytes_per_s)
        except OSError:
            return
        finally:
            self.forget_held(write)
            self._connections.discard(connection)
            connection.close()

    def _piece(self) -> int:
        return max(1, self.state.bytes_per_s // 20) if self.state.bytes_per_s else 4096

    def _save(self, picture: Image.Image) -> None:
        assert self._png is not None
        self._png.mkdir(parents=True, exist_ok=True)
        picture.save(self._png / f"ticket-{self._told:04d}.png")


def _reset(connection: socket.socket) -> None:
    """Break the connection off, as a pulled plug does."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, FORGET)
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


#: What may be typed while the simulator runs.
WORDS: dict[str, dict[str, object]] = {
    "ok": {
        "paper": PaperState.OK,
        "is_cover_open": False,
        "is_offline": False,
        "has_error": False,
        "is_silent": False,
        "dies_after_bytes": None,
        "bytes_per_s": None,
    },
    "near-end": {"paper": PaperState.NEAR_END},
    "paper-out": {"paper": PaperState.OUT},
    "cover": {"is_cover_open": True},
    "offline": {"is_offline": True},
    "error": {"has_error": True},
    "silent": {"is_silent": True},
    "slow": {"bytes_per_s": 4000},
    "die": {"dies_after_bytes": 20000},
}


def main(arguments: list[str] | None = None) -> int:
    """Run until the end of the input; words typed change the state."""
    parser = argparse.ArgumentParser(prog="python -m printer.simulator", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--paper", type=int, choices=sorted(DOTS), default=80)
    parser.add_argument("--png", type=Path, help="folder for a picture of each ticket")
    options = parser.parse_args(arguments)
    with Simulator(options.paper, options.port, options.host, options.png) as simulator:
        print(f"{simulator.url}  {' '.join(WORDS)} quit", flush=True)  # noqa: T201 - a program's own output
        for line in sys.stdin:
            word = line.strip()
            if word == "quit":
                break
            if word in WORDS:
                simulator.set(**WORDS[word])
            print(f"{word}: {simulator.state}" if word in WORDS else f"? {' '.join(WORDS)} quit", flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())

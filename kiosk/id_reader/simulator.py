"""A card reader without a card reader: `python -m kiosk.id_reader.simulator --card FILE [--link PATH | --socket PORT]`.

Opens a pseudo-terminal, says its name (write it as `sam:///that/name` into the hall file) and answers on it as a
reader of the SAM protocol would. Words typed lay another card on, take it away, make it fail or pull the cable.
`--socket` serves a TCP port instead, for Windows, where there are no pseudo-terminals.
"""

import argparse
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kiosk.id_reader.card import Card, ReaderTrouble
from kiosk.id_reader.device import SamDevice, card_block
from kiosk.id_reader.folder import load_card
from kiosk.id_reader.sam import Command, Status

WORDS = "lay FILE | take | fail | unplug | plug | quit"

LOOK_S = 0.1

Pieces = Callable[[bytes], Iterable[bytes]]


class Terminal:
    """A pseudo-terminal with a device behind it. `pieces` cuts what the device says, as a bad line would."""

    def __init__(self, device: SamDevice, link: Path | None = None, pieces: Pieces = lambda said: (said,)) -> None:
        self.device = device
        self.heard = b""
        self.name = ""
        self._link = link
        self._pieces = pieces
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.plug_in()

    def plug_in(self) -> None:
        """Connect, under the same name where there is a link."""
        import tty

        master, slave = os.openpty()
        tty.setraw(slave)
        self.name = os.ttyname(slave)
        if self._link:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(self.name)
            self.name = str(self._link)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(master, slave, self._stop), daemon=True)
        self._thread.start()

    def pull(self) -> None:
        """Pull the cable: whoever reads at the other end gets an error."""
        self._stop.set()
        if self._thread:
            self._thread.join()
        if self._link:
            self._link.unlink(missing_ok=True)

    def _serve(self, master: int, slave: int, stop: threading.Event) -> None:
        import select

        try:
            while not stop.is_set():
                if not select.select([master], [], [], LOOK_S)[0]:
                    continue
                with contextlib.suppress(OSError):
                    data = os.read(master, 4096)
                    self.heard += data
                    for piece in self._pieces(self.device.hear(data)):
                        _write(master, piece)
        finally:
            os.close(slave)
            os.close(master)


def _write(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]


def serve_socket(device: SamDevice, server: socket.socket) -> None:
    """Answer one connection after the other, until the socket is closed."""
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(4096):
                connection.sendall(device.hear(data))


def obey(device: SamDevice, terminal: Terminal | None, line: str) -> str:
    """Do what was typed, and say what is so now; never what is on the card."""
    word, _, rest = line.strip().partition(" ")
    match word:
        case "lay":
            return lay(device, Path(rest.strip()))
        case "take":
            device.lay(None)
            return "nothing lies on the reader"
        case "fail":
            device.faults = [(Command.READ, Status.READ_FAILED)] * 3
            return "the next card does not come through"
        case "unplug" if terminal:
            terminal.pull()
            return "unplugged"
        case "plug" if terminal:
            terminal.pull()
            terminal.plug_in()
            return terminal.name
        case _:
            return WORDS


def lay(device: SamDevice, path: Path) -> str:
    """Lay the card of a file on."""
    try:
        found = load_card(path)
    except ReaderTrouble:
        return f"{path} is no card"
    if not isinstance(found, Card):
        return f"{path} is no card"
    device.lay(card_block(found))
    return f"a {found.kind.value} card lies on the reader"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until the end of the input or `quit`."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.id_reader.simulator", description=WORDS)
    parser.add_argument("--card", type=Path, metavar="FILE", help="card that lies on the reader at first")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--pty", action="store_true", help="a pseudo-terminal; so it is anyway")
    where.add_argument("--link", type=Path, metavar="PATH", help="a lasting name for the pseudo-terminal")
    where.add_argument("--socket", type=int, metavar="PORT", help="a TCP port of this machine instead")
    options = parser.parse_args(arguments)
    device, terminal, server = SamDevice(), None, None
    if options.card:
        _say(lay(device, options.card))
    if options.socket is not None:
        server = socket.create_server(("127.0.0.1", options.socket))
        threading.Thread(target=serve_socket, args=(device, server), daemon=True).start()
        _say(f"sam+socket://127.0.0.1:{server.getsockname()[1]}")
    else:
        terminal = Terminal(device, options.link)
        _say(f"sam://{terminal.name}")
    try:
        for line in sys.stdin:
            if line.strip() == "quit":
                break
            _say(obey(device, terminal, line))
    except KeyboardInterrupt:
        pass
    finally:
        if terminal:
            terminal.pull()
        if server:
            server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

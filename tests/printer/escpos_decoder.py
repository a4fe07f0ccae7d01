"""A strict reader of ESC/POS written from the manual, independent of the shipped one: any byte it does not know fails."""

from dataclasses import dataclass, field

from PIL import Image

#: Length of the parameters behind two-byte commands.
LENGTHS = {
    "ESC @": 0,
    "ESC a": 1,
    "ESC E": 1,
    "ESC d": 1,
    "GS !": 1,
    "GS a": 1,
    "GS V": 1,
    "GS r": 1,
    "FS &": 0,
    "DLE EOT": 1,
}
PREFIX = {0x1B: "ESC", 0x1D: "GS", 0x1C: "FS"}


@dataclass
class Decoded:
    """What the bytes say."""

    commands: list[tuple[str, bytes]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    bands: list[Image.Image] = field(default_factory=list)
    qr: str | None = None

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.commands]

    def picture(self) -> Image.Image:
        """The bands of dots one below the other, black on white."""
        picture = Image.new("L", (self.bands[0].width, sum(band.height for band in self.bands)), 255)
        y = 0
        for band in self.bands:
            picture.paste(band, (0, y))
            y += band.height
        return picture


def decode(data: bytes) -> Decoded:
    """Read all bytes, or fail at the first that is not understood."""
    reader = Reader(data)
    while reader.at < len(data):
        reader.step()
    assert not reader.line, f"text without a line end: {bytes(reader.line)!r}"
    return reader.found


class Reader:
    """Goes through the bytes once."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.found, self.line = Decoded(), bytearray()
        self.encoding, self.size = "ascii", (1, 1)

    def take(self, length: int) -> bytes:
        taken = self.data[self.at : self.at + length]
        assert len(taken) == length, "command cut short"
        self.at += length
        return taken

    def step(self) -> None:
        byte = self.take(1)[0]
        if byte == 0x0A:
            self.found.lines.append(bytes(self.line).decode(self.encoding))
            self.found.sizes.append(self.size)
            self.line.clear()
        elif byte >= 0x20:
            self.line.append(byte)
        elif byte == 0x10:
            assert self.take(1) == b"\x04"
            self.found.commands.append(("DLE EOT", self.take(1)))
        else:
            assert byte in PREFIX, f"control byte {byte:#x} at {self.at - 1}"
            self.command(f"{PREFIX[byte]} {chr(self.take(1)[0])}")

    def command(self, name: str) -> None:
        if name == "GS v":
            self.dots(name)
        elif name in ("GS (", "FS ("):
            self.counted(name)
        else:
            argument = self.take(LENGTHS[name])
            self.found.commands.append((name, argument))
            self.switch(name, argument)

    def dots(self, name: str) -> None:
        assert self.take(2) == b"0\x00"
        head = self.take(4)
        wide, rows = int.from_bytes(head[:2], "little"), int.from_bytes(head[2:], "little")
        dots = self.take(wide * rows)
        band = Image.new("L", (wide * 8, rows), 255)
        band.putdata([255 * (1 - (byte >> bit & 1)) for byte in dots for bit in range(7, -1, -1)])
        self.found.bands.append(band)
        self.found.commands.append((name, head))

    def counted(self, name: str) -> None:
        letter = chr(self.take(1)[0])
        body = self.take(int.from_bytes(self.take(2), "little"))
        self.found.commands.append((f"{name} {letter}", body))
        if name == "FS (":
            assert body == b"0\x02"
            self.encoding = "utf-8"
        elif body.startswith(b"1P0"):
            self.found.qr = body[3:].decode("ascii")

    def switch(self, name: str, argument: bytes) -> None:
        if name == "FS &":
            self.encoding = "gb18030"
        elif name == "ESC @":
            self.encoding = "ascii"
        elif name == "GS !":
            self.size = ((argument[0] >> 4) + 1, (argument[0] & 15) + 1)

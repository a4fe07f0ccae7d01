"""The keypads of the published C# hall system JackQChen/QueueSystem (`CallSystem/frmMain.cs`), 9600 8N1.

    FF 68 | len len | 68 | addr func data… | sum | 16

`len` counts addr, func and data, and stands there twice; `sum` is addr + func + data, modulo 256. The computer
answers every frame of a keypad by sending the same frame back.

- A press: the last byte of data is the key, typed digits (00–09) before it. 0B rate, 0C call, 0D recall, 0E cancel
  (unused), 0F OK, 11 (unused), 12 pause, 13 transfer. 6+OK is a no-show, 0+OK hold, 3+OK call back. Digits before
  transfer are ours: the window to transfer to (the original puts the ticket back into its queue, which our hall
  refuses). The program does not look at `func` of a press, nor does this codec: no key byte can be a digit of a
  display frame, so the two are never mistaken.
- Display: func 02, six digits 00–09, 0A for an empty place. The original shows either the waiting count in the first
  three places or the number in the last three; here both at once.
- Beep: func 03, no data.

Not certain from that source: what 0A looks like (empty, or a dash as on common display chips); it is used here for
"empty" and, in all six places, for "server lost". Keypads of one line are told apart by `addr` alone.
"""

from collections import deque

from caller.codecs import Action, Press

HEAD = b"\xff\x68"
MIDDLE = 0x68
END = 0x16
DISPLAY = 0x02
BEEP = 0x03
EMPTY = 0x0A
PLACES = 6
OK = 0x0F

KEYS = {
    0x0B: Action.RATE,
    0x0C: Action.CALL_NEXT,
    0x0D: Action.RECALL,
    0x0E: Action.NOTHING,
    0x11: Action.NOTHING,
    0x12: Action.PAUSE,
    0x13: Action.TRANSFER,
}
WITH_OK = {"6": Action.NO_SHOW, "0": Action.HOLD, "3": Action.RESUME}

#: addr and func are always there; nobody types more than a dozen digits.
LENGTH_MIN, LENGTH_MAX = 2, 16

#: A frame takes 15 ms at 9600 baud. What is incomplete after this gap stays so.
GAP_S = 0.5

#: On a two-wire line our own answer comes back to us within this time.
ECHO_S = 0.3


class Codec:
    """One line of QueueSystem keypads."""

    def __init__(self) -> None:
        self._buffer = b""
        self._last_s = 0.0
        self._sent: deque[tuple[float, bytes]] = deque(maxlen=16)

    def decode(self, data: bytes, now_s: float) -> list[Press]:
        """Presses among the bytes so far; noise, broken frames and our own echo are passed over."""
        if now_s - self._last_s > GAP_S:
            # Else half a frame from yesterday would swallow the first presses of today.
            self._buffer = b""
        self._last_s = now_s
        self._buffer += data
        presses = []
        while (frame := self._next_frame()) is not None:
            press = self._press(frame, now_s)
            if press:
                presses.append(press)
        return presses

    def display(self, address: int, waiting: int, number: str | None) -> bytes:
        """Waiting count left, number right; a number of four digits leaves two places for the count."""
        digits = "".join(sign for sign in number or "" if sign.isascii() and sign.isdigit())[-4:]
        places = PLACES - max(len(digits), 3)
        count = str(min(waiting, 10**places - 1)).rjust(places)
        shown = count + digits.rjust(PLACES - places)
        return _frame(address, DISPLAY, bytes(EMPTY if sign == " " else int(sign) for sign in shown))

    def unknown(self, address: int) -> bytes:
        """Six empty places (dashes on most displays)."""
        return _frame(address, DISPLAY, bytes([EMPTY] * PLACES))

    def beep(self, address: int) -> bytes:
        """One beep."""
        return _frame(address, BEEP, b"")

    def _next_frame(self) -> bytes | None:
        """Cut the next whole and right frame off the buffer; None if there is none yet."""
        while True:
            start = self._buffer.find(HEAD)
            if start < 0:
                # The last byte may be the first of a head.
                self._buffer = self._buffer[-1:] if self._buffer.endswith(HEAD[:1]) else b""
                return None
            self._buffer = self._buffer[start:]
            size = self._size()
            if size is None or len(self._buffer) < size:
                if size is None and len(self._buffer) >= 5:
                    self._buffer = self._buffer[1:]
                    continue
                return None
            frame = self._buffer[:size]
            if frame[-1] == END and frame[-2] == sum(frame[5:-2]) % 256:
                self._buffer = self._buffer[size:]
                return frame
            # A good frame may begin inside the broken one.
            self._buffer = self._buffer[1:]

    def _size(self) -> int | None:
        """The size of the frame at the buffer's start; None if its beginning is short or wrong."""
        if len(self._buffer) < 5:
            return None
        length, again, middle = self._buffer[2:5]
        if length != again or middle != MIDDLE or not LENGTH_MIN <= length <= LENGTH_MAX:
            return None
        return 5 + int(length) + 2

    def _press(self, frame: bytes, now_s: float) -> Press | None:
        address, data = frame[5], frame[7:-2]
        if not data or (data[-1] not in KEYS and data[-1] != OK) or any(digit > 9 for digit in data[:-1]):
            return None
        for sent_s, sent in self._sent:
            if sent == frame and now_s - sent_s < ECHO_S:
                self._sent.remove((sent_s, sent))
                return None
        self._sent.append((now_s, frame))
        digits = "".join(str(digit) for digit in data[:-1])
        action = WITH_OK.get(digits, Action.NOTHING) if data[-1] == OK else KEYS[data[-1]]
        return Press(address, action, digits, frame)


def _frame(address: int, function: int, data: bytes) -> bytes:
    body = bytes([address, function]) + data
    length = len(body)
    return HEAD + bytes([length, length, MIDDLE]) + body + bytes([sum(body) % 256, END])

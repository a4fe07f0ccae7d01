"""Tells a device that types (a scanner, a card reader) from a person who types: by speed. Pure but for a steady clock.

Such a device types everything within a blink and ends with Enter. A slow frame of the glass may hold single keys back
for a moment, so that the mean gap counts, and a single one only when it is long.
"""

import time
from collections.abc import Callable, Iterator

#: Devices type a key in 1–30 ms; the quickest typists need 60.
MEAN_GAP_MAX_S = 0.045

#: A longer pause begins a new burst.
GAP_MAX_S = 0.25

#: Shorter than this a burst cannot be told from two fingers hitting keys together.
LENGTH_MIN = 4

#: A QR code's link is far shorter.
LENGTH_MAX = 512


class Keystrokes:
    """Collects keys and gives the texts that a device typed."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._typed = ""
        self._first_s = self._last_s = 0.0

    def take(self, text: str) -> Iterator[str]:
        """The bursts that these keys complete. Enter is `\\n` or `\\r`; other control characters but tab are no keys."""
        now_s = self._steady()
        for key in text:
            if self._typed and now_s - self._last_s > GAP_MAX_S:
                self.forget()
            if key in "\n\r":
                if self._is_burst(now_s):
                    yield self._typed
                self.forget()
            elif key == "\t" or key.isprintable():
                if not self._typed:
                    self._first_s = now_s
                # One too many is kept, so that an endless one is not taken for a whole one.
                self._typed = (self._typed + key)[: LENGTH_MAX + 1]
                self._last_s = now_s

    def forget(self) -> None:
        """Begin anew."""
        self._typed = ""

    def _is_burst(self, now_s: float) -> bool:
        if not LENGTH_MIN <= len(self._typed) <= LENGTH_MAX:
            return False
        return (now_s - self._first_s) / len(self._typed) <= MEAN_GAP_MAX_S

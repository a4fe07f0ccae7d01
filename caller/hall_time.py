"""How old something is by the hall's clock, without trusting the clock of this computer.

Pure: the steady time of this computer is handed in. The server's heartbeats say what time the hall has; between two
of them the steady time goes on.
"""

from datetime import datetime


class HallTime:
    """Turns the hall's times of day into this computer's steady seconds."""

    def __init__(self) -> None:
        self._offset_s: float | None = None

    def heard(self, now: str, steady_s: float) -> None:
        """Take note of the hall's time (`now` of a heartbeat); raises ValueError for what is no time."""
        self._offset_s = datetime.fromisoformat(now).timestamp() - steady_s

    def steady(self, at: str, steady_s: float) -> float:
        """When `at` was, in steady seconds; now, if the hall's time is not known yet or `at` is no time.

        Never in the future: a heartbeat is a moment old when it arrives.
        """
        if self._offset_s is None:
            return steady_s
        try:
            return min(datetime.fromisoformat(at).timestamp() - self._offset_s, steady_s)
        except ValueError:
            return steady_s

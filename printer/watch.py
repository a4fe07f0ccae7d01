"""Tells the server how a printer is, whenever that changes, so that managers see paper near its end (C17).

Knows the server only through its HTTP client; polls what the spool last knew, which never blocks.
"""

import logging
import threading
from collections.abc import Callable

from printer.status import Condition
from server.client import ApiError, Client, ServerLost

log = logging.getLogger("printer")

LOOK_EVERY_S = 1.0
#: After a server that was away or refused.
TRY_AGAIN_S = 5.0


class ConditionWatch:
    """Reports one device's printer condition until closed; a report that is not heard is made again."""

    def __init__(
        self, client: Client, device: str, condition: Callable[[], Condition], look_every_s: float = LOOK_EVERY_S
    ) -> None:
        self._client = client
        self._device = device
        self._condition = condition
        self._look_every_s = look_every_s
        self._told: Condition | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="printer condition", daemon=True)
        self._thread.start()

    def close(self, within_s: float = 3.0) -> None:
        """Stop reporting."""
        self._stop.set()
        self._thread.join(within_s)

    def _work(self) -> None:
        wait_s = 0.0
        while not self._stop.wait(wait_s):
            condition = self._condition()
            wait_s = self._look_every_s
            if condition is not self._told and not self._tell(condition):
                wait_s = max(self._look_every_s, TRY_AGAIN_S)

    def _tell(self, condition: Condition) -> bool:
        try:
            self._client.post(f"/devices/{self._device}/status", {"printer": condition.value}, retries=0)
        except (ServerLost, ApiError) as trouble:
            log.warning("printer condition %s not reported: %s", condition.value, trouble)
            return False
        self._told = condition
        return True

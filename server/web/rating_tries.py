"""How often somebody gave a wrong rating code for a ticket: four figures must not be found by trying (A1.3).

Kept in memory only, for the tickets of one day: a server started anew allows a few more tries, no more.
"""

import hmac
from dataclasses import dataclass, field
from threading import Lock

#: After so many wrong codes a ticket is rated by its own link only.
TRIES_MAX = 5


@dataclass(slots=True)
class RatingTries:
    """The wrong codes of today. Who asks for a ticket that there is none of is not counted: it has no entry here."""

    _day: str = ""
    #: Ticket → the requests that were wrong; one sent again is the same request.
    _wrong: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def refusal(self, day: str, ticket: str, given: str, code: str, key: str) -> str | None:
        """Why a rating with the code `given` is refused, in the words of `problems.py`; None: it is right.

        `code` is the ticket's own, `key` the request's. Looking and counting is one step: tries sent at once are
        counted like those sent one by one.
        """
        with self._lock:
            if day != self._day:
                self._day, self._wrong = day, {}
            wrong = self._wrong.get(ticket, set())
            if len(wrong) >= TRIES_MAX:
                return "rating_code_spent"
            if hmac.compare_digest(given, code):
                return None
            self._wrong[ticket] = wrong | {(key, given)}
            return "rating_code_wrong"

"""The citizen's link: a 128-bit token per ticket, made from a secret, so that nothing has to be stored or guessed."""

import base64
import hmac

from server.core.model import HallState

TOKEN_BYTES = 16


class TicketLinks:
    """Tokens of one hall's tickets, and back from token to ticket for those of today."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._ids: dict[str, str] = {}
        self._day = ""
        self._seen = 0

    def token(self, ticket_id: str) -> str:
        """The ticket's token, 22 characters."""
        digest = hmac.digest(self._secret, ticket_id.encode(), "sha256")[:TOKEN_BYTES]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def find(self, state: HallState, token: str) -> str | None:
        """The id of today's ticket with this token."""
        if state.business_day != self._day:
            self._ids, self._day, self._seen = {}, state.business_day, 0
        if len(state.tickets) > self._seen:
            for ticket_id in list(state.tickets)[self._seen :]:
                self._ids[self.token(ticket_id)] = ticket_id
            self._seen = len(state.tickets)
        return self._ids.get(token)

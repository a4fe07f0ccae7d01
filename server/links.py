"""The citizen's link: a 128-bit token per ticket and per appointment, made from a secret, so that nothing has to be
stored or guessed."""

import base64
import hmac

from server.core.model import HallState

TOKEN_BYTES = 16
CODE_LENGTH = 4


class TicketLinks:
    """Tokens of one hall's tickets, and back from token to ticket for those of today and those that may still be rated."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._ids: dict[str, str] = {}
        self._visits: dict[str, str] = {}
        self._day = ""
        self._seen = 0
        self._appointments: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        self._case_tokens: dict[str, str] = {}
        self._cases_seen: set[str] = set()

    def token(self, ticket_id: str) -> str:
        """The ticket's token, 22 characters."""
        digest = hmac.digest(self._secret, ticket_id.encode(), "sha256")[:TOKEN_BYTES]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def rating_code(self, ticket_id: str) -> str:
        """The four figures that show that one holds the ticket: its number stands on every board. They say nothing of
        the token, nor the token of them."""
        digest = hmac.digest(self._secret, f"rating-code:{ticket_id}".encode(), "sha256")
        return f"{int.from_bytes(digest) % 10**CODE_LENGTH:0{CODE_LENGTH}}"

    def find(self, state: HallState, token: str) -> str | None:
        """The id of today's ticket with this token, or of an earlier day's that may still be rated."""
        if state.business_day != self._day:
            self._ids, self._day, self._seen = {}, state.business_day, 0
            # Their number changes with the day only.
            self._visits = {self.token(name): name for name in state.visits}
        if len(state.tickets) > self._seen:
            for ticket_id in list(state.tickets)[self._seen :]:
                self._ids[self.token(ticket_id)] = ticket_id
            self._seen = len(state.tickets)
        return self._ids.get(token) or self._visits.get(token)

    def appointment_token(self, appointment_id: str) -> str:
        """The appointment's token; no ticket's id has a colon, so that no ticket has the same."""
        return self.token(f"appointment:{appointment_id}")

    def case_token(self, case_id: str) -> str:
        """The case's token, printed on its voucher; no other thing has the same."""
        return self.token(f"case:{case_id}")

    def find_case(self, state: HallState, token: str) -> str | None:
        """The id of a case that is not long over with this token."""
        if len(self._case_tokens) > 2 * len(state.cases) + 100:
            self._case_tokens, self._cases_seen = {}, set()
        for case_id in state.cases.keys() - self._cases_seen:
            self._case_tokens[self.case_token(case_id)] = case_id
            self._cases_seen.add(case_id)
        found = self._case_tokens.get(token)
        return found if found in state.cases else None

    def find_appointment(self, state: HallState, token: str) -> str | None:
        """The id of an appointment that is not long over with this token."""
        if len(self._tokens) > 2 * len(state.appointments) + 100:
            self._appointments, self._tokens = {}, {}
        for appointment_id in state.appointments:
            if appointment_id not in self._tokens:
                made = self._tokens[appointment_id] = self.appointment_token(appointment_id)
                self._appointments[made] = appointment_id
        found = self._appointments.get(token)
        return found if found in state.appointments else None

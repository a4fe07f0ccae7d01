"""From events of the log to notices: who is told what, in words that can be sent as they are.

Each is composed from what stands in the event and from the hall as it is now: what has been overtaken since (a ticket
that is finished, a case taken back) is not told.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from config.after_window import NoticeKind
from server.core import case_events as ce
from server.core import events as e
from server.core import orders as o
from server.core.affairs import Visit
from server.core.calendar import local
from server.core.case_records import Case, CaseState, DeliveryWay, PauseKind
from server.core.events import Event
from server.core.model import HallState, Plan, Ticket, TicketState
from server.core.ratings import may_rate
from server.links import TicketLinks
from server.log.records import Recorded
from server.notices.records import Notice
from server.notices.wording import LEVELS, STEPS, Both, listed
from server.plan import Names

#: After this a notice would mislead; those not named here are true however late they come.
EXPIRES_S = {
    NoticeKind.CALLED: 180.0,
    NoticeKind.NEARLY: 600.0,
    NoticeKind.WAIT_ALARM: 900.0,
    NoticeKind.RATE_US: 7200.0,
}
CITIZEN, STAFF = "citizen", "staff"


@dataclass(frozen=True, slots=True)
class Told:
    """What a kind of event says, before the frame that every notice has."""

    kind: NoticeKind
    text: Both
    more: dict[str, Any]
    ticket: Ticket | Visit | None = None
    case: Case | None = None
    to: str = CITIZEN
    #: The ticket's own page or the case's; nobody's.
    link: str | None = None


class Composer:
    """Words notices of one hall. `pickup` names the service that hands out the results of a zone, `called` what somebody
    of the log is called."""

    def __init__(
        self,
        plan: Callable[[], Plan],
        names: Names,
        links: TicketLinks,
        public_url: str | None,
        pickup: Callable[[str], str | None],
        called: Callable[[str | None], str],
    ) -> None:
        self._plan = plan
        self._names = names
        self._links = links
        self._public_url = public_url
        self._pickup = pickup
        self._staff_name = called
        self._by_event: dict[type[Event], Callable[[HallState, Any], Told | None]] = {
            e.TicketCalled: self._called,
            e.TicketResumed: self._called,
            e.ServiceFinished: self._finished,
            o.OrderOpened: self._bad_rating,
            ce.ResultReceived: self._ready,
            ce.ResultPosted: self._posted,
            ce.CasePaused: self._paused,
            ce.StepOverdue: self._overdue,
            e.WaitAlarmRaised: self._waits_long,
        }

    def knows(self, recorded: Recorded) -> bool:
        """Whether an event may be worth a notice."""
        return type(recorded.event) in self._by_event

    def of_event(self, state: HallState, recorded: Recorded) -> Notice | None:
        """The notice of an event, if it still is one."""
        told = self._by_event[type(recorded.event)](state, recorded.event)
        return None if told is None else self._notice(told, f"seq-{recorded.seq}", recorded.event.at)

    def of_near(self, ticket: Ticket, ahead: int, at: float) -> Notice:
        """The notice that somebody's turn is near."""
        zone = Both.of(self._names.zones[ticket.zone].name)
        if ahead == 0:
            text = Both.said("Number {number}: you are next. Please wait in {zone}.", number=ticket.number, zone=zone)
        else:
            text = Both.said_of(
                ahead,
                "Number {number}: {n} person is before you. Please wait in {zone}.",
                "Number {number}: {n} people are before you. Please wait in {zone}.",
                number=ticket.number,
                zone=zone,
            )
        told = Told(NoticeKind.NEARLY, text, {"ahead": ahead}, ticket, link=self._ticket_link(ticket))
        # Once for a ticket, whatever is said of it.
        return replace(
            self._notice(told, f"ticket-{ticket.id}", ticket.issued_at), expires_at=at + EXPIRES_S[told.kind]
        )

    def of_test(self, key: str, at: float) -> Notice:
        """A notice that only says that it arrived."""
        text = Both.said("This is a test of {hall}.", hall=Both.of(self._names.hall.name))
        return Notice("test", key, at, None, (), None, self._payload("test", at, self._frame(STAFF, text)))

    # --- tickets ------------------------------------------------------------------------------------------------------

    def _called(self, state: HallState, event: e.TicketCalled | e.TicketResumed) -> Told | None:
        ticket = state.tickets.get(event.ticket)
        if ticket is None or ticket.state is not TicketState.CALLED or ticket.called_at != event.at:
            return None
        window = Both.of(self._names.windows[event.window].name)
        text = Both.said("Number {number}: please go to {window}.", number=ticket.number, window=window)
        more = {"window": event.window, **window.pair("window_name")}
        return Told(NoticeKind.CALLED, text, more, ticket, link=self._ticket_link(ticket))

    def _finished(self, state: HallState, event: e.ServiceFinished) -> Told | None:
        ticket = state.tickets.get(event.ticket)
        if ticket is None or ticket.finished_at != event.at or not may_rate(self._plan(), ticket, event.at):
            return None
        link = self._ticket_link(ticket)
        text = Both.said("Number {number} is finished. Please rate the service.", number=ticket.number)
        if link is not None:
            text = Both.said(
                "Number {number} is finished. Please rate the service: {link}", number=ticket.number, link=link
            )
        window = Both.of(self._names.windows[event.window].name)
        more = {"window": event.window, **window.pair("window_name")}
        return Told(NoticeKind.RATE_US, text, {**more, "reminder": False}, ticket, link=link)

    def of_reminder(self, visit: Visit, due_at: float) -> Notice | None:
        """The one reminder of who has not rated (A1.11); none where there is no link to rate by, or where what he was
        here for has left the hall file."""
        link = self._ticket_link(visit)
        names = self._names
        if link is None or visit.service not in names.services or (visit.window or "") not in {"", *names.windows}:
            return None
        day = local(visit.finished_at, self._plan().tz)
        text = Both.said(
            "You were here on {month}/{day} with number {number}. How was the service? Please rate it: {link}",
            month=day.month,
            day=day.day,
            number=visit.number,
            link=link,
        )
        window = None if visit.window is None else Both.of(names.windows[visit.window].name)
        more: dict[str, Any] = {
            "reminder": True,
            "window": visit.window,
            **(window.pair("window_name") if window else {}),
        }
        told = Told(NoticeKind.RATE_US, text, more, visit, link=link)
        over_at = visit.finished_at + self._plan().redress.rate_within_s
        return replace(self._notice(told, f"reminder-{visit.id}", due_at), expires_at=over_at)

    def _bad_rating(self, state: HallState, event: o.OrderOpened) -> Told | None:
        service = Both.of(self._names.services[event.service].name)
        level = Both.said(LEVELS[event.level])
        window = None if event.window is None else Both.of(self._names.windows[event.window].name)
        text = Both.said(
            "{number} ({service}) was rated “{level}”. To be called back by {due}.",
            number=event.number,
            service=service,
            level=level,
            due=self._minute(event.contact_by),
        )
        more: dict[str, Any] = {
            "ticket": event.number,
            "service": event.service,
            **service.pair("service_name"),
            "window": event.window,
            **(window.pair("window_name") if window else {"window_name": None, "window_name_en": None}),
            "level": event.level,
            **level.pair("level_name"),
            "order": event.order,
            "due_at": self._moment(event.contact_by),
        }
        return Told(NoticeKind.BAD_RATING, text, more, to=STAFF)

    def _waits_long(self, state: HallState, event: e.WaitAlarmRaised) -> Told | None:
        service = Both.of(self._names.services[event.service].name)
        minutes = int(event.waited_s // 60)
        text = Both.said("{service}: the longest wait is {n} min. Please look at it.", service=service, n=minutes)
        more: dict[str, Any] = {"service": event.service, **service.pair("service_name")}
        more |= {"level": event.level, "waited_s": round(event.waited_s)}
        return Told(NoticeKind.WAIT_ALARM, text, more, to=STAFF)

    # --- cases --------------------------------------------------------------------------------------------------------

    def _ready(self, state: HallState, event: ce.ResultReceived) -> Told | None:
        case = state.cases.get(event.case)
        if case is None or case.state is not CaseState.READY or case.ready_at != event.at:
            return None
        more: dict[str, Any] = {"delivery": case.delivery.value, "place": None, "place_en": None}
        if case.delivery is DeliveryWay.POST:
            text = Both.said("The result of “{title}” ({case}) is ready and will be posted.", **_named(case))
            return self._of_case(NoticeKind.RESULT_READY, case, text, more)
        place = self._place(case)
        if place is None:
            text = Both.said(
                "The result of “{title}” ({case}) is ready. Bring your voucher to fetch it.", **_named(case)
            )
        else:
            text = Both.said(
                "The result of “{title}” ({case}) is ready. Bring your voucher to {place} to fetch it.",
                **_named(case),
                place=place,
            )
            more |= place.pair("place")
        return self._of_case(NoticeKind.RESULT_READY, case, text, more)

    def _posted(self, state: HallState, event: ce.ResultPosted) -> Told | None:
        case = state.cases.get(event.case)
        if case is None or case.posted_at != event.at:
            return None
        text = Both.said(
            "The result of “{title}” ({case}) was posted with {carrier}, number {tracking}.",
            **_named(case),
            carrier=event.carrier,
            tracking=event.tracking,
        )
        more = {"carrier": event.carrier, "tracking": event.tracking}
        return self._of_case(NoticeKind.RESULT_POSTED, case, text, more)

    def _paused(self, state: HallState, event: ce.CasePaused) -> Told | None:
        case = state.cases.get(event.case)
        if case is None or case.state is not CaseState.PAUSED or case.pauses[-1].at != event.at:
            return None
        if event.kind is PauseKind.CORRECTION:
            text = Both.said(
                "For “{title}” ({case}) please bring: {papers}. It goes on after that.",
                **_named(case),
                papers=listed(event.lacks),
            )
            return self._of_case(NoticeKind.CORRECTION_DUE, case, text, {"lacks": list(event.lacks)})
        if event.fee is None:
            text = Both.said("For “{title}” ({case}) a fee is due. It goes on after the payment.", **_named(case))
        else:
            text = Both.said(
                "For “{title}” ({case}) a fee of {yuan} yuan is due. It goes on after the payment.",
                **_named(case),
                yuan=f"{event.fee / 100:.2f}",
            )
        return self._of_case(NoticeKind.FEE_DUE, case, text, {"fee": event.fee})

    def _overdue(self, state: HallState, event: ce.StepOverdue) -> Told | None:
        case = state.cases.get(event.case)
        if case is None or case.is_over:
            return None
        step = Both.said(STEPS[event.step])
        late = Both.said(
            "“{title}” ({case}): {step}, due {due}.", **_named(case), step=step, due=self._minute(event.due_at)
        )
        has_it = "、".join(name for name in (event.department, event.who and self._staff_name(event.who)) if name)
        text = late.then(Both.said("It is with {who}.", who=has_it) if has_it else None)
        more = {
            "step": event.step,
            **step.pair("step_name"),
            "due_at": self._moment(event.due_at),
            "department": event.department,
            "who": event.who,
        }
        return replace(self._of_case(NoticeKind.STEP_OVERDUE, case, text, more), to=STAFF, link=None)

    def _of_case(self, kind: NoticeKind, case: Case, text: Both, more: dict[str, Any]) -> Told:
        link = None if self._public_url is None else f"{self._public_url}/c/{self._links.case_token(case.id)}"
        return Told(kind, text, more, case=case, link=link)

    def _place(self, case: Case) -> Both | None:
        """Where a result is handed out."""
        service = self._pickup(case.zone)
        if service is None:
            return None
        known = self._names.services[service]
        zone = self._names.zones[known.zone].name
        return Both(f"{zone['zh']}“{known.name['zh']}”", f"{known.name['en']}, {zone['en']}")

    # --- the frame ----------------------------------------------------------------------------------------------------

    def _notice(self, told: Told, key: str, at: float) -> Notice:
        data = self._frame(told.to, told.text)
        if (ticket := told.ticket) is not None:
            service = Both.of(self._names.services[ticket.service].name)
            data |= {"ticket": ticket.number, "service": ticket.service, **service.pair("service_name")}
            data["language"] = ticket.language
        if (case := told.case) is not None:
            service = Both.of(self._names.services[case.service].name)
            data |= {"ticket": case.ticket_number, "service": case.service, **service.pair("service_name")}
            data |= {"case": case.number, "title": case.title, "platform": case.platform, "language": case.language}
        data |= told.more
        data["link"] = told.link
        lasts = EXPIRES_S.get(told.kind)
        return Notice(
            told.kind.value,
            key,
            at,
            None if lasts is None else at + lasts,
            _subjects(told) if told.to == CITIZEN else (),
            None if told.ticket is None else told.ticket.id,
            self._payload(told.kind.value, at, data),
        )

    def _frame(self, to: str, text: Both) -> dict[str, Any]:
        hall = self._names.hall
        return {
            "hall": hall.id,
            **Both.of(hall.name).pair("hall_name"),
            "to": to,
            "ticket": None,
            "service": None,
            "service_name": None,
            "service_name_en": None,
            "window": None,
            "window_name": None,
            "window_name_en": None,
            "case": None,
            "title": None,
            "platform": None,
            "link": None,
            "language": "zh",
            "text_zh": text.zh,
            "text_en": text.en,
        }

    def _payload(self, kind: str, at: float, data: dict[str, Any]) -> dict[str, Any]:
        return {"type": kind, "timestamp": self._moment(at), "data": data}

    def _ticket_link(self, ticket: Ticket | Visit) -> str | None:
        return None if self._public_url is None else f"{self._public_url}/t/{self._links.token(ticket.id)}"

    def _moment(self, at: float) -> str:
        return local(at, self._plan().tz).isoformat(timespec="milliseconds")

    def _minute(self, at: float) -> str:
        return local(at, self._plan().tz).strftime("%Y-%m-%d %H:%M")


def _named(case: Case) -> dict[str, str]:
    return {"title": case.title, "case": case.number}


def _subjects(told: Told) -> tuple[str, ...]:
    """Under which subjects a phone number may have been left for this."""
    if told.case is not None:
        return (f"case:{told.case.id}",)
    ticket = told.ticket
    if ticket is None:
        return ()
    cases = (*((ticket.case,) if ticket.case else ()), *ticket.settled)
    booked = (f"appointment:{ticket.appointment}",) if ticket.appointment else ()
    return (*booked, *(f"case:{case}" for case in cases))

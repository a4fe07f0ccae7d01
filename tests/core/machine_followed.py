"""Cases followed: the machine keeps a record of every case of its own, by a table of its own, and holds the hall's
against it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis.stateful import invariant

from server.core import case_events as k
from server.core import events as e
from server.core.calendar import local
from server.core.case_records import Answer, CaseState, DeliveryWay, Outcome
from tests.cast import SHANGHAI
from tests.core.machine_day import DayRules
from tests.core.machine_told import OPEN

C = CaseState
DEPARTMENTS = ("civil", "housing", "tax")
PAPERS = ("合同", "照片", "户口本")
TURNED_AWAY = (Outcome.CORRECTION, Outcome.REFUSED)
MAKE_CASES = (Outcome.ACCEPTED, Outcome.ACCEPTED_MISSING, Outcome.PRE_ACCEPTED)
OVER = (C.DELIVERED, C.WITHDRAWN)
WEEK_S, FORTNIGHT_S = 7 * 86400, 14 * 86400
#: Told a second time: what may happen to a case in a state, and where it is then (None: it depends on its papers).
ON_ITS_WAY = {k.PapersTaken, k.PapersSigned, k.PapersBrought, k.CaseNumbered, k.MilestoneNoted, k.StepOverdue}
ALLOWED: dict[CaseState, set[type[k.CaseEvent]]] = {
    C.TRANSIT: {*ON_ITS_WAY, k.CasePaused, k.CaseAnswered, k.CaseWithdrawn},
    C.APPROVAL: {*ON_ITS_WAY, k.CasePaused, k.CaseAnswered, k.CaseWithdrawn} - {k.PapersTaken, k.PapersSigned},
    C.PAUSED: {*ON_ITS_WAY, k.CaseWentOn, k.CaseWithdrawn},
    C.DECIDED: {*ON_ITS_WAY, k.ResultReceived, k.ResultReturned, k.CaseWithdrawn} - {k.PapersTaken, k.PapersSigned},
    C.READY: {k.ResultReturned, k.ResultPosted, k.ResultHandedOut, k.CaseNumbered, k.MilestoneNoted, k.StepOverdue},
    C.POSTED: {k.ResultDelivered, k.CaseNumbered, k.MilestoneNoted, k.StepOverdue},
    C.DELIVERED: set(),
    C.WITHDRAWN: set(),
}


@dataclass(slots=True)
class Followed:
    """A case as the machine has it: what its events must have made of it."""

    number: str
    ticket: str
    deadline_at: float
    delivery: DeliveryWay
    lacks: set[str]
    signed: dict[str, bool]
    answers: dict[str, Answer | None]
    taken: set[str] = field(default_factory=set)
    state: CaseState = C.TRANSIT
    paused_at: float | None = None
    ended_at: float | None = None
    told: set[str] = field(default_factory=set)
    touched: bool = False

    def by_papers(self) -> CaseState:
        """Where a case is whose clock runs."""
        if Answer.DENIED in self.answers.values() or None not in self.answers.values():
            return C.DECIDED
        return C.APPROVAL if all(self.signed.values()) else C.TRANSIT


@dataclass(slots=True)
class Told:
    """A settlement as the machine has it."""

    ticket: str
    outcome: Outcome
    at: float
    filed: bool = False


class CaseFollower(DayRules):
    """What must hold of settlements and cases, whatever is done with them."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[str, Followed] = {}
        self.told: dict[str, Told] = {}
        self.numbers_given: list[tuple[str, str]] = []

    # --- following ----------------------------------------------------------------------------------------------------

    def watch(self, event: e.Event) -> None:
        """Follow what happened after the window, by the machine's own table."""
        super().watch(event)
        if isinstance(event, e.DayOpened):
            self.begin_day(event)
        elif isinstance(event, k.ItemSettled):
            assert event.settlement not in self.told
            self.told[event.settlement] = Told(event.ticket, event.outcome, event.at)
        elif isinstance(event, k.SettlementRetracted):
            del self.told[event.settlement]
            self.cases.pop(event.settlement, None)
        elif isinstance(event, k.OriginalsFiled):
            for name in event.settlements:
                self.told[name].filed = True
        elif isinstance(event, k.CaseOpened):
            assert event.case not in self.cases
            self.numbers_given.append((self.state.business_day, event.number))
            none: dict[str, Answer | None] = dict.fromkeys(event.departments)
            signed = dict.fromkeys(event.departments, False)
            self.cases[event.case] = Followed(
                event.number, event.ticket, event.deadline_at, event.delivery, set(event.lacks), signed, none
            )
        elif isinstance(event, k.CaseEvent):
            self.follow(event, self.cases[event.case])
        elif isinstance(event, e.TicketIssued) and event.case is not None:
            assert self.cases[event.case].state is C.READY

    def begin_day(self, event: e.DayOpened) -> None:
        """What a night may drop: what is filed, told or long past; cases a week after their end."""
        for name in [name for name, one in self.cases.items() if one.ended_at and one.ended_at <= event.at - WEEK_S]:
            del self.cases[name]
        for name, one in list(self.told.items()):
            if one.filed or one.outcome in TURNED_AWAY or one.at <= event.at - FORTNIGHT_S:
                del self.told[name]

    def follow(self, event: k.CaseEvent, case: Followed) -> None:  # noqa: C901 - one branch for each event
        """Nothing happens to a case that its state does not allow; then its record is brought up to date."""
        assert type(event) in ALLOWED[case.state], (event, case.state)
        assert event.ticket == case.ticket
        match event:
            case k.PapersTaken():
                assert not case.taken & set(event.departments)
                assert not any(case.signed[department] for department in event.departments)
                case.taken |= set(event.departments)
            case k.PapersSigned():
                assert not case.signed[event.department]
                case.signed[event.department] = True
            case k.PapersBrought():
                assert set(event.papers) <= case.lacks
                assert event.papers
                case.lacks -= set(event.papers)
            case k.CasePaused():
                case.paused_at = event.at
            case k.CaseWentOn():
                self.check_deadline(event, case)
                case.deadline_at = event.deadline_at
                case.told = {key for key in case.told if not key.startswith("approval")}
            case k.CaseAnswered():
                assert case.signed[event.department]
                assert case.answers[event.department] is None
                case.answers[event.department] = event.answer
            case k.ResultReceived():
                assert not case.lacks or Answer.DENIED in case.answers.values(), "a permit without its papers"
            case k.ResultReturned():
                assert case.answers[event.department] is not None
                case.answers[event.department] = None
                case.told = {key for key in case.told if key.split(" ")[0] in ("transfer", "promise")}
            case k.ResultPosted():
                assert case.delivery is DeliveryWay.POST
            case k.StepOverdue():
                key = " ".join([event.step, *([] if event.department is None else [event.department])])
                assert key not in case.told, "told twice"
                assert event.due_at < event.at
                case.told.add(key)
        fixed = {k.CasePaused: C.PAUSED, k.ResultReceived: C.READY, k.ResultPosted: C.POSTED,
                 k.ResultDelivered: C.DELIVERED, k.ResultHandedOut: C.DELIVERED, k.CaseWithdrawn: C.WITHDRAWN}  # fmt: skip
        depends = isinstance(event, k.PapersSigned) and case.state is not C.PAUSED
        if depends or isinstance(event, k.CaseWentOn | k.CaseAnswered | k.ResultReturned):
            case.state = case.by_papers()
        case.state = fixed.get(type(event), case.state)
        if case.state in OVER:
            case.ended_at = event.at
        case.touched = case.touched or not isinstance(event, k.PapersBrought | k.MilestoneNoted | k.StepOverdue)

    def check_deadline(self, event: k.CaseWentOn, case: Followed) -> None:
        """As many working days are left as were; what was late gains nothing; the time of the day stays."""
        assert case.paused_at is not None
        if case.paused_at >= case.deadline_at:
            assert event.deadline_at == case.deadline_at
            return
        assert event.deadline_at > event.at
        assert event.deadline_at >= case.deadline_at
        assert (event.deadline_at - case.deadline_at) % 86400 == 0
        left = working_days(date_of(case.paused_at), date_of(case.deadline_at))
        now_left = working_days(date_of(event.at), date_of(event.deadline_at))
        assert now_left in ((left,) if left else (0, 1))

    # --- what must always hold ----------------------------------------------------------------------------------------

    @invariant()
    def cases_are_as_they_were_followed(self) -> None:
        """Each that is not long over is there, in the state and with the papers and answers that its events made."""
        assert set(self.state.cases) == set(self.cases)
        for name, case in self.state.cases.items():
            own = self.cases[name]
            assert (case.number, case.state, case.deadline_at, set(case.lacks)) == (
                own.number, own.state, own.deadline_at, own.lacks,
            )  # fmt: skip
            assert {leg.department: leg.answer for leg in case.legs} == own.answers
            assert {leg.department: leg.signed_at is not None for leg in case.legs} == own.signed
            assert set(case.alerted) == own.told
            assert (case.result is not None) == (own.state in (C.READY, C.POSTED, C.DELIVERED))
            assert case.ended_at == own.ended_at
        assert self.state.case_numbers == {case.number: name for name, case in self.cases.items()}

    @invariant()
    def case_numbers_are_unique(self) -> None:
        """The day, and 1, 2, 3 … through the day; a slip's number is given to nobody else."""
        counts: dict[str, int] = {}
        for day, number in self.numbers_given:
            counts[day] = counts.get(day, 0) + 1
            assert number == f"{day.replace('-', '')}-{counts[day]:04d}"

    @invariant()
    def settlements_are_of_their_tickets(self) -> None:
        """All that was settled and not taken back is there, with its ticket; a case has the settlement it came from."""
        assert {name: one.filed_at is not None for name, one in self.state.settlements.items()} == {
            name: one.filed for name, one in self.told.items()
        }
        for ticket in self.state.tickets.values():
            assert all(self.state.settlements[name].ticket == ticket.id for name in ticket.settled)
        for name, one in self.state.settlements.items():
            assert (one.case is not None) == (one.outcome in MAKE_CASES)
            assert one.case is None or name not in self.state.cases or self.state.cases[name].number == one.case

    @invariant()
    def one_open_ticket_fetches_a_result(self) -> None:
        """A voucher scanned twice makes no second one."""
        coming = [t.case for t in self.state.tickets.values() if t.case is not None and t.state in OPEN]
        assert len(coming) == len(set(coming))


def date_of(moment: float) -> date:
    """The hall's date."""
    return local(moment, SHANGHAI).date()


def working_days(first: date, last: date) -> int:
    """Mondays to Fridays after the first day up to the last."""
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    return sum(day.weekday() < 5 for day in days)

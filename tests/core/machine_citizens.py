"""Citizens in the machine: tickets, appointments, papers."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from server.core import commands as c
from server.core.affairs import AppointmentState
from server.core.appointments import BookAppointment, CancelAppointment, MoveAppointment
from server.core.calendar import local
from server.core.model import (
    TicketState,
)
from server.core.slots import slots_on
from tests.cast import ELDER, INSURANCE, SHANGHAI
from tests.core.machine_told import ABSENCES, HOUR_S, PLACES, S, some_service, some_ticket, some_window
from tests.core.machine_windows import WindowRules


class CitizenRules(WindowRules):
    """They come, book, check in and give up."""

    # --- citizens -----------------------------------------------------------------------------------------------------

    @rule(
        services=st.lists(some_service, min_size=1, max_size=4),
        group=st.sampled_from([None, None, ELDER]),
        seconds=st.sampled_from([0, 0, 40]),
    )
    def citizens_come(self, services: list[str], group: str | None, seconds: int) -> None:
        """A few at once, the first perhaps of a priority group."""
        self.come(services, group, seconds)

    @rule(service=some_service, minutes=st.sampled_from([-60, -10, 0, 20, 90]))
    def citizen_with_an_appointment(self, service: str, minutes: int) -> None:
        """Too late, just in time, early, much too early."""
        self.made += 1
        now = self.now()
        self.do(c.Issue(at=now, ticket=f"t{self.made}", service=service, slot_at=now + minutes * 60))
        ticket = self.state.tickets[f"t{self.made}"]
        assert (ticket.due_at, ticket.on_time) == (now + max(0, minutes) * 60, minutes >= -10)
        assert ticket.credited_at == ticket.due_at - self.credit(ticket)

    # --- appointments -------------------------------------------------------------------------------------------------

    @rule(n=some_ticket, days=st.integers(0, 2), who=st.sampled_from(["lan", "mei", None]), staff=st.booleans())
    def somebody_books(self, n: int, days: int, who: str | None, staff: bool) -> None:
        """Some slot of the next days; refused only for a reason that can be seen."""
        now = self.now()
        day = local(now, SHANGHAI).date() + timedelta(days=days)
        slots = slots_on(self.plan, self.state, INSURANCE, day, now)
        if not slots:
            return
        slot, self.made = slots[n % len(slots)], self.made + 1
        command = BookAppointment(
            at=now,
            appointment=f"b{self.made}",
            service=INSURANCE,
            slot_at=slot.at,
            code=f"{self.made:06d}",
            holder=who,
            channel="staff" if staff else "phone",
        )
        his = [a for a in self.state.appointments.values() if who is not None and a.holder == who]
        has_one = any(
            a.state in (AppointmentState.BOOKED, AppointmentState.ARRIVED) and local(a.slot_at, SHANGHAI).date() == day
            for a in his
        )
        barred = who is not None and len(self.state.absences.get(who, ())) >= ABSENCES
        events = self.do(command)
        assert (events is None) == (slot.left == 0 or (not staff and (has_one or barred)))
        if events:
            assert self.do(command) == [], "the same booking twice"

    def pick_appointment(self, n: int) -> str:
        names = list(self.state.appointments)
        return names[n % len(names)] if names else "nobody's"

    @precondition(lambda self: self.state.appointments)
    @rule(n=some_ticket, hours=st.integers(-3, 30), staff=st.booleans())
    def somebody_changes_his_mind(self, n: int, hours: int, staff: bool) -> None:
        """Another hour, or not at all."""
        now, name = self.now(), self.pick_appointment(n)
        kept = self.state.appointments.get(name)
        if hours:
            slot_at = (kept.slot_at if kept else now) + hours * HOUR_S
            events = self.do(MoveAppointment(at=now, appointment=name, slot_at=slot_at, by_staff=staff))
        else:
            events = self.do(CancelAppointment(at=now, appointment=name, by_staff=staff))
        if events and not staff:
            assert kept is not None
            assert now <= kept.slot_at - self.plan.booking.cancel_before_s

    @precondition(lambda self: self.state.appointments)
    @rule(n=some_ticket, wait=st.booleans())
    def somebody_checks_in(self, n: int, wait: bool) -> None:
        """Now, or at his time: whoever has an open appointment and is not too early or given up gets one ticket."""
        name = self.pick_appointment(n)
        if wait and name in self.state.appointments:
            self.clock = max(self.clock, self.state.appointments[name].slot_at)
        now = self.now()
        if (kept := self.state.appointments.get(name)) is None:
            return
        self.made += 1
        events = self.do(c.Issue(at=now, ticket=f"t{self.made}", service=INSURANCE, appointment=name))
        expected = kept.state is AppointmentState.BOOKED and -1800 <= now - kept.slot_at < 900
        assert bool(events) == expected
        if events:
            assert self.state.tickets[f"t{self.made}"].on_time == (now - kept.slot_at <= 600)
            again = c.Issue(at=now, ticket=f"t{self.made}-again", service=INSURANCE, appointment=name)
            assert self.do(again) is None, "one ticket per appointment"

    @invariant()
    def no_slot_is_full_twice(self) -> None:
        """Never more people in a slot than it has places; a code opens one appointment only."""
        expected = [
            a
            for a in self.state.appointments.values()
            if a.state in (AppointmentState.BOOKED, AppointmentState.ARRIVED)
        ]
        for slot_at in {a.slot_at for a in expected}:
            assert sum(a.slot_at == slot_at for a in expected) <= PLACES
        codes = [a.code for a in expected if a.state is AppointmentState.BOOKED]
        assert len(codes) == len(set(codes))

    @invariant()
    def an_appointment_has_one_ticket_or_none(self) -> None:
        """Who checked in has exactly one; who cancelled or stayed away has none; an absence is only of who was missed."""
        by_appointment = [t.appointment for t in self.state.tickets.values() if t.appointment is not None]
        assert len(by_appointment) == len(set(by_appointment))
        for kept in self.state.appointments.values():
            arrived = kept.state is AppointmentState.ARRIVED
            assert (kept.id in by_appointment) == arrived == (kept.ticket is not None)

    # --- citizens, again ----------------------------------------------------------------------------------------------

    @rule(service=some_service, window=some_window)
    def citizen_for_a_window(self, service: str, window: str) -> None:
        """Staff issue a ticket for one window."""
        self.made += 1
        self.do(c.Issue(at=self.now(), ticket=f"t{self.made}", service=service, for_window=window))

    @precondition(lambda self: self.any_in(S.WAITING, S.CALLED, S.HELD))
    @rule(n=some_ticket, state=st.sampled_from([S.HELD, S.CALLED, S.WAITING]))
    def citizen_gives_up(self, n: int, state: TicketState) -> None:
        """Waiting, called or on hold."""
        ticket = self.pick(n, *([state] if self.any_in(state) else [S.WAITING, S.CALLED, S.HELD]))
        assert self.do(c.Cancel(at=self.now(), ticket=ticket)) or ticket not in self.state.tickets

    @precondition(lambda self: self.state.tickets)
    @rule(n=some_ticket, state=st.sampled_from([None, "queued", "printed", "failed", "unknown"]))
    def paper(self, n: int, state: str | None) -> None:
        """A reprint, or news of the printer; the ticket stays what it is."""
        now, ticket = self.now(), self.state.tickets.get(self.pick(n))
        if ticket is None:
            return
        if state is None:
            self.do(c.RequestReprint(at=now, ticket=ticket.id, printer="p"))
        else:
            self.do(c.ReportPrint(at=now, ticket=ticket.id, state=state))
        after = self.state.tickets[ticket.id]
        assert replace(after, copies=ticket.copies, print_state=ticket.print_state) == ticket

    @rule(device=st.sampled_from(["kiosk-1", "kiosk-2"]), condition=st.sampled_from(["ready", "paper_out"]))
    def device_reports(self, device: str, condition: str) -> None:
        """A change is news and the same again is not."""
        now = self.now()
        known = self.state.devices.get(device)
        events = self.do(c.ReportDevice(at=now, device=device, condition=condition))
        assert events is not None
        assert bool(events) == (known is None or known.condition != condition)

"""Windows in the machine: opened, paused, closed, moved by hand and by the tide."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from server.core import commands as c
from server.core.model import (
    ServiceId,
)
from tests.cast import COMPANY
from tests.core.machine_day import DayRules
from tests.core.machine_told import (
    some_services,
    some_ticket,
    some_window,
    some_zone,
)


class WindowRules(DayRules):
    """What is done with windows."""

    @precondition(lambda self: len(self.free()) + len(self.busy()) < len(self.plan.windows))
    @rule(window=some_window, clerk=st.sampled_from([None, "li", "wang"]))
    def open(self, window: str, clerk: str | None) -> None:
        """A clerk comes, or a keypad ends a pause."""
        assert self.do(c.OpenWindow(at=self.now(), window=window, clerk=clerk)) is not None

    @precondition(lambda self: len(self.free()) > 1)
    @rule(window=some_window, reason=st.sampled_from([None, "tea"]))
    def pause(self, window: str, reason: str | None) -> None:
        """Away for a while."""
        self.do(c.PauseWindow(at=self.now(), window=window, reason=reason))

    @precondition(lambda self: len(self.free()) > 1)
    @rule(window=some_window)
    def close(self, window: str) -> None:
        """The clerk leaves, if nobody sits there."""
        self.do(c.CloseWindow(at=self.now(), window=window))

    @precondition(lambda self: len(self.free()) > 1)
    @rule(window=some_window, clerk=st.sampled_from([None, "wang"]))
    def stand_by(self, window: str, clerk: str | None) -> None:
        """The clerk is at hand."""
        if self.do(c.CloseWindow(at=self.now(), window=window, standby=True, clerk=clerk)) is not None:
            assert self.state.window(window).standby

    @rule(window=some_window, services=some_services, zone=st.one_of(st.none(), some_zone), until=st.integers(0, 3))
    def assign(self, window: str, services: tuple[str, ...], zone: str | None, until: int) -> None:
        """Other services, perhaps elsewhere, perhaps until some minutes from now."""
        now = self.now()
        busy = self.state.window(window).ticket is not None
        before = self.state.window(window)
        until_at = now + until * 600 if until else None
        self.do(c.AssignWindow(at=now, window=window, services=services, zone=zone, until=until_at))
        after = self.state.window(window)
        if busy:
            assert (after.services, after.zone, after.until) == (before.services, before.zone, before.until)
            after = after if after.pending is None else after.as_told(after.pending)
        home = self.plan.windows[window].zone
        if services:
            serves = self.plan.windows[window].services if after.services is None else after.services
            assert (serves, after.zone) == (services, None if zone == home else zone)
            assert after.until == until_at
        else:
            assert (after.services, after.zone, after.until) == (None, None, None)

    @rule(window=some_window, until=st.integers(1, 3))
    def move_to_the_companies(self, window: str, until: int) -> None:
        """As a supervisor does it, for some minutes; time passes, and it is back."""
        now = self.now()
        until_at = now + until * 300
        services = (ServiceId(COMPANY),)
        self.do(c.AssignWindow(at=now, window=window, services=services, zone="enterprise", until=until_at))
        self.clock = now + 60
        self.look()

    @precondition(lambda self: self.state.tides)
    @rule(n=some_ticket, accept=st.booleans())
    def a_supervisor_decides(self, n: int, accept: bool) -> None:
        """One of the proposals."""
        now = self.now()
        if not self.state.tides:
            return
        tide = list(self.state.tides.values())[n % len(self.state.tides)]
        kind = c.AcceptTide if accept else c.DismissTide
        if self.do(kind(at=now, tide=tide.id)) is not None:
            assert tide.id not in self.state.tides
            assert self.do(kind(at=now, tide=tide.id)) is None
            assert ((tide.window, tide.action.value, tide.zone) in self.state.dismissed) >= (not accept)

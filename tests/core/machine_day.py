"""The day in the machine: begin, time, clocks set wrong, nights, restarts."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from server.core import commands as c
from server.core import events as e
from server.core.calendar import business_day, local
from server.core.evolve import fold
from server.core.model import (
    Rules,
    TideMode,
    TideRules,
    WindowStatus,
)
from tests.cast import SHANGHAI, at
from tests.core.machine_told import (
    ALWAYS_OPEN,
    TIMETABLE,
    HallTold,
    some_service,
)


class DayRules(HallTold):
    """Time passes."""

    # --- the day ------------------------------------------------------------------------------------------------------

    @initialize(
        back=st.sampled_from([3, 1, 0]),
        credit_min=st.sampled_from([45, 5, 0]),
        recalls=st.sampled_from([5, 1]),
        short_min=st.sampled_from([10, 2, 0]),
        auto_s=st.sampled_from([None, None, 0, 20]),
        mode=st.sampled_from([*TideMode, TideMode.AUTOMATIC]),
        hurry=st.sampled_from([1.0, 0.2, 0.0]),
        services=st.lists(some_service, min_size=4, max_size=12),
    )
    def begin(
        self,
        back: int,
        credit_min: int,
        recalls: int,
        short_min: int,
        auto_s: float | None,
        mode: TideMode,
        hurry: float,
        services: list[str],
    ) -> None:
        """Some hall's rules and tides; all windows open; some citizens were at the door."""
        rules = Rules(
            recall_limit=recalls,
            reenter_after=back,
            priority_credit_s=credit_min * 60,
            short_credit_max_s=short_min * 60,
            auto_call_s=auto_s,
        )
        usual = TideRules()
        tides = TideRules(
            mode=mode,
            help_after_s=usual.help_after_s * hurry,
            leave_for_s=usual.leave_for_s * hurry,
            close_after_s=usual.close_after_s * hurry,
            close_idle_s=usual.close_idle_s * hurry,
            schedule=(TIMETABLE,),
        )
        self.plan = replace(ALWAYS_OPEN, rules=rules, tides=tides)
        for window in self.plan.windows:
            self.do(c.OpenWindow(at=self.now(), window=window, clerk="li"))
        self.come(services, None, 20)

    @rule(seconds=st.sampled_from([0, 1, 30, 61, 300, 900, 2700, 2701, 7200]))
    def time_passes(self, seconds: int) -> None:
        """Up to two hours."""
        self.clock += seconds

    @rule(minutes=st.integers(1, 20), step_s=st.sampled_from([10, 60]))
    def the_hall_looks_after_itself(self, minutes: int, step_s: int) -> None:
        """A few minutes in which only the server acts."""
        for _ in range(minutes * 60 // step_s):
            self.clock = max(self.clock, self.state.last_at) + step_s
            self.look()

    @rule()
    def the_hall_comes_to_rest(self) -> None:
        """Looking again and again at one moment ends: nothing is proposed and dropped, opened and closed, for ever."""
        looks = len(self.plan.windows) + len(self.state.waiting) + 5
        assert any(not self.look() for _ in range(looks))

    def look(self) -> list[e.Event]:
        """The watch of the server."""
        now = self.now()
        idle = {w: self.state.window(w) for w in self.plan.windows}
        events = self.do(c.Watch(at=now))
        assert events is not None
        calls = [x for x in events if isinstance(x, e.TicketCalled)]
        assert len(calls) <= (self.plan.rules.auto_call_s is not None)
        told = [x.window for x in events if isinstance(x, e.WindowEvent)]
        for call in calls:
            assert call.window not in told
            assert now - (idle[call.window].idle_since or now) >= (self.plan.rules.auto_call_s or 0)
        for opening in (x for x in events if isinstance(x, e.WindowOpened)):
            assert idle[opening.window].standby, "nobody is fetched by a program"
            assert self.plan.tides.mode is TideMode.AUTOMATIC
        for closing in (x for x in events if isinstance(x, e.WindowClosed)):
            assert self.plan.tides.mode is TideMode.AUTOMATIC
            home = self.plan.windows[closing.window].zone
            assert any(
                self.state.window(w.id).status is WindowStatus.OPEN
                for w in self.plan.windows.values()
                if w.zone == home and self.state.window(w.id).zone is None
            )
        if self.plan.tides.mode is TideMode.MANUAL:
            assert not any(isinstance(x, e.TideProposed) for x in events)
        return events

    @rule(seconds=st.sampled_from([1, 3600, 86400, 8 * 365 * 86400]))
    def clock_is_set_back(self, seconds: int) -> None:
        """NTP, a battery, an operator."""
        self.clock -= seconds

    @rule()
    def clock_is_set_right(self) -> None:
        """Back to the last time the hall knew."""
        self.clock = max(self.clock, self.state.last_at)

    @precondition(lambda self: self.state.entries > 12)
    @rule(days=st.integers(1, 3))
    def night(self, days: int) -> None:
        """The server is off until some morning."""
        morning = local(max(self.clock, self.state.last_at), SHANGHAI).date() + timedelta(days=days)
        self.clock = at("8:00", morning)
        self.now()

    @rule(days=st.integers(0, 3))
    def an_old_day_is_opened(self, days: int) -> None:
        """Today or an earlier day: nothing may come of it."""
        now = self.now()
        old = business_day(now - days * 86400, SHANGHAI)
        assert self.do(c.OpenDay(at=now, business_day=min(old, self.state.business_day))) == []

    @rule()
    def the_server_restarts(self) -> None:
        """The state is read from the log again, from its bytes, and from the last opening alone."""
        self.check_replay()
        self.state = fold(self.from_bytes())

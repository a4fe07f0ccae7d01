"""Fast-forwarded halls do what the real one does: the same calls at the same times where nothing is left to chance."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from statistics import fmean, pstdev
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.futures import HORIZON_S, SAMPLES, Standstill, sampled_lengths
from server.core.model import (
    Call,
    HallState,
    Plan,
    Service,
    ServiceId,
    TideRules,
    Timetable,
    Window,
    WindowId,
    ZoneId,
)
from server.simulate.engine import Pace, SimulatedDay, with_roster
from server.simulate.policies import Policy
from server.simulate.visits import Shift, Visit

OPENS = 9 * 3600
#: The hall is looked at once everybody has come.
LOOK_S = OPENS + 1800.0
WALK_S = 15.0


# --- Lengths ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mean_s", "spread"), [(600.0, 0.7), (60.0, 0.2), (2400.0, 1.5)])
def test_samples_have_the_mean_and_about_the_spread(mean_s: float, spread: float) -> None:
    """Ascending, all longer than nothing; the far tail that so few samples miss costs some of the spread."""
    lengths = sampled_lengths(mean_s, spread)
    assert len(lengths) == SAMPLES
    assert list(lengths) == sorted(lengths)
    assert lengths[0] > 0
    assert fmean(lengths) == pytest.approx(mean_s)
    assert 0.75 * spread < pstdev(lengths) / mean_s <= spread * 1.02


def test_no_spread_is_one_length() -> None:
    """A hall file may say that a service always takes the same."""
    assert set(sampled_lengths(600.0, 0.0)) == {600.0}


# --- The fast-forward and the real rules --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scene:
    """A hall without chance, and who comes to it when."""

    plan: Plan
    visits: Sequence[Visit]
    shifts: Sequence[Shift]


@dataclass(slots=True)
class Looking(Policy):
    """The product's own rule, and one look at the hall at `LOOK_S` that foretells every call to come."""

    foretold: dict[str, float] = field(default_factory=dict)
    looked: bool = False

    def walk_round(self, day: SimulatedDay, now_s: float) -> None:
        """Look once."""
        if now_s < LOOK_S or self.looked:
            return
        self.looked = True
        at = day.utc(now_s)
        hall = Standstill(day.plan, sure_of_everything(day.state), at, ())
        hall.streams = []
        called = hall.play(Random(1))
        self.foretold = {ticket[1:]: now_s + wait for ticket, wait in zip(hall.entries, called, strict=True)}


def sure_of_everything(state: HallState) -> HallState:
    """The same hall with nothing learnt of spreads, and so many calls without a no-show that none is foreseen."""
    known = deepcopy(state)
    known.lengths = {}
    known.calls = [Call(1, "", "", 0.0, "call")] * 100_000
    return known


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A hall of up to five windows in two zones. No two things happen at once: every arrival has a fraction of a second
    of its own, and everything that follows from it keeps that fraction."""
    services = {
        name: Service(ServiceId(name), ZoneId(zone), name.upper(), 60.0 * draw(st.integers(2, 20)), "never", spread=0.0)
        for name, zone in (("a", "north"), ("b", "north"), ("c", "south"), ("d", "south"))
    }
    windows: dict[str, Window] = {}
    kinds: dict[int, tuple[str, tuple[str, ...], tuple[str, ...]]] = {}
    for number in range(1, draw(st.integers(1, 5)) + 1):
        zone = "north" if number == 1 else "south" if number == 2 else draw(st.sampled_from(["north", "south"]))
        home = [s for s in services if services[s].zone == zone]
        away = [s for s in services if services[s].zone != zone]
        own = tuple(sorted(draw(st.sets(st.sampled_from(home), min_size=1))))
        helps = tuple(draw(st.lists(st.sampled_from(away), max_size=2, unique=True)))
        # Windows with equal reach are of one kind: else the longer idle one has the turn, which no future knows.
        zone, own, helps = kinds.setdefault(len(own) + len(helps), (zone, own, helps))
        windows[f"W{number}"] = Window(
            WindowId(f"W{number}"), number, ZoneId(zone), tuple(map(ServiceId, own)), tuple(map(ServiceId, helps))
        )
    ordered = sorted(windows.values(), key=lambda w: (len(w.services) + len(w.may_help), w.number))
    tides = TideRules(
        cross_after_s=60.0 * draw(st.integers(0, 15)), cross_leave_s=60.0 * draw(st.integers(0, 15)), help_cost_s=0.0
    )
    plan = Plan(
        hall="dice",
        tz=ZoneInfo("Asia/Shanghai"),
        services=services,
        windows={w.id: w for w in ordered},
        timetables={"never": Timetable(shifts=((),) * 7)},
        groups=frozenset({"elder"}),
        tides=tides,
        always_open=True,
    )
    visits = []
    for number in range(draw(st.integers(1, 25))):
        service = draw(st.sampled_from(sorted(services)))
        # A fraction that sums of seconds since 1970 keep exactly.
        at_s = OPENS + draw(st.integers(0, 1700)) + (number + 1) / 1024
        group = draw(st.sampled_from([None, None, None, "elder"]))
        slot_s = draw(st.sampled_from([None, None, None, at_s + 300.0, at_s - 300.0]))
        visits.append(Visit(f"{number}", at_s, service, services[service].mean_service_s, group, appointment_s=slot_s))
    evening = float(OPENS + 8 * 3600)
    shifts = [Shift(window, float(OPENS), evening) for window in windows]
    if draw(st.booleans()):
        # One clerk goes to lunch, before or after the look.
        goes, back = OPENS + 60 * draw(st.integers(5, 60)), OPENS + 60 * draw(st.integers(61, 120))
        shifts[0] = Shift("W1", float(OPENS), float(goes))
        shifts.append(Shift("W1", float(back), evening))
    return Scene(plan, sorted(visits, key=lambda visit: visit.at_s), shifts)


@given(scenes())
@settings(max_examples=60)
def test_without_chance_every_call_is_foretold_to_the_second(scene: Scene) -> None:
    """Lengths all the same, nobody to come: one future is what the real hall, played on, then really does; with help by
    the thresholds, priority groups, appointments, tickets at windows, lunch and windows that nobody opened."""
    policy = Looking()
    plan = with_roster(scene.plan, scene.shifts)
    day = SimulatedDay(plan, policy, scene.visits, scene.shifts, Pace(walk_s=WALK_S, between_legs_s=0.0))
    for visit in scene.visits:
        # Simulated clerks look up when something happens: also when somebody elsewhere has waited long enough.
        due_s = max(visit.at_s, visit.appointment_s or 0.0)
        day._at(due_s + plan.tides.cross_after_s, lambda now: None)
    result = day.run()

    really = {leg.ref: leg.called_s for leg in result.legs}
    waiting = {ref: called_s for ref, called_s in really.items() if called_s is None or called_s > LOOK_S}
    assert policy.foretold.keys() == waiting.keys()
    for ref, called_s in waiting.items():
        if called_s is None:
            assert policy.foretold[ref] >= LOOK_S + HORIZON_S
        else:
            assert policy.foretold[ref] == pytest.approx(called_s, abs=1e-3)

"""The reference days: as many people as the figures say, the same every time, scenarios that differ as they should."""

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from math import sqrt
from pathlib import Path
from statistics import fmean as mean
from statistics import pstdev

import pytest

from server.simulate.generate import main
from server.simulate.reference_day import (
    SURGE_SERVICES,
    Scenario,
    ServiceFigures,
    reference_day,
    shifts_of,
    visits_of,
)
from server.simulate.roster import read_roster
from server.simulate.trace import read_trace
from server.simulate.visits import Visit

ROOT = Path(__file__).parents[2]
DAY = reference_day()
SEEDS = range(50)
MINUTE_S = 60
#: So many standard errors off happens once in millions of looks.
FAR = 5.0


def wanted(visit: Visit) -> str:
    """The service the citizen came for: its name begins the ref."""
    return visit.ref.split("-")[0]


def is_return(visit: Visit) -> bool:
    """A no-show's second visit."""
    return visit.ref.endswith("-again")


@pytest.fixture(scope="module")
def normal_days() -> list[list[Visit]]:
    """Fifty normal days."""
    return [visits_of(DAY, Scenario.NORMAL, seed) for seed in SEEDS]


@pytest.mark.parametrize("service", DAY.services)
def test_each_service_has_its_volume(service: str, normal_days: list[list[Visit]]) -> None:
    """Over fifty days as many come for a service as its figures say, within what chance and the factors allow."""
    counts = [sum(wanted(visit) == service and not is_return(visit) for visit in day) for day in normal_days]
    expected = DAY.services[service].per_day
    error = sqrt((expected + expected**2 * (DAY.day_sigma**2 + DAY.pool_sigma**2)) / len(counts))
    assert abs(mean(counts) - expected) < FAR * error


def test_the_day_follows_its_profile(normal_days: list[list[Visit]]) -> None:
    """Half an hour's share of the walk-ins of a profile is that of its weight."""
    early = [
        visit
        for day in normal_days
        for visit in day
        if wanted(visit) == "soc_ins" and visit.appointment_s is None and not is_return(visit)
    ]
    weights = DAY.profiles["early"]
    halves = Counter(int(visit.at_s / MINUTE_S - DAY.open) // 30 for visit in early)
    for half, weight in enumerate(weights):
        share = weight / sum(weights)
        assert abs(halves[half] / len(early) - share) < FAR * sqrt(share * (1 - share) / len(early)) + 0.002


@pytest.mark.parametrize("service", ["soc_ins", "re_comp", "ent_reg", "marry"])
def test_work_takes_its_mean_and_spread(service: str, normal_days: list[list[Visit]]) -> None:
    """Service times have the mean and the coefficient of variation of the figures."""
    figures = DAY.services[service]
    times = [visit.service_s / MINUTE_S for day in normal_days for visit in day if visit.service == service]
    assert abs(mean(times) - figures.mean) < FAR * figures.mean * figures.cv / sqrt(len(times))
    assert pstdev(times) / mean(times) == pytest.approx(figures.cv, rel=0.12)


def test_shares_of_the_mix(normal_days: list[list[Visit]]) -> None:
    """One in eight has priority, one in seven an appointment, one in twenty-five does not come, two in five of those return."""
    people = [visit for day in normal_days for visit in day if not is_return(visit)]
    n = len(people)

    def share(holds: int, expected: float, of: int = n) -> None:
        assert abs(holds / of - expected) < FAR * sqrt(expected * (1 - expected) / of)

    share(sum(visit.group == "priority" for visit in people), DAY.mix.priority)
    share(sum(visit.appointment_s is not None for visit in people), DAY.mix.appointment)
    missing = sum(visit.no_show for visit in people)
    share(missing, DAY.mix.noshow)
    returned = sum(is_return(visit) for day in normal_days for visit in day)
    # A few would come after the last ticket.
    assert 0.85 * DAY.mix.returning < returned / missing < 1.1 * DAY.mix.returning


def test_pre_and_follow_up_legs(normal_days: list[list[Visit]]) -> None:
    """A pre service comes first and the main one after it, at their shares; no ticket has both kinds."""
    seen: dict[str, list[Visit]] = {service: [] for service in DAY.services}
    for visit in (visit for day in normal_days for visit in day if not visit.no_show):
        seen[wanted(visit)].append(visit)
    for service, figures in DAY.services.items():
        own = seen[service]
        for other, expected in figures.pre.items():
            before = [visit for visit in own if visit.service == other and visit.next_service == service]
            assert abs(len(before) / len(own) - expected) < FAR * sqrt(expected * (1 - expected) / len(own))
        straight = [visit for visit in own if visit.service == service]
        for other, expected in figures.post.items():
            after = [visit for visit in straight if visit.next_service == other]
            assert abs(len(after) / len(straight) - expected) < FAR * sqrt(expected * (1 - expected) / len(straight))
        allowed = {(service, None), *((service, other) for other in figures.post), *((o, service) for o in figures.pre)}
        assert {(visit.service, visit.next_service) for visit in own} <= allowed


@pytest.mark.parametrize("scenario", Scenario)
def test_every_visit_is_sound(scenario: Scenario) -> None:
    """In order, inside the hours, in tenths of a second, refs unique, slots on quarter hours, nothing half filled in."""
    visits = visits_of(DAY, scenario, 7)
    assert [visit.at_s for visit in visits] == sorted(visit.at_s for visit in visits)
    assert len({visit.ref for visit in visits}) == len(visits)
    for visit in visits:
        assert DAY.open * MINUTE_S <= visit.at_s < DAY.last_ticket * MINUTE_S
        assert visit.service_s > 0
        assert (visit.next_service is None) == (visit.next_service_s is None)
        assert not (visit.no_show and visit.next_service)
        for number in (visit.at_s, visit.service_s, visit.next_service_s):
            assert number is None or number == round(number, 1)
        if visit.appointment_s is not None:
            assert visit.appointment_s % 900 == 0
            assert -20 * MINUTE_S <= visit.at_s - visit.appointment_s <= 25 * MINUTE_S


def test_some_come_too_late_for_their_slot(normal_days: list[list[Visit]]) -> None:
    """A few with an appointment come more than ten minutes after it, and nobody between five and ten."""
    late = [v.at_s - v.appointment_s for day in normal_days for v in day if v.appointment_s is not None]
    share = sum(seconds > 600 for seconds in late) / len(late)
    assert 0.04 < share < 0.08
    assert not any(300 < seconds <= 600 for seconds in late)


def test_monday_is_the_normal_day_and_more(normal_days: list[list[Visit]]) -> None:
    """Everybody of the normal day comes on Monday too, and over the seeds 18 % more come."""
    shares = []
    for seed in range(8):
        normal, monday = normal_days[seed], visits_of(DAY, Scenario.MONDAY, seed)
        assert set(normal) < set(monday)
        shares.append(len(monday) / len(normal))
    assert mean(shares) == pytest.approx(1.18, abs=0.014)


def test_the_surge_is_three_coaches_on_top(normal_days: list[list[Visit]]) -> None:
    """Three groups of 30 to 40 for real-estate services, each within ten minutes of about 9:10, 10:20 and 14:40."""
    for seed in range(3):
        normal, surge = normal_days[seed], visits_of(DAY, Scenario.SURGE, seed)
        assert set(normal) < set(surge)
        extra = [visit for visit in set(surge) - set(normal) if not is_return(visit)]
        assert {visit.service for visit in extra} == set(SURGE_SERVICES)
        assert all(visit.appointment_s is None for visit in extra)
        for batch, start_min in enumerate((550, 620, 880), start=1):
            times = [visit.at_s / MINUTE_S for visit in extra if visit.ref.startswith(f"coach{batch}-")]
            assert 30 <= len(times) <= 40
            assert max(times) - min(times) <= 10
            assert abs(min(times) - start_min) < 10


def test_three_clerks_are_absent_from_busy_runs() -> None:
    """The same citizens, three windows without any shift, chosen by the seed, never one of a pair."""
    choices = set()
    full = {shift.window for shift in shifts_of(DAY, Scenario.NORMAL, 1)}
    sizes = {window: run.count for run in DAY.windows for window in run.windows}
    assert visits_of(DAY, Scenario.ABSENT, 3) == visits_of(DAY, Scenario.NORMAL, 3)
    for seed in range(20):
        missing = full - {shift.window for shift in shifts_of(DAY, Scenario.ABSENT, seed)}
        assert len(missing) == 3
        assert min(sizes[window] for window in missing) > 2
        choices.add(frozenset(missing))
    assert len(choices) > 10


def test_appointment_heavy_days_keep_their_citizens(normal_days: list[list[Visit]]) -> None:
    """45 % have an appointment; who has none, or has one on a normal day too, is the same citizen."""
    shares = []
    for seed in range(8):
        normal, heavy = normal_days[seed], visits_of(DAY, Scenario.APPOINTMENTS, seed)
        people = [visit for visit in heavy if not is_return(visit)]
        shares.append(sum(visit.appointment_s is not None for visit in people) / len(people))
        with_slot = {visit for visit in normal if visit.appointment_s is not None}
        assert with_slot <= set(heavy)
        assert {visit for visit in people if visit.appointment_s is None} <= set(normal)
    assert mean(shares) == pytest.approx(0.45, abs=0.015)


def test_lunch_halves() -> None:
    """The first half of each run, rounded up, has lunch from twelve to one, the other half from one to two."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for shift in shifts_of(DAY, Scenario.NORMAL, 1):
        spans.setdefault(shift.window, []).append((shift.from_s / 3600, shift.to_s / 3600))
    first, second = [(8.5, 12.0), (13.0, 17.5)], [(8.5, 13.0), (14.0, 17.5)]
    assert [spans[f"RB{n:02d}"] for n in range(1, 8)] == [first] * 4 + [second] * 3
    assert [spans[window] for window in ("M01", "M02", "TR02", "TR03")] == [first, second, first, second]
    assert len(spans) == sum(run.count for run in DAY.windows) == 86


def test_no_sum_of_pre_or_post_legs_is_a_volume() -> None:
    """What pre and post send on equals no pool's own volume, so that the two are added and not counted twice."""
    sent: Counter[str] = Counter()
    for figures in DAY.services.values():
        for other, share in (*figures.pre.items(), *figures.post.items()):
            sent[other] += round(figures.per_day * share)
    for other, volume in sent.items():
        target: ServiceFigures = DAY.services[other]
        assert abs(volume - target.per_day) > 0.15 * target.per_day


def test_the_same_seed_is_the_same_file_in_every_process(tmp_path: Path) -> None:
    """Byte for byte, whatever the process's own hash seed; and another seed is another day."""
    for name, hash_seed, seed in (("a", "1", "7"), ("b", "2", "7"), ("c", "1", "8")):
        arguments = ["--scenario", "monday", "--seed", seed, "--out", str(tmp_path / f"{name}.csv")]
        command = [sys.executable, "-m", "server.simulate.generate", *arguments]
        subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONHASHSEED": hash_seed}, capture_output=True)
    one, again, other = ((tmp_path / f"{name}.csv").read_bytes() for name in "abc")
    assert one == again
    assert one != other


def test_the_generator_writes_what_the_readers_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trace and roster come back as they were, and the answer counts them, in Chinese unless told."""
    trace, roster = tmp_path / "t.csv", tmp_path / "r.csv"
    arguments = ["--scenario", "absent", "--seed", "3", "--out", str(trace), "--roster", str(roster)]
    assert main(arguments) == 0
    visits, shifts = visits_of(DAY, Scenario.ABSENT, 3), shifts_of(DAY, Scenario.ABSENT, 3)
    assert read_trace(trace, DAY.services, ["priority"]) == visits
    assert read_roster(roster, {shift.window for shift in shifts}) == shifts
    assert f"{len(visits)} 人次" in capsys.readouterr().out
    assert main([*arguments, "--language", "en"]) == 0
    assert "166 shifts at 83 windows" in capsys.readouterr().out


def test_the_generator_says_when_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is told in a sentence, not in a stack trace."""
    assert main(["--out", str(tmp_path / "nowhere" / "t.csv"), "--language", "en"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_streams_are_independent_across_neighbouring_seeds(normal_days: list[list[Visit]]) -> None:
    """Neighbouring seeds give days that are not each other's copies."""
    days = [{(visit.ref, visit.at_s) for visit in day} for day in normal_days[:4]]
    for one, other in pairwise(days):
        assert len(one & other) < 0.02 * len(one)

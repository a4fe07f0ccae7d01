"""Ages by the hall's clock, whatever the clock of this computer says."""

import pytest

from caller.hall_time import HallTime


def test_age_by_the_hall_clock():
    """A call of 90 s ago by the hall is 90 s old here, in any offset notation, and time goes on between heartbeats."""
    hall = HallTime()
    hall.heard("2026-11-21T09:00:00.000+08:00", 1000.0)
    assert hall.steady("2026-11-21T08:58:30+08:00", 1000.0) == pytest.approx(910.0)
    assert hall.steady("2026-11-21T00:58:30+00:00", 1007.0) == pytest.approx(910.0)


def test_corrected_hall_clock_is_followed():
    """When the server's clock is set, the next heartbeat sets it here too."""
    hall = HallTime()
    hall.heard("2026-11-21T09:00:00+08:00", 1000.0)
    hall.heard("2026-11-21T10:00:00+08:00", 1005.0)
    assert hall.steady("2026-11-21T10:00:00+08:00", 1006.0) == pytest.approx(1005.0)


def test_unknown_or_future_times_are_now():
    """Before any heartbeat, with a broken time, or for a time in the future, a call counts as of now."""
    hall = HallTime()
    assert hall.steady("2020-01-01T00:00:00+08:00", 5.0) == 5.0
    hall.heard("2026-11-21T09:00:00+08:00", 1000.0)
    assert hall.steady("soon", 1001.0) == 1001.0
    assert hall.steady("2026-11-21T09:00:30+08:00", 1001.0) == 1001.0
    with pytest.raises(ValueError, match="soon"):
        hall.heard("soon", 1.0)

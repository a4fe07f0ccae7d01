"""For all tests: Hypothesis profiles (`ci` unless CHAOXI_HYPOTHESIS names another: `dev`, `nightly`), compiled programs
kept, the longest files first."""

import os
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail: no deadline per example, and the same examples every time in CI.
settings.register_profile(
    "ci", max_examples=200, stateful_step_count=50, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile("dev", max_examples=50, stateful_step_count=50, deadline=None)
settings.register_profile(
    "nightly", max_examples=5_000, stateful_step_count=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("CHAOXI_HYPOTHESIS", "ci"))

# Tests start programs some fifty times; none shall compile its sources anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(autouse=True)
def _log_of_one_test() -> Iterator[None]:
    """A test that runs a program's `main` sets up its log, on a stderr that is closed once the test ends: undone here."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()


#: Files that take long, longest first: begun last, one of them would keep one core busy while the other has nothing.
LONGEST_FIRST = (
    "test_openapi_conformance.py",
    "test_kiosk_pages.py",
    "test_demo_days_of_halls.py",
    "test_live_server.py",
    "test_kiosk_program.py",
    "test_core_machine.py",
    "test_core_invariants.py",
    "test_demo_day.py",
    "test_kiosk_touches.py",
    "test_mutated_hall_files.py",
    "test_many_processes.py",
    "test_core_futures.py",
    "test_second_server.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """With `--dist loadfile` files are begun in the order below, not by how many tests they have."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, then those of the browser (they share a hall and a Chromium), then the rest."""

    def rank(item: pytest.Item) -> int:
        if item.path.name in LONGEST_FIRST:
            return LONGEST_FIRST.index(item.path.name)
        return len(LONGEST_FIRST) + (item.path.parent.name != "browser")

    items.sort(key=rank)

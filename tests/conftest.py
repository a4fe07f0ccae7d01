"""Hypothesis profiles for all tests: `ci` unless CHAOXI_HYPOTHESIS names another (`dev`, `nightly`)."""

import os

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

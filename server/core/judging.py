"""Where rules and steps are registered: `judge` has one rule per command, `follow` one step per event.

A capability beside the queue (appointments, ratings, matters, assistance) registers its own from its own module; the
queue's are in `decide.py` and `evolve.py`.
"""

from functools import singledispatch

from server.core.commands import Command
from server.core.events import Event
from server.core.model import HallState, Plan


@singledispatch
def judge(command: Command, plan: Plan, state: HallState) -> list[Event]:
    """The events that a command makes, in order; raises `Rejected`."""
    raise AssertionError(f"no rule for {type(command).__name__}")


@singledispatch
def follow(event: Event, state: HallState) -> None:
    """Change the state by one event; never refuses."""
    raise AssertionError(f"no step for {type(event).__name__}")

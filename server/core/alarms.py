"""Waits that are too long: an alarm per service, once per crossing, cleared well below the threshold (A2.17). Pure."""

from collections.abc import Iterator

from server.core import events as e
from server.core.dispatch import waiting
from server.core.model import AlarmLevel, HallState, Plan


def longest_waits(state: HallState, at: float) -> dict[str, float]:
    """Service → how long the one who waits longest has waited, in seconds."""
    longest: dict[str, float] = {}
    for ticket in waiting(state):
        longest[ticket.service] = max(longest.get(ticket.service, 0.0), at - ticket.due_at)
    return longest


def thresholds(plan: Plan, service: str) -> tuple[float, float]:
    """Seconds of waiting that warn and that alarm: the service's own, else the hall's."""
    chosen = plan.services.get(service)
    warn = plan.rules.warn_s if chosen is None or chosen.warn_s is None else chosen.warn_s
    alarm = plan.rules.alarm_s if chosen is None or chosen.alarm_s is None else chosen.alarm_s
    return warn, alarm


def alarms(plan: Plan, state: HallState, at: float) -> Iterator[e.Event]:
    """The alarms that are raised or cleared now."""
    longest = longest_waits(state, at)
    for service in sorted({*longest, *state.alarms}):
        waited = longest.get(service, 0.0)
        warn, alarm = thresholds(plan, service)
        known = state.alarms.get(service)
        if waited >= alarm and (known is None or known.level is AlarmLevel.WARN):
            yield e.WaitAlarmRaised(at=at, service=service, level=AlarmLevel.ALARM.value, waited_s=round(waited, 1))
        elif waited >= warn and known is None:
            yield e.WaitAlarmRaised(at=at, service=service, level=AlarmLevel.WARN.value, waited_s=round(waited, 1))
        elif known is not None and waited <= max(0.0, warn - plan.rules.clear_s):
            yield e.WaitAlarmCleared(at=at, service=service)

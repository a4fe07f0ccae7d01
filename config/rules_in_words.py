"""The calling and tidal rules of a hall in sentences, for whoever writes the numbers or answers for them. Pure."""

from collections.abc import Iterable, Sequence

from config.findings import texts
from config.plan import ResolvedWindow, resolve_windows
from config.schema import HallFile, Position, Service, TideMode, TideSchedule


def calling_in_words(hall: HallFile, language: str) -> list[str]:
    """Who is called first, what counts as earlier, and which waits are told to the supervisor."""
    t, rules = texts(language), hall.rules
    said = [t("Whoever counts as having come first is called first.")]
    if any(group.enabled for group in hall.priority_groups):
        said.append(
            t("People of a priority group count as {minutes} min earlier.", minutes=_n(rules.priority_credit_min))
        )
    if rules.short_credit_max_min:
        said.append(
            t(
                "Business under {short} min on average counts as earlier by the difference, longer business as later, "
                "by {limit} min at most.",
                short=_n(rules.short_service_min),
                limit=_n(rules.short_credit_max_min),
            )
        )
    said.append(
        t(
            "A kept appointment counts as {credit} min before its time; whoever is more than {late} min late counts as "
            "a walk-in.",
            credit=_n(rules.appointment_credit_min),
            late=_n(rules.appointment_late_min),
        )
    )
    if rules.void_after_min is not None:
        said.append(t("A missed ticket is void after {minutes} min.", minutes=_n(rules.void_after_min)))
    said.append(
        t("Clerks call: no window calls by itself.")
        if rules.auto_call_after_s is None
        else t("A free window whose turn it is calls by itself after {seconds} s.", seconds=rules.auto_call_after_s)
    )
    if checked := [one for one in hall.services if one.precheck is not None]:
        said.append(
            t(
                "Papers are looked through first, with the same number, for {services}; not for appointments.",
                services=_listed((_in(one.name, language) for one in checked), language),
            )
        )
    said.append(
        t(
            "A wait over {warn} min is warned of, over {alarm} min it is an alarm; either clears {clear} min lower.",
            warn=_n(rules.wait_warn_min),
            alarm=_n(rules.wait_alarm_min),
            clear=_n(rules.wait_clear_min),
        )
    )
    own = [one for one in hall.services if (one.wait_warn_min, one.wait_alarm_min) != (None, None)]
    if own:
        limits = _listed((_limits(hall, service, language) for service in own), language)
        said.append(t("Other limits (warning, alarm) hold for {services}.", services=limits))
    return said


def _limits(hall: HallFile, service: Service, language: str) -> str:
    warn = hall.rules.wait_warn_min if service.wait_warn_min is None else service.wait_warn_min
    alarm = hall.rules.wait_alarm_min if service.wait_alarm_min is None else service.wait_alarm_min
    return f"{_in(service.name, language)} {_n(warn)}/{_n(alarm)}"


def tides_in_words(hall: HallFile, language: str) -> list[str]:
    """Which windows help elsewhere, and when they help, open, close and move; nothing if none may."""
    t, tides = texts(language), hall.tides
    windows = resolve_windows(hall)
    helping = [one for one in windows if one.may_help]
    tidal = [one for one in windows if one.position is Position.TIDAL]
    said = []
    if helping:
        said += [
            t(
                "Windows that may help beyond their own services: {helping}, of which tidal: {tidal}.",
                helping=len(helping),
                tidal=sum(one in tidal for one in helping),
            ),
            *_lending_a_hand(hall, helping, language),
            t(
                "A call to help another zone costs the clerk about {help} min, a move with changed signs about {move}.",
                help=_n(tides.help_cost_min),
                move=_n(tides.move_cost_min),
            ),
        ]
    if tidal:
        said += _moving(hall, tidal, language)
    return said + [_move(hall, move, language) for move in tides.schedule]


def _lending_a_hand(hall: HallFile, helping: Iterable[ResolvedWindow], language: str) -> list[str]:
    """When windows that are not tidal help; they stay in their seats, so nobody's mode holds for them."""
    if all(one.position is Position.TIDAL for one in helping):
        return []
    t = texts(language)
    return [
        t(
            "Those that are not tidal stay where they are: with nobody waiting for them they call whoever has waited "
            "{after} min elsewhere, while people wait for them only someone who counts as {leave} min earlier.",
            after=_n(hall.tides.cross_after_min),
            leave=_n(hall.tides.cross_leave_min),
        )
    ]


def _moving(hall: HallFile, tidal: Sequence[ResolvedWindow], language: str) -> list[str]:
    """How tidal windows are moved between zones, and when a position is opened or closed."""
    t, tides = texts(language), hall.tides
    at_home = {one.zone for one in tidal}
    by_mode: dict[TideMode, list[str]] = {}
    for zone in hall.zones:
        if zone.id in at_home:
            by_mode.setdefault(tides.zones.get(zone.id, tides.mode), []).append(_in(zone.name, language))
    said = []
    for mode, names in by_mode.items():
        zones = _listed(names, language)
        match mode:
            case TideMode.AUTOMATIC:
                said.append(t("Tidal windows of {zones} move by these rules.", zones=zones))
            case TideMode.PROPOSE:
                said.append(t("Tidal windows of {zones} move when a supervisor accepts the proposal.", zones=zones))
            case TideMode.MANUAL:
                said.append(t("Tidal windows of {zones} move only by people and by timetable.", zones=zones))
    if any(one.may_help and tides.zones.get(one.zone, tides.mode) is TideMode.AUTOMATIC for one in tidal):
        said += [
            t(
                "With nobody waiting where it is, a window moved by the rules helps where the next one has waited "
                "{minutes} min.",
                minutes=_n(tides.help_after_min),
            ),
            t(
                "While people wait where it is, it leaves only for someone who counts as {minutes} min earlier.",
                minutes=_n(tides.leave_for_min),
            ),
            t(
                "A clerk who has moved {moves} times within an hour, there and back being two, is not sent to another "
                "zone.",
                moves=tides.moves_per_hour,
            ),
        ]
    if set(by_mode) != {TideMode.MANUAL}:
        said += [
            t(
                "A tidal window opens when {pressure} min of work wait for each open window for {minutes} min, and no other "
                "within {every} min.",
                pressure=_n(tides.open_pressure_min),
                minutes=_n(tides.open_after_min),
                every=_n(tides.open_every_min),
            ),
            t(
                "It closes after {minutes} min or later, when it has been free for {idle} min and no zone it helps has "
                "more than {pressure} min of work waiting.",
                minutes=_n(tides.close_after_min),
                idle=_n(tides.close_idle_min),
                pressure=_n(tides.close_pressure_min),
            ),
        ]
    if TideMode.PROPOSE in by_mode:
        said.append(t("An accepted proposal holds for {minutes} min.", minutes=_n(tides.move_for_min)))
    return said


def _move(hall: HallFile, move: TideSchedule, language: str) -> str:
    t = texts(language)
    days = {
        "mon": t("Mon"),
        "tue": t("Tue"),
        "wed": t("Wed"),
        "thu": t("Thu"),
        "fri": t("Fri"),
        "sat": t("Sat"),
        "sun": t("Sun"),
    }
    return t(
        "{window} serves {zone} on {days}, {span}, and then goes back.",
        window=move.window,
        zone=_in(next(zone.name for zone in hall.zones if zone.id == move.zone), language),
        days=_listed((days[day] for day in move.days), language),
        span=f"{move.span.start:%H:%M}–{move.span.end:%H:%M}",
    )


def _in(name: dict[str, str], language: str) -> str:
    return name.get(language) or name["zh"]


def _listed(items: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(items)


def _n(minutes: float) -> str:
    return f"{minutes:g}"

"""Why a window was opened, closed or moved, in words: for citizens and clerks in both languages, with numbers for
managers. Pure; kept with the move like the reasons of calls (see `reasons.py`)."""

from server.core.calendar import local
from server.core.model import Plan, ScheduledMove, Why, WindowState


def zone_name(plan: Plan, zone: str) -> tuple[str, str]:
    """A zone's name in Chinese and English; its id where the plan has no names."""
    return plan.zone_names.get(zone, (zone, zone))


def _clock(plan: Plan, at: float) -> str:
    return f"{local(at, plan.tz):%H:%M}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f}"


def _pressure(plan: Plan, zone: str, pressure_s: float) -> tuple[str, str, str]:
    zh, en = zone_name(plan, zone)
    if pressure_s == float("inf"):
        return f"{zh}有人等候而没有开放的窗口", f"people wait in {en} and no window is open", f"{zone}: no open window"
    minutes = _minutes(pressure_s)
    return (
        f"{zh}每个窗口积压约 {minutes} 分钟的业务",
        f"about {minutes} minutes of work wait per window in {en}",
        f"{zone}: pressure {pressure_s:.0f} s per open window",
    )


def why_opened(plan: Plan, window: str, zone: str, pressure_s: float, readiness: int) -> Why:
    """Explain opening a tidal position for a zone; `readiness` 0 if its clerk stands by."""
    number = plan.windows[window].number
    zh, en, detail = _pressure(plan, zone, pressure_s)
    seat_zh, seat_en = ("", "") if readiness == 0 else ("，请安排人员到岗", "; please send a clerk there")
    return Why(
        zh=f"{zh}，所以增开 {number} 号潮汐窗口{seat_zh}",
        en=f"{en[:1].upper()}{en[1:]}, so tidal window {number} opens{seat_en}",
        detail=detail,
    )


def why_moved(plan: Plan, window: str, zone: str, pressure_s: float, readiness: int) -> Why:
    """Explain moving an open tidal window to another zone."""
    number, (home_zh, home_en) = plan.windows[window].number, zone_name(plan, plan.windows[window].zone)
    zh, en, detail = _pressure(plan, zone, pressure_s)
    return Why(
        zh=f"{zh}，{home_zh}较空，所以 {number} 号窗口前去支援",
        en=f"{en[:1].upper()}{en[1:]} while {home_en} is quiet, so window {number} goes to help",
        detail=detail,
    )


def why_closed(plan: Plan, window: str, open_s: float) -> Why:
    """Explain closing a tidal position."""
    number = plan.windows[window].number
    return Why(
        zh=f"{number} 号潮汐窗口可服务的各区都已基本无人等候，转为待命",
        en=f"Hardly anybody waits in the zones that tidal window {number} serves, so it stands by",
        detail=f"idle, open for {open_s:.0f} s, every zone it may help at or below {plan.tides.close_pressure_s:.0f} s",
    )


def why_assigned(plan: Plan, window: str, zone: str | None, until: float | None) -> Why:
    """Explain what a supervisor told a window."""
    number = plan.windows[window].number
    end_zh, end_en = (
        ("", "") if until is None else (f"，到 {_clock(plan, until)} 为止", f" until {_clock(plan, until)}")
    )
    if zone is None:
        return Why(
            zh=f"主管调整了 {number} 号窗口办理的业务{end_zh}",
            en=f"The supervisor changed what window {number} serves{end_en}",
            detail="by hand",
        )
    zh, en = zone_name(plan, zone)
    return Why(
        zh=f"主管把 {number} 号窗口调到{zh}{end_zh}",
        en=f"The supervisor moved window {number} to {en}{end_en}",
        detail="by hand",
    )


def why_scheduled(plan: Plan, entry: ScheduledMove) -> Why:
    """Explain a move by timetable."""
    number, (zh, en) = plan.windows[entry.window].number, zone_name(plan, entry.zone)
    end = f"{entry.end_min // 60:02d}:{entry.end_min % 60:02d}"
    return Why(
        zh=f"按排班，{number} 号窗口到 {end} 为止办理{zh}业务",
        en=f"By timetable window {number} serves {en} until {end}",
        detail=f"timetable {entry.start_min // 60:02d}:{entry.start_min % 60:02d}-{end}",
    )


def why_reverted(plan: Plan, window: WindowState, *, by_hand: bool) -> Why:
    """Explain a window's return to its own services: a supervisor's word, or the end of what it was told."""
    number, (zh, en) = plan.windows[window.id].number, zone_name(plan, plan.windows[window.id].zone)
    if by_hand or window.until is None:
        return Why(
            zh=f"主管让 {number} 号窗口恢复办理{zh}业务",
            en=f"The supervisor sent window {number} back to {en}",
            detail="by hand",
        )
    return Why(
        zh=f"调整到时，{number} 号窗口恢复办理{zh}业务",
        en=f"Its time is up: window {number} is back at {en}",
        detail=f"assigned until {_clock(plan, window.until)}",
    )

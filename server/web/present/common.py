"""Pieces that several views share: moments, both languages, runs of windows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from server.core.calendar import closes_at, is_open, local, next_opening
from server.core.model import Plan
from server.core.wait import Wait, spoken
from server.plan import Names


def moment(plan: Plan, at: float | None) -> str | None:
    """Seconds UTC → ISO 8601 with the hall's offset, to the millisecond."""
    return None if at is None else local(at, plan.tz).isoformat(timespec="milliseconds")


def both(text: Mapping[str, str], key: str = "name") -> dict[str, str]:
    """A text as the API's pair of fields."""
    return {key: text["zh"], f"{key}_en": text["en"]}


def wait_view(wait: Wait | None) -> dict[str, int] | None:
    """A wait range as people speak."""
    if wait is None:
        return None
    low_s, high_s = spoken(wait)
    return {"low_s": low_s, "high_s": high_s}


def opening(plan: Plan, timetables: Iterable[str], at: float) -> dict[str, Any]:
    """Whether any of these timetables is open, until when, or when next."""
    names = set(timetables)
    ends = [closes_at(plan, name, at) for name in names if is_open(plan, name, at)]
    starts = [] if ends else [next_opening(plan, name, at) for name in names]
    return {
        "open": bool(ends),
        "opens_at": moment(plan, min((start for start in starts if start is not None), default=None)),
        "closes_at": moment(plan, max((end for end in ends if end is not None), default=None)),
    }


def _runs(numbers: Sequence[int]) -> list[str]:
    """[1, 2, 3, 7] → ["1–3", "7"]."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]


def windows_text(names: Names, windows: Sequence[str]) -> dict[str, str]:
    """Where to go, as people read it: "1–24号窗口", "Windows 1–24"."""
    if not windows:
        return {"windows_text": "", "windows_text_en": ""}
    if len(windows) == 1:
        return both(names.windows[windows[0]].name, "windows_text")
    runs = _runs([names.windows[w].number for w in windows])
    return {"windows_text": f"{'、'.join(runs)}号窗口", "windows_text_en": f"Windows {', '.join(runs)}"}


def rounded(seconds: float | None) -> int | None:
    """Whole seconds."""
    return None if seconds is None else round(seconds)

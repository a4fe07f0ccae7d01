"""The report of simulated days: one day under several policies or rosters, side by side, for a hall's manager.

Writes report.html (one file with everything in it, both languages, printable), report.md and report.en.md with the
pictures beside them. Knows figures, wording and layout; runs nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from config.plan import resolve_windows
from config.schema import HallFile, Position
from config.texts import Texts
from server.simulate.charts import ZoneLook, clock, draw_idle, draw_moves, draw_waiting, draw_waits
from server.simulate.measures import Measures, Spread, measure
from server.simulate.results import DayResult
from server.simulate.wording import LANGUAGES, texts

TEMPLATES = Path(__file__).parent / "templates"
PAGE_STYLE = Path(__file__).parents[1] / "web" / "pages" / "static" / "chaoxi.css"
#: A day can have hundreds of helping calls; the list of reasons is of moves with changed signs.
FORMAL_MOVES = ("open", "close", "move", "revert")
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its title and what it tells to who cannot see it."""

    file: str
    title: str
    about: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the first column names the rows, the others are figures unless `words`."""

    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """The report in one language."""

    language: str
    title: str
    subject: str
    findings: Sequence[str]
    pictures: Sequence[Picture]
    totals: Sequence[Sheet]
    details: Sequence[Sheet]
    notes: Sequence[str]
    t: Texts


def write_report(
    days: Sequence[DayResult],
    hall: HallFile,
    folder: Path,
    subject: str = "",
    labels: Sequence[str | None] | None = None,
) -> list[Path]:
    """Write the report of one day under several policies, or several rosters; gives the files written.

    The first day is the one the others are compared with. `labels` name the days, none after its policy.
    """
    if not days:
        raise ValueError("a report needs at least one day")
    folder.mkdir(parents=True, exist_ok=True)
    zone_of = {service.id: service.zone for service in hall.services}
    figures = [measure(day, zone_of) for day in days]
    chapters = [chapter(days, figures, hall, language, subject, labels) for language in LANGUAGES]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    written: dict[str, str] = {}
    page = environment.get_template("report.html")
    written["report.html"] = page.render(
        chapters=chapters,
        style=Markup(PAGE_STYLE.read_text(encoding="utf-8")),
    )
    for each in chapters:
        name = "report.md" if each.language == LANGUAGES[0] else f"report.{each.language}.md"
        written[name] = environment.get_template("report.md").render(chapter=each)
        for picture in each.pictures:
            written[picture.file] = picture.svg + "\n"
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in written]


def chapter(
    days: Sequence[DayResult],
    figures: Sequence[Measures],
    hall: HallFile,
    language: str,
    subject: str,
    labels: Sequence[str | None] | None,
) -> Chapter:
    """Put everything into one language."""
    t = texts(language)
    called = _names_of(days, t)
    names = called if labels is None else [given or name for given, name in zip(labels, called, strict=True)]
    zones = {zone.id: zone.name[language] for zone in hall.zones}
    services = {service.id: service.name[language] for service in hall.services}
    return Chapter(
        language=language,
        title=t("{hall}: simulated day", hall=hall.name[language]),
        subject=subject,
        findings=list(_findings(figures, names, t)),
        pictures=list(_pictures(days, figures, hall, names, t)),
        totals=[_waits(figures, names, t), _work(figures, names, t), _estimates(figures, names, t)],
        details=[
            _sheet_by(t("Wait by zone"), t("Zone"), zones, [day.zones for day in figures], names, t),
            _sheet_by(t("Wait by service"), t("Service"), services, [day.services for day in figures], names, t),
            *_reasons(days, names, zones, language, t),
        ],
        notes=[
            t("A wait runs from taking the number (or being sent on) to the call; an appointment's from its check-in."),
            t("Who was never called waited until they left or the day was over."),
            t("Idle while somebody waits: the smaller of idle windows and waiting people, summed over the day."),
            t("Overtaken: ordinary tickets that saw a later ordinary one of the same service called before them."),
        ],
        t=t,
    )


def _names_of(days: Sequence[DayResult], t: Texts) -> list[str]:
    """What policies are called; a second day of one policy gets a number."""
    known = {
        "chaoxi": t("Chaoxi"),
        "dedicated": t("Dedicated windows"),
        "zone_fifo": t("Zone by order of arrival"),
        "strict": t("Strict priority"),
        "longest_queue": t("Longest queue first"),
        "patrol": t("Zone order with a walking manager"),
    }
    names: list[str] = []
    for day in days:
        name = known.get(day.policy, day.policy)
        count = sum(other.policy == day.policy for other in days[: len(names)])
        names.append(f"{name} ({count + 1})" if count else name)
    return names


def _findings(figures: Sequence[Measures], names: Sequence[str], t: Texts) -> Iterator[str]:
    first = figures[0]
    yield t(
        "{name}: mean wait {mean} min, nine of ten wait at most {p90} min; priority groups, 19 of 20, {priority} min.",
        name=names[0],
        mean=_minutes(first.first.mean_s),
        p90=_minutes(first.first.p90_s),
        priority=_minutes(first.priority.p95_s),
    )
    for day, name in zip(figures[1:], names[1:], strict=True):
        if day.first.mean_s > 0:
            yield t(
                "{other}: mean wait {mean} min; that of {name} is {share} % of it.",
                other=name,
                mean=_minutes(day.first.mean_s),
                name=names[0],
                share=f"{100 * first.first.mean_s / day.first.mean_s:.0f}",
            )


def _pictures(
    days: Sequence[DayResult], figures: Sequence[Measures], hall: HallFile, names: Sequence[str], t: Texts
) -> Iterator[Picture]:
    end = "" if t.language == LANGUAGES[0] else f".{t.language}"
    below = t("The tables below give the figures.")

    def picture(name: str, title: str, svg: str) -> Picture:
        return Picture(f"{name}{end}.svg", title, f"{title}. {below}", Markup(svg))

    ids = {key: f"{key}-{t.language}" for key in ("half", "nine", "waiting")}
    yield picture(
        "wait-p50",
        t("Half of the people wait less than this (by when the wait began)"),
        draw_waits(figures, names, 50, ids["half"], t),
    )
    yield picture(
        "wait-p90",
        t("Nine of ten people wait less than this (by when the wait began)"),
        draw_waits(figures, names, 90, ids["nine"], t),
    )
    yield picture("waiting", t("People waiting through the day"), draw_waiting(days, names, ids["waiting"], t))
    yield picture("idle", t("Window minutes idle while somebody waits"), draw_idle(figures, names, t))
    tidal = {window.id: window.zone for window in resolve_windows(hall) if window.position is Position.TIDAL}
    looks = {
        zone.id: ZoneLook(zone.name[t.language], zone.mark if t.language == "zh" else zone.letter, zone.colour)
        for zone in hall.zones
    }
    for place, (day, name) in enumerate(zip(days, names, strict=True), start=1):
        if day.moves:
            title = t("Where tidal windows serve through the day: {name}", name=name)
            yield picture(f"moves-{place}", title, draw_moves(day, tidal, looks, t))


def _waits(figures: Sequence[Measures], names: Sequence[str], t: Texts) -> Sheet:
    return Sheet(
        t("Waits, minutes"),
        t("From taking the number to the first call; all legs: with follow-up services."),
        [
            t("Rule"), t("Tickets"), t("Mean"), t("Half wait under"), t("9 of 10 wait under"), t("19 of 20 wait under"),
            t("Mean, all legs"), t("Priority: 19 of 20 wait under"), t("Overtaken"), t("Not served"),
        ],
        [
            [
                name, str(day.first.count), *map(_minutes, _four(day.first)), _minutes(day.every.mean_s),
                _minutes(day.priority.p95_s), str(day.overtaken), str(day.not_served),
            ]
            for day, name in zip(figures, names, strict=True)
        ],
    )  # fmt: skip


def _work(figures: Sequence[Measures], names: Sequence[str], t: Texts) -> Sheet:
    return Sheet(
        t("Windows and tides"),
        t("Moves of the whole hall; helping calls are single tickets taken for another zone."),
        [
            t("Rule"), t("Utilisation"), t("Idle while somebody waits, minutes"), t("Moves"), t("Moves per hour"),
            t("Opened"), t("Closed"), t("Moved"), t("Helping calls"), t("No-shows"),
        ],
        [
            [
                name, _percent(day.utilisation), f"{day.idle_while_waiting_min:.0f}", str(sum(day.moves.values())),
                f"{day.moves_per_hour:.1f}", str(day.moves.get("open", 0)), str(day.moves.get("close", 0)),
                str(day.moves.get("move", 0)), str(day.helped), str(day.no_shows),
            ]
            for day, name in zip(figures, names, strict=True)
        ],
    )  # fmt: skip


def _estimates(figures: Sequence[Measures], names: Sequence[str], t: Texts) -> Sheet:
    rows = []
    for day, name in zip(figures, names, strict=True):
        told = day.estimate
        if told is None:
            rows.append([name, "0", *[NOTHING] * 6])
            continue
        ratio = NOTHING if told.error_ratio is None else f"{told.error_ratio:.2f}"
        shares = map(_percent, (told.under_high, told.under_high_waited))
        errors = (_minutes(told.error_s), _minutes(told.naive_error_s))
        rows.append([name, str(told.count), *errors, ratio, *shares, _percent(told.too_little)])
    return Sheet(
        t("Wait estimates told with the number"),
        t("Simple rule: own line × mean service time ÷ windows. The high bound is meant to hold for four of five."),
        [
            t("Rule"), t("Told"), t("Mean error, minutes"), t("Simple rule's error, minutes"), t("Ratio"),
            t("Waited no longer than the high bound"), t("The same, of those who waited"),
            t("Told too little by over 10 min"),
        ],
        rows,
    )  # fmt: skip


def _sheet_by(
    title: str,
    key: str,
    known: Mapping[str, str],
    spreads: Sequence[Mapping[str, Spread]],
    names: Sequence[str],
    t: Texts,
) -> Sheet:
    """Mean and nine-of-ten waits of one thing a row, in the hall's order."""
    rows = []
    for each, name in known.items():
        there = [day.get(each) for day in spreads]
        if any(there):
            count = str(max(one.count for one in there if one is not None))
            pairs = (NOTHING if one is None else f"{_minutes(one.mean_s)} / {_minutes(one.p90_s)}" for one in there)
            rows.append([name, count, *pairs])
    return Sheet(title, t("Mean / nine of ten wait under, minutes, all legs."), [key, t("Tickets"), *names], rows)


def _reasons(
    days: Sequence[DayResult], names: Sequence[str], zones: Mapping[str, str], language: str, t: Texts
) -> Iterator[Sheet]:
    kinds = {"open": t("opened"), "close": t("closed"), "move": t("moved"), "revert": t("reverted")}
    for day, name in zip(days, names, strict=True):
        rows = [
            [
                clock(move.at_s),
                move.window,
                kinds[move.kind],
                zones.get(move.to_zone, move.to_zone),
                move.why_zh if language == "zh" else move.why_en,
            ]
            for move in day.moves
            if move.kind in FORMAL_MOVES
        ]
        if rows:
            columns = [t("Time"), t("Window"), t("Move"), t("Zone"), t("Why")]
            yield Sheet(t("Moves and their reasons: {name}", name=name), "", columns, rows, words=True)


def _four(spread: Spread) -> tuple[float, float, float, float]:
    return spread.mean_s, spread.p50_s, spread.p90_s, spread.p95_s


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _cell(text: str) -> str:
    """A cell of a Markdown table: its bars must not end it."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")

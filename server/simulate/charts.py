"""Pictures of simulated days as SVG: waits and people waiting through the day, idleness, and where tidal windows went.

Knows figures and how to draw them; what is drawn, and its place in the report, is report.py's. The same days always
give the same bytes.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import pygal
from pygal.style import Style

from config.texts import Texts
from server.simulate.measures import Measures, day_end_s, day_start_s
from server.simulate.results import DayResult, Move

FONT = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
INK, INK_SOFT, LINE = "#0f2140", "#4a5b75", "#d5dde8"
COLOURS = ("#0b6b6b", "#c2410c", "#1d6fa8", "#7a5c00", "#a3195b", "#4a5b75", "#5b3a8c", "#17663a")
# Strokes differ as well as colours, for who cannot tell them apart and for black and white print.
DASHES = ("", "10, 5", "3, 4", "14, 5, 3, 5", "7, 3", "2, 7", "18, 6", "5, 2, 1, 2")
LEGEND_ROW_PX = 28
WIDTH = 1200
SAMPLE_S = 300
HOUR_S = 3600

STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground=INK_SOFT,
    foreground_strong=INK,
    foreground_subtle=LINE,
    guide_stroke_dasharray="2,4",
    guide_stroke_color="#c6d0dd",
    major_guide_stroke_dasharray="2,4",
    major_guide_stroke_color="#c6d0dd",
    opacity="1",
    opacity_hover="1",
    transition="0s",
    stroke_width="3",
    colors=COLOURS,
    font_family=FONT,
    label_font_size=16,
    major_label_font_size=16,
    legend_font_size=17,
    title_font_size=18,
    value_font_size=16,
    no_data_font_size=20,
)


@dataclass(frozen=True, slots=True)
class ZoneLook:
    """How a zone shows in a strip: its colour, and a sign short enough to stand in it."""

    name: str
    sign: str
    colour: str


def clock(at_s: float) -> str:
    """Seconds from midnight as hours and minutes."""
    return f"{int(at_s) // HOUR_S:02d}:{int(at_s) % HOUR_S // 60:02d}"


def draw_waits(days: Sequence[Measures], labels: Sequence[str], percentile: int, name: str, t: Texts) -> str:
    """A percentile (50 or 90) of the waits by the half hour in which they began, a line for each day."""
    halves = sorted({half for day in days for half in day.half_hours})
    lines: list[list[float | None]] = []
    for day in days:
        spreads = [day.half_hours.get(half) for half in halves]
        values = [None if one is None else (one.p50_s if percentile == 50 else one.p90_s) for one in spreads]
        lines.append([None if value is None else value / 60 for value in values])
    return _lines(lines, labels, [clock(half) for half in halves], name, t("minutes"), t, dots=True)


def draw_waiting(days: Sequence[DayResult], labels: Sequence[str], name: str, t: Texts) -> str:
    """How many people wait, every five minutes, a line for each day."""
    start_s = min(day_start_s(day) for day in days) // SAMPLE_S * SAMPLE_S
    count = int((max(day_end_s(day) for day in days) - start_s) // SAMPLE_S) + 1
    times = [start_s + SAMPLE_S * step for step in range(count)]
    lines = []
    for day in days:
        changes = [moment.at_s for moment in day.moments]
        counts = [0, *(moment.waiting for moment in day.moments)]
        lines.append([float(counts[bisect_right(changes, time)]) for time in times])
    return _lines(lines, labels, [clock(time) for time in times], name, t("people"), t, dots=False)


def draw_idle(days: Sequence[Measures], labels: Sequence[str], t: Texts) -> str:
    """Window minutes idle while somebody waited, a bar for each day."""
    left, row, scale_to = 24 + max(map(_text_px, labels)), 44, max(1.0, *(day.idle_while_waiting_min for day in days))
    scale = (WIDTH - left - 110) / scale_to
    svg = _drawing(row * len(days) + 8)
    for place, (day, label) in enumerate(zip(days, labels, strict=True)):
        y, long = 4 + row * place, day.idle_while_waiting_min * scale
        _text(svg, left - 12, y + 26, label, INK, "end")
        colour = COLOURS[place % len(COLOURS)]
        bar = {"x": f"{left:.1f}", "y": f"{y + 4}", "width": f"{max(long, 1):.1f}", "height": f"{row - 12}", "rx": "4"}
        SubElement(svg, "rect", {**bar, "fill": colour})
        figure = t("{minutes} min", minutes=f"{day.idle_while_waiting_min:.0f}")
        _text(svg, left + long + 10, y + 26, figure, INK, "start")
    return tostring(svg, encoding="unicode")


def draw_moves(day: DayResult, tidal: Mapping[str, str], zones: Mapping[str, ZoneLook], t: Texts) -> str:
    """A strip for each tidal window through the day, with the zone it serves; `tidal` gives windows' own zones.

    Other windows have a strip when they were moved; a helping call of theirs leaves them where they are.
    """
    moved = {move.window for move in day.moves if move.kind in ("open", "close", "move", "revert")}
    windows = [*tidal, *sorted(moved - tidal.keys())]
    start_s, end_s = day_start_s(day) // HOUR_S * HOUR_S, max(day_end_s(day), day_start_s(day) + 1)
    left, row, top = 96, 34, 8
    scale = (WIDTH - left - 36) / (end_s - start_s)
    shown: dict[str, None] = {}
    strips = []
    for window in windows:
        spans = list(stays(window, tidal.get(window), day))
        shown.update({zone: None for _from, _to, zone in spans if zone is not None})
        strips.append((window, spans))
    axis_y = top + row * len(windows)
    legend_rows = (len(shown) + 3) // 4
    svg = _drawing(axis_y + 36 + 28 * legend_rows)
    for hour in range(int(start_s) // HOUR_S, int(end_s) // HOUR_S + 1):
        x = left + (hour * HOUR_S - start_s) * scale
        _line(svg, x, top, x, axis_y)
        _text(svg, x, axis_y + 20, f"{hour:02d}:00", INK_SOFT, "middle")
    for place, (window, spans) in enumerate(strips):
        y = top + row * place
        _text(svg, left - 10, y + 20, window, INK, "end")
        for from_s, to_s, zone in spans:
            _strip(svg, left + (from_s - start_s) * scale, y + 4, (to_s - from_s) * scale, row - 8, zone, zones)
    for place, zone in enumerate(shown):
        x, y = left + (place % 4) * 270, axis_y + 36 + 28 * (place // 4)
        look = zones.get(zone, ZoneLook(zone, zone, INK_SOFT))
        SubElement(
            svg, "rect", {"x": f"{x}", "y": f"{y}", "width": "22", "height": "18", "rx": "4", "fill": look.colour}
        )
        _text(svg, x + 11, y + 14, look.sign, "#ffffff", "middle", 13)
        _text(svg, x + 30, y + 15, look.name, INK, "start")
    if not windows:
        _text(svg, WIDTH / 2, 30, t("No tidal windows"), INK_SOFT, "middle")
    return tostring(svg, encoding="unicode")


def stays(window: str, own: str | None, day: DayResult) -> Sequence[tuple[float, float, str | None]]:
    """Where a window was through the day: (from, to, zone), zone None while its position was closed.

    Moves tell of tides only: a clerk who goes to lunch or comes back is none, so that the strip runs through lunch.
    """
    moves = sorted((move for move in day.moves if move.window == window), key=lambda move: move.at_s)
    zone = _before(moves, own)
    since_s, end_s = day_start_s(day), day_end_s(day)
    spans: list[tuple[float, float, str | None]] = []
    for move in moves:
        after = None if move.kind == "close" else move.to_zone
        if after != zone:
            if move.at_s > since_s:
                spans.append((since_s, move.at_s, zone))
            since_s, zone = move.at_s, after
    return [*spans, (since_s, end_s, zone)]


def _before(moves: Sequence[Move], own: str | None) -> str | None:
    if not moves:
        return own
    return None if moves[0].kind == "open" else moves[0].from_zone


def _strip(
    svg: Element, x: float, y: float, width: float, height: float, zone: str | None, zones: Mapping[str, ZoneLook]
) -> None:
    box = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{max(width, 1):.1f}", "height": f"{height:.1f}", "rx": "3"}
    if zone is None:
        SubElement(svg, "rect", {**box, "fill": "none", "stroke": LINE, "stroke-dasharray": "3 3"})
        return
    look = zones.get(zone, ZoneLook(zone, zone, INK_SOFT))
    SubElement(svg, "rect", {**box, "fill": look.colour})
    if width >= 20:
        _text(svg, x + width / 2, y + height / 2 + 5, look.sign, "#ffffff", "middle", 14)


def _drawing(height: int) -> Element:
    size = {"viewBox": f"0 0 {WIDTH} {height}"}
    return Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": FONT})


def _text_px(text: str, size: int = 16) -> float:
    """About how wide a text is: Chinese characters are square, others a little over half as wide."""
    return size * sum(1.0 if ord(letter) > 0x2E80 else 0.58 for letter in text)


def _line(svg: Element, x1: float, y1: float, x2: float, y2: float) -> None:
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    SubElement(svg, "line", {**ends, "stroke": "#c6d0dd", "stroke-dasharray": "2 4"})


def _text(svg: Element, x: float, y: float, text: str, colour: str, anchor: str, size: int = 16) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "fill": colour, "text-anchor": anchor, "font-size": str(size)}
    SubElement(svg, "text", place).text = text


def _lines(
    lines: Sequence[Sequence[float | None]],
    labels: Sequence[str],
    times: Sequence[str],
    name: str,
    unit: str,
    t: Texts,
    *,
    dots: bool,
) -> str:
    columns = max(1, min(4, len(lines), int(1080 / (60 + max(_text_px(label, 17) for label in labels)))))
    more_rows = -(-len(lines) // columns) - 1
    chart = _chart(
        pygal.Line,
        name,
        t,
        height=420 + LEGEND_ROW_PX * more_rows,
        # pygal leaves room for one row of the legend.
        margin_bottom=12 + LEGEND_ROW_PX * more_rows,
        show_dots=dots,
        dots_size=3,
        show_minor_x_labels=False,
        legend_at_bottom=True,
        legend_at_bottom_columns=columns,
        legend_box_size=16,
        y_title=unit,
    )
    chart.x_labels = list(times)
    chart.x_labels_major = [time for time in times if time.endswith(":00")]
    for place, (label, values) in enumerate(zip(labels, lines, strict=True)):
        stroke = {"width": 4 if place == 0 else 2.5, "dasharray": DASHES[place % len(DASHES)]}
        chart.add(label, list(values), stroke_style=stroke)
    return str(chart.render(is_unicode=True))


def _chart(kind: Any, name: str, t: Texts, **settings: Any) -> Any:
    chart = kind(
        style=STYLE,
        width=WIDTH,
        js=[],
        explicit_size=False,
        margin=12,
        truncate_label=-1,
        truncate_legend=-1,
        no_data_text=t("No figures"),
        include_x_axis=True,
        disable_xml_declaration=True,
        formatter=lambda value: f"{value:.0f}",
        **settings,
    )
    # pygal's own is random, and ids must differ between the pictures of one page.
    chart.uuid = name
    chart.add_xml_filter(_without_scripts)
    return chart


def _without_scripts(drawing: Element) -> Element:
    """Take out pygal's settings script: nothing in the report runs."""
    for parent in list(drawing.iter()):
        for child in list(parent):
            if str(child.tag).endswith("script"):
                parent.remove(child)
    return drawing

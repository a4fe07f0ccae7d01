"""The manager's chart of the day as SVG: tickets issued and served per quarter hour, and how many wait."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

from config.texts import Texts

FONT = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
LINE_FROM_QUARTERS = 4
EVERY_LABEL_UP_TO = 12

STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#4a5b75",
    foreground_strong="#0f2140",
    foreground_subtle="#d5dde8",
    guide_stroke_dasharray="2,4",
    guide_stroke_color="#c6d0dd",
    major_guide_stroke_dasharray="2,4",
    major_guide_stroke_color="#c6d0dd",
    opacity="1",
    opacity_hover="1",
    transition="0s",
    stroke_width="3",
    colors=("#1d6fa8", "#0b6b6b", "#c2410c"),
    font_family=FONT,
    label_font_size=15,
    major_label_font_size=15,
    legend_font_size=16,
    no_data_font_size=20,
)


def draw_day(quarters: Sequence[Mapping[str, Any]], texts: Texts) -> bytes:
    """Draw the quarters of `GET /stats/today`; an empty day gives an empty frame that says so."""
    # Two or three quarters make no line: then the figures stand as bars.
    kind = pygal.Line if len(quarters) >= LINE_FROM_QUARTERS else pygal.Bar
    chart = kind(
        style=STYLE,
        width=1200,
        height=380,
        js=[],
        explicit_size=False,
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        legend_box_size=16,
        margin=12,
        show_minor_x_labels=len(quarters) <= EVERY_LABEL_UP_TO,
        truncate_label=-1,
        truncate_legend=-1,
        dots_size=4,
        show_y_guides=True,
        no_data_text=texts("No figures yet today"),
        # A chart of people starts at nobody and has no half persons.
        include_x_axis=True,
        formatter=lambda value: f"{value:.0f}",
    )
    hours = [str(quarter["at"])[11:16] for quarter in quarters]
    chart.x_labels = hours
    chart.x_labels_major = [hour for hour in hours if hour.endswith(":00")]
    # Strokes differ as well as colours, for who cannot tell blue from green.
    for name, field, dashes in (("Issued", "issued", ""), ("Served", "served", "2, 5"), ("Waiting", "waiting", "9, 5")):
        chart.add(texts(name), [quarter[field] for quarter in quarters], stroke_style={"width": 3, "dasharray": dashes})
    chart.add_xml_filter(_without_scripts)
    return bytes(chart.render())


def _without_scripts(drawing: Element) -> Element:
    """Take out pygal's settings script: an image never runs it, and our content policy forbids it elsewhere."""
    for parent in list(drawing.iter()):
        for child in list(parent):
            if str(child.tag).endswith("script"):
                parent.remove(child)
    return drawing

"""Whatever a slip of the hand does to a hall file: a hall or findings inside the file, never a stack trace."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.loader import Examined, examine_text
from config.plan import hours_of, letter_of, resolve_windows
from config.summary import summarise

SMALL = Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")
YANGXIN = (Path(__file__).parents[2] / "config" / "halls" / "yangxin.yaml").read_text(encoding="utf-8")

#: What may stand where something else should: other types, YAML's own signs, half a text.
ODD_VALUES = [
    "", "~", "0", "-1", "99999999999999999999", "1e999", ".nan", "true", "2027-13-01", "2027-01-01 10:00:00", "08:30",
    "[]", "{}", "[a, [b]]", "{ a: { b: c } }", "*none", "&anchor x", "!!python/object:os.system x", "!tag x", "|", ">",
    '"', "'", "@", "`", "%", "# nothing", "- x", "? x", "a: b: c", "{n", "{number}", "}{", "{0}", "{a.b}", "{n!z}",
    "S01..S02", "S9..S10", "S01..", "tcp://[", "Asia", "../etc", "中文", "\t", "\u0000", "\u0085", "\u2028", "\ud7ff",
]  # fmt: skip
ODD_CHARACTERS = list(":-[]{}#&*!|>'\"%@`,?\t \n\u0000\ufeff，：")


@st.composite
def mutations(draw: st.DrawFn, text: str) -> str:
    """One to three slips: a line lost, doubled or moved, values swapped or replaced, a character lost or added."""
    lines = text.split("\n")
    for _slip in range(draw(st.integers(1, 3))):
        at, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        head, mark, _value = lines[at].partition(": ")
        other_head, other_mark, other_value = lines[other].partition(": ")
        match draw(st.sampled_from(["delete", "double", "move", "swap", "odd", "cut", "insert", "indent"])):
            case "delete" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines[at], lines[other] = lines[other], lines[at]
            case "swap" if mark and other_mark:
                lines[at], lines[other] = f"{head}: {other_value}", f"{other_head}: {_value}"
            case "odd" if mark:
                lines[at] = f"{head}: {draw(st.sampled_from(ODD_VALUES))}"
            case "cut" if lines[at]:
                place = draw(st.integers(0, len(lines[at]) - 1))
                lines[at] = lines[at][:place] + lines[at][place + 1 :]
            case "insert":
                place = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + draw(st.sampled_from(ODD_CHARACTERS)) + lines[at][place:]
            case "indent":
                lines[at] = " " + lines[at]
    return "\n".join(lines)


def is_told_properly(examined: Examined, text: str) -> None:
    """A hall that can be resolved and summarised, or findings with sentences and lines inside the file."""
    assert (examined.hall is not None) or examined.findings
    for finding in examined.findings:
        assert 1 <= finding.line <= max(1, text.count("\n") + 1)
        assert finding.column >= 1
        assert finding.say("zh").strip()
        assert finding.say("en").strip()
    if examined.hall is not None:
        assert resolve_windows(examined.hall)
        for service in examined.hall.services:
            assert letter_of(examined.hall, service)
            assert hours_of(examined.hall, service) in examined.hall.hours
        for language in ("zh", "en"):
            assert summarise(examined.hall, language)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(text=mutations(SMALL))
def test_slips_in_a_small_file_never_crash_the_loader(text: str) -> None:
    """Hundreds of slips in a small hall."""
    is_told_properly(examine_text("hall.yaml", text), text)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, derandomize=True)
@given(text=mutations(YANGXIN))
def test_slips_in_the_shipped_hall_never_crash_the_loader(text: str) -> None:
    """A few in the whole Yangxin hall."""
    is_told_properly(examine_text("hall.yaml", text), text)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(text=st.text(max_size=80))
def test_any_text_at_all_never_crashes_the_loader(text: str) -> None:
    """Noise instead of YAML."""
    examined = examine_text("hall.yaml", text)

    assert examined.hall is None
    is_told_properly(examined, text)

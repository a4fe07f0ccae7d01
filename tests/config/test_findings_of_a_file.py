"""What the loader promises of a whole file: all findings at once, in order, and never a stack trace."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.findings import HallFileError, Severity
from config.loader import Examined, examine, load_hall
from config.plan import resolve_windows


def said(examined: Examined) -> list[tuple[int, str]]:
    """The findings as (line, problem)."""
    return [(finding.line, finding.problem.say("en")) for finding in examined.findings]


def test_faults_of_every_kind_are_told_together(small: str, examine_text: Callable[[str], Examined]) -> None:
    """An equal key, a misspelt key, a wrong type and a name that leads nowhere come in one answer, by line."""
    text = (
        small.replace("    letter: A\n", "    letter: A\n    letter: A\n")
        .replace("    mark: 企\n", "    mark: 企\n    mood: good\n")
        .replace("mean_service_min: 6", "mean_service_min: six")
        .replace("serves: [licence]", "serves: [license]")
        .replace("  - id: voice-f1\n    area: f1\n", "  - id: voice-f1\n    area: f9\n")
    )

    assert said(examine_text(text)) == [
        (14, "'letter' stands here a second time (first on line 13)"),
        (23, "unknown key 'mood'"),
        (33, "'mean_service_min' must be a number, not 'six'"),
        (55, "unknown service 'license'"),
        (84, "unknown area 'f9'"),
    ]


def test_a_misshapen_entry_is_known_by_its_name(small: str, examine_text: Callable[[str], Examined]) -> None:
    """A zone with a wrong colour does not make every mention of it a second fault."""
    text = small.replace('colour: "#1D4E89"', "colour: blue")

    assert said(examine_text(text)) == [(22, "'blue' is not a colour")]


def test_a_letter_of_a_misshapen_entry_is_taken(small: str, examine_text: Callable[[str], Examined]) -> None:
    """The free letter that is suggested is not that of a zone with a fault of its own."""
    text = small.replace('colour: "#1D4E89"', "colour: blue").replace("letter: L, name", "letter: A, name")

    finding = examine_text(text).findings[1]

    assert finding.problem.say("en") == "letter A is already that of 社会事务"
    assert finding.mend.say("en") == "Take a letter that nobody has, such as C."


def test_a_misshapen_window_leaves_no_service_without_window(
    small: str, examine_text: Callable[[str], Examined]
) -> None:
    """While a run of windows cannot be read, nothing is said of services that it may serve."""
    text = small.replace("number: 5", "number: five")

    assert said(examine_text(text)) == [(50, "'number' must be a whole number, not 'five'")]


def test_rules_point_at_the_right_line_after_a_misshapen_entry(
    small: str, examine_text: Callable[[str], Examined]
) -> None:
    """Leaving out the first service does not shift the lines of those behind it."""
    text = small.replace("mean_service_min: 6", "mean_service_min: six").replace(
        "    zone: business\n    name:", "    zone: bussiness\n    name:"
    )

    assert said(examine_text(text)) == [
        (31, "'mean_service_min' must be a number, not 'six'"),
        (43, "unknown zone 'bussiness'"),
    ]


def test_a_missing_section_is_told(small: str, examine_text: Callable[[str], Examined]) -> None:
    """A hall without windows is refused at its first line."""
    start = small.index("windows:\n  - { ids: S01")
    text = small[:start] + small[small.index("priority_groups:") :]

    assert said(examine_text(text)) == [(1, "'windows' is missing")]


@pytest.mark.parametrize("text", ["# nothing yet\n", "hall\n", "- 1\n", "12"])
def test_a_file_that_is_no_hall_is_refused(text: str, examine_text: Callable[[str], Examined]) -> None:
    """A remark, a word, a list: told in one sentence, on line 1."""
    assert said(examine_text(text)) == [(1, "this is not a hall file")]


def test_a_file_that_is_not_there_is_told_without_a_line(tmp_path: Path) -> None:
    """A wrong path and a folder are findings too."""
    [missing] = examine(tmp_path / "none.yaml").findings
    [folder] = examine(tmp_path).findings

    assert (missing.line, missing.problem.say("en")) == (0, "there is no such file")
    assert missing.place == str(tmp_path / "none.yaml")
    assert folder.line == 0
    assert folder.problem.say("en").startswith("the file cannot be read")


def test_another_encoding_is_told_with_its_line(tmp_path: Path, small: str) -> None:
    """A file saved as GBK is refused at the first line that shows it."""
    file = tmp_path / "hall.yaml"
    file.write_bytes(small.encode("gbk"))

    [finding] = examine(file).findings

    assert (finding.line, finding.problem.say("zh").partition("（")[0]) == (2, "文件是国标编码")


@pytest.mark.parametrize(
    "encode", [lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.replace("\n", "\r\n").encode()]
)
def test_files_of_windows_editors_are_read(tmp_path: Path, small: str, encode: Callable[[str], bytes]) -> None:
    """A byte order mark or Windows line ends are no fault."""
    file = tmp_path / "hall.yaml"
    file.write_bytes(encode(small))

    assert load_hall(file).id == "small"


def test_load_hall_raises_with_both_languages(tmp_path: Path, small: str) -> None:
    """Whoever prints the error shows place, fault and mend in Chinese and in English."""
    file = tmp_path / "hall.yaml"
    file.write_text(small.replace("letter: B", "letter: A"), encoding="utf-8")

    with pytest.raises(HallFileError) as refusal:
        load_hall(file)

    assert len(refusal.value.findings) == 1
    assert str(refusal.value).splitlines() == [
        f"{file}:20:13  错误  字母 A 已经给了“社会事务”",
        "    改法  换一个没人用的字母，例如 B。",
        "",
        f"{file}:20:13  error  letter A is already that of 社会事务",
        "    Mend  Take a letter that nobody has, such as B.",
    ]


def test_warnings_do_not_keep_the_hall_shut(small: str, examine_text: Callable[[str], Examined]) -> None:
    """A hall with nothing but warnings loads, and the warnings are in the answer."""
    text = small.replace("distance_m: 8", "distance_m: 30")

    examined = examine_text(text)

    assert examined.hall is not None
    assert [finding.severity for finding in examined.findings] == [Severity.WARNING]


WARNINGS = [
    (
        "distance_m: 8",
        "distance_m: 16",
        "at 16 m this board has room for 2 calls of readable size, at least 3 belong",
        "Take a bigger screen, or put the farthest seat at 14.0 m or nearer.",
    ),
    (
        "width_px: 1920, height_px: 1080, inches: 55",
        "width_px: 1080, height_px: 1920, inches: 40",
        "at 8 m a number and its window name need 104% of this board's width",
        "Take a bigger screen, or put the farthest seat at 7.7 m or nearer.",
    ),
    (
        'colour: "#1D4E89"',
        'colour: "#7FB3E6"',
        "white on #7FB3E6 is hard to read (contrast 2.2)",
        "Take a darker colour: a contrast of 4.5 or more.",
    ),
    (
        "zones: [social, business]",
        "zones: [social]",
        "no kiosk offers zone 'business'",
        "Add it to the 'zones' of a kiosk.",
    ),
    (
        "zones: [social, business]",
        "zones: [social, business, social]",
        "'social' stands twice in this list",
        "Delete one of them.",
    ),
    (
        "may_help: [licence]",
        "may_help: [licence, relief]",
        "these windows serve 'relief' anyway",
        "Delete it from 'may_help'.",
    ),
    (
        "    letter: L\n",
        "",
        "no service uses letter L",
        "Write 'letter: L' at its services, or delete this entry.",
    ),
    (
        "areas:\n",
        "  never: {}\nareas:\n",
        "timetable 'never' never opens",
        "Write opening shifts: mon: [08:30-17:30].",
    ),
    (
        "    distance_m: 8\nvoices:\n  - id: voice-f1\n    area: f1\n    languages: [zh, en]\n",
        "    distance_m: 8\n    sound: true\n",
        "area 'f1' has no voice this board could play",
        "Add a voice for the area, or write sound: false.",
    ),
    (
        "    department: { zh: 民政局, en: Civil Affairs }\n",
        "    department: { zh: 民政局, en: Civil Affairs }\n    id_card: required\n",
        "no kiosk that offers 'relief' has a card reader",
        "Give a kiosk an id_reader, or write id_card: optional; staff issue its tickets till then.",
    ),
]


@pytest.mark.parametrize(("old", "new", "problem", "mend"), WARNINGS, ids=[row[2][:40] for row in WARNINGS])
def test_doubtful_things_are_warned_of(
    old: str, new: str, problem: str, mend: str, small: str, examine_text: Callable[[str], Examined]
) -> None:
    """What works but serves people badly gives one warning and a hall."""
    assert small.count(old) == 1

    examined = examine_text(small.replace(old, new))

    assert examined.hall is not None
    [finding] = examined.findings
    assert finding.severity is Severity.WARNING
    assert (finding.problem.say("en"), finding.mend.say("en")) == (problem, mend)


def test_a_card_is_asked_for_where_one_kiosk_reads_it(small: str, examine_text: Callable[[str], Examined]) -> None:
    """One reader among the kiosks that offer the service is enough."""
    department = "    department: { zh: 民政局, en: Civil Affairs }\n"
    printer = '    printer: { url: "preview://" }\n'
    text = small.replace(department, f"{department}    id_card: required\n")
    text = text.replace(printer, printer + '    id_reader: { url: "wedge://" }\n')

    assert examine_text(text).findings == ()


def test_equal_ports_are_warned_of(small: str, examine_text: Callable[[str], Examined]) -> None:
    """A keypad line and an LED line cannot share a serial port; loop:// is no port."""
    examined = examine_text(small.replace('port: "loop://"', "port: /dev/ttyUSB0"))

    assert said(examined) == [(90, "'keys' uses port /dev/ttyUSB0 too")]
    assert examined.hall is not None


def test_a_language_more_must_be_everywhere(small: str, examine_text: Callable[[str], Examined]) -> None:
    """A hall that adds Tibetan owes every text in it, phrases that stand at their defaults included."""
    examined = examine_text(small.replace("hours:\n  day:", "languages: [zh, en, bo]\nhours:\n  day:"))

    problems = [problem for _line, problem in said(examined)]
    # Thirteen written in the file, and the lists of help and matters at their defaults, told once.
    assert problems.count("'name' lacks a translation: bo") == 14
    assert problems.count("'department' lacks a translation: bo") == 4
    assert "'led_idle' lacks a translation: bo" in problems
    assert "'window_name' lacks a translation: bo" in problems
    assert "'proof' lacks a translation: bo" in problems


def test_aliases_of_aliases_are_stopped(examine_text: Callable[[str], Examined]) -> None:
    """A short file that would unfold to a thousand million values is refused instead of filling the memory."""
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    [finding] = examine_text("\n".join(lines)).findings

    assert finding.problem.say("en") == "aliases make this file endless"


def test_aliases_may_be_used(small: str, examine_text: Callable[[str], Examined]) -> None:
    """An alias stands for its anchor, and a fault in it is told once, where it is written."""
    text = small.replace("zones: [social, business]", "zones: &all [social, busines]").replace(
        "    distance_m: 8", "    zones: *all\n    distance_m: 8"
    )

    assert said(examine_text(text)) == [(70, "unknown zone 'busines'")]


def test_a_shift_may_begin_when_the_one_before_ends(small: str, examine_text: Callable[[str], Examined]) -> None:
    """08:30-12:00 and 12:00-17:00 touch and do not overlap."""
    assert examine_text(small.replace("14:00-17:00", "12:00-17:00")).findings == ()


def test_a_hall_whose_thresholds_are_wrong_is_told_once(small: str, examine_text: Callable[[str], Examined]) -> None:
    """A service that writes only a warning of its own has no fault while the hall's alarm is the wrong one."""
    text = small.replace("mean_service_min: 6", "wait_warn_min: 12").replace(
        "kiosks:\n", "rules:\n  wait_alarm_min: 10\nkiosks:\n"
    )

    assert [problem for _line, problem in said(examine_text(text))] == [
        "the warning (15 min) does not come before the alarm (10 min)"
    ]


def test_a_service_may_warn_earlier_or_later(small: str, examine_text: Callable[[str], Examined]) -> None:
    """Both thresholds of a service stand beside the hall's; a warning may clear only when nobody waits any more."""
    text = small.replace("mean_service_min: 6", "wait_warn_min: 5\n    wait_alarm_min: 8")

    assert examine_text(text).findings == ()


def test_moves_that_touch_or_have_other_days_do_not_overlap(
    small: str, examine_text: Callable[[str], Examined]
) -> None:
    """One move may begin when another ends; the same hour on another day is free, and so is another window."""
    moves = [
        '{ window: T01, zone: business, days: [mon, wed], span: "09:00-11:00" }',
        '{ window: T01, zone: social, days: [mon], span: "11:00-12:00" }',
        '{ window: T01, zone: social, days: [mon], span: "08:30-09:00" }',
        '{ window: T01, zone: social, days: [tue], span: "09:00-11:00" }',
        '{ window: T02, zone: business, days: [mon], span: "09:00-11:00" }',
    ]
    lines = "".join(f"    - {move}\n" for move in moves)

    two = small.replace(
        "priority_groups:", "  - { ids: T02, number: 7, zone: business, position: tidal }\npriority_groups:"
    )

    examined = examine_text(two.replace("kiosks:\n", f"tides:\n  schedule:\n{lines}kiosks:\n"))

    assert examined.findings == ()
    assert examined.hall is not None
    assert [f"{move.span.start:%H:%M}" for move in examined.hall.tides.schedule] == [
        "09:00",
        "11:00",
        "08:30",
        "09:00",
        "09:00",
    ]


def test_tides_say_nothing_of_what_cannot_be_read(small: str, examine_text: Callable[[str], Examined]) -> None:
    """A misshapen zone, service or window is one fault, however many tidal settings name it."""
    tides = (
        "tides:\n  zones: { business: manual }\n"
        '  schedule: [{ window: T01, zone: business, days: [mon], span: "09:00-11:00" }]\nkiosks:\n'
    )
    for old, new in (
        ('colour: "#1D4E89"', "colour: blue"),
        ("name: { zh: 营业执照, en: Business licence }", "name: 营业执照"),
        ("    number: 6\n", "    number: six\n"),
    ):
        examined = examine_text(small.replace("kiosks:\n", tides).replace(old, new))

        assert len(examined.findings) == 1, said(examined)


def test_a_comprehensive_window_may_help(small: str, examine_text: Callable[[str], Examined]) -> None:
    """Authorisations beyond its own services are for every kind of window, not only tidal ones."""
    text = small.replace("    serves: [licence]\n", "    serves: [licence]\n    may_help: [insurance]\n")

    examined = examine_text(text)

    assert examined.findings == ()
    assert examined.hall is not None
    assert {one.id: one.may_help for one in resolve_windows(examined.hall)}["E01"] == ("insurance",)

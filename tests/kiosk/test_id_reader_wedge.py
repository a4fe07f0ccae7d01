"""A reader that types, and a scanner that types: told from people by speed, and from each other by what they type."""

import logging
import threading
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.id_reader import Card, CardKind, ReaderTrouble, Trouble, WedgeReader, open_reader
from kiosk.id_reader.wedge import read_typed
from kiosk.keystrokes import GAP_MAX_S, LENGTH_MAX, Keystrokes
from kiosk.scanner import ScanKind, Scanned, Scanner, read_scan
from tests.kiosk.id_card_cast import CARD, NUMBER, canaries_in, numbered, told_by

TOKEN = "Qm9Kx3ZrT1aVb8YcD2eFgh"
FAST_S, SLOW_S = 0.01, 0.12


@dataclass
class Clock:
    """Stands still until typed on."""

    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Typist:
    """Types key by key at a speed."""

    clock: Clock = field(default_factory=Clock)

    def type(self, keys, text: str, gap_s: float) -> list[str]:
        found = []
        for key in text:
            self.clock.now_s += gap_s
            found += list(keys.take(key))
        return found


def typed(text: str, gap_s: float) -> list[str]:
    typist = Typist()
    return typist.type(Keystrokes(typist.clock), text, gap_s)


def test_a_device_types_faster_than_a_person() -> None:
    """The same code: scanned it counts, typed by hand it does not."""
    assert typed("123456\n", FAST_S) == ["123456"]
    assert typed("123456\r", 0.03) == ["123456"]
    assert typed("123456\n", SLOW_S) == []
    assert typed("123456\n", 0.06) == []


def test_a_slow_frame_of_the_glass_does_not_split_a_scan() -> None:
    """Keys held back while a page is drawn arrive late, then all at once."""
    typist = Typist()
    keys = Keystrokes(typist.clock)
    link = f"http://10.0.0.5:8421/t/{TOKEN}\n"
    found = typist.type(keys, link[:5], 0.0)
    typist.clock.now_s += 0.2
    assert found + typist.type(keys, link[5:], 0.0) == [link[:-1]]
    assert list(Keystrokes(Clock()).take(link)) == [link[:-1]]


def test_what_a_person_typed_before_does_not_stick_to_a_scan() -> None:
    """Half a number by hand, a pause, then the scanner."""
    typist = Typist()
    keys = Keystrokes(typist.clock)
    typist.type(keys, "98", SLOW_S)
    typist.clock.now_s += GAP_MAX_S + 0.01
    assert typist.type(keys, "123456\n", FAST_S) == ["123456"]


def test_enter_alone_and_endless_bursts_are_nothing() -> None:
    """A stuck key does not fill the memory, and what was cut off is not taken for whole."""
    assert typed("\n\n\r", FAST_S) == []
    assert typed("1" * (LENGTH_MAX + 100) + "\n", 0.0) == []
    keys = Keystrokes(Clock())
    list(keys.take("x" * 10_000))
    assert len(keys._typed) <= LENGTH_MAX + 1


@settings(max_examples=60)
@given(st.text(max_size=80), st.lists(st.floats(0.05, 1.0), min_size=80, max_size=80))
def test_no_person_is_ever_taken_for_a_scanner(text: str, gaps: list[float]) -> None:
    """Whatever is typed at a person's speed, nothing comes of it."""
    clock = Clock()
    keys = Keystrokes(clock)
    for key, gap_s in zip(text + "\n", gaps, strict=False):
        clock.now_s += gap_s
        assert list(keys.take(key)) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("123456", ScanKind.CODE, "123456"),
        (" 123456 ", ScanKind.CODE, "123456"),
        ("A012", ScanKind.NUMBER, "A012"),
        ("a1023", ScanKind.NUMBER, "A1023"),
        (f"http://hall.example/t/{TOKEN}", ScanKind.TICKET, TOKEN),
        (f"HTTPS://hall.example:8443/queue/a/{TOKEN}?x=1", ScanKind.APPOINTMENT, TOKEN),
        (f"/a/{TOKEN}", ScanKind.APPOINTMENT, TOKEN),
        (f"http://hall.example/t/{TOKEN}/", ScanKind.TICKET, TOKEN),
        (f"https://hall.example/c/{TOKEN}", ScanKind.VOUCHER, TOKEN),
    ],
)
def test_codes_of_the_hall(text: str, kind: ScanKind, value: str) -> None:
    """Appointment codes, ticket numbers, and the links of both."""
    assert read_scan(text) == Scanned(kind, value, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "1234567",
        "https://weixin.qq.com/r/abcdefgh",
        "http://hall.example/t/",
        "http://hall.example/t/short",
        f"http://hall.example/x/{TOKEN}",
        "wxp://f2f0abcdefgh/a/notours",
        NUMBER,
        f"{NUMBER}|某人",
        "6901234567892",
    ],
)
def test_codes_of_others_are_left_alone(text: str) -> None:
    """A payment code, a shop's bar code or an identity card held before the scanner does nothing."""
    assert read_scan(text) is None


def test_scanner_hears_keys_and_hides_tokens() -> None:
    """Through the kiosk's key events, and never in a log."""
    heard: list[Scanned] = []
    clock = Clock()
    scanner = Scanner(heard.append, clock)
    scanner.feed(f"http://hall.example/a/{TOKEN}\n")
    scanner.feed("hello there\n")
    clock.now_s += 1
    scanner.feed("A012\r\n")
    assert [(each.kind, each.value) for each in heard] == [
        (ScanKind.APPOINTMENT, TOKEN),
        (ScanKind.NUMBER, "A012"),
    ]
    assert TOKEN not in repr(heard)


@pytest.mark.parametrize(
    ("text", "name"), [(NUMBER, ""), (f"{NUMBER}|{CARD.name}", CARD.name), (f"{NUMBER}\t{CARD.name}\t男", CARD.name)]
)
def test_a_typed_card(text: str, name: str) -> None:
    """Number alone, or with the name behind it; the rest of what a reader types is dropped."""
    assert read_typed(text) == Card(NUMBER, name, CardKind.RESIDENT, date(1950, 3, 9), None)


def test_kinds_of_typed_cards() -> None:
    """Told from the number; a small x is a large one."""
    assert read_typed("11010519491231002x").number == "11010519491231002X"
    assert read_typed("810000199408230021").kind is CardKind.HMT
    assert read_typed(numbered("90000019791224004")).kind is CardKind.FOREIGN
    assert read_typed("ZZZ110080050401").birth is None


@pytest.mark.parametrize("text", ["123456", "A012", f"http://hall.example/t/{TOKEN}", "", "|", "６" * 18])
def test_what_is_no_card_is_left_to_the_scanner(text: str) -> None:
    """Both hang on the same keyboard."""
    assert read_typed(text) is None


def test_a_wrong_check_digit_is_unreadable() -> None:
    """A key that was lost; nothing of it is told."""
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    with pytest.raises(ReaderTrouble) as refused:
        read_typed(wrong)
    assert refused.value.kind is Trouble.UNREADABLE
    assert canaries_in(told_by(refused.value)) == []


def read_while(reader: WedgeReader, feed: list[str]) -> Card | Trouble:
    """Read in a thread, feed once the reader is awake."""
    result: list[Card | Trouble] = []

    def run() -> None:
        try:
            result.append(reader.read(threading.Event()))
        except ReaderTrouble as trouble:
            result.append(trouble.kind)

    thread = threading.Thread(target=run)
    thread.start()
    assert reader._awake.wait(10)
    for text in feed:
        reader.feed(text)
    thread.join(10)
    return result[0]


def test_awake_it_reads_and_asleep_it_keeps_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """A card laid on before anybody agreed is not read when they do (A3.5)."""
    reader = open_reader("wedge://", 10)
    assert isinstance(reader, WedgeReader)
    with caplog.at_level(logging.DEBUG):
        reader.feed(f"{NUMBER}|{CARD.name}\n")
        reader.feed(NUMBER)
        assert reader._keys._typed == ""
        card = read_while(reader, ["A012\n", f"{numbered('10000019900101002')}\n"])
        assert isinstance(card, Card)
        assert card.number == numbered("10000019900101002")
        assert read_while(reader, [f"{NUMBER[:-1]}X\n"]) is Trouble.UNREADABLE
    assert canaries_in(caplog.text) == []
    assert reader._cards.empty()


def test_time_and_stop_end_it() -> None:
    """No card typed."""
    with pytest.raises(ReaderTrouble, match="timeout"):
        WedgeReader(0.05).read(threading.Event())
    stop = threading.Event()
    stop.set()
    with pytest.raises(ReaderTrouble, match="timeout"):
        WedgeReader(60).read(stop)

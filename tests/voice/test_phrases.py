"""What is said for a call: every ticket number digit by digit, every window as people count."""

import re

import pytest

from caller.phrases import (
    ONE_ON_THE_TELEPHONE,
    Sentence,
    call_sentences,
    chinese_count,
    english_count,
    spoken_name,
    spoken_number,
)

TEMPLATES = {"zh": "请{number}号到{window}办理", "en": "Ticket {number}, please go to {window}"}
CALL = {"number": "A012", "window": "S03", "window_name": "3号窗口", "window_name_en": "Window 3"}
ZH = dict(zip("零一二三四五六七八九", range(10), strict=True))
EN = {
    word: n for n, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
}


def chinese_value(words):
    """An independent reader of Chinese numerals."""
    total, digit = 0, None
    for sign in words:
        if sign in "千百十":
            total += (1 if digit in (None, 0) else digit) * {"千": 1000, "百": 100, "十": 10}[sign]
            digit = None
        else:
            digit = ZH[sign]
    return total + (digit or 0)


def test_the_sentence_of_the_standard():
    """The published example, in both languages, Chinese first."""
    assert call_sentences(CALL, TEMPLATES, ["en", "zh"]) == (
        Sentence("zh", "请A零一二号到三号窗口办理"),
        Sentence("en", "Ticket A zero one two, please go to window three"),
    )


def test_only_the_languages_of_the_voice():
    """A voice with Chinese only says nothing in English, and a missing template is left out."""
    assert [s.language for s in call_sentences(CALL, TEMPLATES, ["zh"])] == ["zh"]
    assert [s.language for s in call_sentences(CALL, {"zh": "请{number}"}, ["zh", "en"])] == ["zh"]


def test_the_telephone_one():
    """The digit 1 of a ticket may be read 幺; a window's one stays 一."""
    (sentence,) = call_sentences(
        CALL | {"number": "B111", "window_name": "11号窗口"}, TEMPLATES, ["zh"], ONE_ON_THE_TELEPHONE
    )
    assert sentence.text == "请B幺幺幺号到十一号窗口办理"


@pytest.mark.parametrize("n", range(1000))
def test_every_ticket_number(n):
    """Each digit of 0–999 is spoken, one by one, none as a count, and nothing else is."""
    number = f"A{n:03}"
    zh = spoken_number(number, "zh")
    assert zh[0] == "A"
    assert "".join(str(ZH[sign]) for sign in zh[1:]) == f"{n:03}"
    letter, *words = spoken_number(number, "en").split(" ")
    assert letter == "A"
    assert "".join(str(EN[word]) for word in words) == f"{n:03}"


def test_number_past_999():
    """A busy day's four digits are read like three."""
    assert spoken_number("A1000", "zh") == "A一零零零"
    assert spoken_number("a1000", "en") == "A one zero zero zero"


@pytest.mark.parametrize("n", range(1, 121))
def test_every_window(n):
    """Windows 1–120 are read as counts, and read back give the number."""
    spoken = spoken_name(f"{n}号窗口", "zh")
    assert spoken.endswith("号窗口")
    numeral = spoken.removesuffix("号窗口")
    assert chinese_value(numeral) == n
    assert not re.search("[0-9]", spoken)
    assert not re.search("[0-9]", spoken_name(f"Window {n}", "en"))
    assert spoken_name(f"Window {n}", "en").startswith("window ")


@pytest.mark.parametrize(
    ("n", "zh", "en"),
    [
        (2, "二", "two"),
        (10, "十", "ten"),
        (12, "十二", "twelve"),
        (20, "二十", "twenty"),
        (45, "四十五", "forty-five"),
        (100, "一百", "one hundred"),
        (102, "一百零二", "one hundred and two"),
        (110, "一百一十", "one hundred and ten"),
        (112, "一百一十二", "one hundred and twelve"),
        (1001, "一千零一", "one thousand and one"),
        (1010, "一千零一十", "one thousand and ten"),
    ],
)
def test_counting(n, zh, en):
    """Counts as a teacher writes them."""
    assert chinese_count(n) == zh
    assert english_count(n) == en


def test_no_two_counts_sound_alike():
    """0–9999: every count is its own words, and the Chinese one reads back."""
    assert [chinese_value(chinese_count(n)) for n in range(10000)] == list(range(10000))
    assert len({english_count(n) for n in range(10000)}) == 10000


@pytest.mark.parametrize("n", [-1, 10000])
def test_counts_beyond_windows_are_refused(n):
    """A number no window has is a mistake of ours."""
    with pytest.raises(ValueError, match="window"):
        chinese_count(n)
    with pytest.raises(ValueError, match="window"):
        english_count(n)


def test_unusual_names():
    """Names without or with strange digits, braces and missing translations are still spoken."""
    assert spoken_name("办不成事窗口", "zh") == "办不成事窗口"
    assert spoken_name("007号", "zh") == "零零七号"
    assert spoken_name("Tax desk 7", "en") == "tax desk seven"
    assert spoken_name("VIP 2", "en") == "VIP two"
    call = {"number": "A012", "window": "X1", "window_name": "{number}号窗口", "window_name_en": None}
    zh, en = call_sentences(call, TEMPLATES, ["zh", "en"])
    assert zh.text == "请A零一二号到{number}号窗口办理"
    assert en.text == "Ticket A zero one two, please go to {number}号窗口"
    assert call_sentences(CALL, {"zh": "{nummer}请{window}"}, ["zh"])[0].text == "{nummer}请三号窗口"

"""The cards that the reader's tests lay on, and the strings that must be found nowhere afterwards."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from kiosk.id_reader.card import Card, CardKind
from server.id_numbers import check_sign

#: Characters of names that the basic plane does not have, or that a common set lacks.
RARE = "䶮㛃𬱖𡈽𰻝"


def numbered(seventeen: str) -> str:
    """A number with its check digit."""
    return seventeen + check_sign(seventeen)


NUMBER = numbered("10000019500309001")
NAME = f"潮{RARE}"

CARD = Card(NUMBER, NAME, CardKind.RESIDENT, date(1950, 3, 9), "长期")
OTHER = Card(numbered("10000019900101002"), "王小潮", CardKind.RESIDENT, date(1990, 1, 1), "2035-06-30")
HMT = Card("810000199408230021", "港小潮", CardKind.HMT, date(1994, 8, 23), "2029-09-01")
FOREIGN_2017 = Card("ZZZ000080050401", "TIDE, CHAOXI SAMPLE", CardKind.FOREIGN, date(1980, 5, 4), "2027-06-15")
FOREIGN_2023 = Card(numbered("90000019791224004"), "潮汐安娜", CardKind.FOREIGN, date(1979, 12, 24), "2033-12-01")
CARDS = (CARD, OTHER, HMT, FOREIGN_2017, FOREIGN_2023)

#: What no log, exception or repr may hold.
CANARIES = (NUMBER, NUMBER[:14], NAME, RARE[2], "19500309", "1950-03-09", "某省某市")


def canaries_in(text: str) -> list[str]:
    """The parts of the card that a text gives away."""
    return [canary for canary in CANARIES if canary in text]


def told_by(trouble: BaseException) -> str:
    """Everything that an exception and those behind it can be made to say, their objects included."""
    told: list[Any] = []
    behind: BaseException | None = trouble
    while behind is not None:
        told += [repr(behind), str(behind), behind.args, vars(behind), getattr(behind, "object", b"")]
        behind = behind.__cause__ or behind.__context__
    return repr(told)


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
#: Han of all planes; a name takes fifteen places, two for each beyond the basic plane.
names = st.text(
    st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), st.sampled_from(RARE + "·〇")),
    min_size=1,
    max_size=15,
).filter(lambda name: len(name.encode("utf-16-le")) <= 30)
latin = st.from_regex(r"[A-Z]{2,20}, [A-Z]{2,20}( [A-Z]{1,4})?", fullmatch=True)
expiries = st.one_of(st.just("长期"), days.map(date.isoformat))


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Any card of any kind."""
    birth = draw(days)
    start = draw(st.sampled_from(["1", "2", "4", "6", "81", "82", "83", "9", "ZZZ"]))
    if start == "ZZZ":
        number, kind = start + draw(_digits(12)), CardKind.FOREIGN
    else:
        number = numbered(start + draw(_digits(6 - len(start))) + f"{birth:%Y%m%d}" + draw(_digits(3)))
        kinds = {"8": CardKind.HMT, "9": CardKind.FOREIGN}
        kind = kinds.get(start[0], CardKind.RESIDENT)
    name = draw(st.one_of(names, latin)) if kind is CardKind.FOREIGN else draw(names)
    return Card(number, name, kind, birth, draw(expiries))

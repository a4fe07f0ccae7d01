"""People by card or phone: a handle, a masked tail, what the age proves; limits with a way out; forgetting (A2.10, A3)."""

from collections.abc import Callable
from typing import Any

import pytest

from server.id_numbers import check_sign

Reason = Callable[[Any], str]


def card(birth: str = "19491231", region: str = "110105", serial: str = "002") -> str:
    """A number with a right check sign."""
    first = f"{region}{birth}{serial}"
    return first + check_sign(first)


def test_the_same_card_is_the_same_handle_and_nothing_of_it_is_told(world: Any) -> None:
    """Read at a kiosk, typed small at a desk: one person; the answer has four figures of the number and a masked name."""
    number = card()
    assert number == "11010519491231002X"
    first = world.kiosk.post("/holders", {"card": {"number": number, "name": "欧阳小明", "kind": "resident"}})
    again = world.clerk.post("/holders", {"card": {"number": number.lower()}})

    assert first.status_code == 200, first.text
    assert first.json["holder"] == again.json["holder"]
    assert first.json["masked"] == "**************002X"
    assert first.json["name_masked"] == "欧阳*明"
    assert (first.json["tickets"], first.json["appointments"], first.json["barred"]) == ([], [], False)
    assert number not in first.text
    assert "小明" not in first.text


@pytest.mark.parametrize(
    "number",
    ["110105194912310021", "1101051949123100", "110105194913310029", "000000000000000000", "USA310076131012"],
)
def test_a_number_that_cannot_be_one_is_refused(world: Any, reason: Reason, number: str) -> None:
    """A wrong check sign, a month that does not exist: read once more, and nobody is remembered."""
    refused = world.kiosk.post("/holders", {"card": {"number": number}})
    assert (refused.status_code, reason(refused)) == (422, "card_invalid")


def test_a_birth_to_come_is_no_birth(world: Any, reason: Reason) -> None:
    """The check sign alone does not make a card."""
    assert reason(world.kiosk.post("/holders", {"card": {"number": card("20270101")}})) == "card_invalid"


@pytest.mark.parametrize(
    "number",
    [card(region="810000"), card(region="820000"), card(region="830000"), card(region="931156"), "USA310076101012"],
)
def test_residence_permits_and_foreigners_cards_count(world: Any, number: str) -> None:
    """People from Hong Kong, Macau, Taiwan and abroad get their handle like everybody."""
    answer = world.kiosk.post("/holders", {"card": {"number": number, "name": "SMITH, JOHN"}})
    assert answer.status_code == 200, answer.text
    assert answer.json["masked"].endswith(number[-4:])
    assert answer.json["name_masked"] == "S****, J***"


def test_a_phone_is_a_person_however_it_is_written(world: Any) -> None:
    """With country code, blanks or dashes: the same handle; another number another."""
    handles = {
        world.clerk.post("/holders", {"phone": phone, "name": "王"}).json["holder"]
        for phone in ("13912345678", "+86 139 1234 5678", "139-1234-5678", "8613912345678")
    }
    assert len(handles) == 1
    assert world.clerk.post("/holders", {"phone": "13912345679"}).json["holder"] not in handles


def test_somebody_is_wanted(world: Any, reason: Reason) -> None:
    """Neither card nor phone: not as the API wants it."""
    assert reason(world.kiosk.post("/holders", {"name": "张三"})) == "invalid_request"

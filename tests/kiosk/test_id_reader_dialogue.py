"""One reading of one card, on a clock that stands still until told."""

import hashlib
import logging
from collections.abc import Callable, Iterable

import pytest

from kiosk.id_reader.card import Card, ReaderTrouble, Trouble
from kiosk.id_reader.device import SamDevice, card_block
from kiosk.id_reader.dialogue import ANSWER_S, POLL_S, SILENT_MAX, TRIES, Dialogue, Lying
from kiosk.id_reader.sam import Answer, Command, Damaged, Decoder, Status, request
from tests.kiosk.id_card_cast import CARD, OTHER, canaries_in, told_by

TIMEOUT_S = 10.0
STEP_S = 0.05

Happenings = dict[float, Callable[[], None]]


class Play:
    """A dialogue with a device of code, step by step; `at` says what happens when."""

    def __init__(self, device: SamDevice, lying: Lying | None = None) -> None:
        self.device = device
        self.now_s = 0.0
        self.asked: list[tuple[float, Command]] = []
        self.says: Callable[[Command], Iterable[Answer | Damaged]] = self.answers
        self.dialogue = Dialogue(0.0, TIMEOUT_S, lying)

    def answers(self, command: Command) -> Iterable[Answer | Damaged]:
        return Decoder().take(self.device.hear(request(command)))

    def run(self, at: Happenings | None = None) -> Card:
        left = sorted((at or {}).items())
        while True:
            assert self.now_s < 10 * TIMEOUT_S, "goes on for ever"
            while left and left[0][0] <= self.now_s:
                left.pop(0)[1]()
            if command := self.dialogue.due(self.now_s):
                self.asked.append((round(self.now_s, 2), command))
                for answer in self.says(command):
                    self.dialogue.take(answer, self.now_s)
            if self.dialogue.card:
                return self.dialogue.card
            self.now_s += STEP_S

    def refused(self, at: Happenings | None = None) -> Trouble:
        with pytest.raises(ReaderTrouble) as trouble:
            self.run(at)
        assert canaries_in(told_by(trouble.value)) == []
        return trouble.value.kind


def test_find_select_read() -> None:
    """Three questions bring a card, one after the other."""
    play = Play(SamDevice(card_block(CARD)))
    assert play.run() == CARD
    assert [command for _, command in play.asked] == [Command.FIND, Command.SELECT, Command.READ]


def test_without_a_card_it_asks_three_times_a_second_and_gives_up() -> None:
    """Polled every 300 ms, not faster, and no longer than it may."""
    play = Play(SamDevice())
    assert play.refused() is Trouble.TIMEOUT
    gaps = [later[0] - earlier[0] for earlier, later in zip(play.asked, play.asked[1:], strict=False)]
    assert min(gaps) >= POLL_S - 0.01
    assert max(gaps) <= POLL_S + 2 * STEP_S
    assert TIMEOUT_S <= play.now_s <= TIMEOUT_S + POLL_S + STEP_S
    assert {command for _, command in play.asked} == {Command.FIND}


def test_a_card_laid_on_late_is_read_to_its_end() -> None:
    """Only the waiting is limited: who comes in the last moment is not sent away in the middle."""
    device = SamDevice()
    play = Play(device)
    assert play.run({TIMEOUT_S - 0.4: lambda: device.lay(card_block(CARD))}) == CARD


#: What each answer to SELECT or READ comes to when the reader keeps saying so.
KINDS = {
    Status.CHECKSUM_WRONG: Trouble.UNREADABLE,
    Status.LENGTH_WRONG: Trouble.UNREADABLE,
    Status.COMMAND_WRONG: Trouble.UNREADABLE,
    Status.NOT_PERMITTED: Trouble.UNPLUGGED,
    Status.UNKNOWN_ERROR: Trouble.UNREADABLE,
    Status.CARD_REJECTS_READER: Trouble.UNREADABLE,
    Status.READER_REJECTS_CARD: Trouble.UNREADABLE,
    Status.NOT_VERIFIED: Trouble.UNREADABLE,
    Status.WRONG_KIND_OF_CARD: Trouble.NOT_A_CARD,
    Status.READ_FAILED: Trouble.UNREADABLE,
    Status.RANDOM_FAILED: Trouble.UNREADABLE,
    Status.SELF_TEST_FAILED: Trouble.UNPLUGGED,
    Status.NOT_AUTHORISED: Trouble.UNPLUGGED,
    Status.NO_CARD: Trouble.TIMEOUT,
    Status.SELECT_FAILED: Trouble.UNREADABLE,
    Status.NOTHING_THERE: Trouble.UNREADABLE,
}


def test_every_code_of_the_protocol_is_meant_below() -> None:
    """A code added to the protocol must say what a visitor is told."""
    assert set(KINDS) == set(Status) - {Status.DONE, Status.FOUND}


@pytest.mark.parametrize("command", [Command.SELECT, Command.READ], ids=lambda command: command.name)
@pytest.mark.parametrize("status", KINDS, ids=lambda status: status.name)
def test_a_code_that_stays_ends_as_its_kind(status: Status, command: Command, caplog: pytest.LogCaptureFixture) -> None:
    """Trouble that another try cannot mend ends at once, the rest after three tries; a card gone is waited for."""
    play = Play(SamDevice(card_block(CARD), faults=[(command, status)] * 99))
    with caplog.at_level(logging.DEBUG):
        assert play.refused() is KINDS[status]
    tries = [asked for _, asked in play.asked if asked is command]
    if KINDS[status] is Trouble.UNREADABLE:
        assert len(tries) == TRIES
    elif KINDS[status] in (Trouble.UNPLUGGED, Trouble.NOT_A_CARD):
        assert len(tries) == 1
    assert canaries_in(caplog.text) == []


@pytest.mark.parametrize(
    "status", [status for status, kind in KINDS.items() if kind is Trouble.UNREADABLE], ids=lambda status: status.name
)
def test_a_code_that_passes_costs_another_try(status: Status) -> None:
    """Laid on askew, then well: the card comes through without the visitor doing anything."""
    faults = [(Command.SELECT, status), (Command.READ, status)]
    assert Play(SamDevice(card_block(CARD), faults=faults)).run() == CARD


def test_a_code_that_no_paper_names_is_tried_again() -> None:
    """Firmwares have codes of their own."""
    dialogue = Dialogue(0.0, TIMEOUT_S)
    assert dialogue.due(0.0) is Command.FIND
    dialogue.take(Answer(0x77), 0.0)
    assert dialogue.due(POLL_S) is Command.FIND


def test_a_wrong_check_digit_is_read_again() -> None:
    """Two flipped bits can pass the checksum; the number's own check digit cannot be passed with them."""
    device = SamDevice(card_block(CARD).replace("3090".encode("utf-16-le"), "3091".encode("utf-16-le")))
    play = Play(device)
    right = card_block(CARD)

    def mend() -> None:
        device.lay(right)

    device.is_read = False
    assert play.run({0.2: mend}) == CARD


def test_a_silent_reader_is_told_as_unplugged() -> None:
    """A socket that opens with nothing behind it: three questions, then it is said, long before the time is over."""
    play = Play(SamDevice(card_block(CARD)))
    play.says = lambda command: ()
    assert play.refused() is Trouble.UNPLUGGED
    assert len(play.asked) == SILENT_MAX
    assert play.now_s <= SILENT_MAX * ANSWER_S[Command.FIND] + 4 * STEP_S


def test_a_reader_that_falls_silent_in_the_middle_is_not_waited_for() -> None:
    """Its power went while it read."""
    play = Play(SamDevice(card_block(CARD)))

    def until_it_reads(command: Command) -> Iterable[Answer | Damaged]:
        if command is Command.READ:
            play.says = lambda command: ()
            return ()
        return play.answers(command)

    play.says = until_it_reads
    assert play.refused() is Trouble.UNPLUGGED
    assert play.now_s < TIMEOUT_S


def test_a_damaged_answer_is_asked_for_again_soon() -> None:
    """Damage is known at once: the next question does not wait for the longest answer."""
    dialogue = Dialogue(0.0, TIMEOUT_S)
    assert dialogue.due(0.0) is Command.FIND
    dialogue.take(Damaged(), 0.1)
    assert dialogue.due(0.2) is None
    assert dialogue.due(0.1 + POLL_S) is None
    assert dialogue.due(0.1 + 2 * POLL_S + 0.01) is Command.FIND


def test_damage_without_end_is_unreadable() -> None:
    """A wrong baud rate gives rubbish for ever."""
    play = Play(SamDevice())
    play.says = lambda command: (Damaged(), Damaged())
    assert play.refused() is Trouble.UNREADABLE
    assert len(play.asked) == TRIES


def test_a_card_left_lying_is_not_read_for_the_next_visitor() -> None:
    """Some readers find a card again that was never taken away: it belongs to whoever stood there before."""
    device = SamDevice(card_block(CARD))
    first = Play(device)
    assert first.run() == CARD
    device.is_read = False
    second = Play(device, first.dialogue.lying)
    assert second.refused() is Trouble.TIMEOUT


def test_the_next_visitors_card_is_read_when_the_last_one_was_taken_away() -> None:
    """Taken away, laid on: the other card, at once."""
    device = SamDevice(card_block(CARD))
    first = Play(device)
    first.run()
    device.is_read = False
    second = Play(device, first.dialogue.lying)
    card = second.run({2.0: lambda: device.lay(None), 3.0: lambda: device.lay(card_block(OTHER))})
    assert card == OTHER
    assert second.now_s < 3.5


def test_who_lays_a_card_on_before_being_asked_does_not_wait() -> None:
    """Another card than the last one: that one was taken away while the reader slept."""
    first = Play(SamDevice(card_block(CARD)))
    first.run()
    second = Play(SamDevice(card_block(OTHER)), first.dialogue.lying)
    assert second.run() == OTHER
    assert second.now_s < POLL_S


def test_the_same_visitor_again_after_taking_the_card_away() -> None:
    """One card, two tickets: lifted and laid on again it is read again."""
    device = SamDevice(card_block(CARD))
    first = Play(device)
    first.run()
    second = Play(device, first.dialogue.lying)
    assert second.run({1.0: lambda: device.lay(None), 2.0: lambda: device.lay(card_block(CARD))}) == CARD


def test_one_missed_poll_does_not_mean_that_a_card_was_taken_away() -> None:
    """A card that was found just now may be missed once by the next question."""
    device = SamDevice(card_block(CARD))
    first = Play(device)
    first.run()
    device.is_read = False
    second = Play(device, first.dialogue.lying)
    polls = 0

    def misses_every_other(command: Command) -> Iterable[Answer | Damaged]:
        nonlocal polls
        if command is Command.FIND:
            polls += 1
            device.is_read = polls % 2 == 1
        return second.answers(command)

    second.says = misses_every_other
    assert second.refused() is Trouble.TIMEOUT


def test_the_mark_of_a_card_tells_nothing() -> None:
    """It stays in memory after the visit: neither readable nor the same in another process."""
    mark = Lying.of(CARD)
    assert canaries_in(f"{mark!r} {mark.mark!r}") == []
    assert mark == Lying.of(CARD)
    assert mark != Lying.of(OTHER)
    assert mark.mark != hashlib.blake2b(CARD.number.encode()).digest()


def test_answers_nobody_asked_for_are_ignored() -> None:
    """What a reader says after its time was over belongs to an older question."""
    dialogue = Dialogue(0.0, TIMEOUT_S)
    dialogue.take(Answer(Status.DONE, b"\x01\x00\x04\x00"), 0.0)
    assert dialogue.card is None
    assert dialogue.due(0.0) is Command.FIND


def test_after_the_line_was_down_it_begins_anew() -> None:
    """A reader that lost its power has forgotten the card it had found."""
    dialogue = Dialogue(0.0, TIMEOUT_S)
    dialogue.due(0.0)
    dialogue.take(Answer(Status.FOUND, bytes(4)), 0.0)
    dialogue.line_is_back(2.0)
    assert dialogue.due(2.0) is Command.FIND

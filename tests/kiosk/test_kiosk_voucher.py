"""A voucher held before the scanner: where the case stands, a ticket for its result; and the pre-check before a ticket."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalogue import read_hall, read_ticket
from kiosk.deck import actions
from kiosk.errands import CaseSeen, Doing, SeeCase
from kiosk.flow import step
from kiosk.pagebook import Rules
from kiosk.sample import sample, sample_hall
from kiosk.scanner import ScanKind, Scanned
from kiosk.sheet import paragraphs
from kiosk.spoken import spoken
from kiosk.state import Command, IssueTicket, Paper, Prefs, Refused, Screen, State, Tap, Target
from kiosk.theme import Stage
from kiosk.vouchers import read_case
from kiosk.wording import errand, first_step, texts_of
from tests.kiosk.hall_server import HallServer

RULES = Rules(Stage(1080, 1920, 21.5))
TOKEN = "Vc4mYb0qQxq7Jw3mT0sE2A"
READY, MISSING = read_case(sample("case_ready")), read_case(sample("case_missing"))
HOME = State(screen=Screen.HOME, hall=read_hall(sample_hall()), is_online=True)


def scanned(state: State = HOME) -> tuple[State, tuple[Command, ...]]:
    """After the voucher was scanned."""
    result = step(state, Scanned(ScanKind.VOUCHER, TOKEN, "typed"), 10.0, RULES)
    return result.state, result.commands


def on_case_page(case: Any) -> State:
    """After the server's answer."""
    state, _ = scanned()
    return step(state, CaseSeen(state.attempt, case), 11.0, RULES).state


def read(state: State) -> str:
    """Everything the page says."""
    return "\n".join(line for part in paragraphs(state) for line in (part.heading, *part.lines))


def test_a_scan_asks_and_shows_the_case() -> None:
    """From the first page the voucher leads to its case; the answer to an older scan is dropped."""
    state, commands = scanned()
    assert (state.screen, state.doing) == (Screen.SENDING, Doing.VOUCHER)
    assert commands == (SeeCase(state.attempt, TOKEN),)
    assert step(state, CaseSeen(state.attempt - 1, READY), 11.0, RULES).state.screen is Screen.SENDING
    assert on_case_page(READY).case is READY


def test_a_ready_result_is_one_tap_from_its_ticket() -> None:
    """The one button takes a ticket with the voucher, not with a service."""
    state = on_case_page(READY)
    assert [action.target for action in actions(state)] == [Target.COLLECT]
    taken = step(state, Tap(Target.COLLECT), 13.0, RULES)
    assert taken.state.screen is Screen.ISSUING
    assert taken.commands == (IssueTicket(state.attempt + 1, "", None, "zh", voucher=TOKEN),)


@pytest.mark.parametrize("case", [MISSING, replace(READY, ticket="L003", can_take=False)])
def test_without_a_result_to_fetch_there_is_no_ticket(case: Any) -> None:
    """Neither button nor tap takes one while the result is not ready, or when a ticket was taken already."""
    state = on_case_page(case)
    assert actions(state) == ()
    assert step(state, Tap(Target.COLLECT), 13.0, RULES).commands == ()


def test_the_page_says_what_is_owed_and_where_to_go() -> None:
    """Missing papers with their day, the deadline, the desk and the steps, in both languages."""
    said = read(on_case_page(MISSING))
    for part in ("审批中", "户口簿复印件", "请在11月27日前补齐", "12月18日", "一楼大厅 29–30号窗口", "审批：当前步骤"):
        assert part in said
    english = read(replace(on_case_page(READY), prefs=Prefs(language="en")))
    for part in ("The result is ready", "Main hall (1F) Windows 29–30", "Decision: 19 Nov", "20261116-0007"):
        assert part in english


def test_a_refusal_is_said_and_nothing_stays() -> None:
    """An unknown voucher is told in words; after Back neither token nor case is left."""
    state, _ = scanned()
    refused = step(state, Refused(state.attempt, "not known", "没有这张凭证"), 11.0, RULES).state
    assert (refused.screen, refused.refusal_zh) == (Screen.REFUSED, "没有这张凭证")
    gone = step(on_case_page(READY), Tap(Target.BACK), 13.0, RULES).state
    assert (gone.screen, gone.token, gone.case) == (Screen.HOME, "", None)


def test_the_pre_check_is_named_before_and_on_the_ticket() -> None:
    """The confirm page and the voice name the first step; the ticket names both."""
    zh, en = texts_of("zh"), texts_of("en")
    hall = read_hall(sample_hall())
    service = hall.service("estate-new-home")
    assert service is not None
    assert service.first is not None
    assert first_step(service.first, zh) == "先预审：三楼大厅 319–320号窗口"
    asked = State(screen=Screen.CONFIRM, hall=hall, zone=service.zone, service=service.id)
    assert "先预审" in spoken(asked, RULES, zh)
    ticket = read_ticket(sample("ticket_precheck"))
    assert errand(ticket, zh) == "先办不动产材料预审，再办新建商品房转移登记"
    assert errand(ticket, en) == "First: Document pre-check: property. Then: New home registration"
    shown = replace(asked, screen=Screen.TICKET, ticket=ticket, paper=Paper.PRINTED)
    assert "再办新建商品房转移登记" in spoken(shown, RULES, zh)


@pytest.mark.kivy
def test_from_the_scanner_to_the_paper(start: Any, server: HallServer) -> None:
    """The keys of the scanner lead to the case; the button gives a number that is printed, asked for once by the voucher."""
    server.cases[TOKEN] = sample("case_ready")
    driver = start()
    driver.until_screen(Screen.HOME)
    for key in f"http://192.0.2.10:8080/c/{TOKEN}\n":
        driver.app.parts.keys(key)
    driver.until_screen(Screen.CASE)
    driver.tap(Target.COLLECT)
    driver.until_screen(Screen.TICKET)
    [asked] = server.posted("/tickets")
    assert (asked["voucher"], "service" in asked) == (TOKEN, False)
    assert driver.app.state.ticket.number in {ticket["number"] for ticket in server.tickets.values()}

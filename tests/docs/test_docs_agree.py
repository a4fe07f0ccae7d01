"""The documents say what the code does: states, reasons, commands, events, calls, Make targets, links."""

import re
from itertools import product
from pathlib import Path

import pytest

from config.texts import Texts
from server.core import commands
from server.core.case_diagram import mermaid as case_mermaid
from server.core.case_records import CaseState, ParcelState
from server.core.decide import judge
from server.core.event_types import EVENT_TYPES
from server.core.model import PrintState, TicketState, WindowStatus
from server.core.refusals import Reason
from server.core.transitions import TRANSITIONS, Verb, mermaid
from server.web.access import ACCESS
from server.web.problems import LOCALE, SENTENCES, problem

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
#: Whatever has a rule, in whichever module it stands.
COMMANDS = {kind.__name__ for kind in judge.registry if issubclass(kind, commands.Command)} - {"Command"}


def page(name: str) -> str:
    """A page of the documents."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def section(name: str, title: str) -> str:
    """One section of a page, without its title."""
    _, found, rest = page(name).partition(f"\n## {title}\n")
    assert found, f"docs/{name} has no section '{title}'"
    return re.split(r"\n## ", rest)[0]


def column(text: str, which: int) -> list[str]:
    """The code words in one column of the tables of a text."""
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    return [word for row in rows for word in re.findall(r"`(\w+)`", row[which])]


def test_the_state_diagram_is_the_table() -> None:
    """The diagram of the architecture page is the one made from the transition table, character by character."""
    found = re.search(r"```mermaid\n(stateDiagram.*?)\n```", section("architecture.md", "Ticket states"), re.DOTALL)
    assert found, "docs/architecture.md has no state diagram"
    assert found[1] == mermaid()


def test_the_diagram_of_a_case_is_made_from_its_steps() -> None:
    """The second diagram is the one of the steps of a case, character by character."""
    found = re.search(r"```mermaid\n(stateDiagram.*?)\n```", section("architecture.md", "Case states"), re.DOTALL)
    assert found, "docs/architecture.md has no diagram of a case"
    assert found[1] == case_mermaid()


def test_the_diagram_shows_every_row() -> None:
    """One arrow for each row of the table, one in and one for each end; nothing is left out of the picture."""
    arrows = set(re.findall(r"^    (\S+) --> (\S+?)(?:: (\w+))?$", mermaid(), re.MULTILINE))
    rows = {(state.value, after.value, verb.value) for (state, verb), after in TRANSITIONS.items()}
    assert arrows - rows == {("[*]", "waiting", "issue"), ("done", "[*]", ""), ("cancelled", "[*]", "")}
    assert rows <= arrows


def reason_table() -> str:
    """The table of reason codes as docs/api.md must have it."""
    chinese = Texts(LOCALE, "zh")
    rows = [
        f"| `{reason}` | {status} | {sentence} | {chinese._catalogue.gettext(sentence)} |"
        for reason, (status, sentence) in SENTENCES.items()
    ]
    return "\n".join(["| reason | status | `detail` | `detail_zh` |", "|---|---|---|---|", *rows])


def test_every_reason_code_is_in_the_api_page() -> None:
    """The list of reasons, with status and wording in both languages, is exactly the code's."""
    table = "\n".join(line for line in section("api.md", "Reason codes").splitlines() if line.startswith("|"))
    wanted = reason_table()
    assert table == wanted, f"put this into docs/api.md, section 'Reason codes':\n\n{wanted}"


def test_every_refusal_of_the_core_has_words() -> None:
    """A reason without status and sentence in both languages would be an error 500 at a window."""
    assert {reason.value for reason in Reason} <= set(SENTENCES)
    chinese = Texts(LOCALE, "zh")
    untold = [reason for reason, (_, words) in SENTENCES.items() if chinese._catalogue.gettext(words) == words]
    assert untold == []


@pytest.mark.parametrize(("state", "verb"), list(product(TicketState, Verb)))
def test_an_illegal_step_is_refused_in_plain_words(state: TicketState, verb: Verb) -> None:
    """Whatever was tried with whatever ticket, the sentence has no code word in it, in either language."""
    body = problem("wrong_state", {"ticket": "A012", "state": state.value, "verb": verb.value}).body
    assert re.fullmatch(r"A012 is [a-z ]+: [a-z ]+ is not possible now", body["detail"])
    assert not re.search(r"[a-z_]{3,}", body["detail_zh"])


def test_every_command_is_in_the_glossary() -> None:
    """The commands of the glossary are those of the code, each once."""
    assert sorted(column(section("glossary.md", "Commands"), 2)) == sorted(COMMANDS)


def test_every_verb_is_in_the_glossary() -> None:
    """Each verb of the table stands beside a command."""
    words = {row.split("|")[3].strip() for row in section("glossary.md", "Commands").splitlines() if "|" in row}
    assert {verb.value for verb in Verb} <= words


def test_every_event_is_in_the_glossary() -> None:
    """The events of the glossary are those the log keeps, each once."""
    assert sorted(column(section("glossary.md", "Events"), 2)) == sorted(EVENT_TYPES)


def test_every_state_is_in_the_glossary() -> None:
    """States of tickets in their table, those of windows and papers in the text."""
    text = section("glossary.md", "States")
    assert column(text, 2) == [state.value for state in TicketState]
    others = {state.value for kind in (WindowStatus, PrintState, CaseState, ParcelState) for state in kind}
    assert others <= set(re.findall(r"`(\w+)`", text))


#: Views that are no call of the API.
NO_CALLS = {"openapi", "static"}
#: Calls whose address ends otherwise than their name.
ADDRESS = {
    "hall.hall": "/hall", "tickets.issue": "/tickets", "tickets.ticket": "/tickets/{id}", "links.ticket": "/t/{token}",
    "links.cancel": "/t/{token}/cancel", "links.rating": "/t/{token}/rating", "windows.window": "/windows/{w}",
    "zones.zone": "/zones/{z}", "boards.board": "/boards/{b}", "devices.device": "/devices/{d}",
    "catalogue.item": "/items/{code}", "catalogue.edit": "/items/{code}", "lists.catalogue": "/catalogue", "lists.rows": "/catalogue/items/{code}",
    "appointments.book": "/appointments", "appointments.appointment": "/appointments/{id}", "check_ins.check_in": "/check-ins",
    "appointment_links.appointment": "/a/{token}", "appointment_links.move": "/a/{token}/move",
    "appointment_links.cancel": "/a/{token}/cancel",
    "letters.enter": "/letters", "letters.remove": "/letters/{letter}/remove",
    "ratings.stats": "/stats/ratings", "ratings.stats_csv": "/stats/ratings.csv", "orders.order": "/orders/{id}",
    "matters.matter": "/matters/{id}", "matters.record": "/matters", "help.requests": "/help",
    "cases.cases_overview": "/cases/overview", "cases.form": "/cases/form", "cases.case": "/cases/{c}", "cases.voucher": "/vouchers/{token}",
    "papers.sheets": "/papers/{kind}.pdf", "papers.print_paper": "/print", "cases.give_back": "/return", "parcels.receive": "/parcels", "parcels.file_originals": "/archive",
    "case_links.case": "/c/{token}", "threads.thread": "/threads/{ticket}", "threads.thread_xlsx": "/threads/{ticket}.xlsx",
    "stats.today": "/stats/today", "stats.today_csv": "/stats/today.csv",
}  # fmt: skip


@pytest.mark.parametrize(
    "view", [view for view in ACCESS if view not in NO_CALLS and not view.startswith(("pages.", "console."))]
)
def test_every_call_is_in_the_api_page(view: str) -> None:
    """Each call that somebody may make stands in the table of calls."""
    wanted = ADDRESS.get(view) or view.partition(".")[2].replace("_", "-")
    calls = " ".join(re.findall(r"`([^`]+)`", section("api.md", "Calls")))
    assert re.search(rf"(^|[\s/]){re.escape(wanted.lstrip('/'))}($|[\s?{{])", calls), f"{view}: {wanted} is nowhere"


def test_every_make_target_is_told() -> None:
    """A target that no page mentions is a target that nobody finds."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    # `system`, `help` and the parts of `test` are called by other targets or explain themselves.
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)) - {"help", "system"}
    told = set(re.findall(r"make ([a-z-]+)", "\n".join(p.read_text(encoding="utf-8") for p in PAGES)))
    parts = set(re.search(r"^test:(.*?)##", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    assert targets - parts <= told


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    """Every relative link of a page points to a file that is there, and to a heading that is in it."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """What the headings of a page are called in links."""
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}

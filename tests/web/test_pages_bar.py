"""The bar of pages: everybody sees the pages that are for him, by the one table of who may call what."""

import re
from typing import Any

import pytest
from flask import Flask

from config.texts import Texts
from server.web import booking, cases_pages, catalogue_pages, guides, hooks_pages, pages, ratings, threads
from server.web.app import create_app
from server.web.pages.navigation import PAGES
from server.web.pages.rendering import SHARED

HALL = ["/window", "/guide", "/appointments"]
LEADING = ["/supervision", "/thread", "/ledger", "/orders", "/matters"]
CASES = ["/runner", "/department", "/pickup"]
#: Written by hand, so that a slip in a page's call is seen.
SEEN = {
    "clerk": [*HALL, "/pickup", "/matters"],
    "guide": ["/guide", "/appointments", "/matters"],
    "runner": ["/runner"],
    "department": ["/department"],
    "supervisor": ["/manage", *HALL, *CASES, *LEADING],
    "admin": ["/manage", *HALL, *CASES, *LEADING, "/hooks", "/catalogue"],
}
LINK = re.compile(r'<li(?: class="part")?><a href="([^"]+)"(?: aria-current="(\w+)")?>([^<]+)</a></li>')


@pytest.fixture(scope="module")
def house(shared: Any) -> Flask:
    """The app of the shared world with its staff pages."""
    packages = (pages, booking, catalogue_pages, guides, hooks_pages, ratings, threads, cases_pages)
    return create_app(shared.site, [package.blueprint() for package in packages], {"LANGUAGES": ["zh", "en"]})


def page(house: Flask, shared: Any, who: str, path: str) -> Any:
    """A page as a caller of the cast gets it."""
    return house.test_client().get(path, headers=shared.cast[who].headers)


def bar_of(answer: Any) -> list[tuple[str, str, str]]:
    """The links of the bar: path, mark, words."""
    return LINK.findall(answer.text)


@pytest.mark.parametrize("who", SEEN)
def test_the_bar_shows_the_pages_that_are_for_somebody(who: str, house: Flask, shared: Any) -> None:
    """Each role sees its pages and the way to the start, and no door to what would refuse it."""
    for path in ("/", SEEN[who][-1]) if who != "clerk" else ("/", "/matters"):
        answer = page(house, shared, who, path)
        assert [link for link, _, _ in bar_of(answer)] == ["/", *SEEN[who]], path
    doors = re.findall(r'class="card door" href="(/[^"]*)"', page(house, shared, who, "/").text)
    assert doors == [*SEEN[who], "/book", "/items"]


@pytest.mark.parametrize("who", ["anyone", "evaluator"])
def test_a_visitor_has_no_bar_but_every_door(who: str, house: Flask, shared: Any) -> None:
    """Before signing in, and on a tablet that is a device, nothing is hidden on the start page: each page asks itself."""
    answer = page(house, shared, who, "/")
    assert bar_of(answer) == []
    assert [door for door in re.findall(r'door" href="(/[^"]*)"', answer.text) if door in {p.path for p in PAGES}] == [
        each.path for each in PAGES
    ]


def test_the_page_one_is_on_is_marked(house: Flask, shared: Any) -> None:
    """Exactly one link is marked: as this page, or as the one that a zone or a thread belongs to."""
    served = [each.path for each in PAGES if each.path != "/window"]  # the console is full-screen and has no bar
    for path, mark in [(each, "page") for each in ["/", *served]] + [("/zone/social", "true"), ("/thread/x", "true")]:
        marked = [(link, current) for link, current, _ in bar_of(page(house, shared, "admin", path)) if current]
        expected = {"/zone/social": "/manage", "/thread/x": "/thread"}.get(path, path)
        assert marked == [(expected, mark)], path


def test_every_page_with_the_staff_frame_is_in_the_table(house: Flask, shared: Any) -> None:
    """A new staff page that nobody put into the bar is found here."""
    rules = [
        rule.rule
        for rule in house.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in house.config["PAGES"]
        and not rule.arguments
        and rule.rule != "/manage/chart.svg"
    ]
    framed = {rule for rule in rules if 'id="sign-out"' in page(house, shared, "admin", rule).text}
    assert framed == {each.path for each in PAGES if each.path != "/window"} | {"/", "/sign-in"}


@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("clerk", "/window"),
        ("guide", "/guide"),
        ("runner", "/runner"),
        ("department", "/department"),
        ("manager", "/manage"),
        ("anyone", "/"),
    ],
)
def test_whoever_signs_in_comes_home(who: str, home: str, house: Flask, shared: Any) -> None:
    """After signing in everybody is led to where he works."""
    answer = page(house, shared, who, "/home")
    assert (answer.status_code, answer.headers["Location"]) == (302, home)


def test_a_page_is_kept_by_no_cache(house: Flask, shared: Any) -> None:
    """The next one at this desk does not get the last one's bar."""
    assert "no-cache" in page(house, shared, "admin", "/manage").headers["Cache-Control"]


def test_the_words_of_the_table_are_translated() -> None:
    """Every name and use has a Chinese sentence, and names in the bar are short."""
    zh = Texts(SHARED / "locale", "zh")
    for each in PAGES:
        for sentence in (each.short, each.title, each.use):
            assert zh(sentence) != sentence, sentence
        assert len(zh(each.short)) <= 4

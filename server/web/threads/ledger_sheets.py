"""The ledger and the monthly bulletin as rows for a spreadsheet, with Chinese headings and dates that are dates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from server.web.sheets import Book, Cell
from server.web.threads.story_sheets import in_hall_time
from server.web.threads.words import texts

_LEDGER = (
    "Date",
    "Time",
    "Number taken",
    "Item code",
    "Item",
    "Department",
    "Zone",
    "Outcome",
    "Missing papers",
    "Promised for",
    "Reason",
    "Case number",
    "Platform number",
    "Window",
    "Clerk",
    "Deadline",
    "State now",
    "Late now",
    "Result on",
    "Delivery",
    "Courier",
    "Tracking number",
    "Delivered",
    "Taken by",
    "Archived",
    "Archived by",
)
_DEPARTMENTS = (
    "Department",
    "Items settled",
    "Cases",
    "Papers in time",
    "Papers due",
    "Papers in time, %",
    "Decided in time",
    "Decisions due",
    "Decided in time, %",
    "Mean working days",
    "Late steps told",
    "Late now",
    "Results sent back",
    "Originals archived",
    "Originals left here",
)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text[:10])


def ledger_rows(views: Iterable[Mapping[str, Any]]) -> list[list[Cell]]:
    """The ledger's rows, headings first."""
    zh = texts("zh")
    ways = {"post": zh("By post"), "window": zh("Fetched at the window")}
    takers = {"applicant": zh("the applicant"), "agent": zh("somebody the applicant sent")}
    return [
        [zh(name) for name in _LEDGER],
        *(
            [
                _day(row["day"]),
                in_hall_time(row["at"]),
                row["number"],
                row["item"],
                row["title"],
                "、".join(row["departments"]),
                row["zone_name"],
                row["outcome_name"],
                "、".join(row["lacks"]) or None,
                _day(row["promise_on"]),
                row["reason_name"],
                row["case"],
                row["platform"],
                row["window_name"],
                row["clerk_name"],
                in_hall_time(row["deadline_at"]),
                row["state_name"],
                zh("late") if row["late"] else None,
                _day(row["result_at"]),
                ways.get(row["delivery"]),
                row["carrier"],
                row["tracking"],
                in_hall_time(row["delivered_at"]),
                takers.get(row["handed_to"], row["handed_to"]),
                in_hall_time(row["filed_at"]),
                row["filed_by_name"],
            ]
            for row in views
        ),
    ]


def _percent(ratio: Mapping[str, Any]) -> float | None:
    return None if ratio["share"] is None else round(100 * ratio["share"], 1)


def bulletin_sheets(view: Mapping[str, Any]) -> Book:
    """The bulletin: one row a department and all together, outcomes, the share of items at one window with its words."""
    zh = texts("zh")
    outcomes: Sequence[Mapping[str, str]] = view["outcomes"]
    names = [zh(name) for name in _DEPARTMENTS]
    rows: list[list[Cell]] = [[*names[:2], *(each["name"] for each in outcomes), *names[2:]]]
    for each in (*view["departments"], {**view["all"], "department": zh("All together")}):
        transfer, answers = each["transfer"], each["answers"]
        rows.append(
            [
                each["department"],
                each["settled"],
                *(each["outcomes"][outcome["id"]] for outcome in outcomes),
                each["cases"],
                transfer["part"],
                transfer["of"],
                _percent(transfer),
                answers["part"],
                answers["of"],
                _percent(answers),
                each["mean_days"],
                each["told"],
                each["late"],
                each["returned"],
                each["filed"]["part"],
                each["filed"]["of"],
            ]
        )
    share = view["one_window"]
    windows: list[list[Cell]] = [
        [zh("Items at one window"), zh("Items"), zh("Of all items, %")],
        *(
            [zh(name), share[key]["part"], _percent(share[key])]
            for name, key in (
                ("At a comprehensive window", "comprehensive"),
                ("No second window needed", "single"),
                ("Both: accepted at one window", "both"),
            )
        ),
        [zh("All items"), share["both"]["of"], None],
        [share["words"], None, None],
    ]
    title = zh("Bulletin {first} to {last}", first=view["from"], last=view["to"])
    return [(title[:31], rows), (zh("Items at one window"), windows)]

"""Past days, read from the views of the log in SQLite: tickets by number, threads, settlements and cases (Y3, M9)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from server.core.case_records import Case, Settlement
from server.log.records import Recorded, Row, decode, unpacked
from server.log.view_tables import VIEWS
from server.log.views import record_fields

if TYPE_CHECKING:
    from server.log.sqlite import SqliteLog

_SETTLEMENT, _CASE = TypeAdapter(Settlement), TypeAdapter(Case)
#: What the rows keep as JSON.
SETTLEMENT_LISTS = ("lacks",)
CASE_LISTS = ("legs", "lacks", "pauses", "result", "alerted")
#: Steps of a ticket that bring it to a window, and those that show that it was served there.
CALLS = ("TicketCalled", "TicketResumed")
SERVED = ("ServiceStarted", "ServiceFinished", "TicketTransferred")
#: SQLite takes so many values at once, with room to spare.
AT_ONCE = 500


class SqliteHistory:
    """See `records.History`."""

    def __init__(self, log: "SqliteLog") -> None:
        self._log = log

    def _rows(self, table: str, where: str, *values: Any) -> list[Row]:
        """Rows of a view of this hall."""
        columns = [name for name in VIEWS[table][1] if name != "hall"]
        names = ", ".join(f"[{name}]" for name in columns)
        with self._log.reading():
            rows = self._log.database.conn.execute(
                f"SELECT {names} FROM [{table}] WHERE hall = ? AND {where}", (self._log.hall, *values)
            ).fetchall()
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def ticket_named(self, business_day: str, number: str) -> str | None:
        """The id of the ticket that had a number on a day."""
        rows = self._rows("tickets", "business_day = ? AND number = ?", business_day, number.strip().upper())
        return str(rows[0]["id"]) if rows else None

    def ticket_row(self, ticket: str) -> Row | None:
        """The row of a ticket as it ended."""
        return next(iter(self._rows("tickets", "id = ?", ticket)), None)

    def subjects_of(self, ticket: str) -> list[str]:
        """Everything that belongs to a ticket's thread; nothing where there is no such ticket."""
        tickets, cases, others = [ticket], list[str](), list[str]()
        for name in tickets:
            for row in self._rows("tickets", "id = ?", name):
                found = [case["id"] for case in self._rows("cases", "ticket = ?", name)]
                for case in [case for case in (*found, row["case"]) if case is not None and case not in cases]:
                    cases.append(str(case))
                    # Who comes to fetch a result has a ticket of that day; where it began belongs to it as well.
                    fetched = [kept["id"] for kept in self._rows("tickets", "[case] = ?", case)]
                    began = [kept["ticket"] for kept in self._rows("cases", "id = ?", case)]
                    tickets += [str(one) for one in dict.fromkeys((*began, *fetched)) if one not in tickets]
                if row["appointment"] is not None:
                    others.append(f"appointment:{row['appointment']}")
                others += [f"matter:{matter['id']}" for matter in self._rows("matters", "ticket = ?", name)]
        if not self._rows("tickets", "id = ?", ticket):
            return []
        return [*(f"ticket:{name}" for name in tickets), *(f"case:{name}" for name in cases), *others]

    def thread(self, subjects: Sequence[str]) -> list[Recorded]:
        """The events of these subjects in order, each once."""
        wanted = list(dict.fromkeys(subjects))
        events: dict[int, Recorded] = {}
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            marks = ", ".join("?" for _ in part)
            with self._log.reading():
                rows = self._log.database.conn.execute(
                    "SELECT seq, at, business_day, type, data, command_id, actor FROM events WHERE hall = ? AND seq IN "
                    f"(SELECT seq FROM threads WHERE hall = ? AND subject IN ({marks}))",
                    (self._log.hall, self._log.hall, *part),
                ).fetchall()
            for seq, at, day, kind, data, command_id, actor in rows:
                events[seq] = Recorded(seq, day, decode(kind, unpacked(data), at), command_id, actor)
        return [events[seq] for seq in sorted(events)]

    def settlement(self, name: str) -> Settlement | None:
        """What became of one item."""
        return next(map(_settlement, self._rows("settlements", "id = ?", name)), None)

    def settlements_of(self, first_day: str, last_day: str) -> list[Settlement]:
        """What was settled on some days, in order."""
        rows = self._rows("settlements", "business_day BETWEEN ? AND ? ORDER BY at, id", first_day, last_day)
        return [_settlement(row) for row in rows]

    def windows_of(self, first_day: str, last_day: str) -> dict[str, set[str]]:
        """The tickets with something settled on some days → the windows at which they were served."""
        with self._log.reading():
            rows = self._log.database.conn.execute(
                "SELECT settled.ticket, steps.step, steps.[window] FROM"
                " (SELECT DISTINCT ticket FROM settlements WHERE hall = ? AND business_day BETWEEN ? AND ?) AS settled"
                " JOIN threads ON threads.hall = ? AND threads.subject = 'ticket:' || settled.ticket"
                " JOIN steps ON steps.hall = threads.hall AND steps.seq = threads.seq"
                " WHERE steps.ticket = settled.ticket ORDER BY steps.seq",
                (self._log.hall, first_day, last_day, self._log.hall),
            ).fetchall()
        called_to: dict[str, str] = {}
        found: dict[str, set[str]] = {}
        for ticket, step, window in rows:
            if step in CALLS:
                called_to[ticket] = window
            elif step in SERVED and ticket in called_to:
                # A clerk may settle and finish without telling that the service began.
                found.setdefault(ticket, set()).add(called_to[ticket])
        return found

    def case(self, name: str) -> Case | None:
        """A case by its id or number."""
        wanted = name.strip()
        # One after the other: with OR the database would look through every case there ever was.
        rows = self._rows("cases", "id = ?", wanted) or self._rows("cases", "number = ?", wanted)
        return next(map(_case, rows), None)

    def cases_of(self, first_day: str, last_day: str) -> list[Case]:
        """The cases opened on some days, in order."""
        rows = self._rows("cases", "business_day BETWEEN ? AND ? ORDER BY opened_at, number", first_day, last_day)
        return [_case(row) for row in rows]


def _settlement(row: Row) -> Settlement:
    return _SETTLEMENT.validate_python(record_fields(row, *SETTLEMENT_LISTS))


def _case(row: Row) -> Case:
    return _CASE.validate_python(record_fields(row, *CASE_LISTS))

"""The rules between the sections of a hall file. Pure: a hall in, issues out; places and words of lines elsewhere."""

from config.checks.after_window import check_after_window
from config.checks.balance import check_balance
from config.checks.calendar import check_calendar
from config.checks.catalogue import check_catalogue
from config.checks.devices import check_devices
from config.checks.issue import LETTERS, Issue, Unread
from config.checks.names import check_names
from config.checks.outside import check_outside
from config.checks.serving import check_serving
from config.checks.texts import check_texts
from config.schema import HallFile

__all__ = ["LETTERS", "Issue", "Unread", "check"]


def check(hall: HallFile, unread: Unread | None = None) -> list[Issue]:
    """Everything in a hall that breaks a rule. `unread` names entries that exist but are not in `hall`."""
    missing = unread or Unread()
    return [
        *check_names(hall, missing),
        *check_serving(hall, missing),
        *check_calendar(hall, missing),
        *check_balance(hall, missing),
        *check_catalogue(hall),
        *check_after_window(hall, missing),
        *check_outside(hall),
        *check_texts(hall),
        *check_devices(hall, missing),
    ]

"""Which clerk may take what (Y6): from the accounts into the running hall, within seconds of a change.

Accounts are changed by another program (`run_server.py add-user`), so they are looked at again and again.
"""

from collections.abc import Mapping
from dataclasses import replace

from config.schema import HallFile
from server.accounts import Accounts
from server.hall import Hall
from server.plan import rights_of

EVERY_S = 5.0


class ClerksRights:
    """The chore; does nothing while nothing has changed."""

    def __init__(self, hall: Hall, accounts: Accounts, hall_file: HallFile) -> None:
        self._hall = hall
        self._accounts = accounts
        self._hall_file = hall_file
        self._known: Mapping[str, object] = {}

    def work(self) -> None:
        """Tell the hall what changed; a call made from now on is judged by it."""
        wanted = self._accounts.rights()
        if wanted != self._known:
            self._hall.plan = replace(self._hall.plan, rights=rights_of(self._hall_file, wanted))
            self._known = wanted

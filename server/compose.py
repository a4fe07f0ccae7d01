"""Put a server together: hall file, data directory, log, accounts, app. The only place that knows all the parts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from flask import Flask

from caller import console
from config.rules_in_words import calling_in_words, tides_in_words
from config.schema import HallFile
from display_board import web as boards
from server.accounts import Accounts
from server.catalogue.setting_up import follow_letters, open_catalogue
from server.catalogue.store import Catalogue
from server.clock import Clock, SteadyClock
from server.forecasts import Forecasts
from server.hall import Hall
from server.links import TicketLinks
from server.log.sqlite import SqliteLog
from server.notices.composing import Composer
from server.notices.notifier import OUTBOX_FILE, Notices
from server.outside import no_limit
from server.people import People
from server.plan import Names, make_plan
from server.platform.desk import QUEUE_FILE, PlatformDesk, platform_of
from server.retention import Retention
from server.rights import ClerksRights
from server.web import booking, cases_pages, catalogue_pages, guides, hooks_pages, pages, ratings, threads
from server.web.access import LEADERS, caller
from server.web.api.reading import figures
from server.web.app import create_app
from server.web.present.cases import pickup_service
from server.web.site import Site

LOG_FILE = "hall.db"
ACCOUNTS_FILE = "accounts.db"
PEOPLE_FILE = "people.db"
CATALOGUE_FILE = "catalogue.db"
LOCK_FILE = "server.lock"


class DataInUse(Exception):
    """Another server serves this data directory."""


@dataclass(slots=True)
class Service:
    """A server put together, not yet listening."""

    hall_file: HallFile
    hall: Hall
    log: SqliteLog
    accounts: Accounts
    site: Site
    app: Flask
    lock: FileLock
    retention: Retention
    rights: ClerksRights
    notices: Notices
    platform: PlatformDesk

    def close(self) -> None:
        """Let go of the files."""
        self.log.close()
        self.accounts.close()
        self.site.people.close()
        self.site.catalogue.close()
        self.notices.close()
        self.platform.close()
        self.lock.release()


def lock_data(data: Path) -> FileLock:
    """Make the data directory ours; raises `DataInUse`."""
    data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout as busy:
        raise DataInUse(str(data)) from busy
    return lock


def compose(
    hall_file: HallFile,
    data: Path,
    *,
    hall_path: Path | None = None,
    public_url: str | None = None,
    demo: bool = False,
    clock: Clock | None = None,
    blocking: Callable[[Callable[[], Any]], Any] = lambda work: work(),
    limit: Callable[[float], AbstractContextManager[object]] = no_limit,
) -> Service:
    """Put a server together on a data directory; raises `DataInUse` and `StorageTrouble`.

    `hall_path` is where the hall file stands: the catalogue's first lists stand beside it. `demo`: open round the clock,
    as on a working day. `blocking` runs slow work (a flush to disk, a password hash) beside an event loop;
    `limit` ends a request to another program that takes too long.
    """
    lock = lock_data(data)
    log = SqliteLog(data / LOG_FILE, hall_file.id)
    hall = Hall(make_plan(hall_file, plays_workday=demo), log, clock or SteadyClock(), blocking)
    hall.tick()
    accounts = Accounts(data / ACCOUNTS_FILE)
    people = People(data / PEOPLE_FILE, accounts.secret("people"))
    catalogue = Catalogue(data / CATALOGUE_FILE)
    open_catalogue(catalogue, hall_file, hall_path, hall.now())
    names = Names.of(hall_file)
    follow_letters(hall, catalogue, hall_file)
    links = TicketLinks(accounts.secret("ticket-links"))
    address = (hall_file.public_url or public_url or "").rstrip("/") or None
    composer = Composer(
        lambda: hall.plan, names, links, address, lambda zone: pickup_service(hall_file, zone), accounts.called
    )
    notices = Notices(hall_file.hooks, hall, people, composer, data / OUTBOX_FILE, accounts.secret, limit)
    link = hall_file.platform
    platform = PlatformDesk(link, platform_of(link, data, limit), hall, people, data / QUEUE_FILE)
    site = Site(
        hall=hall,
        names=names,
        accounts=accounts,
        links=links,
        forecasts=Forecasts(hall),
        people=people,
        catalogue=catalogue,
        answers_secret=accounts.secret("answers"),
        public_url=address,
        notices=notices,
        platform=platform,
        slow=blocking,
    )
    app = create_app(
        site,
        [
            console.blueprint(),
            boards.blueprint(),
            pages.blueprint(),
            booking.blueprint(),
            catalogue_pages.blueprint(),
            guides.blueprint(),
            hooks_pages.blueprint(),
            ratings.blueprint(),
            threads.blueprint(),
            cases_pages.blueprint(),
        ],
        {
            "LANGUAGES": list(hall_file.languages),
            "PAUSE_REASONS": [dict(reason) for reason in hall_file.pause_reasons],
            "WINDOWS": [
                {
                    "id": window.id,
                    "name": window.name["zh"],
                    "name_en": window.name["en"],
                    "zone": window.zone,
                    "zone_name": names.zones[window.zone].name["zh"],
                    "zone_name_en": names.zones[window.zone].name["en"],
                }
                for window in names.windows.values()
            ],
            "PRINTERS": [{"id": p.id, "name": p.name["zh"], "name_en": p.name["en"]} for p in hall_file.printers],
            "EXPERTS": bool(hall_file.experts),
            "BOARDS": [{"id": b.id, "name": b.name["zh"], "name_en": b.name["en"]} for b in hall_file.boards],
            "BOARD_VOICES": {
                board.id: voice.web
                for board in hall_file.boards
                for voice in hall_file.voices
                if board.sound and voice.area == board.area and voice.web
            },
            "HALL_NAME": dict(hall_file.name),
            "RULES_IN_WORDS": {
                language: {
                    "calling": calling_in_words(hall_file, language),
                    "tides": tides_in_words(hall_file, language),
                }
                for language in hall_file.languages
            },
            "STATS_TODAY": lambda: _figures_for_leaders(site),
        },
    )
    retention, rights = Retention(hall, names, people), ClerksRights(hall, accounts, hall_file)
    # At once: an old copy of the data may have been put back, and the first call is judged by the clerk's rights.
    retention.work()
    rights.work()
    return Service(hall_file, hall, log, accounts, site, app, lock, retention, rights, notices, platform)


def _figures_for_leaders(site: Site) -> dict[str, object]:
    """What the manager's chart draws, refused as `GET /stats/today` is: a page's route is open to anybody."""
    caller().require(LEADERS)
    return figures(site)

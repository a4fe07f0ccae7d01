"""A hall's catalogue when the server starts: services, first lists, and letters that decide who may take what."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from config.schema import HallFile
from server.catalogue.authority import authority
from server.catalogue.lists import preview
from server.catalogue.records import ListName
from server.catalogue.routing import known_of, posts_of, routes_of
from server.catalogue.store import Catalogue
from server.core.model import Plan
from server.hall import Hall

#: The order in which lists are taken in: letters and packages name items of the others.
SEED_FILES = {
    ListName.COMPREHENSIVE: "comprehensive.csv",
    ListName.ONLINE: "online.csv",
    ListName.NEGATIVE: "negative.csv",
    ListName.GUIDES: "guides.csv",
    ListName.LETTERS: "letters.csv",
}
SEEDED_BY = "seed"


class SeedBroken(Exception):
    """The lists beside the hall file cannot be taken in; the text says where and why."""


def open_catalogue(catalogue: Catalogue, hall: HallFile, hall_path: Path | None, at: float) -> None:
    """Spread the catalogue over the hall's services; an empty one first takes in the lists beside the hall file."""
    catalogue.route(routes_of(hall))
    if hall.catalogue.seed and hall_path is not None and not catalogue.has_items() and catalogue.version == 0:
        seed(catalogue, hall, hall_path.parent / hall.catalogue.seed, at)


def seed(catalogue: Catalogue, hall: HallFile, folder: Path, at: float) -> None:
    """Take in the lists of a folder, all or none; raises `SeedBroken`."""
    if not folder.is_dir():
        raise SeedBroken(f"catalogue.seed: there is no folder {folder.name}")
    known = known_of(hall)
    with catalogue.all_or_nothing(index_once=True):
        for name, file in SEED_FILES.items():
            path = folder / file
            if not path.is_file():
                continue
            found = preview(catalogue, name, path.read_bytes(), known)
            if found.faults:
                first = found.faults[0]
                place = f"{file}, row {first.row}, {first.column}"
                raise SeedBroken(f"catalogue.seed: {place}: {first.sentence} ({len(found.faults)} faults)")
            catalogue.replace(name, found.records, SEEDED_BY, at)


def follow_letters(hall: Hall, catalogue: Catalogue, hall_file: HallFile) -> None:
    """Let letters decide which windows may take an item: from now on, after every change, and on every new day."""
    if not hall_file.catalogue.letters:
        return
    posts = posts_of(hall_file)

    def plan_of_day(plan: Plan, day: str) -> Plan:
        allowed = authority(catalogue.all_items(), catalogue.letters(), posts, date.fromisoformat(day))
        return replace(plan, authority=allowed)

    hall.plan_by_day(plan_of_day)
    catalogue.on_change(hall.renew_plan)

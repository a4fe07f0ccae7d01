"""What is claimed for a ticket, looked at before it is issued: person, item, priority group; and the name to be kept."""

from server.core.assistance import CARD
from server.retention import day_end
from server.web.problems import Problem
from server.web.site import Site

#: The fact that tells which priority groups a person's card proved today.
PROVED = "groups"


def require_holder(here: Site, holder: str | None) -> None:
    """Refuse a handle that means nobody: made up, or forgotten."""
    if holder is not None and here.people.known(holder) is None:
        raise Problem("holder_unknown")


def require_item(here: Site, item: str | None) -> None:
    """Refuse an item that is not in the catalogue."""
    if item is not None and here.catalogue.item(item) is None:
        raise Problem("item_unknown", item=item)


def proof_of(here: Site, group: str | None, holder: str | None, *, by_staff: bool) -> str | None:
    """What proves a group already: the card that was read today; else the clerk will look. A group that only a card
    proves is refused without it, unless staff issue the ticket and look for themselves."""
    if group is None:
        return None
    proved = None if holder is None else here.people.fact(f"holder:{holder}", PROVED)
    if proved is not None and group in proved.split():
        return CARD
    known = next((g for g in here.names.hall.priority_groups if g.id == group), None)
    if known is not None and known.min_age is not None and not known.by_clerk and not by_staff:
        raise Problem("proof_wanted", group=known.name["zh"])
    return None


def keep_name(here: Site, ticket: str) -> None:
    """Keep the name that was read with the ticket's card, where the clerk of its service works with it; until the visit
    is over, at most until midnight."""
    with here.hall.reading() as state:
        found = state.tickets.get(ticket)
    if found is None or found.holder is None or not here.names.services[found.service].clerk_sees_name:
        return
    now = here.hall.now()
    if name := here.people.passing(found.holder, now):
        here.people.note(f"ticket:{ticket}", "name", name, day_end(here.hall.plan, now))

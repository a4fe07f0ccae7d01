"""What follows a visit: pre-checks that lead on, desks that hand out results, experts, hooks, the platform's link."""

from collections.abc import Iterable, Iterator

from config.checks.issue import Issue, Unread, error, unknown
from config.checks.names import SERVICE, WINDOW, ZONE
from config.findings import Sentence, sentence
from config.schema import HallFile, Position

DEPARTMENT = sentence("department")
EXPERT = sentence("expert")
HOOK = sentence("hook")
CHOICE = sentence("choice")
#: What a way to the platform cannot do without.
PLATFORM_WANTS = {"file": "folder", "http": "url"}


def check_after_window(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    """Check `precheck` of services, `cases`, `experts`, `hooks`, `platform` and the reminder of `ratings`."""
    yield from _prechecks(hall, unread)
    yield from _pickups(hall, unread)
    yield from _experts(hall, unread)
    yield from _twice(EXPERT, ("experts",), (one.id for one in hall.experts))
    yield from _twice(HOOK, ("hooks",), (one.id for one in hall.hooks))
    yield from _twice(CHOICE, ("cases", "refusals"), (one.id for one in hall.cases.refusals))
    yield from _twice(CHOICE, ("cases", "mismatches"), (one.id for one in hall.cases.mismatches))
    wanted = PLATFORM_WANTS.get(hall.platform.kind)
    if wanted is not None and getattr(hall.platform, wanted) is None:
        yield error(
            ("platform",),
            sentence("the platform's link '{kind}' wants a '{key}'", kind=hall.platform.kind, key=wanted),
            sentence("Write '{key}: …' here, or 'kind: hand' where clerks enter the numbers.", key=wanted),
        )

    if hall.platform.ratings and hall.platform.kind == "hand":
        yield error(
            ("platform", "ratings"),
            sentence("nobody takes the ratings: the platform's link is 'hand'"),
            sentence("Write 'kind: file' or 'kind: http', or delete this line."),
            of_key=True,
        )
    yield from _reminder(hall)


def _reminder(hall: HallFile) -> Iterator[Issue]:
    """Whoever is invited once more must still be able to rate; a default that does not fit is left out by itself."""
    ratings = hall.ratings
    if "remind_days" in ratings.model_fields_set and ratings.remind_days * 24 >= ratings.within_h:
        yield error(
            ("ratings", "remind_days"),
            sentence(
                "after {days} days one can rate no more: 'within_h' is {hours}",
                days=ratings.remind_days,
                hours=f"{ratings.within_h:g}",
            ),
            sentence(
                "Give 'within_h' more than {hours} hours, or fewer days here; 0 invites nobody again.",
                hours=ratings.remind_days * 24,
            ),
        )


def _prechecks(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    services = {service.id: service for service in hall.services}
    offered = [name for name, service in services.items() if service.position is Position.PRECHECK]
    for at, service in enumerate(hall.services):
        if (name := service.precheck) is None:
            continue
        path = ("services", at, "precheck")
        if service.position is Position.PRECHECK:
            # Whether it leads to itself, round in a ring or to another: a visit would never come to its end.
            yield error(
                path,
                sentence("'{service}' is a pre-check itself and cannot have one", service=service.id),
                sentence("Delete this line; 'precheck' belongs to the service the papers are for."),
                of_key=True,
            )
        elif name == service.id:
            yield error(
                path,
                sentence("'{service}' cannot be its own pre-check", service=service.id),
                _one_of(offered, sentence("Delete this line: the hall has no pre-check service.")),
            )
        elif name not in services:
            if name not in unread.of("services"):
                yield unknown(path, SERVICE, name, offered or services)
        elif services[name].position is not Position.PRECHECK:
            yield error(
                path,
                sentence(
                    "service '{service}' is for position '{position}', not for pre-checks",
                    service=name,
                    position=services[name].position.value,
                ),
                _one_of(offered, sentence("Delete this line: the hall has no pre-check service.")),
            )


def _pickups(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    zones = [zone.id for zone in hall.zones]
    positions = {service.id: service.position for service in hall.services}
    offered = [name for name, position in positions.items() if position is Position.PICKUP]
    for zone, service in hall.cases.pickup.items():
        path = ("cases", "pickup", zone)
        if zone not in zones and zone not in unread.of("zones"):
            yield unknown(path, ZONE, zone, zones, of_key=True)
        if service not in positions:
            if service not in unread.of("services"):
                yield unknown(path, SERVICE, service, offered or positions)
        elif offered and service not in offered:
            # A small hall without such a service hands out results where something else is served.
            yield error(
                path,
                sentence(
                    "service '{service}' is for position '{position}' and hands out no results",
                    service=service,
                    position=positions[service].value,
                ),
                _one_of(offered, sentence("Delete this line: the hall has no pickup service.")),
            )


def _experts(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    windows = [window for run in hall.windows for window, _number in run.expand()]
    departments = [
        name for service in hall.services for name in (*service.departments, *service.department.values()) if name
    ]
    for at, expert in enumerate(hall.experts):
        if expert.window is not None and expert.window not in windows and "windows" not in unread:
            yield unknown(("experts", at, "window"), WINDOW, expert.window, windows)
        if expert.department not in departments and "services" not in unread:
            yield unknown(("experts", at, "department"), DEPARTMENT, expert.department, departments)


def _twice(kind: Sentence, path: tuple[object, ...], names: Iterable[str]) -> Iterator[Issue]:
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            yield error(
                (*path, at, "id"),
                sentence("two {kind}s are called '{name}'", kind=kind, name=name),
                sentence("Give one of them another id."),
            )
        seen.add(name)


def _one_of(names: list[str], otherwise: Sentence) -> Sentence:
    return sentence("Write one of: {names}.", names=", ".join(names)) if names else otherwise

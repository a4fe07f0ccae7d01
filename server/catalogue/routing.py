"""From the hall file to what its catalogue must know of it: services, windows, zones. Read once, at the edge."""

from config.plan import resolve_windows
from config.schema import HallFile, Service
from server.catalogue.authority import Post
from server.catalogue.cells import Known
from server.catalogue.entries import Routes


def routes_of(hall: HallFile) -> Routes:
    """The services of items by code and by department. The checks see to it that none stands in two services."""
    by_code: dict[str, str] = {}
    by_department: dict[str, str] = {}
    english: dict[str, str] = {}
    for service in hall.services:
        by_code |= dict.fromkeys(service.items, service.id)
        by_department |= dict.fromkeys(service.departments, service.id)
    for service in hall.services:
        english.setdefault(service.department["zh"], service.department["en"])
    for service in hall.services:
        for department in service.departments:
            english.setdefault(department, service.department["en"])
    return Routes(
        by_code,
        by_department,
        frozenset(service.id for service in hall.services),
        english,
        hall.catalogue.online_url or "",
        {service.id: tuple(service.keywords) for service in hall.services if service.keywords},
    )


def posts_of(hall: HallFile) -> dict[str, Post]:
    """The windows as letters see them."""
    services = {service.id: service for service in hall.services}
    posts = {}
    for window in resolve_windows(hall):
        own = [_departments(services[service]) for service in window.services]
        posts[window.id] = Post(
            id=window.id,
            zone=window.zone,
            serves=frozenset((*window.services, *window.may_help)),
            own_of=frozenset.intersection(*own) if own else frozenset(),
        )
    return posts


def _departments(service: Service) -> frozenset[str]:
    """A service's department under every name the lists have for it."""
    return frozenset((service.department["zh"], *service.departments))


def known_of(hall: HallFile) -> Known:
    """What uploaded lists may refer to: windows by id, run, public number or name; zones by id or name."""
    windows: dict[str, tuple[str, ...]] = {}
    for window in resolve_windows(hall):
        for word in (str(window.number), window.name["zh"], window.id):
            windows[word] = (window.id,)
    for run in hall.windows:
        windows[run.ids] = tuple(window for window, _ in run.expand())
    zones = {word: zone.id for zone in hall.zones for word in (zone.name["zh"], zone.id)}
    departments = frozenset().union(*(_departments(service) for service in hall.services))
    return Known(frozenset(service.id for service in hall.services), windows, zones, departments)

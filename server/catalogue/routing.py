"""From the hall file to how its catalogue is spread over services. Read once, at the edge."""

from config.schema import HallFile
from server.catalogue.entries import Routes


def routes_of(hall: HallFile) -> Routes:
    """The services of items by code and by department. A department belongs to the first service that names it."""
    by_code: dict[str, str] = {}
    by_department: dict[str, str] = {}
    english: dict[str, str] = {}
    for service in hall.services:
        for code in service.items:
            by_code.setdefault(code, service.id)
        for department in service.departments:
            by_department.setdefault(department, service.id)
            english.setdefault(department, service.department["en"])
        english.setdefault(service.department["zh"], service.department["en"])
    return Routes(by_code, by_department, frozenset(service.id for service in hall.services), english)

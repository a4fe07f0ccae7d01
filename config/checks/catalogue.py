"""Items of the catalogue: none may belong to two services, by its code or by its department."""

from collections.abc import Iterator

from config.checks.issue import Issue, error
from config.findings import sentence
from config.schema import HallFile


def check_catalogue(hall: HallFile) -> Iterator[Issue]:
    """Check which services name the same item or the same department."""
    yield from _named_twice(hall, "items")
    yield from _named_twice(hall, "departments")


def _named_twice(hall: HallFile, key: str) -> Iterator[Issue]:
    first: dict[str, str] = {}
    for at, service in enumerate(hall.services):
        names: list[str] = getattr(service, key)
        for place, name in enumerate(names):
            if name not in first:
                first[name] = service.id
                continue
            problem = (
                sentence("item '{name}' belongs to service '{service}' already", name=name, service=first[name])
                if key == "items"
                else sentence(
                    "the items of '{name}' belong to service '{service}' already", name=name, service=first[name]
                )
            )
            yield error(
                ("services", at, key, place),
                problem,
                sentence("Leave it in one of the two; single items go by 'items'."),
            )

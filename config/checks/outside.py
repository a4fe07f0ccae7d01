"""Other programs the hall talks to: addresses of hooks and of the platform's gateway, keys that mean nothing."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from config.after_window import NoticeKind
from config.checks.issue import Issue, Path, error, warning
from config.findings import sentence
from config.schema import HallFile

#: Notices that carry the citizen's link.
WITH_LINK = frozenset(NoticeKind) - {NoticeKind.BAD_RATING, NoticeKind.STEP_OVERDUE, NoticeKind.WAIT_ALARM}
#: Keys of the platform's link → the way that uses them.
USED_BY = {"url": "http", "token_env": "http", "folder": "file"}


def check_outside(hall: HallFile) -> Iterator[Issue]:
    """Check `hooks` and `platform`."""
    for at, hook in enumerate(hall.hooks):
        yield from _address(("hooks", at, "url"), hook.url)
    yield from _told_twice(hall)
    yield from _without_link(hall)
    if hall.platform.url is not None:
        yield from _address(("platform", "url"), hall.platform.url)
    for key, kind in USED_BY.items():
        if getattr(hall.platform, key) is not None and hall.platform.kind != kind:
            yield warning(
                ("platform", key),
                sentence(
                    "'{key}' means nothing while the platform's kind is '{kind}'", key=key, kind=hall.platform.kind
                ),
                sentence("Write kind: {kind}, or delete the line.", kind=kind),
            )


def _address(path: Path, url: str) -> Iterator[Issue]:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        names_password = parts.username is not None
    except ValueError:
        usable, names_password = False, False
    if not usable:
        yield error(
            path,
            sentence("'{url}' is not an address of a program", url=url),
            sentence("Write it with http:// or https:// and a host, such as https://gateway.example.cn/chaoxi."),
        )
    elif names_password:
        yield error(
            path,
            sentence("a password does not belong into the hall file"),
            sentence("Hooks are signed, and the platform's token stands in the environment (token_env)."),
        )


def _told_twice(hall: HallFile) -> Iterator[Issue]:
    told: dict[tuple[str, NoticeKind], str] = {}
    for at, hook in enumerate(hall.hooks):
        again = [kind for kind in hook.events if told.get((hook.url, kind), hook.id) != hook.id]
        if again:
            yield warning(
                ("hooks", at),
                sentence(
                    "'{owner}' tells {events} to the same address already",
                    owner=told[hook.url, again[0]],
                    events="、".join(again),
                ),
                sentence("A citizen would get the message twice: name each event in one of them."),
            )
        for kind in hook.events:
            told.setdefault((hook.url, kind), hook.id)


def _without_link(hall: HallFile) -> Iterator[Issue]:
    if hall.public_url is not None:
        return
    for at, hook in enumerate(hall.hooks):
        if not WITH_LINK.isdisjoint(hook.events):
            yield warning(
                ("hooks", at),
                sentence("without public_url its messages carry no link for citizens"),
                sentence("Give public_url, the address under which phones reach this server."),
            )
            return

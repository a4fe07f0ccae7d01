"""Things that could not be done, things for another region, words to 12345: reason, deadline, result (A2.16, C7). Pure."""

from server.core.events import Event

EVENTS: tuple[type[Event], ...] = ()

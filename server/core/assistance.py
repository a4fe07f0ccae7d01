"""Requests for a guide, and the clerk's look at the proof of a priority group (C8, A2.5). Pure."""

from server.core.events import Event

EVENTS: tuple[type[Event], ...] = ()

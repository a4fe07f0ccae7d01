"""The guides' tablet page `/guide`: requests for help, a ticket in three taps, check-in by code (A2.5, A2.10, C8).

Knows only the HTTP API, and what the app's config tells of the hall: LANGUAGES and PRINTERS.
"""

from server.web.guides.routes import blueprint

__all__ = ["blueprint"]

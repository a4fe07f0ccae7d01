"""Pages of the server itself: start, sign-in, manager, zone and phone, and the style and scripts all pages share.

They know only the HTTP API. The app's config gives what it does not tell: LANGUAGES, BOARDS and WINDOWS of the hall,
and STATS_TODAY, a callable that gives the figures of the day and refuses those who may not see them.
"""

from server.web.pages.routes import blueprint

__all__ = ["blueprint"]

"""Pages of appointments: `/book` and `/a/<token>` for citizens' phones, `/appointments` for staff.

They know only the HTTP API, and what the app's config tells of the hall: LANGUAGES and HALL_NAME.
"""

from server.web.booking.routes import blueprint

__all__ = ["blueprint"]

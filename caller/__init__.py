"""Calling people: the clerk's console, keypads and voices. Knows the hall only through its HTTP API."""

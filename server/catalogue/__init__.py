"""The catalogue of service items: official lists, letters of authorisation, search. Knows no web and no core."""

from pathlib import Path

LOCALE = Path(__file__).parent / "locale"

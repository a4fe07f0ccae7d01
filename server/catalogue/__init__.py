"""The catalogue of service items: official lists, letters of authorisation, search. Knows no web and no core."""

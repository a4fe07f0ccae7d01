"""The hall's server: pure core, event log, a running hall, its HTTP API."""

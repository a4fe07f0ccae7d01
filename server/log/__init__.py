"""The event log: the truth about a hall, and the tables that are views of it."""

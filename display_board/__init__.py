"""Hall boards and window LED bars: clients that show what the server says; they decide nothing."""

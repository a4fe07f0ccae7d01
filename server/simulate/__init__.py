"""Days that are played: the demo's lively hall through the real API (and, with the balance issue, the simulator)."""

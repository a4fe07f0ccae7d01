"""Pure: knows no clock, disk, network or randomness. Time arrives in the command, names of halls never.

`decide(plan, state, command) -> events` and `evolve(state, event)`; everything else here serves these two.
"""

"""Any command in any order: the hall machine, run by Hypothesis."""

from tests.core.hall_machine import HallMachine

TestAnyDay = HallMachine.TestCase
TestAnyDay.__doc__ = "However a day goes, the invariants of the hall hold (see `hall_machine`)."

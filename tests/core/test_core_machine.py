"""Any command in any order: the hall machines, run by Hypothesis."""

from tests.core.hall_machine import HallMachine
from tests.core.machine_cases import CaseMachine

TestAnyDay = HallMachine.TestCase
TestAnyDay.__doc__ = "However a day goes, the invariants of the hall hold (see `hall_machine`)."
TestAnyCase = CaseMachine.TestCase
TestAnyCase.__doc__ = (
    "However items are settled and cases handled, they are what their events made (see `machine_followed`)."
)

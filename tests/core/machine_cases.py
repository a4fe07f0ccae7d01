"""x"""

from tests.core.machine_clerks import ClerkRules


class CaseRules(ClerkRules):
    """x"""

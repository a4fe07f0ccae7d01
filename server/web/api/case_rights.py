"""Who may see which case and do what with it: runners carry, departments decide their own, pickup desks hand out.

Acceptance and approval are separate (P6 受审分离): who accepted a case does not decide it.
"""

from config.schema import Position
from server.accounts import Person, Role
from server.core.case_records import Case
from server.core.cases import next_steps
from server.core.refusals import Reason, Rejected
from server.plan import Names
from server.web.access import LEADERS, caller
from server.web.problems import Problem
from server.web.site import Site

#: Steps of the back office, each for the own department.
DECIDING = frozenset({"sign", "pause", "go-on", "answer"})
#: Steps of the pickup desk.
HANDING_OUT = frozenset({"result", "return", "post", "delivered", "hand-out", "withdraw"})


def person() -> Person:
    """Who asks; the table lets only people in here."""
    who = caller().who
    assert isinstance(who, Person)
    return who


def is_leader(who: Person) -> bool:
    """Supervisors, managers, administrators."""
    return not who.roles.isdisjoint(LEADERS)


def is_pickup_window(names: Names, window: str | None) -> bool:
    """Whether results are handed out there: at pickup windows; in a hall without any, where its pickup service is
    served, and in a small one that has none either, at every window."""
    known = {each.id: each for each in names.windows.values()}
    if window is None or window not in known:
        return False
    if any(each.position is Position.PICKUP for each in known.values()):
        return known[window].position is Position.PICKUP
    hall = names.hall
    services = {service.id for service in hall.services if service.position is Position.PICKUP}
    services |= set(hall.cases.pickup.values())
    return not services or not services.isdisjoint(known[window].services)


def is_at_pickup(here: Site, who: Person) -> bool:
    """A clerk signed in at a pickup window, or a leader."""
    return is_leader(who) or (Role.CLERK in who.roles and is_pickup_window(here.names, who.window))


def sees(here: Site, who: Person, case: Case) -> bool:
    """Whether somebody may know of a case: whoever only decides, those of his department."""
    if who.roles <= {Role.DEPARTMENT}:
        return who.department is not None and case.leg(who.department) is not None
    return True


def sees_person(here: Site, who: Person, case: Case) -> bool:
    """Name, phone and address are for those who must write or speak to the applicant."""
    if is_at_pickup(here, who):
        return True
    return Role.DEPARTMENT in who.roles and who.department is not None and case.leg(who.department) is not None


def steps_for(here: Site, who: Person, case: Case) -> list[str]:
    """What somebody may do with a case now."""
    return [step for step in next_steps(case) if _may(here, who, case, step)]


def _may(here: Site, who: Person, case: Case, step: str) -> bool:
    try:
        require_step(here, who, case, step)
    except (Problem, Rejected):
        return False
    leg = None if is_leader(who) or who.department is None else case.leg(who.department)
    if leg is not None and step == "sign":
        return leg.signed_at is None
    if leg is not None and step == "answer":
        return leg.signed_at is not None and leg.answer is None
    return True


def require_step(here: Site, who: Person, case: Case, step: str, department: str | None = None) -> None:
    """Refuse a step that is somebody else's. `department` is whose papers it is about; his own if none is named."""
    if not sees(here, who, case):
        raise Rejected(Reason.CASE_UNKNOWN, case=case.number)
    if step == "answer" and case.clerk == who.user:
        raise Rejected(Reason.SECOND_PERSON_WANTED, user=who.user)
    if is_leader(who):
        return
    if step == "take" and Role.RUNNER in who.roles:
        return
    if step == "papers" and (Role.CLERK in who.roles or Role.DEPARTMENT in who.roles):
        return
    if step in DECIDING and Role.DEPARTMENT in who.roles:
        mine = who.department
        if mine is None or case.leg(mine) is None or department not in (None, mine):
            raise Problem("not_your_department", department=department or case.legs[0].department)
        return
    if step in HANDING_OUT and Role.CLERK in who.roles:
        if not is_at_pickup(here, who):
            raise Problem("not_at_pickup")
        return
    raise Problem("forbidden")

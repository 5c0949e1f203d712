"""Who may give and end roles: nobody their own, and never the last administrator's (D3)."""

from dataclasses import dataclass
from datetime import date, timedelta

from maristan.kernel.errors import Fault, NotAllowed
from maristan.kernel.workflow import Requirement, refuse

ADMIN_ROLE = "admin"

# What these roles may do reaches everything; granted "in a department" they would seem to reach less than they do.
UNSCOPED_ROLES = frozenset({ADMIN_ROLE, "auditor", "registrar", "exam_cell", "finance", "student"})


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """A membership about to end; the count is of other people with an active membership of the role admin."""

    role: str
    is_active: bool
    other_active_admins: int


def refuse_own_role(*, by_person: int | None, person: int) -> None:
    """Raise `NotAllowed` (`own_role`) when somebody gives a role to oneself; `by_person` is None for operators."""
    if by_person == person:
        raise NotAllowed("own_role", "Nobody grants a role to oneself.")


def scope_faults(role: str, scope_kind: str) -> list[Fault]:
    """What is wrong with a role's scope: one that reaches everything is held in the whole institution alone."""
    if role in UNSCOPED_ROLES and scope_kind != "institution":
        return [Fault("/scope_kind", "not_wanted", "This role always holds for the whole institution.")]
    return []


def keeps_an_admin(facts: MembershipFacts) -> Requirement:
    """Ending this membership leaves somebody who administers the institution."""
    is_last = facts.role == ADMIN_ROLE and facts.is_active and not facts.other_active_admins
    return Requirement("last_admin", "Another administrator remains", met=not is_last)


def refuse_last_admin(facts: MembershipFacts) -> None:
    """Raise `NotNow` (`last_admin`) when ending the membership would leave nobody."""
    requirement = keeps_an_admin(facts)
    if not requirement.met:
        refuse([requirement], code=requirement.code)


def last_day_faults(last: date, *, first: date, present: date | None, today: date) -> list[Fault]:
    """What is wrong with `last` as a role's last day: what has been held stays held, and ending never prolongs."""
    earliest = max(first, today) - timedelta(days=1)
    if last < earliest:
        return [Fault("/to_date", "out_of_range", f"The earliest last day is {earliest.isoformat()}.")]
    if present is not None and last > present:
        return [Fault("/to_date", "out_of_range", f"It ends on {present.isoformat()} already.")]
    return []

"""Who is asking and how far their permissions reach."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from maristan.kernel.errors import Invalid, NotAllowed, NotFound


class Role(StrEnum):
    """Every role of the platform; a person may hold several, each within a scope."""

    OPERATOR = "operator"
    ADMIN = "admin"
    AUDITOR = "auditor"
    REGISTRAR = "registrar"
    COORDINATOR = "coordinator"
    DEPARTMENT_HEAD = "department_head"
    FACULTY = "faculty"
    OFFICE_ASSISTANT = "office_assistant"
    EXAM_CELL = "exam_cell"
    FINANCE = "finance"
    STUDENT = "student"
    RESIDENT = "resident"
    SUPERVISOR = "supervisor"
    PROGRAMME_DIRECTOR = "programme_director"
    RESIDENCY_OFFICE = "residency_office"
    STAFF = "staff"
    TEAM_LEAD = "team_lead"
    OFFICE_COORDINATOR = "office_coordinator"
    RESOURCE_MANAGER = "resource_manager"
    PLANNER = "planner"
    BUDGET_OFFICER = "budget_officer"
    EXECUTIVE = "executive"
    PARTNER = "partner"
    COMMUNITY = "community"
    PERMIT_COORDINATOR = "permit_coordinator"
    SAFETY_OFFICER = "safety_officer"


class Extent(StrEnum):
    """How far a role carries a permission: everywhere, within its scope, or only over what is one's own."""

    ALL = "all"
    SCOPE = "scope"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held today; `scope_id` is opaque and belongs to `scope_kind`."""

    role: str
    scope_kind: str = "institution"
    scope_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """The union of what an actor's grants give for one permission."""

    everything: bool = False
    own: bool = False
    departments: frozenset[int] = frozenset()
    programs: frozenset[int] = frozenset()
    batches: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or self.own or bool(self.departments or self.programs or self.batches)

    def covers(
        self,
        *,
        departments: Iterable[int | None] = (),
        program: int | None = None,
        batch: int | None = None,
        own: bool = False,
    ) -> bool:
        """True when something described by these belongs to the reach."""
        return (
            self.everything
            or (self.own and own)
            or program in self.programs
            or batch in self.batches
            or any(department in self.departments for department in departments)
        )


NOWHERE = Reach()
EVERYWHERE = Reach(everything=True, own=True)

# Which permissions were consulted while the present request was served; an endpoint that never asked is refused.
consulted: ContextVar[set[str] | None] = ContextVar("consulted", default=None)

Table = Mapping[str, Mapping[str, Extent]]


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf something happens, frozen for one request or job."""

    user_id: int | None
    institution_id: int | None
    person_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    audience: frozenset[str] = frozenset()
    is_operator: bool = False
    memberships: Mapping[str, Reach] = field(default_factory=dict)  # what an operator would hold without being one
    caused_by: int | None = None  # the person whose doing the platform follows up
    is_lent: bool = False  # somebody else acts as this person
    withheld: frozenset[str] = frozenset()  # what the person may do and somebody else in their name may not

    @property
    def roles(self) -> tuple[str, ...]:
        """The names of the roles held, sorted."""
        return tuple(sorted({grant.role for grant in self.grants}))

    @property
    def permissions(self) -> tuple[str, ...]:
        """The names of the permissions held somewhere, sorted."""
        return tuple(sorted(name for name, reach in self.reaches.items() if reach))

    def reach(self, permission: str) -> Reach:
        """How far the permission reaches; empty when it is not held."""
        asked = consulted.get()
        if asked is not None:
            asked.add(str(permission))
        return self.reaches.get(str(permission), NOWHERE)

    def may(self, permission: str) -> bool:
        """True when the permission is held somewhere."""
        return bool(self.reach(permission))

    def may_as_member(self, permission: str) -> bool:
        """True when the permission is held in the institution by a membership, and not only as its operator."""
        given = self.may(permission)
        return given and (not self.is_operator or bool(self.memberships.get(str(permission), NOWHERE)))

    def demand(self, permission: str, within: bool = True, *, pointer: str = "") -> Reach:
        """The reach of a permission; raises `NotAllowed` when it is not held anywhere.

        What it does not reach (`within` is false) is as if it did not exist: `NotFound` for the object of the path,
        `Invalid` (`unknown_reference`) at `pointer` for one that the body names.
        """
        reach = self.reach(permission)
        if not reach:
            raise NotAllowed.without(permission)
        if not within:
            raise Invalid.unknown(pointer) if pointer else NotFound()
        return reach

    def demand_at_large(self, permission: str, within: bool) -> Reach:
        """For a write that names no object: raises `NotAllowed` also where the reach is too narrow for it."""
        reach = self.demand(permission)
        if not within:
            raise NotAllowed.without(permission)
        return reach


def reaches(grants: Iterable[Grant], table: Table) -> dict[str, Reach]:
    """Add up, for every permission of `table` (permission → role → extent), what `grants` give."""
    held = list(grants)
    found: dict[str, Reach] = {}
    for permission, by_role in table.items():
        reach = NOWHERE
        for grant in held:
            extent = by_role.get(grant.role)
            if extent is not None:
                reach = _widen(reach, grant, extent)
        found[str(permission)] = reach
    return found


def _widen(reach: Reach, grant: Grant, extent: Extent) -> Reach:
    if extent is Extent.OWN:
        return Reach(reach.everything, True, reach.departments, reach.programs, reach.batches)
    if extent is Extent.ALL or grant.scope_kind == "institution":
        return Reach(True, True, reach.departments, reach.programs, reach.batches)
    one = frozenset({grant.scope_id}) if grant.scope_id is not None else frozenset()
    return Reach(
        reach.everything,
        reach.own,
        reach.departments | (one if grant.scope_kind == "department" else frozenset()),
        reach.programs | (one if grant.scope_kind == "program" else frozenset()),
        reach.batches | (one if grant.scope_kind == "batch" else frozenset()),
    )


class Everything(Mapping[str, Reach]):
    """A mapping that grants every permission everywhere, for jobs that carry out what rules already decided."""

    def __getitem__(self, key: str) -> Reach:
        return EVERYWHERE

    def __iter__(self) -> "Iterable[str]":  # type: ignore[override]
        return iter(())

    def __len__(self) -> int:
        return 0

    def get(self, key: str, default: object = None) -> Reach:
        return EVERYWHERE


def platform(institution_id: int | None, name: str = "Maristan", caused_by: int | None = None) -> Actor:
    """The platform itself, acting by schedule, by an operator's command, or on what a person (`caused_by`) has done."""
    return Actor(None, institution_id, name=name, reaches=Everything(), is_operator=True, caused_by=caused_by)

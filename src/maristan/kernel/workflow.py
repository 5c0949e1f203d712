"""Workflows as tables: the same requirements tell the screen what is open and refuse what is not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from maristan.kernel.errors import Invalid, NotAllowed, NotFound, NotNow
from maristan.kernel.languages import reading
from maristan.kernel.messages import in_language

REASON_LENGTH = range(5, 501)


class Severity(StrEnum):
    """Whether an unmet requirement stops the move or only accompanies it."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a move, met or not; `where` places it (a cell, a field, a person)."""

    code: str
    label: str
    met: bool = False
    detail: str = ""
    severity: Severity = Severity.BLOCK
    where: Mapping[str, Any] | None = None

    @property
    def blocks(self) -> bool:
        """True when this requirement alone refuses the move."""
        return not self.met and self.severity is Severity.BLOCK

    def as_dict(self) -> dict[str, Any]:
        """The wire shape, as in `missing`, `warnings` and conflict reports; its detail in the reader's language."""
        return {
            "code": self.code,
            "label": self.label,
            "detail": in_language(self.detail, reading.get()),
            "severity": self.severity.value,
            "where": dict(self.where) if self.where is not None else None,
        }


class Mover(Protocol):
    """What a workflow needs to know of an actor."""

    def may(self, permission: str) -> bool:
        """True when the actor holds the permission somewhere."""
        ...


F = TypeVar("F", contravariant=True)


class Demand(Protocol[F]):
    """A pure function of facts: yields one or more requirements, met or not."""

    def __call__(self, facts: F, actor: Mover, now: datetime, /) -> Iterable[Requirement]: ...


Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Transition(Generic[Facts]):
    """A named move: from `sources` to `target`, for holders of `permission`, under `requirements`."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    label: str = ""
    requirements: tuple[Demand[Facts], ...] = ()
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One line of `moves`: what may be done now, and otherwise what is missing."""

    name: str
    label: str
    allowed: bool
    missing: tuple[Requirement, ...] = ()
    warnings: tuple[Requirement, ...] = ()
    needs_reason: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The wire shape of one entry of `moves`."""
        return {
            "name": self.name,
            "label": self.label,
            "allowed": self.allowed,
            "missing": [each.as_dict() for each in self.missing],
            "warnings": [each.as_dict() for each in self.warnings],
            "needs_reason": self.needs_reason,
        }


@dataclass(frozen=True)
class Workflow(Generic[Facts]):
    """States and transitions of one kind of object; the diagram in the documents is drawn from it."""

    name: str
    states: tuple[str, ...]
    transitions: tuple[Transition[Facts], ...]
    status_of: Callable[[Facts], str]
    extra: tuple[Demand[Facts], ...] = field(default=())

    def __post_init__(self) -> None:
        known = set(self.states)
        for transition in self.transitions:
            strange = ({transition.target} | transition.sources) - known
            if strange:
                raise ValueError(f"{self.name}.{transition.name} names unknown states {sorted(strange)}")

    def transition(self, name: str) -> Transition[Facts]:
        """The transition of that name; raises `KeyError` when the workflow has none."""
        for each in self.transitions:
            if each.name == name:
                return each
        raise KeyError(name)

    def requirements(self, facts: Facts, name: str, actor: Mover, now: datetime) -> tuple[Requirement, ...]:
        """Every requirement of a move, the state among them, met or not."""
        transition = self.transition(name)
        status = self.status_of(facts)
        found = [
            Requirement(
                "wrong_status",
                f"Possible from {', '.join(sorted(transition.sources))}",
                met=status in transition.sources,
                detail=f"It is {status}.",
            )
        ]
        if found[0].met:
            for demand in (*transition.requirements, *self.extra):
                found.extend(demand(facts, actor, now))
        return tuple(found)

    def moves(
        self, facts: Facts, actor: Mover, now: datetime, *, may: Callable[[str], bool] | None = None
    ) -> list[Move]:
        """What the screen shows: each transition with what is missing. `may` narrows permission to a scope."""
        permitted = may or actor.may
        listed = []
        for transition in self.transitions:
            unmet = [each for each in self.requirements(facts, transition.name, actor, now) if not each.met]
            missing = [each for each in unmet if each.blocks]
            if not permitted(transition.permission):
                missing.insert(0, Requirement("not_permitted", f"Needs the permission {transition.permission}"))
            listed.append(
                Move(
                    transition.name,
                    transition.label or transition.name.replace("_", " ").capitalize(),
                    allowed=not missing,
                    missing=tuple(missing),
                    warnings=tuple(each for each in unmet if not each.blocks),
                    needs_reason=transition.needs_reason,
                )
            )
        return listed

    def check(
        self,
        facts: Facts,
        name: str,
        actor: Mover,
        now: datetime,
        *,
        reason: str | None = None,
        may: Callable[[str], bool] | None = None,
    ) -> tuple[Transition[Facts], tuple[Requirement, ...]]:
        """Accept a move and give its warnings.

        Raises `NotAllowed` without the permission, `NotFound` when `may` narrows it to a scope that leaves this object
        out, `Invalid` (`REASON_REQUIRED`) without a needed reason, and `NotNow` naming every unmet requirement.
        """
        transition = self.transition(name)
        if not (may or actor.may)(transition.permission):
            raise NotFound() if actor.may(transition.permission) else NotAllowed.without(transition.permission)
        if transition.needs_reason:
            require_reason(reason)
        unmet = [each for each in self.requirements(facts, name, actor, now) if not each.met]
        refuse([each for each in unmet if each.blocks])
        return transition, tuple(each for each in unmet if not each.blocks)


def refuse(missing: Sequence[Requirement], *, code: str = "not_now") -> None:
    """Raise `NotNow` with every requirement in `missing`; do nothing when it is empty."""
    if missing:
        raise NotNow(code, missing[0].label, missing=[each.as_dict() for each in missing])


def require_reason(reason: str | None) -> str:
    """The reason, trimmed; raises `Invalid` with code `REASON_REQUIRED` unless 5..500 characters remain."""
    trimmed = (reason or "").strip()
    if len(trimmed) not in REASON_LENGTH:
        raise Invalid.at("/reason", "REASON_REQUIRED", "Give a reason of 5 to 500 characters.")
    return trimmed

"""A workflow accepts and explains by the same functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from maristan.kernel.errors import Invalid, NotAllowed, NotFound, NotNow
from maristan.kernel.workflow import Mover, Requirement, Severity, Transition, Workflow, require_reason

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Door:
    status: str
    has_key: bool = True
    is_late: bool = False


class Keeper:
    def __init__(self, *held: str) -> None:
        self.held = held

    def may(self, permission: str) -> bool:
        return permission in self.held


def key(facts: Door, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("key_missing", "A key is there", met=facts.has_key)


def hour(facts: Door, actor: Mover, now: datetime) -> Iterable[Requirement]:
    yield Requirement("late", "It is late", met=not facts.is_late, severity=Severity.WARN)


DOOR: Workflow[Door] = Workflow(
    "door",
    ("open", "closed"),
    (
        Transition("close", frozenset({"open"}), "closed", "door.close", requirements=(key, hour)),
        Transition("force", frozenset({"closed"}), "open", "door.force", needs_reason=True),
    ),
    status_of=lambda door: door.status,
)


def test_a_move_with_everything_met_is_allowed_and_gives_its_warnings() -> None:
    transition, warnings = DOOR.check(Door("open", is_late=True), "close", Keeper("door.close"), NOW)
    assert transition.target == "closed"
    assert [each.code for each in warnings] == ["late"]


def test_a_refused_move_names_every_unmet_requirement() -> None:
    with pytest.raises(NotNow) as refused:
        DOOR.check(Door("open", has_key=False), "close", Keeper("door.close"), NOW)
    assert [each["code"] for each in refused.value.extra["missing"]] == ["key_missing"]


def test_the_wrong_state_is_a_requirement_like_others() -> None:
    with pytest.raises(NotNow) as refused:
        DOOR.check(Door("closed"), "close", Keeper("door.close"), NOW)
    assert [each["code"] for each in refused.value.extra["missing"]] == ["wrong_status"]


def test_nobody_moves_without_the_permission() -> None:
    with pytest.raises(NotAllowed):
        DOOR.check(Door("open"), "close", Keeper(), NOW)
    with pytest.raises(NotAllowed):
        DOOR.check(Door("open"), "close", Keeper(), NOW, may=lambda _: False)


def test_what_lies_outside_the_scope_of_a_permission_is_not_there() -> None:
    with pytest.raises(NotFound):
        DOOR.check(Door("open"), "close", Keeper("door.close"), NOW, may=lambda _: False)
    shown = DOOR.moves(Door("open"), Keeper("door.close"), NOW, may=lambda _: False)
    assert {each.missing[0].code for each in shown} == {"not_permitted"}


@pytest.mark.parametrize("reason", [None, "", "    ", "1234", " 1234 ", "x" * 501])
def test_a_reason_has_five_to_five_hundred_characters_after_trimming(reason: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        DOOR.check(Door("closed"), "force", Keeper("door.force"), NOW, reason=reason)
    assert refused.value.code == "REASON_REQUIRED"
    assert [fault.pointer for fault in refused.value.faults] == ["/reason"]


@pytest.mark.parametrize("reason", ["12345", "  12345  ", "x" * 500])
def test_a_good_reason_is_trimmed_and_taken(reason: str) -> None:
    assert require_reason(reason) == reason.strip()


DOORS = [Door("open"), Door("open", has_key=False), Door("closed"), Door("open", is_late=True)]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("keeper", [Keeper(), Keeper("door.close"), Keeper("door.close", "door.force")])
def test_what_the_screen_shows_is_what_the_server_does(door: Door, keeper: Keeper) -> None:
    for shown in DOOR.moves(door, keeper, NOW):
        try:
            DOOR.check(door, shown.name, keeper, NOW, reason="because it must")
            accepted = True
        except (NotAllowed, NotNow):
            accepted = False
        assert shown.allowed is accepted


def test_a_workflow_with_an_unknown_state_is_refused_when_it_is_written() -> None:
    with pytest.raises(ValueError, match="unknown states"):
        Workflow("x", ("a",), (Transition("go", frozenset({"a"}), "b", "p"),), status_of=str)

"""What a list and a condonation need, each requirement alone (E5, E6)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from maristan.attendance.rules.eligibility import (
    CONDONATION,
    ELIGIBILITY_LIST,
    CondonationFacts,
    LineFacts,
    ListFacts,
    OpenRegister,
    condonation_requirements,
)
from maristan.attendance.rules.percentages import Code
from maristan.attendance.rules.states import CondonationStatus, ListStatus
from maristan.kernel.access import platform
from maristan.kernel.workflow import Workflow

NOW = datetime(2026, 3, 9, tzinfo=UTC)
DRAFT, FROZEN = ListFacts(ListStatus.DRAFT), ListFacts(ListStatus.FROZEN)
ASKED, GRANTED = CondonationFacts(CondonationStatus.REQUESTED), CondonationFacts(CondonationStatus.GRANTED)


def told(workflow: Workflow[Any], facts: object, name: str) -> tuple[list[str], list[str]]:
    """Codes of what a move misses and of what it warns of."""
    (move,) = [each for each in workflow.moves(facts, platform(1), NOW, may=lambda _: True) if each.name == name]
    return [each.code for each in move.missing], [each.code for each in move.warnings]


@pytest.mark.parametrize(
    ("facts", "move", "missing", "warnings"),
    [
        (DRAFT, "freeze", [], []),
        (replace(DRAFT, is_window_over=False), "freeze", ["window_ended"], []),
        (replace(DRAFT, open_registers=[OpenRegister(1, "Anatomy", "2026-03-02")]), "freeze",
         ["registers_complete"], []),
        (replace(DRAFT, pending_corrections=2), "freeze", [], ["no_pending_corrections"]),
        (replace(DRAFT, people=0), "freeze", ["list_not_empty"], []),
        (FROZEN, "renew", [], []),
        (replace(FROZEN, is_exam_published=True), "renew", ["exam_not_published"], []),
    ],
)  # fmt: skip
def test_a_list_is_frozen_and_renewed(facts: ListFacts, move: str, missing: list[str], warnings: list[str]) -> None:
    assert told(ELIGIBILITY_LIST, facts, move) == (missing, warnings)


LINE = LineFacts(
    ListStatus.FROZEN, Code.BELOW_THRESHOLD, percentage=Decimal("70.00"), threshold=Decimal("75.00"),
    max_points=Decimal("5.00"), grants_per_period=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (LINE, []),
        (replace(LINE, list_status=ListStatus.DRAFT), ["list_frozen"]),
        (replace(LINE, list_status=ListStatus.SUPERSEDED), ["list_frozen"]),
        (replace(LINE, code=Code.NO_SESSIONS), ["below_threshold"]),
        (replace(LINE, percentage=Decimal("69.99")), ["shortfall_within_limit"]),
        (replace(LINE, grants=1), ["grants_left"]),
        (replace(LINE, has_open=True), ["no_open_condonation"]),
    ],
)
def test_a_condonation_is_asked_for(facts: LineFacts, missing: list[str]) -> None:
    assert [each.code for each in condonation_requirements(facts) if not each.met] == missing


@pytest.mark.parametrize(
    ("facts", "move", "missing"),
    [
        (ASKED, "grant", []),
        (replace(ASKED, is_requester=True), "grant", ["decided_by_other"]),
        (replace(ASKED, is_requester=True), "refuse", ["decided_by_other"]),
        (GRANTED, "revoke", []),
        (replace(GRANTED, has_marks=True), "revoke", ["no_marks_entered"]),
    ],
)
def test_a_condonation_is_decided_by_another_and_revoked_before_marks(
    facts: CondonationFacts, move: str, missing: list[str]
) -> None:
    assert told(CONDONATION, facts, move) == (missing, [])

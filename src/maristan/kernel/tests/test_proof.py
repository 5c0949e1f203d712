"""A proof of who is there holds five minutes, and says how it is given again."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from maristan.kernel import clock, proof
from maristan.kernel.errors import NotAllowed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALICE = SimpleNamespace(is_authenticated=True)


@pytest.fixture(autouse=True)
def _proven() -> None:
    """Nobody has proved anything before these tests ask."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks at noon with proofs given so long before; gives what is refused."""

    def ask(*ages: timedelta, user: Any = ALICE) -> NotAllowed | None:
        records = [{"at": (NOON - age).timestamp()} for age in ages]
        monkeypatch.setattr(proof, "get_authentication_records", lambda _request, _user: records)
        flows = [{"id": "reauthenticate"}, {"id": "mfa_reauthenticate", "types": ["totp", "webauthn"]}]
        monkeypatch.setattr(proof, "get_reauthentication_flows", lambda _user: flows)
        with clock.stopped_at(NOON):
            try:
                proof.must_be_fresh(SimpleNamespace(user=user))  # type: ignore[arg-type]
            except NotAllowed as refused:
                return refused
        return None

    return ask


def test_the_newest_proof_counts_for_five_minutes(asked: Any) -> None:
    assert asked(timedelta(minutes=5)) is None
    assert asked(timedelta(hours=9), timedelta(minutes=1), timedelta(hours=1)) is None
    refused = asked(timedelta(hours=9), timedelta(minutes=5, milliseconds=1))
    assert (refused.code, refused.extra) == ("proof_required", {"ways": ["password", "totp", "webauthn"]})


def test_who_gave_none_or_is_nobody_is_asked_for_one(asked: Any) -> None:
    assert asked().extra == {"ways": ["password", "totp", "webauthn"]}
    assert asked(user=SimpleNamespace(is_authenticated=False)).extra == {"ways": []}

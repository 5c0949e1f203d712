"""Nobody raises oneself, an institution keeps an administrator, and an invitation opens one door once."""

from datetime import UTC, datetime, timedelta

import pytest

from maristan.directory.rules.invitations import InvitationFacts, expiry, is_live, refuse_spent
from maristan.directory.rules.memberships import MembershipFacts, refuse_last_admin, refuse_own_role
from maristan.kernel.errors import Gone, NotAllowed, NotNow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALICE, BOB = 1, 2


def test_alice_grants_to_bob_but_not_to_herself() -> None:
    refuse_own_role(by_person=ALICE, person=BOB)
    refuse_own_role(by_person=None, person=BOB)
    with pytest.raises(NotAllowed) as refused:
        refuse_own_role(by_person=ALICE, person=ALICE)
    assert refused.value.code == "own_role"


@pytest.mark.parametrize(
    "facts",
    [MembershipFacts("admin", True, 1), MembershipFacts("registrar", True, 0), MembershipFacts("admin", False, 0)],
)
def test_a_membership_ends_while_an_administrator_remains(facts: MembershipFacts) -> None:
    refuse_last_admin(facts)


def test_the_last_administrator_stays() -> None:
    with pytest.raises(NotNow) as refused:
        refuse_last_admin(MembershipFacts("admin", True, 0))
    assert refused.value.code == "last_admin"
    assert [each["code"] for each in refused.value.extra["missing"]] == ["last_admin"]


def test_an_invitation_lasts_as_many_days_as_said() -> None:
    assert expiry(NOW) == NOW + timedelta(days=7)
    assert expiry(NOW, 1) == NOW + timedelta(days=1)
    assert expiry(NOW, 30) == NOW + timedelta(days=30)
    for days in (0, 31):
        with pytest.raises(ValueError):
            expiry(NOW, days)


@pytest.mark.parametrize(
    ("invitation", "live"),
    [
        (InvitationFacts(NOW + timedelta(seconds=1)), True),
        (InvitationFacts(NOW), False),
        (InvitationFacts(NOW + timedelta(days=1), used_at=NOW), False),
        (InvitationFacts(NOW + timedelta(days=1), voided_at=NOW), False),
    ],
)
def test_an_invitation_is_spent_by_use_by_a_newer_one_and_by_time(invitation: InvitationFacts, live: bool) -> None:
    assert is_live(invitation, NOW) is live
    if live:
        refuse_spent(invitation, NOW)
    else:
        with pytest.raises(Gone) as refused:
            refuse_spent(invitation, NOW)
        assert (refused.value.status, refused.value.code) == (410, "invitation_spent")

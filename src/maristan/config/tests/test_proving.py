"""Who is there: a second factor for roles that could do the most harm, a fresh proof for what matters most."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client as Browser

from maristan.directory.models import Membership
from maristan.directory.queries import settings as institution
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.models import ApiToken, JournalLine, User
from maristan.kernel.tests.client import Client
from maristan.operations.models import Impersonation
from maristan.operations.tests.factories import operator

pytestmark = pytest.mark.django_db
API, ME = "/_allauth/browser/v1", "/api/v1/me/"
PASSWORD = "cedar-lantern-47"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _proven() -> None:
    """Here everybody has to prove who they are."""
    make.institution()


class Adam:
    """An administrator at a browser."""

    def __init__(self) -> None:
        self.person = make.member("Adam", "admin")
        self.user = User.objects.get(pk=self.person.user_id)
        User.objects.filter(pk=self.user.pk).update(username="adam", password=make_password(PASSWORD))
        self.browser = Browser()
        self.sends("POST", f"{API}/auth/login", {"username": "adam", "password": PASSWORD})

    def sends(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, str]:
        """Status and code of an answer."""
        answer = self.browser.generic(method, path, json.dumps(body), content_type="application/json")
        said = answer.json() if answer.content else {}
        return answer.status_code, said.get("code", "")


def test_what_matters_most_asks_for_a_proof_of_the_last_five_minutes() -> None:
    adam, bob = Adam(), make.member("Bob", "faculty")
    row = Membership.objects.get(person=bob)
    grant = {"person": bob.pk, "role": "registrar", "scope_kind": "institution"}
    asked = [
        ("POST", "/api/v1/directory/memberships/", grant),
        ("POST", f"/api/v1/directory/memberships/{row.pk}/moves/end/", {}),
        ("PUT", "/api/v1/directory/settings/ui_banner_message/", {"value": "Hello"}),
        ("POST", "/api/v1/admin/impersonation/start/", {"user_id": bob.user_id, "reason": "He sees no week."}),
    ]
    before = JournalLine.objects.count()
    with clock.stopped_at((clock.now() + timedelta(minutes=5, seconds=2)).isoformat()):
        assert [adam.sends(*each) for each in asked] == [(403, "proof_required")] * 4
        assert adam.browser.get("/api/v1/directory/memberships/").status_code == 200
    assert (JournalLine.objects.count(), Membership.objects.filter(person=bob).count()) == (before, 1)
    assert (institution.setting("ui_banner_message"), Impersonation.objects.count()) == ("", 0)
    assert adam.sends(*asked[0]) == (201, "")
    assert adam.sends(*asked[2])[0] == 200


def test_a_proof_is_given_again_by_password_and_never_by_a_token() -> None:
    adam = Adam()
    change = ("PUT", "/api/v1/directory/settings/ui_banner_message/", {"value": "Hello"})
    session = adam.browser.session
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()
    assert adam.sends(*change) == (403, "proof_required")
    assert adam.sends("POST", f"{API}/auth/reauthenticate", {"password": "wrong-lantern-47"})[0] == 400
    assert adam.sends(*change) == (403, "proof_required")
    assert adam.sends("POST", f"{API}/auth/reauthenticate", {"password": PASSWORD})[0] == 200
    assert adam.sends(*change)[0] == 200
    hashed = hashlib.sha256(b"t0ken").hexdigest()
    ApiToken.objects.create(user=adam.user, institution_id=tenancy.current(), name="sync", token_hash=hashed)
    by_token = Client().put(change[1], change[2], Authorization="Bearer t0ken")
    assert (by_token.status, by_token.code) == (403, "proof_required")


@pytest.mark.parametrize("who", ["admin", "operator"])
def test_who_needs_a_second_factor_does_nothing_before_it_is_set_up(who: str, settings: Any) -> None:
    settings.MFA_REQUIRED_ROLES = ("operator", "admin")
    adam = Adam() if who == "admin" else None
    browser = adam.browser if adam else Client(operator()).django
    user = adam.user if adam else User.objects.get(is_operator=True)
    path = "/api/v1/directory/persons/" if who == "admin" else "/api/v1/operations/overview/"
    refused = browser.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
    assert browser.get(ME).json()["second_factor_missing"] is True
    RecoveryCodes.activate(user)  # what only replaces another factor is none
    assert browser.get(path).status_code == 403
    TOTP.activate(user, SECRET)
    assert browser.get(path).status_code == 200
    assert browser.get(ME).json()["second_factor_missing"] is False
    Authenticator.objects.filter(user=user, type="totp").delete()
    assert browser.get(path).status_code == 403


def test_others_need_none_and_whoever_plays_another_role_stays_who_they_are(settings: Any) -> None:
    settings.MFA_REQUIRED_ROLES = ("operator", "admin")
    rana = Client(make.member("Rana", "registrar"))
    assert rana.get("/api/v1/directory/persons/").status == 200
    assert rana.get(ME).json["second_factor_missing"] is False


def test_secrets_of_second_factors_are_not_read_from_the_database(settings: Any) -> None:
    user = Adam().user
    made = TOTP.activate(user, SECRET)
    kept = Authenticator.objects.get(user=user).data["secret"]
    assert SECRET not in kept
    assert len(kept) > 80
    codes = RecoveryCodes.activate(user)
    assert codes.instance.data["seed"] not in codes.get_unused_codes()
    from allauth.mfa.utils import decrypt

    assert decrypt(made.instance.data["secret"]) == SECRET


def test_a_password_is_the_same_however_its_letters_are_composed(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["maristan.kernel.passwords.Normalized"]
    typed, stored = "Caf\u00e9-lantern-\u2460", "Cafe\u0301-lantern-1"
    assert check_password(typed, make_password(stored))
    assert not check_password("Cafe-lantern-1", make_password(stored))

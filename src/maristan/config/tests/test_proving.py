"""Who is there: a second factor for roles that could do the most harm, a fresh proof for what matters most."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client as Browser

from maristan.config import second_factor
from maristan.directory.models import Membership
from maristan.directory.queries import settings as institution
from maristan.directory.tests import factories as make
from maristan.kernel import clock, proof, tenancy
from maristan.kernel.models import ApiToken, JournalLine, User
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.operations.models import Impersonation
from maristan.operations.queries import journal as journal_queries
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


def forget_proofs(adam: Adam) -> None:
    """As if everything was proved an hour ago."""
    session = adam.browser.session
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()


def test_a_proof_is_given_again_by_code_and_the_refusal_says_which_ways_there_are() -> None:
    adam = Adam()
    change = ("PUT", "/api/v1/directory/settings/ui_banner_message/", {"value": "Hello"})
    forget_proofs(adam)

    def ways() -> list[str]:
        answer = adam.browser.generic(change[0], change[1], json.dumps(change[2]), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "proof_required")
        return list(answer.json()["ways"])

    assert ways() == ["password"]
    TOTP.activate(adam.user, SECRET)
    codes = RecoveryCodes.activate(adam.user)
    assert set(ways()) == {"password", "totp", "recovery_codes"}
    assert adam.sends("POST", f"{API}/auth/2fa/reauthenticate", {"code": "000000"})[0] == 400
    assert set(ways()) == {"password", "totp", "recovery_codes"}
    code = second_factor.code_of(SECRET)
    assert adam.sends("POST", f"{API}/auth/2fa/reauthenticate", {"code": code})[0] == 200
    assert adam.sends(*change)[0] == 200
    forget_proofs(adam)
    assert adam.sends("POST", f"{API}/auth/2fa/reauthenticate", {"code": code})[0] == 400  # a code is good once
    spare = codes.get_unused_codes()[0]
    assert adam.sends("POST", f"{API}/auth/2fa/reauthenticate", {"code": spare})[0] == 200
    assert adam.browser.get("/api/v1/operations/journal/export/").status_code == 200


def test_the_address_of_an_account_changes_only_after_a_fresh_proof() -> None:
    adam = Adam()
    new = ("POST", f"{API}/account/email", {"email": "elsewhere@fmu.example"})
    assert adam.sends(*new)[0] == 401
    assert not EmailAddress.objects.filter(user=adam.user).exists()
    assert adam.sends("POST", f"{API}/auth/reauthenticate", {"password": PASSWORD})[0] == 200
    assert adam.sends(*new)[0] == 200


def test_wrong_codes_of_a_repeated_proof_lock_as_wrong_passwords_do() -> None:
    adam = Adam()
    TOTP.activate(adam.user, SECRET)
    for _ in range(5):
        assert adam.sends("POST", f"{API}/auth/2fa/reauthenticate", {"code": "000000"})[0] == 400
    locked = adam.sends("POST", f"{API}/auth/reauthenticate", {"password": PASSWORD})
    assert locked == (429, "AUTH_ACCOUNT_LOCKED")


def test_somebody_with_passkeys_alone_proves_again_with_one() -> None:
    adam = Adam()
    Authenticator.objects.create(user=adam.user, type="webauthn", data={"name": "Key", "credential": {}})
    user = User.objects.get(pk=adam.user.pk)
    user.set_unusable_password()
    assert proof.ways(user) == ["webauthn"]
    assert proof.ways(None) == []


def test_the_journal_is_taken_away_only_with_a_fresh_proof() -> None:
    adam = Adam()
    export = "/api/v1/operations/journal/export/?format=csv"
    assert adam.browser.get(export).status_code == 200
    forget_proofs(adam)
    refused = adam.browser.get(export)
    assert (refused.status_code, refused.json()["code"]) == (403, "proof_required")
    assert adam.browser.get("/api/v1/operations/journal/").status_code == 200


def test_a_long_journal_is_written_by_a_job_for_the_one_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    adam, ann = Adam(), make.member("Ann", "admin")
    export = "/api/v1/operations/journal/export/"
    lines = adam.browser.get("/api/v1/operations/journal/").json()["count"]
    for number in range(3):
        assert adam.sends("PUT", "/api/v1/directory/settings/ui_banner_message/", {"value": f"No {number}"})[0] == 200
    monkeypatch.setattr(journal_queries, "MOST_AT_ONCE", lines + 3)
    assert adam.browser.get(export).status_code == 200
    monkeypatch.setattr(journal_queries, "MOST_AT_ONCE", lines + 2)
    assert adam.browser.get(f"{export}?kind=person&format=xlsx").status_code == 200
    asked = adam.browser.get(f"{export}?format=csv")
    assert asked.status_code == 202
    made = asked.json()
    early = adam.browser.get(made["file_url"])
    assert (early.status_code, early.json()["code"]) == (409, "not_ready")
    run_jobs()
    shown = adam.browser.get(made["progress_url"]).json()
    assert (shown["status"], shown["total"], shown["result"]["rows"]) == ("succeeded", lines + 3, lines + 3)
    file = adam.browser.get(made["file_url"])
    assert (file.status_code, file["Content-Disposition"]) == (200, 'attachment; filename="journal.csv"')
    assert len(file.content.splitlines()) == lines + 4
    with monkeypatch.context() as fresh:
        fresh.setattr("maristan.kernel.proof.must_be_fresh", lambda _request: None)
        assert Client(ann).get(made["file_url"]).status == 404
    forget_proofs(adam)
    assert adam.sends("GET", made["file_url"], {}) == (403, "proof_required")


def test_who_may_export_no_more_gets_no_file_from_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    adam = Adam()
    monkeypatch.setattr(journal_queries, "MOST_AT_ONCE", 0)
    made = adam.browser.get("/api/v1/operations/journal/export/").json() if journal_lines(adam) else {}
    Membership.objects.filter(person=adam.person).delete()
    run_jobs()
    from maristan.kernel.models import Job

    assert (Job.objects.get(pk=made["job_id"]).status, Job.objects.get(pk=made["job_id"]).result) == ("failed", None)


def journal_lines(adam: Adam) -> int:
    """At least one line to be exported."""
    assert adam.sends("PUT", "/api/v1/directory/settings/ui_banner_message/", {"value": "Hello"})[0] == 200
    return JournalLine.objects.count()


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


@pytest.mark.parametrize(("now", "slept", "step"), [(1020.0, [], 34), (1045.0, [], 34), (1045.5, [4.5], 35)])
def test_a_program_never_sends_a_code_that_is_about_to_end(
    monkeypatch: pytest.MonkeyPatch, now: float, slept: list[float], step: int
) -> None:
    at, waited = [now], []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        at[0] += seconds

    monkeypatch.setattr(second_factor.time, "time", lambda: at[0])
    monkeypatch.setattr(second_factor.time, "sleep", sleep)
    assert second_factor.code_of(SECRET) == format_hotp_value(hotp_value(SECRET, step))
    assert waited == slept

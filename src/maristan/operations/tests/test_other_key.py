"""A set of another SECRET_KEY: what it encrypted is counted and told with what to do, and nobody is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from maristan.comms.tests import factories as hooks
from maristan.directory.tests import factories as make
from maristan.kernel import encryption, tenancy
from maristan.kernel.models import User
from maristan.operations.tests.made_sets import asked, created, ended

SRC = Path(encryption.__file__).parents[1]
FORMER, PRESENT = "f" * 50, "p" * 50
APPS, CODES, ENDPOINTS = "second factors (codes of an app)", "lists of recovery codes", "endpoints of webhooks"
SECRET = "JBSWY3DPEHPK3PXP"


def _sealed() -> None:
    """Alice and Bob have second factors, Bob has codes too, and a receiver its secret: by the key that is set."""
    (here,) = asked("SELECT id FROM directory_institution")
    alice, bob = User.objects.order_by("pk")
    TOTP.activate(alice, SECRET)
    TOTP.activate(bob, SECRET)
    RecoveryCodes.activate(bob)
    tenancy.enter(here)
    hooks.endpoint()


def _restored(name: str, capsys: Any, *words: str) -> tuple[int, str]:
    return ended(["restore", name, "--yes", "--no-backup", *words], capsys)


def test_what_another_key_encrypted_is_told_by_kind_with_what_to_do(place: Path, settings: Any, capsys: Any) -> None:
    settings.SECRET_KEY = FORMER
    with transaction.atomic():
        _sealed()
    name = created(prove=False).row.name
    settings.SECRET_KEY = PRESENT
    with transaction.atomic():  # what is there now says nothing of the set
        User.objects.order_by("pk")[0].authenticator_set.all().delete()
    assert _restored(name, capsys)[0] == 3
    code, said = _restored(name, capsys, "--other-key", "--json")
    assert code == 0, said
    told = json.loads(said)
    assert {each["what"]: each["count"] for each in told["unreadable"]} == {APPS: 2, CODES: 1, ENDPOINTS: 1}
    written = Path(told["report"]).read_text()
    assert f"- cannot be decrypted: 2 {APPS}; each owner sets one up again after: maristan unlock NAME" in written
    assert json.loads(Path(told["report"]).with_suffix(".json").read_text())["unreadable"] == told["unreadable"]
    names = asked("SELECT username FROM kernel_user")
    assert not [each for each in (*names, SECRET) if each in f"{said}{written}"]


def test_where_nothing_was_encrypted_that_is_said_and_with_the_same_key_nobody_looks(
    place: Path, settings: Any, capsys: Any
) -> None:
    settings.SECRET_KEY = FORMER
    name = created(prove=False).row.name
    settings.SECRET_KEY = PRESENT
    code, said = _restored(name, capsys, "--other-key")
    assert (code, "all that is encrypted opens with this SECRET_KEY\n" in said) == (0, True)
    settings.SECRET_KEY_FALLBACKS = [FORMER]
    own = created(prove=False).row.name
    code, said = _restored(own, capsys, "--json")
    assert (code, json.loads(said)["unreadable"]) == (0, None)


@pytest.mark.django_db
def test_a_secret_that_a_fallback_opens_can_be_read(settings: Any) -> None:
    make.institution()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = FORMER, []
    hooks.endpoint()
    assert encryption.unreadable() == {}
    settings.SECRET_KEY = PRESENT
    hooks.endpoint()
    assert {what: count for what, (count, _) in encryption.unreadable().items()} == {ENDPOINTS: 1}
    settings.SECRET_KEY_FALLBACKS = [FORMER]
    assert encryption.unreadable() == {}


def test_whatever_is_encrypted_at_rest_is_looked_at() -> None:
    files = [each for each in SRC.rglob("*.py") if "tests" not in each.parts]
    found = {str(each.relative_to(SRC)) for each in files if "encryption.encrypt(" in each.read_text()}
    kept = {"config/second_factor.py", "comms/actions/webhooks.py"}
    assert found == {*kept, "config/devices.py"}  # a list of known devices is a cookie, and lies in no table
    assert set(encryption._kept) == {APPS, CODES, ENDPOINTS}

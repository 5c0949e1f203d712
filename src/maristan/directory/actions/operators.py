"""How an operator comes to be: on the machine, by whoever holds it."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from maristan.directory.actions import memberships, people
from maristan.directory.queries import settings as institutions
from maristan.directory.rules.invitations import username_faults
from maristan.directory.rules.states import ScopeKind
from maristan.kernel import journal, rows, tenancy
from maristan.kernel.access import Actor, Role, platform
from maristan.kernel.errors import Fault, Invalid, NotAllowed, NotNow
from maristan.kernel.models import User

TAKEN: dict[str, Any] = {
    name: NotNow("username_taken", "An account has this name or address.")
    for name in ("kernel_user_username_any_case", "kernel_user_username_key", "kernel_user_email_any_case")
}


@transaction.atomic
def make(*, username: str, email: str, password: str, code: str, by: Actor) -> User:
    """An account that runs the platform; with the `code` of an institution its administrator too.

    Without a membership an operator sees nobody's records. Raises `NotAllowed`, `Invalid` at `/username`, `/password`
    and `/institution`, `NotNow` (`username_taken`).
    """
    if not by.is_operator:
        raise NotAllowed(detail="Only an operator makes operators.")
    account = User(username=username, email=email, first_name=username[:150], is_operator=True)
    faults = [*username_faults(username), *_password_faults(password, account)]
    if faults:
        raise Invalid(faults)
    account.set_password(password)
    with rows.refusing(**TAKEN):
        account.save()
    changes = {"username": [None, username], "institution": [None, code or None]}
    with tenancy.acting_in(None):
        journal.record("operator.created", ("operator", account.pk), by=by, changes=changes)
    if code:
        _administers(account, code, by)
    return account


def _password_faults(password: str, account: User) -> list[Fault]:
    try:
        validate_password(password, account)
    except ValidationError as error:
        return [Fault("/password", each.code or "bad_password", each.messages[0]) for each in error.error_list]
    return []


def _administers(account: User, code: str, by: Actor) -> None:
    """A person with the role of administrator in the institution of that code."""
    for pk in tenancy.institution_ids():
        with tenancy.acting_in(pk):
            if institutions.institution().code != code:
                continue
            here = platform(pk, by.name)
            person = people.create(values={"name": account.username}, by=here)
            person.user = account
            person.save(update_fields=["user", "updated_at"])
            role = {"person": person.pk, "role": Role.ADMIN.value, "scope_kind": ScopeKind.INSTITUTION.value}
            memberships.grant(values=role, by=here)
            return
    raise Invalid.at("/institution", "unknown_reference", f"There is no institution {code}.")

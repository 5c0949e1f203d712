"""The institution `_smoke` and its people: made for one run, and gone after it but for the lines of its journal."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import Error, connection, transaction

from maristan.config.roles import TABLE
from maristan.directory.models import Institution, Membership, Person
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Role
from maristan.kernel.models import RemovedFile, StoredFile, User
from maristan.operations.queries import smoke as queries

CODE = "_smoke"
PREFIX = "_smoke."
KEPT = {"kernel_journalline", "kernel_journalseal", "kernel_removedfile"}
ROUNDS = 20  # one for each level of rows that refer to rows

OWNED = """
SELECT c.table_name FROM information_schema.columns c JOIN pg_class t ON t.relname = c.table_name AND t.relkind = 'r'
WHERE c.table_schema = 'public' AND c.column_name = 'institution_id' AND t.relrowsecurity ORDER BY 1
"""
JOBS = """
WITH gone AS (
  DELETE FROM procrastinate_jobs WHERE args ->> 'institution_id' = %s AND status <> 'doing' RETURNING id
)
DELETE FROM kernel_jobnote WHERE job_id IN (SELECT id FROM gone)
"""
SESSIONS = (
    "DELETE FROM django_session WHERE session_key IN"
    " (SELECT session_key FROM usersessions_usersession WHERE user_id = ANY(%s))",
    "DELETE FROM usersessions_usersession WHERE user_id = ANY(%s)",
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """An account of this run."""

    role: Role
    username: str
    password: str
    user_id: int
    secret: str = ""  # of the second factor, where the role needs one


def roles() -> list[Role]:
    """Every role that the table of access knows."""
    return [role for role in Role if any(role.value in holders for holders in TABLE.values())]


@contextmanager
def gathered() -> Iterator[Mapping[Role, Somebody]]:
    """One person of every role, with passwords of this run; everything is taken back at the end, whatever happened."""
    sweep()
    try:
        yield _gather()
    finally:
        sweep()


def _gather() -> dict[Role, Somebody]:
    with transaction.atomic():
        here = _institution()
        with tenancy.acting_in(here):
            return {role: _somebody(role) for role in roles()}


def _institution() -> int:
    """The id of earlier runs: their lines and those of this run are one chain."""
    pk = queries.institution_of_runs()
    if pk is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('directory_institution', 'id'))")
            pk = cursor.fetchone()[0]
    with tenancy.acting_in(pk):
        Institution.objects.create(pk=pk, code=CODE, name="Smoke test")
    return int(pk)


def _somebody(role: Role) -> Somebody:
    username, password = f"{PREFIX}{role.value}", secrets.token_urlsafe(24)
    values = {"is_active": True, "password": make_password(password), "is_operator": role == Role.OPERATOR}
    user, _ = User.objects.update_or_create(username=username, defaults=values)
    if role != Role.OPERATOR:
        person = Person.objects.create(name=f"Smoke {role.value}", user=user)
        since = clock.now().date() - timedelta(days=1)
        Membership.objects.create(person=person, role=role, from_date=since)
    secret = ""
    if role in settings.MFA_REQUIRED_ROLES:
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, secret)
    return Somebody(role, username, password, user.pk, secret)


def sweep() -> None:
    """Close the accounts and remove what is left of a run, also of one that was killed."""
    ours = User.objects.filter(username__startswith=PREFIX)
    ids = list(ours.values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in SESSIONS:
            cursor.execute(statement, [ids])
        Authenticator.objects.filter(user__in=ids).delete()
        ours.update(is_active=False, is_operator=False, password=make_password(None))
    pk = present()
    if pk is not None:
        with tenancy.acting_in(pk):
            while journal.seal():  # nobody seals what belongs to an institution that is not there
                pass
            _remove(pk)


def present() -> int | None:
    """The id of the institution while a run goes on, or after one that was killed."""
    for pk in tenancy.institution_ids():
        with tenancy.acting_in(pk):
            if Institution.objects.filter(pk=pk, code=CODE).exists():
                return pk
    return None


def _remove(pk: int) -> None:
    """Every row of the institution but its journal, and the institution itself."""
    now = clock.now()
    keys = list(StoredFile.objects.filter(institution_id=pk).values_list("key", flat=True))
    RemovedFile.objects.bulk_create(RemovedFile(key=key, removed_at=now) for key in keys)
    with connection.cursor() as cursor:
        cursor.execute(JOBS, [str(pk)])
        cursor.execute(OWNED)
        left = [name for (name,) in cursor.fetchall() if name not in KEPT]
        for _ in range(ROUNDS):
            left = [name for name in left if not _emptied(cursor, name, pk)]
            if not left:
                break
        for name in left:
            cursor.execute(_delete(name), [pk])  # says which row keeps which
    Institution.objects.filter(pk=pk).delete()


def _emptied(cursor: Any, table: str, pk: int) -> bool:
    with suppress(Error), transaction.atomic():
        cursor.execute(_delete(table), [pk])
        return True
    return False


def _delete(table: str) -> str:
    return f"DELETE FROM {connection.ops.quote_name(table)} WHERE institution_id = %s"  # noqa: S608 - a table's name

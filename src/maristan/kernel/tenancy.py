"""One institution per transaction: PostgreSQL's row-level security sees whom a query is for.

Without an institution in context a query sees nothing. The setting is local to the transaction, so a pooled
connection never carries it over.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, migrations, models, transaction
from django.db.models.expressions import DatabaseDefault, RawSQL

from maristan.kernel import logs

SETTING = "maristan.institution"
REQUEST = "maristan.request"  # the database notes it beside every job that is queued
CURRENT = f"(NULLIF(current_setting('{SETTING}', true), ''))::bigint"

M = TypeVar("M", bound=models.Model)

_current: ContextVar[int | None] = ContextVar("institution", default=None)
_is_bound: ContextVar[bool] = ContextVar("is_bound", default=False)
logs.know("institution", _current.get)


def current() -> int | None:
    """The institution of the present transaction."""
    return _current.get()


def enter(institution_id: int | None) -> None:
    """Set the institution for the rest of the present transaction (and of this context).

    An owner is the runtime role meanwhile: row-level security would hide nothing from it.
    """
    _current.set(institution_id)
    said = {
        SETTING: "" if institution_id is None else str(institution_id),
        REQUEST: logs.request_id.get(),
        **settings.SET_IN_TRANSACTION,
    }
    if settings.BOUND_ROLE:
        said["role"] = settings.BOUND_ROLE if institution_id is not None or _is_bound.get() else "none"
    with connection.cursor() as cursor:
        words = ", ".join(["set_config(%s, %s, true)"] * len(said))
        cursor.execute(f"SELECT {words}", [each for pair in said.items() for each in pair])


@contextmanager
def acting_in(institution_id: int | None, *, is_bound: bool = False) -> Iterator[None]:
    """A transaction (or savepoint) for one institution; the one before is restored after it.

    With `is_bound` an owner is the runtime role also in that of no institution.
    """
    before, was_bound = _current.get(), _is_bound.get()
    with transaction.atomic():
        _is_bound.set(is_bound or was_bound)
        enter(institution_id)
        try:
            yield
        finally:
            _current.set(before)
            _is_bound.set(was_bound)
            if not connection.needs_rollback and connection.in_atomic_block:
                enter(before)


def institution_ids() -> list[int]:
    """Ids of all institutions, for periodic jobs and operators' commands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_institution_ids()")
        return [row[0] for row in cursor.fetchall()]


class CurrentInstitution(RawSQL):
    """The institution of the transaction, as the database's own default of a column."""

    def __init__(self) -> None:
        super().__init__(CURRENT, ())

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "maristan.kernel.tenancy.CurrentInstitution", [], {}

    allowed_default = True


class OwnedRows(models.QuerySet[M]):
    """Rows of institutions, written in bulk as one array for each column instead of a placeholder for each value."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        """As Django's: the institution in context is named, and members of enumerations are plain values, because
        either would keep PostgreSQL's `unnest` from being used."""
        rows = list(objs)
        institution_id = current()
        for row in rows:
            values = row.__dict__
            if institution_id is not None and isinstance(values.get("institution_id"), DatabaseDefault):
                values["institution_id"] = institution_id
            for name, value in values.items():
                if isinstance(value, Enum):
                    values[name] = value.value
        return super().bulk_create(rows, *args, **options)


class Owned(models.Model):
    """A row that belongs to one institution; protected by `protect` in the migration that creates it."""

    institution = models.ForeignKey(
        settings.TENANT_MODEL, models.PROTECT, related_name="+", db_default=CurrentInstitution(), editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OwnedRows.as_manager()

    class Meta:
        abstract = True


class OwnedById(models.Model):
    """A kernel row that belongs to one institution without the kernel knowing that table."""

    institution_id = models.BigIntegerField(db_default=CurrentInstitution(), editable=False)

    objects = OwnedRows.as_manager()

    class Meta:
        abstract = True


def protect(*tables: str, column: str = "institution_id", also: str = "false") -> list[migrations.RunSQL]:
    """Operations that enable and force row-level security on tables; `also` widens what may be seen."""
    return [
        migrations.RunSQL(
            f"""ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY {table}_own ON {table}
              USING ({column} = {CURRENT} OR {also}) WITH CHECK ({column} = {CURRENT} OR {also});""",
            f"""DROP POLICY {table}_own ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;""",
        )
        for table in tables
    ]


def append_only(*tables: str) -> list[migrations.RunSQL]:
    """Operations that make tables refuse UPDATE, DELETE and TRUNCATE, whoever asks."""
    return [
        migrations.RunSQL(
            f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
              FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
            CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
              FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();""",
            f"""DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};""",
        )
        for table in tables
    ]


def forget() -> None:
    """Forget the institution once its transaction has ended; the database has forgotten it with the transaction."""
    _current.set(None)

"""The checks that apps contribute, what earlier runs found, and rows against the last backup set."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from maristan.kernel import tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.integrity import Owners, Unchecked, present
from maristan.operations.models import IntegrityRun, MaintenanceWindow
from maristan.operations.queries import journal, sets, smoke
from maristan.operations.rules import integrity as rules
from maristan.operations.rules.integrity import Check
from maristan.operations.rules.sets import SetFault
from maristan.operations.rules.states import RESTORED, Perm

OWNERS: Owners = {"operations.maintenance": present(MaintenanceWindow)}
_checks: list[Check] = []

OWNED_TABLES = """
SELECT c.relname, EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = c.relname || '_append_only')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relrowsecurity ORDER BY 1
"""


def register(checks: Iterable[Check]) -> None:
    """Name every check; called once."""
    _checks[:] = checks


def checks(app: str = "") -> list[Check]:
    """The checks of an app, or all; raises `NotFound` for an app that contributes none."""
    found = [each for each in _checks if app in ("", each.app)]
    if not found:
        known = ", ".join(sorted({each.app for each in _checks}))
        raise NotFound("unknown_app", f"No checks of {app}; there are those of {known}.")
    return found


def runs(*, actor: Actor) -> "QuerySet[IntegrityRun]":
    """What earlier checks found; raises `NotAllowed`."""
    actor.demand(Perm.INTEGRITY_RUN)
    return IntegrityRun.objects.all()


def tables_that_lost_rows(*, by: Actor) -> list[str]:
    """Tables of institutions with so few rows, beside the newest set, that some were lost.

    A restore takes rows back: what sets of before it hold says nothing. The restored database knows of it by the line
    that it got before it served, so that the smoke test of the restore itself is not misled.
    """
    folders = sets.on_disk()
    if not folders:
        raise Unchecked("there is no backup set to compare with")
    try:
        manifest = sets.opened(folders[-1]).manifest
        promised = {name: int(each["rows"]) for name, each in manifest["tables"].items()}
        made = datetime.fromisoformat(manifest["created_at"])
    except (SetFault, KeyError, TypeError, ValueError):
        raise Unchecked(f"the manifest of {folders[-1].name} cannot be read") from None
    restored = journal.last_of_the_platform(RESTORED)
    if restored is not None and restored.at >= made:
        raise Unchecked("no backup set was made since the last restore")
    with connection.cursor() as cursor:
        cursor.execute(OWNED_TABLES)
        tables: dict[str, bool] = dict(cursor.fetchall())
    wanted = {name: rows for name, rows in promised.items() if name in tables}
    kept = [name for name, is_append_only in tables.items() if is_append_only]
    return rules.lost_rows(wanted, _counted(list(wanted)), kept_for_ever=kept)


def _counted(tables: list[str]) -> Mapping[str, int]:
    """Rows of tables that row-level security divides, institution by institution and those of none.

    The lines of smoke tests stay when their institution has gone.
    """
    total: dict[str, int] = dict.fromkeys(tables, 0)
    if not tables:
        return total
    quote: Any = connection.ops.quote_name
    parts = [f"SELECT {at} AS at, count(*) FROM {quote(name)}" for at, name in enumerate(tables)]  # noqa: S608
    of_smoke = smoke.institution_of_runs()
    for institution in [None, *{*tenancy.institution_ids(), *([of_smoke] if of_smoke else [])}]:
        with tenancy.acting_in(institution), connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts))
            for at, rows in cursor.fetchall():
                total[tables[at]] += int(rows)
    return total

"""Who stands below whom, read for a change of it."""

from django.db import connection, models

from maristan.kernel import tenancy


def parents_to_change(model: type[models.Model]) -> dict[int, int | None]:
    """Each node's parent; until the transaction ends nobody else hangs a node of this tree elsewhere.

    Two moves at once, each harmless alone, could otherwise close a cycle that neither sees.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [model._meta.db_table, tenancy.current()])
    return dict(model._default_manager.values_list("pk", "parent_id"))

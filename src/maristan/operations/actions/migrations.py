"""What was applied is remembered as it was: the hash of its file, and the build that brought it."""

from django.db import connection

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.models import AppliedMigration
from maristan.operations.queries import build, migrations
from maristan.operations.rules.compatibility import Compatibility


@unjournaled("a fact about the database, kept beside the record of its migrations")
def remember(*, by: Actor) -> int:
    """Note each applied migration that is not noted yet, and forget those that were taken back; gives how many new.

    What an older build noted stays as it was, and what only a newer build knows is left alone.
    """
    if AppliedMigration._meta.db_table not in connection.introspection.table_names():
        return 0
    applied = {(each.app, each.name): each for each in migrations.applied()}
    for row in AppliedMigration.objects.all():
        if (row.app, row.name) not in applied:
            row.delete()
    new = [
        AppliedMigration(
            app=each.app, name=each.name, sha256=each.sha256, build_id=build.running().build_id,
            breaks_former_code=each.compatibility == Compatibility.BREAKING, applied_at=clock.now(),
        )
        for each in migrations.of_build()
        if (each.app, each.name) in applied and not applied[each.app, each.name].sha256
    ]  # fmt: skip
    return len(AppliedMigration.objects.bulk_create(new, ignore_conflicts=True))

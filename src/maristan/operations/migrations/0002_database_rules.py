"""Rules that the database itself keeps for operations."""

from django.db import migrations

from maristan.kernel.tenancy import append_only, protect


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect("operations_impersonation"),
        *append_only("operations_release", "operations_verification"),
    ]

"""Rules that the database itself keeps for work."""

from django.db import migrations

from maristan.kernel.tenancy import protect


class Migration(migrations.Migration):
    dependencies = [("work", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = protect("work_inboxitem")

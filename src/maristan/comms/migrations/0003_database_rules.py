"""Rules that the database itself keeps for comms."""

from django.db import migrations

from maristan.kernel.tenancy import protect


class Migration(migrations.Migration):
    dependencies = [("comms", "0002_initial"), ("kernel", "0002_database_rules")]

    operations = protect("comms_notification")

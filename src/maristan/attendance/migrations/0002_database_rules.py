"""Rules that the database itself keeps for attendance."""

from django.db import migrations

from maristan.kernel.tenancy import append_only, protect


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial"), ("kernel", "0002_database_rules")]

    operations = [
        *protect("attendance_register", "attendance_attendance", "attendance_markchange"),
        *append_only("attendance_markchange"),
    ]

"""`timetable.slot_count` takes no null any more: whoever stored it meant the default, which a missing row gives."""

from django.db import migrations

FORGET = "DELETE FROM directory_institutionsetting WHERE key = 'timetable.slot_count' AND value = 'null'::jsonb"


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_addresses_and_papers")]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]

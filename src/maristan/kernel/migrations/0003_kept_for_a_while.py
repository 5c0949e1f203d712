"""Files that expire; the answers kept so far lose their bodies, because some held one-time links."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_database_rules")]

    operations = [
        migrations.AddField("storedfile", "expires_at", models.DateTimeField(null=True)),
        migrations.RunSQL("UPDATE kernel_storedreply SET body = NULL", migrations.RunSQL.noop),
    ]

"""An account's language is empty until its holder chooses one: nothing could set it before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_kept_for_a_while")]

    operations = [
        migrations.AlterField("user", "language", models.CharField(blank=True, default="", max_length=5)),
        migrations.RunSQL("UPDATE kernel_user SET language = '' WHERE language <> ''", migrations.RunSQL.noop),
    ]

"""A leave may carry a certificate."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0006_database_marks"),
        ("kernel", "0003_kept_for_a_while"),
    ]

    operations = [
        migrations.AddField(
            model_name="leave",
            name="attachment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
            ),
        ),
    ]

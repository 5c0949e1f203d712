from django.db import migrations, models

import maristan.kernel.tenancy
from maristan.kernel.tenancy import protect


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0009_jobs_know_their_request"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemovedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution_id",
                    models.BigIntegerField(db_default=maristan.kernel.tenancy.CurrentInstitution(), editable=False),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("removed_at", models.DateTimeField()),
            ],
            options={"ordering": ["removed_at", "id"]},
        ),
        *protect("kernel_removedfile"),
    ]

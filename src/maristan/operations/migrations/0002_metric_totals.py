"""Totals that processes count, added up for Prometheus."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MetricTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("labels", models.CharField(blank=True, max_length=400)),
                ("value", models.FloatField()),
            ],
            options={
                "ordering": ["name", "labels"],
                "constraints": [models.UniqueConstraint(fields=("name", "labels"), name="operations_metrictotal_once")],
            },
        ),
    ]

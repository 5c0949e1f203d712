"""Whom a bulk file entered is kept with it; runs of before say nothing."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_language_chosen")]

    operations = [
        migrations.AddField("importrun", "entered", ArrayField(models.BigIntegerField(), null=True)),
    ]

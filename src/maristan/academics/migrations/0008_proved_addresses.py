"""Whether the address of an application was proved by the link that was mailed to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0007_checks_that_null_passed"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="email_verified_at",
            field=models.DateTimeField(null=True),
        ),
    ]

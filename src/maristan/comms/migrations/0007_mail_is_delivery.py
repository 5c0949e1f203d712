"""What became of a mail stands in its delivery."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("comms", "0006_what_was_mailed")]

    operations = [
        migrations.RemoveField(model_name="notification", name="mailed_at"),
        migrations.RemoveField(model_name="notification", name="mail_error"),
    ]

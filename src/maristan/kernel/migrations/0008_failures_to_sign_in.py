from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0007_runs_and_faults_of_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=64)),
                ("address", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "at"], name="kernel_signinfailure_account"),
                    models.Index(fields=["at"], name="kernel_signinfailure_at"),
                ],
            },
        ),
    ]

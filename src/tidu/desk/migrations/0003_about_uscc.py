"""Whose affair a task is, by the code too: whoever has declared an interest in an enterprise keeps away from it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_task_about"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="about_uscc",
            field=models.CharField(blank=True, max_length=18, verbose_name="所涉企业"),
        ),
    ]

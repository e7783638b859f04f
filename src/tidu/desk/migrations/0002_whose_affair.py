"""Whose affair a task is, so that people who have to avoid it keep away, and who asked for a second officer."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models



class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_interests'),
        ('desk', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='about',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='所涉机构'),
        ),
        migrations.AddField(
            model_name='task',
            name='about_uscc',
            field=models.CharField(blank=True, max_length=18, verbose_name='所涉企业'),
        ),
        migrations.AddField(
            model_name='task',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='送审人'),
        ),
    ]

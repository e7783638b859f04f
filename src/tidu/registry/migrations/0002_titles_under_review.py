"""A title under review in time stays; titles are listed by day."""

from django.db import migrations, models



class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='title',
            name='kept_until',
            field=models.DateField(blank=True, null=True, verbose_name='复核期间延续至'),
        ),
        migrations.AddIndex(
            model_name='title',
            index=models.Index(fields=['-recognised_on', '-id'], name='title_by_day'),
        ),
    ]

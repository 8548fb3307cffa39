from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("works", "0007_writing"),
    ]

    operations = [
        migrations.AddField(
            model_name="work",
            name="reached_at",
            field=models.DateTimeField(
                blank=True,
                help_text="when one of its authors was found: they decide then, and no date opens it",
                null=True,
            ),
        ),
    ]

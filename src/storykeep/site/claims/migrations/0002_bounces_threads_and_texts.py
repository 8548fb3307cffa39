import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0001_initial"),
        ("works", "0008_reached"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="never",
            name="sketch",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="never",
            name="work",
            field=models.ForeignKey(
                blank=True,
                help_text="the removed work that it guards",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="works.work",
            ),
        ),
        migrations.AddField(
            model_name="sending",
            name="way",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sendings",
                to="claims.way",
            ),
        ),
        migrations.AddField(
            model_name="way",
            name="bounce",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="what the server said", max_length=200
            ),
        ),
        migrations.AlterField(
            model_name="never",
            name="kind",
            field=models.CharField(
                choices=[
                    ("name", "Name"),
                    ("email", "E-mail address"),
                    ("address", "A work’s old address"),
                    ("text", "A work’s text"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="sending",
            name="at",
            field=models.DateTimeField(auto_now=True),
        ),
        migrations.AlterField(
            model_name="sending",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("sent", "Sent"),
                    ("failed", "Could not be handed over"),
                    ("bounced", "Came back"),
                    ("never", "Said never"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=20)),
                ("before", models.JSONField(default=dict, help_text="visibility, and credits with their people")),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="choices", to="works.work"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("works", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
    ]

"""Several questionnaires over time; what was asked before belongs to the first. An archivist may hide an interview."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import storykeep.site.base.refs


def into_the_first(apps, _editor):
    of = lambda name: apps.get_model("interviews", name).objects  # noqa: E731
    if of("Question").exists() or of("Interview").exists():
        first = of("Questionnaire").create(name="Interview")
        of("Question").update(questionnaire=first)
        of("Interview").update(questionnaire=first)


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        default=storykeep.site.base.refs.new_ref, editable=False, max_length=12, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("about", models.CharField(blank=True, max_length=600)),
                ("open", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"ordering": ["-made_at", "-pk"]},
        ),
        migrations.AddField(
            model_name="question",
            name="questionnaire",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="interviews.questionnaire",
            ),
        ),
        migrations.AddField(
            model_name="interview",
            name="questionnaire",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interviews",
                to="interviews.questionnaire",
            ),
        ),
        migrations.AlterField(
            model_name="interview",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="works.person"),
        ),
        migrations.AlterField(
            model_name="interview",
            name="published",
            field=models.JSONField(
                blank=True, default=list, help_text="[{question, answer, asked}], answers are clean HTML"
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.UniqueConstraint(fields=("person", "questionnaire"), name="one_interview_each_time"),
        ),
        migrations.CreateModel(
            name="Hidden",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pairs", models.JSONField(blank=True, default=list)),
                ("reason", models.CharField(max_length=600)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "interview",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hidden",
                        to="interviews.interview",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="works.person"),
                ),
            ],
        ),
        migrations.RunPython(into_the_first, migrations.RunPython.noop),
    ]

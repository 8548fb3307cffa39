from collections import defaultdict

from django.db import migrations, models
from django.db.models.functions import Substr

import storykeep.site.tags.models
from storykeep.site.base.letters import letter


def fill(apps, schema_editor):
    """Write down the letter of each series, and bring the letters of works and people in line with the rule of today."""
    series = apps.get_model("works", "Series").objects.annotate(first=Substr("sort_title", 1, 1)).order_by()
    relabel(series, "first", series.values_list("first", flat=True).distinct())
    for model in ("Work", "Person"):
        rows = apps.get_model("works", model).objects.order_by()
        relabel(rows, "letter", [one for one in rows.values_list("letter", flat=True).distinct() if one != letter(one)])


def relabel(rows, field, values):
    letters = defaultdict(list)
    for value in values:
        letters[letter(value)].append(value)
    for under, some in letters.items():
        for start in range(0, len(some), 500):
            rows.filter(**{f"{field}__in": some[start : start + 500]}).update(letter=under)


class Migration(migrations.Migration):
    dependencies = [
        ("tags", "0005_letters"),
        ("works", "0008_reached"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="work",
            name="works_work_letter_8c91a7_idx",
        ),
        migrations.AddField(
            model_name="series",
            name="letter",
            field=models.CharField(blank=True, db_default="", default="", max_length=4),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                models.F("letter"),
                storykeep.site.tags.models.Beginning("folded"),
                models.F("id"),
                name="person_by_letter",
            ),
        ),
        migrations.AddIndex(
            model_name="series",
            index=models.Index(
                models.F("letter"),
                storykeep.site.tags.models.Beginning("sort_title"),
                models.F("id"),
                name="series_by_letter",
            ),
        ),
        migrations.AddIndex(
            model_name="work",
            index=models.Index(
                models.F("letter"),
                storykeep.site.tags.models.Beginning("sort_title"),
                models.F("id"),
                models.F("visibility"),
                name="work_by_letter",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

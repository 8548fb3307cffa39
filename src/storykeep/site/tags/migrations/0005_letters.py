from collections import defaultdict

from django.db import migrations, models
from django.db.models.functions import Substr

import storykeep.site.tags.models
from storykeep.site.base.letters import letter


def fill(apps, schema_editor):
    """Write down the letter of each tag, one statement for each letter."""
    tags = apps.get_model("tags", "Tag").objects.annotate(first=Substr("folded", 1, 1)).order_by()
    letters = defaultdict(list)
    for first in tags.values_list("first", flat=True).distinct():
        letters[letter(first)].append(first)
    for under, firsts in letters.items():
        for start in range(0, len(firsts), 500):
            tags.filter(first__in=firsts[start : start + 500]).update(letter=under)


class Migration(migrations.Migration):
    dependencies = [
        ("tags", "0004_first_letters"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="tag",
            name="tag_by_kind_and_first_letters",
        ),
        migrations.AddField(
            model_name="tag",
            name="letter",
            field=models.CharField(blank=True, db_default="", default="", max_length=4),
        ),
        migrations.AddIndex(
            model_name="tag",
            index=models.Index(
                models.F("kind"), storykeep.site.tags.models.Beginning("folded"), name="tag_by_kind_and_beginning"
            ),
        ),
        migrations.AddIndex(
            model_name="tag",
            index=models.Index(
                models.F("kind"),
                models.F("letter"),
                storykeep.site.tags.models.Beginning("folded"),
                name="tag_by_kind_and_letter",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

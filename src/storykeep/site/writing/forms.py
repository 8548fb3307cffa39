"""The fields of a work and of a chapter as they are shown. What is typed is read by the sheets."""

from __future__ import annotations

from django import forms

from storykeep.model.story import Status, WorkKind
from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Commenting, Visibility
from storykeep.site.writing import giving
from storykeep.site.writing.of_work import TAGS, own_series
from storykeep.site.writing.queries import pen_names_of

STATUSES = {
    Status.COMPLETE: "Complete",
    Status.IN_PROGRESS: "In progress",
    Status.ABANDONED: "Will not be finished",
    Status.UNKNOWN: "Not said",
}
LANGUAGES = "ar bg ca cs cy da de el en eo es et eu fa fi fr ga gl he hi hr hu id is it ja ko la lt lv nb nl nn pl pt ro ru sk sl sr sv th tr uk vi zh zh-Hant".split()  # noqa: E501 — offered, not required
KINDS = {
    WorkKind.STORY: "Story",
    WorkKind.ESSAY: "Essay",
    WorkKind.POEM: "Poem",
    WorkKind.SCRIPT: "Script",
    WorkKind.ART: "Art with text",
}


def area(rows: int, **attrs) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", **attrs})


def words(label: str, help_text: str = "", widget: forms.Widget | None = None) -> forms.CharField:
    return forms.CharField(
        required=False, label=label, help_text=help_text, widget=widget or forms.TextInput(attrs={"dir": "auto"})
    )


class WorkForm(forms.Form):
    """Everything about a work. All may be empty: publishing asks for what has to be there."""

    title = words("Title")
    summary = words("Summary", "What makes somebody want to read it. Up to 1,250 characters.", area(3))
    notes = words("Notes before it", "Up to 5,000 characters.", area(3))
    end_notes = words("Notes after it", "Up to 5,000 characters.", area(3))
    kind = forms.ChoiceField(choices=list(KINDS.items()), label="What it is")
    language = words("Language", "A code such as en, fr or zh-Hant.", forms.TextInput(attrs={"list": "languages"}))
    status = forms.ChoiceField(choices=list(STATUSES.items()), label="Is it finished?")
    chapters_planned = words(
        "Chapters planned",
        "Leave it empty if you don’t know; readers of an unfinished work see “3 of ?”.",
        forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    series = words("Series", "One a line; its number after a #: The Harbour Stories #2", area(2, list="own-series"))
    sequel_of = words("Sequel to", "Works, one a line: a title, an address, or both.", area(1))
    inspired_by = words("Inspired by", "One a line.", area(1))
    translation_of = words("Translation of", "One a line.", area(1))
    gift_to = words("A gift for", "Names, one a line. Who has an account here is told. ", area(1))
    published = words(
        "Published",
        "2003, 2003-07 or 2003-07-14. Leave it empty for the day on which you publish it here.",
        forms.TextInput(attrs={"placeholder": "YYYY-MM-DD"}),
    )
    publish_as = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (Visibility.PUBLIC, Visibility.MEMBERS)], label="Who may read it"
    )
    comments = forms.ChoiceField(choices=Commenting.choices, label="Who may comment")
    comments_moderated = forms.BooleanField(
        required=False, label="I see comments before others do", widget=forms.CheckboxInput(attrs={"value": "yes"})
    )

    def __init__(self, sheet, **kwargs):
        super().__init__(**kwargs)
        self.fields["pen_names"] = pen_names_field(sheet.user)
        for kind in sheet.kinds:
            self.fields[f"{TAGS}{kind.key}"] = tags_field(kind)
        self.fields["gift_to"].help_text += giving.remarks(sheet.work)
        self.kinds = sheet.kinds
        self.own_series = list(own_series(sheet.user).values_list("title", flat=True)[:100])


def pen_names_field(user) -> forms.Field:
    chosen = [(person.slug, person.name) for person in pen_names_of(user)]
    return forms.MultipleChoiceField(
        choices=chosen, required=False, label="Signed by", widget=forms.CheckboxSelectMultiple
    )


def tags_field(kind: TagKind) -> forms.CharField:
    """Return a field for the tags of a kind; the script of the tags makes it offer what there is."""
    attrs = {"data-tagfield": kind.key}
    attrs |= {} if kind.open else {"data-closed": ""}
    widget = area(2, **attrs, **{"data-many": ""}) if kind.many else forms.TextInput(attrs=attrs)
    asked = "Every work needs one." if kind.required else ""
    how = "One a line." if kind.many else ""
    closed = "" if kind.open else "Choose from the archive’s list."
    return words(kind.name, " ".join(filter(None, (asked, how, closed))), widget)


class ChapterForm(forms.Form):
    """What is said about one chapter."""

    chapter_title = words("Chapter title")
    chapter_label = words("Label", "Prologue, Interlude, 2b: it stands over the title.")
    chapter_rating = words(
        "Rating of this chapter",
        "If it differs from that of the work.",
        forms.TextInput(attrs={"data-tagfield": "rating"}),
    )
    chapter_published = words(
        "Date", "2003, 2003-07 or 2003-07-14.", forms.TextInput(attrs={"placeholder": "YYYY-MM-DD"})
    )
    chapter_summary = words("Summary of this chapter", "", area(2))
    chapter_notes = words("Notes before this chapter", "", area(3))
    chapter_end_notes = words("Notes after this chapter", "", area(3))

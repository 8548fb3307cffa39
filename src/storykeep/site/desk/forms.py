"""What an archivist may correct: every field of a work, and of a chapter."""

from __future__ import annotations

from django import forms

from storykeep.model.story import Role, Status, WorkKind
from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Visibility, choices
from storykeep.text import sanitise

DATE_HELP = "2003, 2003-07 or 2003-07-14: as precise as is known"


class Lines(forms.CharField):
    """A list, one item a line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class Html(forms.CharField):
    """Clean HTML, typed as HTML or with newlines for paragraphs."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value):
        return sanitise.clean(super().clean(value))


class WorkForm(forms.Form):
    """All that a work says of itself. ``version`` tells whether somebody else saved it in the meantime."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(max_length=255, required=False, help_text="Leave it empty where the title was lost.")
    authors = Lines(required=False, help_text="One name a line, as printed.")
    summary = Html(required=False)
    kind = forms.ChoiceField(choices=choices(WorkKind))
    status = forms.ChoiceField(choices=choices(Status))
    language = forms.CharField(max_length=60, required=False, help_text="A code such as en, fr or zh-Hant.")
    written = forms.RegexField(r"^\d{4}(-\d\d(-\d\d.*)?)?$", required=False, help_text=DATE_HELP)
    published = forms.RegexField(r"^\d{4}(-\d\d(-\d\d.*)?)?$", required=False, help_text=DATE_HELP)
    updated = forms.RegexField(r"^\d{4}(-\d\d(-\d\d.*)?)?$", required=False, help_text=DATE_HELP)
    series = Lines(required=False, help_text="One series a line; its number after a #: The Harbour Stories #2.")
    notes = Html(required=False, label="Notes before the story")
    visibility = forms.ChoiceField(choices=Visibility.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = list(TagKind.objects.all())
        for kind in self.kinds:
            self.fields[f"tags_{kind.key}"] = Lines(required=False, label=kind.name, help_text="One a line.")

    def tags(self, before: list[dict]) -> list[dict]:
        """Return the tags as given: those that were there in their order, then the new ones."""
        given = [(kind.key, name) for kind in self.kinds for name in self.cleaned_data[f"tags_{kind.key}"]]
        kept = [item for item in before if (item["kind"], item["name"]) in given]
        known = {(item["kind"], item["name"]) for item in kept}
        return kept + [{"kind": kind, "name": name} for kind, name in given if (kind, name) not in known]

    def places(self, before: list[dict]) -> list[dict]:
        """Return the places in series: title and number; a series that was there keeps its key."""
        known = {item["title"]: item for item in before}
        return [known.get(place["title"], {}) | place for place in map(_place, self.cleaned_data["series"])]

    def credits(self, before: list[dict]) -> list[dict]:
        """Return the credits: who was there keeps person and role, a new name is an author."""
        known = {item["name"]: item for item in before}
        others = [item for item in before if item.get("role", Role.AUTHOR) != Role.AUTHOR]
        return [known.get(name, {"name": name}) for name in self.cleaned_data["authors"]] + others


def _place(line: str) -> dict:
    title, _, number = line.rpartition("#")
    if title.strip() and number.strip().isdigit():
        return {"title": title.strip(), "position": int(number)}
    return {"title": line}


class ChapterForm(forms.Form):
    """A chapter's label, title and text."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    label = forms.CharField(max_length=255, required=False, help_text="As printed: Prologue, Chapter 3, 2b.")
    title = forms.CharField(max_length=255, required=False)
    body = Html(required=False, widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "true"}), label="Text")

"""What an archivist sets of the archive itself."""

from __future__ import annotations

import re

from django import forms
from django.forms import modelformset_factory

from storykeep.model.errors import TooLarge
from storykeep.model.identity import slug
from storykeep.site.base.models import Archive, SitePage
from storykeep.site.tags.models import TagKind
from storykeep.text import sanitise, typography

DATE = r"^\d{4}(-\d\d(-\d\d.*)?)?$"
MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|blockquote|em|i|b|strong|a|img|table|hr)\b[^<>]*>", re.IGNORECASE)


class Prose(forms.CharField):
    """Clean HTML, typed as HTML, or as plain paragraphs with blank lines between them."""

    widget = forms.Textarea(attrs={"rows": 12})

    def clean(self, value):
        text = super().clean(value).strip()
        try:
            return sanitise.clean(text if MARKUP.search(text) else typography.to_html(text))
        except TooLarge as error:
            raise forms.ValidationError(str(error)) from error


class Line(forms.CharField):
    """One line of words."""

    def clean(self, value):
        return " ".join(super().clean(value).split())


class ArchiveForm(forms.ModelForm):
    """The archive's name and manners."""

    name = Line(max_length=255)
    slogan = Line(max_length=255, required=False, help_text="One line under the name.")
    description = Prose(required=False, help_text="Shown on the first page. HTML, or paragraphs with blank lines.")

    class Meta:
        model = Archive
        fields = ["name", "slogan", "description", "language", "crawlers"]
        labels = {"crawlers": "Crawlers"}
        help_texts = {
            "language": "A code such as en, fr or zh-Hant.",
            "crawlers": "What robots.txt asks of them. Works for members only are never shown to them.",
        }
        widgets = {"language": forms.TextInput}

    def save(self, commit=True):
        """Save, and remember which fields a person has set, so that no rescue writes over them."""
        self.instance.edited = sorted({*self.instance.edited, *self.changed_data})
        return super().save(commit)


class TextForm(forms.ModelForm):
    """One of the archive's own pages, or a text at the foot of every page."""

    title = Line(max_length=255, required=False)
    body = Prose(help_text="HTML, or paragraphs with blank lines between.")
    date = forms.RegexField(DATE, required=False, help_text="For news: 2003, 2003-07 or 2003-07-14.")

    class Meta:
        model = SitePage
        fields = ["kind", "title", "body", "date", "place", "shown"]
        labels = {"place": "Place in lists", "shown": "Readers see it"}

    def save(self, commit=True):
        self.instance.edited = sorted({*self.instance.edited, *self.changed_data})
        self.instance.slug = slug(self.instance.title)
        return super().save(commit)


class KindForm(forms.ModelForm):
    """A kind of tags: its name, and how the archive uses it."""

    name = Line(max_length=80)

    class Meta:
        model = TagKind
        fields = ["name", "place", "filter", "open", "many", "required", "retired", "ties", "under"]
        labels = {
            "place": "Place",
            "filter": "Readers browse by it",
            "open": "Writers may add tags",
            "many": "Several per work",
            "required": "Every work needs one",
            "retired": "Retired: works keep it, nobody is offered it",
            "ties": "What joins names in it",
            "under": "Its tags belong to",
        }
        help_texts = dict.fromkeys(labels, "")

    def __init__(self, *args, kinds=(), **kwargs):
        super().__init__(*args, **kwargs)
        others = [(kind.pk, kind.name) for kind in kinds if kind.pk != self.instance.pk]
        self.fields["under"].choices = [("", "Nothing: they stand for themselves"), *others]

    def clean_under(self):
        over = self.cleaned_data["under"]
        if over is not None and over.pk == self.instance.pk:
            raise forms.ValidationError("A kind does not belong to itself.")
        return over


Kinds = modelformset_factory(TagKind, KindForm, extra=0)


class NewKindForm(KindForm):
    """A kind that is not there yet; its key, by which searches name it, comes from its name."""

    def clean_name(self):
        name = self.cleaned_data["name"]
        if TagKind.objects.filter(key=slug(name)).exists():
            raise forms.ValidationError(f"There is a kind called {name} already.")
        return name

    def save(self, commit=True):
        self.instance.key = slug(self.cleaned_data["name"])
        return super().save(commit)

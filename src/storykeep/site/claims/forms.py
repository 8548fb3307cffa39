"""What authors and archivists type about claims."""

from __future__ import annotations

import re

from django import forms

from storykeep.site.accounts.names import clean_pen_name
from storykeep.site.claims.letters import MARKS

FIRST_LETTER = (
    "Dear {name},\n\n"
    "years ago you wrote for {archive}. The archive has been brought back from what remained of it, and these works "
    "of yours are in it:\n\n{works}\n\n"
    "Nobody but members can read them now. They are yours: you can take them over, rename them, keep them to members, "
    "leave them to the archive without your name, or have them removed. If you do nothing, nothing is opened without "
    "a date being announced first.\n\n"
    "With thanks for what you wrote,\nthe archivist"
)


class AskForm(forms.Form):
    """How somebody shows that they are this author: by the old address, or by telling the archivist."""

    email = forms.EmailField(
        required=False, label="The e-mail address that you used then",
        help_text="If it is the one that the old archive had, we write to it. It is never shown.",
    )  # fmt: skip
    statement = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), label="Or tell the archivist",
        help_text="What only you would know: drafts, an old site that you can still edit, friends who can vouch.",
    )  # fmt: skip

    def clean(self):
        given = super().clean()
        if not self.errors and not (given.get("email") or given.get("statement", "").strip()):
            raise forms.ValidationError("Give the address that you used then, or tell the archivist who you are.")
        return given


class DecisionForm(forms.Form):
    """What becomes of a work."""

    CHOICES = (
        ("keep", "Leave it as it is"),
        ("public", "Let everybody read it"),
        ("members", "Only members may read it"),
        ("hidden", "Hide it for now: nobody sees it"),
        ("orphan-name", "Leave it to the archive, under my name"),
        ("orphan", "Leave it to the archive, without my name"),
        ("remove", "Remove it"),
    )
    choice = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, label="What should become of it?")
    coauthor = forms.CharField(required=False, max_length=255, label="Add a co-author (the name as printed)")
    never = forms.BooleanField(
        required=False, label="If I remove it: let it never come in again, from whatever is found later"
    )
    sure = forms.BooleanField(required=False, label="I am sure")

    def clean(self):
        given = super().clean()
        if given.get("choice") in ("orphan", "orphan-name", "remove") and not given.get("sure"):
            self.add_error("sure", "This can't be taken back by you. Tick “I am sure”, if you are.")
        return given


class NameForm(forms.Form):
    name = forms.CharField(max_length=255, label="The name that stands under your works")

    def clean_name(self):
        return clean_pen_name(self.cleaned_data["name"])


class LetterForm(forms.Form):
    """A letter to the authors."""

    subject = forms.CharField(max_length=200, initial="Your works in {archive}")
    body = forms.CharField(
        max_length=20_000, widget=forms.Textarea(attrs={"rows": 18}), initial=FIRST_LETTER, label="Letter",
        help_text="{name}, {works} and {archive} are filled in. Two links are added at the end: to the works, and to "
        "hear no more from you.",
    )  # fmt: skip

    def clean_subject(self):
        return only_known(self.cleaned_data["subject"])

    def clean_body(self):
        return only_known(self.cleaned_data["body"])


def only_known(text: str) -> str:
    """Return ``text``. Raises ValidationError for a mark in braces that nothing would be put in the place of."""
    unknown = [mark for mark in re.findall(r"\{\w*\}", text) if mark not in MARKS]
    if unknown:
        raise forms.ValidationError(f"{unknown[0]} is not filled in: there are {', '.join(MARKS)}.")
    return text


class NeverForm(forms.Form):
    """Somebody asked never to be imported, or never to be written to."""

    what = forms.ChoiceField(choices=[("import", "Never import their works"), ("write", "Never write to them")])
    kind = forms.ChoiceField(
        choices=[("name", "Name"), ("email", "E-mail address"), ("address", "A work’s old address")]
    )
    words = forms.CharField(max_length=500, label="Which one", help_text="Only a digest of it is kept.")


class OpeningForm(forms.Form):
    """When rescued works that nobody has claimed are opened to everybody."""

    date = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}), label="Open them on",
        help_text="Empty: they stay with the members. Nothing opens without a date set here.",
    )  # fmt: skip
    reason = forms.CharField(
        required=False, max_length=500, label="Why", help_text="For the other archivists: it stays beside the date."
    )

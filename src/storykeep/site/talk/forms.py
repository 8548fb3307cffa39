"""What people type: comments, what they keep, and shelves."""

from __future__ import annotations

import secrets

from django import forms
from django.core import signing

from storykeep.site.talk import words
from storykeep.site.talk.models import Kept, Shelf

SALT = "storykeep.talk"
QUICKEST = 3  # seconds: no guest reads and writes faster
OPEN = 3 * 24 * 3600  # seconds for which an opened form can be sent


def token() -> str:
    """Return a form's own sign: it tells when the form was opened, and that it is sent once."""
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(12))


class WordsForm(forms.Form):
    """The words of a comment."""

    words = forms.CharField(
        label="Your words", max_length=words.MOST_TYPED, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Please write something first."},
        help_text="Up to 10,000 characters. Simple tags such as &lt;em&gt; and links are kept.",
    )  # fmt: skip

    def clean_words(self) -> str:
        said = self.cleaned_data["words"]
        if words.length(said) > words.LONGEST:
            over = words.length(said) - words.LONGEST
            raise forms.ValidationError(f"This is {over:,} characters too long. You can send it in two parts.")
        return said


class CommentForm(WordsForm):
    """A comment of a member or a guest."""

    name = forms.CharField(label="Your name", max_length=100, error_messages={"required": "Please give a name."})
    email = forms.EmailField(label="E-mail", required=False, max_length=320, help_text="Optional. Shown to nobody.")
    homepage = forms.CharField(required=False, label="Leave this empty")
    once = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("name", "email", "words")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.guest = not user.is_authenticated
        self.fields["once"].initial = token
        if not self.guest:
            for name in ("name", "email", "homepage"):
                del self.fields[name]

    @property
    def trap(self):
        """The field that only machines fill in, shown to nobody; members have none."""
        return self["homepage"] if self.guest else None

    def seen(self):
        return [field for field in self.visible_fields() if field.name != "homepage"]

    def clean(self):
        cleaned = super().clean()
        cleaned["once"] = self.one_of_a_kind()
        return cleaned

    def one_of_a_kind(self) -> str:
        """Return what makes this form one of a kind; complain when it was open too long, or too short for a guest."""
        signer, sent = signing.TimestampSigner(salt=SALT), self.cleaned_data.get("once", "")
        try:
            key = signer.unsign(sent, max_age=OPEN)
        except signing.BadSignature:
            self.anew()
            raise forms.ValidationError("This page was open for very long. Please send it once more.") from None
        if self.guest and is_younger(signer, sent, QUICKEST):
            raise forms.ValidationError("That was very quick. Please press the button once more.")
        return key

    def anew(self) -> None:
        self.data = self.data.copy()
        self.data["once"] = token()


def is_younger(signer: signing.TimestampSigner, sent: str, seconds: int) -> bool:
    try:
        signer.unsign(sent, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return seconds > 0


class KeepForm(forms.ModelForm):
    """What a member notes about a work that they keep. ``words`` are their own tags, with commas."""

    words = forms.CharField(label="Your own tags", required=False, max_length=1000, help_text="With commas between.")
    shelf = forms.CharField(label="A new shelf", required=False, max_length=100)

    class Meta:
        model = Kept
        fields = ("title", "author", "address", "note", "words", "shelves", "shelf", "recommended", "public")
        labels = {"note": "A note", "shelves": "Shelves", "recommended": "I recommend it",
                  "public": "Everybody may see this"}  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "maxlength": 5000}),
                   "shelves": forms.CheckboxSelectMultiple}  # fmt: skip

    def __init__(self, *args, elsewhere: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shelves"].queryset = Shelf.objects.filter(account=self.instance.account)
        self.fields["shelves"].required = False
        self.fields["words"].initial = ", ".join(self.instance.tags)
        if not self.fields["shelves"].queryset.exists():
            del self.fields["shelves"]
        if elsewhere:
            self.fields["address"] = forms.URLField(label="Its address", max_length=2000, assume_scheme="https")
            self.fields["title"].required = True
        else:
            for name in ("title", "author", "address"):
                del self.fields[name]

    def clean_note(self) -> str:
        note = self.cleaned_data["note"]
        if words.length(note) > words.LONGEST // 2:
            raise forms.ValidationError("Please keep the note under 5,000 characters.")
        return note

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if not address.startswith(("http://", "https://")):
            raise forms.ValidationError("Please give an address that begins with http:// or https://.")
        others = Kept.objects.filter(account=self.instance.account, address=address).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("You keep this already. You can change it on your shelves.")
        return address

    def clean_words(self) -> list[str]:
        return list(
            dict.fromkeys(each for word in self.cleaned_data["words"].split(",") if (each := word.strip()[:100]))
        )

    def save(self, commit=True):
        kept = super().save(commit=False)
        kept.tags = self.cleaned_data["words"]
        kept.save()
        self.save_m2m()
        name = self.cleaned_data["shelf"].strip()
        if name:
            kept.shelves.add(Shelf.objects.get_or_create(account=kept.account, name=name)[0])
        return kept


class ShelfForm(forms.ModelForm):
    class Meta:
        model = Shelf
        fields = ("name", "about", "public")
        labels = {"about": "What it is for", "public": "Everybody may see this shelf"}
        widgets = {"about": forms.Textarea(attrs={"rows": 2, "maxlength": 2000})}

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Shelf.objects.filter(account=self.instance.account, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("You have a shelf of this name already.")
        return name

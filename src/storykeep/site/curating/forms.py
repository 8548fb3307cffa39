"""What an archivist says about how works come to readers, and about one work."""

from __future__ import annotations

from django import forms

from storykeep.model.errors import TooLarge
from storykeep.site.accounts.models import User
from storykeep.site.submissions.models import Later, Rules, State
from storykeep.text import sanitise, typography


class RulesForm(forms.ModelForm):
    """Who publishes here, and by which policy."""

    writers = forms.CharField(
        label="Invited writers",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Names of accounts, one on each line. Whoever you take out publishes nothing new here.",
    )

    class Meta:
        model = Rules
        fields = ["way", "later", "policy"]
        labels = {
            "way": "How works come to readers",
            "later": "What is looked at again in an accepted work",
            "policy": "Policy",
        }
        help_texts = {
            "way": "Who may make an account is another matter. What is published already stays.",
            "later": "Asked for only in a curated archive. Titles, summaries, notes and tags are never held back.",
            "policy": "What you look for in a work. Writers read it before they send one in. HTML, or paragraphs.",
        }
        widgets = {"policy": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["later"].required = False

    def clean_later(self):
        return self.cleaned_data["later"] or Later.FREE

    def clean_policy(self):
        text = self.cleaned_data["policy"].strip()
        try:
            return sanitise.clean(text if text.startswith("<") else typography.to_html(text))
        except TooLarge as error:
            raise forms.ValidationError(str(error)) from error

    def clean_writers(self):
        names = {line.strip() for line in self.cleaned_data["writers"].splitlines() if line.strip()}
        found = list(User.objects.filter(username__in=names))
        unknown = names - {user.username for user in found}
        if unknown:
            raise forms.ValidationError(f"There is no account called {', '.join(sorted(unknown))}.")
        return found


class WriterForm(forms.Form):
    """Whom an archivist invites to write here."""

    email = forms.EmailField(
        label="E-mail", required=False, max_length=254, help_text="Empty: you get a link to pass on."
    )
    note = forms.CharField(label="A note for yourself", required=False, max_length=200)


class AnswerForm(forms.Form):
    """A decision, or words alone."""

    words = forms.CharField(
        label="A note to the writer", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
    state = forms.ChoiceField(choices=[("", "Only say this"), *State.choices], required=False)
    mark = forms.CharField(required=False, max_length=16)

    def clean(self):
        said, state = self.cleaned_data.get("words", "").strip(), self.cleaned_data.get("state", "")
        if not said and state in {"", State.DECLINED, State.CHANGES}:
            self.add_error("words", "Say why, in a few words: the writer reads them.")
        return self.cleaned_data

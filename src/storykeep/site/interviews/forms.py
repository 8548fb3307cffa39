"""What an archivist asks, and what an author answers."""

from __future__ import annotations

from django import forms

from storykeep.model.errors import TooLarge
from storykeep.site.interviews.answering import as_html
from storykeep.site.interviews.models import Hidden, Question, Questionnaire

LONGEST = 50_000
NEW = 2
"""How many empty questions stand at the end of the questionnaire."""


class QuestionnaireForm(forms.ModelForm):
    """What the questionnaire is called, and whether it is open."""

    class Meta:
        model = Questionnaire
        fields = ["name", "about", "open"]
        labels = {
            "name": "Name",
            "about": "What authors read before they answer",
            "open": "Authors may begin it",
        }
        help_texts = {
            "name": "It stands over the answers where an author gave several interviews: “Ten years on”.",
            "open": "Who has answered may change the answers either way.",
        }


class QuestionForm(forms.ModelForm):
    """One line of the questionnaire."""

    class Meta:
        model = Question
        fields = ["words", "help", "place", "retired"]
        labels = {
            "words": "Question",
            "help": "A word of help, if it needs one",
            "place": "Place",
            "retired": "Ask it no more (answers stay)",
        }


Questions = forms.modelformset_factory(Question, form=QuestionForm, extra=NEW, max_num=60)


class HideForm(forms.ModelForm):
    """Why an interview is taken off the page; its author reads it."""

    class Meta:
        model = Hidden
        fields = ["reason"]
        labels = {"reason": "Why? Its author reads this."}


class AnswersForm(forms.Form):
    """A field for each question, called by its number."""

    def __init__(self, data, asked):
        super().__init__(data)
        for question, typed in asked:
            self.fields[f"answer-{question.pk}"] = Answered(question, typed)

    def typed(self) -> dict[int, str]:
        return {int(name.removeprefix("answer-")): text for name, text in self.cleaned_data.items()}


class Answered(forms.CharField):
    """One answer: paragraphs, or HTML."""

    def __init__(self, question: Question, typed: str):
        retired = "This question is asked no more; your answer stays." if question.retired else ""
        super().__init__(
            label=question.words,
            help_text=" ".join(filter(None, (question.help, retired))),
            initial=typed,
            required=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "spellcheck": "true"}),
        )

    def clean(self, value):
        text = super().clean(value)
        try:
            as_html(text)
        except TooLarge as error:
            raise forms.ValidationError(str(error)) from error
        return text

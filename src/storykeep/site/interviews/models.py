"""What the archive asks its authors, and what each of them answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.works.models import Person


class Question(models.Model):
    """One question. It is never deleted: a retired one is asked no more, and its answers stay."""

    words = models.CharField(max_length=300)
    help = models.CharField(max_length=300, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self):
        return self.words


class Interview(models.Model):
    """What one pen name answered. ``published`` is the part of the person's interview that came from here."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    published = models.JSONField(default=list, blank=True, help_text="[{question, answer}], answers are clean HTML")
    published_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"Interview with {self.person}"


class Answer(models.Model):
    """The newest answer to one question, as it was typed; a draft until the interview is published."""

    interview = models.ForeignKey(Interview, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    typed = models.TextField()

    class Meta:
        ordering = ["question__place", "question__pk"]
        constraints = [models.UniqueConstraint(fields=["interview", "question"], name="one_answer_to_a_question")]

    def __str__(self):
        return self.typed[:60]

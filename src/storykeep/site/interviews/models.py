"""What the archive asks its authors, time after time, and what each of them answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from storykeep.site.base.refs import new_ref
from storykeep.site.works.models import Person


class Questionnaire(models.Model):
    """What is asked at one time. A closed one is begun by nobody; who has answered may still change the answers."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=600, blank=True)
    open = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return self.name


class Question(models.Model):
    """One question. It is never deleted: a retired one is asked no more, and its answers stay."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, null=True, related_name="questions")
    words = models.CharField(max_length=300)
    help = models.CharField(max_length=300, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self):
        return self.words


class Interview(models.Model):
    """What one pen name answered to one questionnaire. ``published`` is what of it stands on the person's page."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, null=True, related_name="interviews")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    published = models.JSONField(
        default=list, blank=True, help_text="[{question, answer, asked}], answers are clean HTML"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "questionnaire"], name="one_interview_each_time")]

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


class Hidden(models.Model):
    """An interview that an archivist has taken off the page. Without ``interview`` it is the one that was rescued.

    ``pairs`` are what stood there of the rescued one; what an author answered here stays with their interview.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    interview = models.OneToOneField(Interview, models.CASCADE, null=True, blank=True, related_name="hidden")
    pairs = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=600)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"hidden: {self.reason}"

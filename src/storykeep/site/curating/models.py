"""Edits that an archivist suggests in a work that was sent in. They are words about it: the work has none of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.base.refs import new_ref
from storykeep.site.submissions.models import Submission
from storykeep.site.works.models import Chapter


class Suggestion(models.Model):
    """The edits of one page: of the work's own fields, or of ``chapter``."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="suggestions")
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="suggestions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"edits that {self.by or 'somebody'} suggested"


class Edit(models.Model):
    """What is suggested in one field. ``before`` is the field as the archivist had it; the writer's own is elsewhere.

    ``passages`` are the paragraphs that change: ``{"begin", "end", "new", "answer"}``, places in ``before``, the
    paragraphs that stand there instead, and what the writer said: "taken", "left", or nothing yet.
    """

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="edits")
    field = models.CharField(max_length=30, help_text="body, or a field of the writers' forms")
    before = models.TextField(blank=True, help_text="clean HTML, whatever the field is")
    passages = models.JSONField(default=list)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self):
        return self.field

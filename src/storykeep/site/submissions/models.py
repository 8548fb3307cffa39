"""How works come to readers here, what was sent in, and what was said about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.base.refs import new_ref
from storykeep.site.works.models import Work


class Way(models.TextChoices):
    OPEN = "open", "Open: every member publishes their own works"
    INVITED = "invited", "By invitation: only the writers whom you name publish"
    CURATED = "curated", "Curated: works are sent in, and an archivist decides"


class Rules(models.Model):
    """How works come to readers; there is one row."""

    way = models.CharField(max_length=10, choices=Way.choices, default=Way.OPEN)
    policy = models.TextField(blank=True, help_text="clean HTML")
    version = models.PositiveIntegerField(default=0, help_text="counts how often the policy was changed")

    def __str__(self):
        return self.get_way_display()

    @classmethod
    def current(cls) -> Rules:
        """Return the one row; it is not saved before somebody changes it."""
        return cls.objects.first() or cls()


class Writer(models.Model):
    """Somebody who may publish in an archive by invitation."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return str(self.account)


class State(models.TextChoices):
    WAITING = "waiting", "waits for the archivist"
    CHANGES = "changes", "changes are asked for"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    WITHDRAWN = "withdrawn", "taken back by the writer"


class Submission(models.Model):
    """One work on its way to readers. ``mark`` tells the text that was sent in from a later one."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    work = models.OneToOneField(Work, models.CASCADE, related_name="submission")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    policy_version = models.PositiveIntegerField(default=0)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(db_index=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sent_at", "pk"]

    def __str__(self):
        return f"{self.work}: {self.get_state_display()}"


class Note(models.Model):
    """One line of the thread: what was done or said, by whom and when. ``state`` is empty for words alone."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return self.words[:60] or self.get_state_display()

"""The wranglers' log: what was done to tags, fact by fact, so that it can be undone; and which tags look alike."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.base.refs import new_ref
from storykeep.site.tags.models import Tag


class Action(models.Model):
    """One thing that a wrangler did, to one tag or to thousands."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    verb = models.CharField(max_length=40)
    words = models.TextField(help_text="what was done, in one sentence")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.words


class LongList(models.Model):
    """A table of tags that comes in in the background: how far it is, and what became of it.

    ``alive_at`` is written every second or so while somebody works on it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for your word"
        RUNNING = "running", "Is being brought in"
        DONE = "done", "Brought in"
        FAILED = "failed", "Stopped"

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    name = models.TextField(help_text="of the file")
    path = models.TextField(help_text="where it is kept until it has come in")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    said = models.TextField(blank=True)
    wrong = models.JSONField(default=list, help_text="[[line, why it was left out]]")
    action = models.ForeignKey(Action, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    alive_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.name

    @property
    def lines(self) -> int:
        """How many lines it has; each is gone through twice."""
        return self.total // 2


class Turning(models.Model):
    """A long action that is undone, or done again, in the background: how far it is, and what became of it."""

    class State(models.TextChoices):
        RUNNING = "running", "Is being turned"
        DONE = "done", "Done"
        FAILED = "failed", "Stopped"

    action = models.ForeignKey(Action, models.CASCADE, related_name="turnings")
    back = models.BooleanField(help_text="undone; else done again")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    said = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    alive_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.action} ({self.state})"


class Altered(models.Model):
    """One fact that an action altered, as :mod:`.facts` reads and writes it. None: there was, or is, nothing.

    A long action comes in parts, which are true, and undone, one after another.
    """

    action = models.ForeignKey(Action, models.CASCADE, related_name="altered")
    part = models.PositiveIntegerField(default=0, db_default=0)
    undone = models.BooleanField(default=False, db_default=False)
    place = models.CharField(max_length=120, db_index=True, help_text="as in facts.py: tag:12, link:3:7")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["action", "part"], name="altered_in_parts")]

    def __str__(self):
        return self.place


class Apart(models.Model):
    """Two tags that look alike, and that a wrangler says are not the same. The smaller id comes first."""

    first = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    second = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="apart_once")]

    def __str__(self):
        return f"{self.first} ≠ {self.second}"


class Alike(models.Model):
    """Two tags that may be the same: ``tag`` would become a synonym of ``into``."""

    found_anew = True  # whoever looks again finds them again, so that they keep no tag from going

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    into = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20)
    sure = models.FloatField(db_index=True, help_text="from 0 to 1")

    class Meta:
        ordering = ["-sure", "id"]
        constraints = [models.UniqueConstraint(fields=["tag", "into"], name="alike_once")]

    def __str__(self):
        return f"{self.tag} = {self.into}"


class Look(models.Model):
    """When tags that look alike were last looked for, and which tag was the newest then. One row."""

    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    newest = models.BigIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.found} pairs"

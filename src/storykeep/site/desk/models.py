"""The log of the desk, so that what was decided can be undone; the rescues it started; what may be one and waits."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.base.refs import new_ref
from storykeep.site.works.models import Finding, Person, Work


class Decision(models.Model):
    """One thing that an archivist decided. ``changes`` is all that it changed: see :mod:`.decisions`."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    verb = models.CharField(max_length=40)
    words = models.TextField(help_text="what was decided, in one sentence")
    work = models.ForeignKey(Work, models.SET_NULL, null=True, blank=True, related_name="decisions")
    changes = models.JSONField(default=list, help_text="[{place, before, after}], in the order in which they were made")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return self.words


class Job(models.Model):
    """A rescue that was started from the desk. ``stage``, ``done`` and ``total`` say how far it is."""

    STATES = [("running", "Runs"), ("done", "Done"), ("failed", "Failed")]

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    path = models.TextField(help_text="what is rescued")
    name = models.TextField(blank=True, help_text="the archive's name, when its pages don't say it")
    visibility = models.CharField(max_length=10, default="members")
    state = models.CharField(max_length=10, choices=STATES, default="running")
    stage = models.CharField(max_length=20, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    said = models.TextField(blank=True, help_text="what came of it, or what went wrong")
    rescue = models.CharField(max_length=255, blank=True, help_text="the name of the rescue's folder, once it is known")
    process = models.IntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self):
        return self.name or self.path.rpartition("/")[2]


class Rescue(models.Model):
    """What was brought in once: a folder of saved pages, a dump. ``name`` is that of its folder in ``rescues/``."""

    name = models.CharField(max_length=255, unique=True)
    title = models.TextField(blank=True, help_text="the archive's name")
    figures = models.JSONField(default=dict, help_text="of the report, when it was last done")
    findings = models.ManyToManyField(Finding, related_name="+", help_text="what is about no work: files, lists")
    first_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-last_at", "-id"]

    def __str__(self):
        return self.title or self.name


class Brought(models.Model):
    """A work that a rescue has made. ``found`` says whether it still does."""

    rescue = models.ForeignKey(Rescue, models.CASCADE, related_name="brought")
    work = models.ForeignKey(Work, models.CASCADE, related_name="brought_by")
    found = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rescue", "work"], name="brought_once_by_a_rescue")]

    def __str__(self):
        return f"{self.work} by {self.rescue}"


class AlikeState(models.TextChoices):
    OPEN = "open", "To decide"
    LATER = "later", "Later"
    SAME = "same", "The same"
    DIFFERENT = "different", "Not the same"


SURE = [(0.93, "Almost certain"), (0.75, "Very likely"), (0.55, "Likely"), (0.0, "Perhaps")]


class Alike(models.Model):
    """Two that may be one: how sure that is, why, and what an archivist said. ``one`` has the lower id."""

    confidence = models.FloatField(default=0)
    reasons = models.JSONField(default=list, help_text="in words, the strongest first")
    found = models.BooleanField(default=True, help_text="whether the last look saw it still")
    state = models.CharField(max_length=10, choices=AlikeState.choices, default=AlikeState.OPEN, db_index=True)

    class Meta:
        abstract = True
        ordering = ["-confidence", "id"]

    def __str__(self):
        return f"{self.one} and {self.other}"

    @property
    def said(self) -> str:
        """How sure it is, in words."""
        return next(words for least, words in SURE if self.confidence >= least)


class PeopleAlike(Alike):
    """Two people who may be one."""

    SAID = ("confidence", "reasons")
    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta(Alike.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="people_compared_once")]


class WorksAlike(Alike):
    """Two works that may be one. ``contained`` is how much of the shorter stands in the longer, 0 to 1."""

    SAID = ("confidence", "reasons", "contained")
    one = models.ForeignKey(Work, models.CASCADE, related_name="+")
    other = models.ForeignKey(Work, models.CASCADE, related_name="+")
    contained = models.FloatField(default=0)

    class Meta(Alike.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="works_compared_once")]

    @property
    def works(self) -> tuple[Work, Work]:
        return self.one, self.other

"""What only writers need: how they like to write, whom they asked to write with them, what they brought in."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.model.story import Role
from storykeep.site.base.refs import new_ref
from storykeep.site.works.models import Chapter, Person, Work, choices


class Entry(models.TextChoices):
    """How a text is typed where there is no editor."""

    LIGHT = "light", "Plain, with a little HTML"
    MARKDOWN = "markdown", "Markdown"
    HTML = "html", "HTML only"


class Desk(models.Model):
    """How somebody likes to write."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="writing_desk")
    time_zone = models.CharField(max_length=64, blank=True, help_text="a name of the IANA database")
    entry = models.CharField(max_length=10, choices=Entry.choices, default=Entry.LIGHT)
    pen_name = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self):
        return f"the desk of {self.account}"


class Answer(models.TextChoices):
    ASKED = "asked", "Not answered yet"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "back", "Taken back"


class Invitation(models.Model):
    """Somebody is asked to be named under a title. Nobody is named who did not say yes."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    work = models.ForeignKey(Work, models.CASCADE, related_name="invitations")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="writing_invitations")
    name = models.TextField(help_text="as the inviting author wrote it")
    role = models.CharField(max_length=20, choices=choices(Role), default=Role.AUTHOR.value)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.ASKED, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "account", "name"], condition=models.Q(answer="asked"), name="asked_once_by_name"
            )
        ]

    def __str__(self):
        return f"{self.name} for {self.work}"


class Unsaved(models.Model):
    """What a writer has typed about a published work, but not saved yet: readers see none of it."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="unsaved")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "account"], name="unsaved_once_per_writer")]

    def __str__(self):
        return f"what {self.account} has not saved of {self.work}"


class Brought(models.Model):
    """A file that a writer brought in, read into stories: shown first, a draft when they say so."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.TextField(help_text="of the file")
    stories = models.JSONField(default=list, help_text="bundles, as storykeep.model.bundle writes them")
    remarks = models.JSONField(default=list, blank=True)
    works = models.JSONField(default=list, blank=True, help_text="what is in a zip of everything of mine, to look at")
    wanted = models.JSONField(default=dict, blank=True, help_text="what its owner has chosen, while it is taken in")
    whole = models.BooleanField(
        default=False, db_default=False, help_text="a zip of everything of mine, not of works alone"
    )
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.name


class Sweep(models.Model):
    """One change of several works: what was asked, what it changes in each, and what is needed to take it back."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    wish = models.JSONField(default=dict)
    plan = models.JSONField(default=list, help_text="entries, as together.plans makes them")
    remains = models.JSONField(default=dict, help_text="rows that went, as together.acts keeps them")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{len(self.plan)} works of {self.account}"


class CameFrom(models.Model):
    """What a work was called where it was taken along: so it is known again, and never brought in twice."""

    work = models.OneToOneField(Work, models.CASCADE, related_name="came_from")
    key = models.TextField(db_index=True, help_text="its key in the bundle")
    archive = models.TextField(blank=True, help_text="as the bundle says it; nobody has proved it")

    def __str__(self):
        return self.key


class FirstReader(models.Model):
    """Somebody who reads a draft before others do: an account, or (``account`` empty) whoever holds a private link."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    work = models.ForeignKey(Work, models.CASCADE, related_name="first_readers")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="drafts")
    name = models.CharField(max_length=150, help_text="as the writer calls them")
    at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when a writer took it back, or the reader left")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "account"], condition=models.Q(ended_at=None), name="first_reader_once"
            )
        ]

    def __str__(self):
        return f"{self.name} reads {self.work}"


class Remark(models.Model):
    """What a first reader says to the writers at a paragraph; ``quote`` is how it began then."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    reader = models.ForeignKey(FirstReader, models.CASCADE, related_name="remarks")
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="remarks")
    place = models.PositiveIntegerField(help_text="which paragraph it was then, from 1")
    quote = models.CharField(max_length=200, blank=True)
    words = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["chapter", "place", "id"]

    def __str__(self):
        return self.words[:60]

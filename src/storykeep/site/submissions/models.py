"""How works come to readers here, what was sent in, and what was said about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.accounts.models import Invitation
from storykeep.site.base.refs import new_ref
from storykeep.site.works.models import Chapter, Revision, Work


class Way(models.TextChoices):
    OPEN = "open", "Open: every member publishes their own works"
    INVITED = "invited", "By invitation: only the writers whom you name publish"
    CURATED = "curated", "Curated: works are sent in, and an archivist decides"


class Later(models.TextChoices):
    """What of an accepted work is looked at again, in a curated archive."""

    FREE = "free", "Nothing: what its writers add or change, readers see when the writers say so"
    CHAPTERS = "chapters", "New chapters"
    ALL = "all", "New chapters, and every changed text"


class Rules(models.Model):
    """How works come to readers; there is one row."""

    way = models.CharField(max_length=10, choices=Way.choices, default=Way.OPEN)
    later = models.CharField(max_length=10, choices=Later.choices, default=Later.FREE, db_default="free")
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


class Promise(models.Model):
    """An invitation to make an account, for somebody who may publish here once they have."""

    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="promise")

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return str(self.invitation)


class State(models.TextChoices):
    WAITING = "waiting", "waits for the archivist"
    CHANGES = "changes", "changes are asked for"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    WITHDRAWN = "withdrawn", "taken back by the writer"


class Submission(models.Model):
    """One work on its way to readers."""

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


class Look(models.Model):
    """What an archivist had before them: ``seen`` is all of it but the texts, which are kept for as long as this is."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=16, help_text="tells this text from any other, see seen.mark")
    seen = models.JSONField(default=dict)
    texts = models.ManyToManyField(Revision, related_name="looks")
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="when they last read it as readers do, or decided")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "by", "mark"], name="look_once_at_each_text"),
        ]

    def __str__(self):
        return self.mark


class Standing(models.Model):
    """Where one chapter stands in a curated archive: whether it waits for a look, and which text has passed one."""

    chapter = models.OneToOneField(Chapter, models.CASCADE, related_name="standing")
    asked_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="null: nobody waits for a look")
    passed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the text that passed")

    def __str__(self):
        return f"{self.chapter}: {'asked' if self.asked_at else 'passed' if self.digest else 'not asked'}"


class Note(models.Model):
    """One line of the thread: what was done or said, by whom and when. ``state`` is empty for words alone."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, blank=True)
    words = models.TextField(blank=True)
    deed = models.CharField(max_length=300, blank=True, default="", db_default="", help_text="what was done, in words")
    suggestion = models.CharField(
        max_length=12, blank=True, default="", db_default="", help_text="ref of the suggested edits that this is about"
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return self.words[:60] or self.get_state_display()

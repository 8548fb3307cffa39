"""What readers say of works, and what they keep. Who may see any of it is decided by who may see the work."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from storykeep.site.base.refs import new_ref
from storykeep.site.works.models import Chapter, Work

NOBODY = "Somebody who left"


class Kudo(models.Model):
    """Somebody liked a work, or one chapter of it (``part`` is the chapter's id, 0 for the whole).

    ``who`` is "a" and an account's id, or "g" and a guest's digest, which is made with a secret that is thrown away.
    """

    work = models.ForeignKey(Work, models.CASCADE, related_name="kudos")
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="kudos")
    part = models.BigIntegerField(default=0)
    who = models.CharField(max_length=40)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="kudos")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "part", "who"], name="kudo_once")]

    def __str__(self):
        return f"{self.work_id}: {self.who[:1]}"


class State(models.TextChoices):
    """What has become of a comment. Only what is shown is seen by everybody."""

    SHOWN = "shown", "Shown"
    WAITING = "waiting", "Waits to be looked at"
    HIDDEN = "hidden", "Hidden"
    SPAM = "spam", "Spam"
    DELETED = "deleted", "Deleted; something answers it"


class Comment(models.Model):
    """Words about a work or a chapter. ``thread`` is the first comment of the conversation; None in that one itself."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    work = models.ForeignKey(Work, models.CASCADE, related_name="talk")
    chapter = models.ForeignKey(Chapter, models.SET_NULL, null=True, blank=True, related_name="talk")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    thread = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="conversation")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="talk")
    name = models.CharField(max_length=100, blank=True, help_text="of a guest")
    email = models.CharField(max_length=320, blank=True, help_text="of a guest; shown to nobody")
    source = models.TextField(blank=True, help_text="as it was typed")
    body = models.TextField(blank=True, help_text="clean HTML")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SHOWN)
    frozen = models.BooleanField(default=False, help_text="of a first comment: nobody may answer any more")
    by_author = models.BooleanField(default=False)
    request = models.CharField(max_length=64, unique=True, help_text="so that it is said once")
    at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["work", "thread", "-at"], name="talk_of_work"),
            models.Index(fields=["state", "work"], name="talk_by_state"),
            models.Index(fields=["account", "-at"], name="talk_of_account"),
        ]

    def __str__(self):
        return f"{self.speaker}: {self.ref}"

    def get_absolute_url(self):
        return f"{reverse('comment', args=[self.ref])}#c-{self.ref}"

    @property
    def speaker(self) -> str:
        """Return the name that stands over it."""
        return self.account.username if self.account and self.account.is_active else self.name or NOBODY


class Block(models.Model):
    """``owner`` wants nothing said to them by ``whom``: no comment or kudos on their works, no answer."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks")
    whom = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocked_by")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["owner", "whom"], name="block_once")]

    def __str__(self):
        return str(self.whom)


class Shelf(models.Model):
    """A member's shelf. A private one is seen by nobody else, whatever stands on it."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="shelves")
    name = models.CharField(max_length=100)
    about = models.TextField(blank=True)
    public = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "shelves"
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="shelf_name_once")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("shelf", args=[self.ref])


class Kept(models.Model):
    """A work that a member keeps, here or elsewhere (then ``address`` and ``title`` say what it is)."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept")
    work = models.ForeignKey(Work, models.CASCADE, null=True, blank=True, related_name="kept_by")
    address = models.CharField(max_length=2000, blank=True)
    title = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    tags = models.JSONField(default=list, blank=True, help_text="the member's own words")
    public = models.BooleanField(default=False)
    recommended = models.BooleanField(default=False)
    shelves = models.ManyToManyField(Shelf, blank=True, related_name="kept")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "kept"
        constraints = [models.UniqueConstraint(fields=["account", "work"], name="kept_once")]
        indexes = [models.Index(fields=["account", "-at"], name="kept_lately")]

    def __str__(self):
        return str(self.work) if self.work else self.title or self.address

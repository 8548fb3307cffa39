"""What members keep about finding: what they never want to meet, and searches with a name."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from storykeep.site.base.refs import new_ref
from storykeep.site.tags.models import Tag
from storykeep.site.works.models import Person, Work


class Avoided(models.Model):
    """One thing that an account never wants to meet; exactly one of ``tag``, ``person`` and ``work`` is set."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="avoided")
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    work = models.ForeignKey(Work, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "tag"], name="avoided_tag_once"),
            models.UniqueConstraint(fields=["account", "person"], name="avoided_person_once"),
            models.UniqueConstraint(fields=["account", "work"], name="avoided_work_once"),
        ]

    def __str__(self):
        return str(self.tag or self.person or self.work)


def new_token() -> str:
    """Return what makes a private feed's address impossible to guess."""
    return secrets.token_urlsafe(24)


class Mailed(models.TextChoices):
    """How often a saved search tells of what is new by mail."""

    NEVER = "", "No mail"
    DAILY = "daily", "Once a day"
    WEEKLY = "weekly", "Once a week"


class SavedSearch(models.Model):
    """A list or a search that a member has given a name. ``address`` is its path with all that narrows it."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    token = models.CharField(max_length=40, unique=True, default=new_token, help_text="in the private feed's address")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.TextField()
    address = models.TextField()
    looked_at = models.DateTimeField(default=timezone.now, help_text="what came later is new")
    mail = models.CharField(max_length=8, blank=True, choices=Mailed.choices, default=Mailed.NEVER)
    mailed_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name

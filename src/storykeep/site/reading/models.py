"""The reading log: how far an account has opened a work. It is that member's own; nobody else sees or counts it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.works.models import Work


class Opened(models.Model):
    """``furthest`` is the last chapter that was opened, ``known`` how many chapters there were then."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="opened")
    work = models.ForeignKey(Work, models.CASCADE, related_name="+")
    furthest = models.PositiveIntegerField(default=1)
    known = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["account", "work"], name="opened_once_per_work")]
        indexes = [models.Index(fields=["account", "-at"], name="opened_lately")]

    def __str__(self):
        return f"{self.work} to chapter {self.furthest}"


class NoLog(models.Model):
    """An account that wants no reading log."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="no_log")

    def __str__(self):
        return str(self.account)

"""What others say to a tie: the one to whom a work is given, and the author of a work that another one leads to."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.base.refs import new_ref

OWN = models.CASCADE


class Taken(models.TextChoices):
    """What became of a gift. Only of what is given the name is shown."""

    GIVEN = "given", "Given"
    REFUSED = "refused", "Rather not"
    CLOSED = "closed", "Takes no gifts"


class Gift(models.Model):
    """That a work is given to somebody with an account. Who has none needs no row: their name stands as typed.

    ``told_at`` is empty until a letter may go out: no gift is told before the work can be read.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    work = models.ForeignKey("works.Work", OWN, related_name="gifts")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, OWN, related_name="gifts")
    answer = models.CharField(max_length=10, choices=Taken.choices, default=Taken.GIVEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["work", "account"], name="given_once")]
        indexes = [models.Index(fields=["at"], condition=models.Q(told_at=None), name="gift_untold")]

    def __str__(self):
        return f"{self.work_id}: {self.answer}"


class Led(models.TextChoices):
    """Whether a work leads back to one that leads to it."""

    ASKED = "asked", "Not answered yet"
    SHOWN = "shown", "Shown"
    DECLINED = "declined", "Not shown"


class Echo(models.Model):
    """What the author of ``to`` says to a tie of ``work`` to it: whether its page leads back.

    Between works of the same author no answer is needed; a ``declined`` one holds there, too.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    work = models.ForeignKey("works.Work", OWN, related_name="echoes")
    to = models.ForeignKey("works.Work", OWN, related_name="echoed")
    kind = models.CharField(max_length=20)
    answer = models.CharField(max_length=10, choices=Led.choices, default=Led.ASKED)
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["work", "to", "kind"], name="echo_once")]
        indexes = [models.Index(fields=["at"], condition=models.Q(told_at=None), name="echo_untold")]

    def __str__(self):
        return f"{self.work_id} → {self.to_id}: {self.answer}"


class GiveNothing(models.Model):
    """Somebody who wants no works to be given to them."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, OWN, related_name="+")

    def __str__(self):
        return f"{self.account_id} takes no gifts"

"""An account: somebody who signs in. What the account may do comes from its roles."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from storykeep.site.accounts.names import likeness
from storykeep.site.accounts.roles import may
from storykeep.site.base.refs import new_ref

FORMER = "a former member"


class User(AbstractUser):
    """Somebody with an account. Pen names are people of the archive; an account may have several.

    An account that was erased leaves a row behind, so that what others wrote to it keeps its place: without a name,
    an address, a password or a role.
    """

    id = models.BigAutoField(primary_key=True)
    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    likeness = models.CharField(max_length=400, unique=True, null=True, editable=False)  # noqa: DJ001 — erased ones have none
    mail_wishes = models.JSONField(default=dict, blank=True, help_text="kind of mail: yes or no, where it was said")
    agreed_to = models.TextField(blank=True, help_text="the statement of age, in the words that were shown")
    agreed_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_for = models.TextField(blank=True, help_text="the reason, in words that the member may read")
    erased_at = models.DateTimeField(null=True, blank=True)
    first_name = None
    last_name = None

    def __str__(self):
        return FORMER if self.erased_at else self.username

    def save(self, *args, **kwargs):
        fields = kwargs.get("update_fields")
        if fields is None or "username" in fields:
            self.likeness = None if self.erased_at else likeness(self.username)
            if fields is not None:
                kwargs["update_fields"] = {*fields, "likeness"}
        super().save(*args, **kwargs)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of this account's roles (see :mod:`storykeep.site.accounts.roles`)."""
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_archivist(self) -> bool:
        """Whether this account may use the desk: archivists, and the host."""
        return may(self, "work at the desk")

    @property
    def is_wrangler(self) -> bool:
        """Whether this account may use the wrangling desk: wranglers, archivists, and the host."""
        return may(self, "wrangle tags")

    @property
    def is_moderator(self) -> bool:
        """Whether this account may moderate: moderators, archivists, and the host."""
        return may(self, "moderate")

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)


class Ways(models.TextChoices):
    """Who may make an account."""

    OPEN = "open", "Everybody"
    INVITED = "invited", "Who has an invitation"
    CLOSED = "closed", "Nobody, for now"


class Joining(models.Model):
    """How somebody becomes a member of this archive; there is one row."""

    way = models.CharField(max_length=10, choices=Ways.choices, default=Ways.INVITED)
    statement = models.TextField(blank=True, default="I am at least 16 years old.")
    invitations_each = models.PositiveSmallIntegerField(default=0)
    days = models.PositiveSmallIntegerField(default=14, help_text="how long an invitation is good")

    def __str__(self):
        return self.get_way_display()

    @classmethod
    def current(cls) -> Joining:
        """Return the one row, or what is true until somebody saves one."""
        return cls.objects.first() or cls()


class Invitation(models.Model):
    """A way in for one new member. Only a digest of what stands in the link is kept."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="invitations")
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    email = models.EmailField(blank=True, help_text="whom it was sent to; forgotten when it is used or withdrawn")
    note = models.CharField(max_length=200, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self):
        return self.ref

    @property
    def state(self) -> str:
        if self.used_at:
            return "used"
        if self.withdrawn_at:
            return "withdrawn"
        return "open" if self.ends_at > timezone.now() else "over"


class TakenName(models.Model):
    """A name that nobody else gets: its account was erased, or is called otherwise now. Only a digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", help_text="may take it back")

    def __str__(self):
        return self.digest[:8]


class Deed(models.Model):
    """What was done to an account by somebody with a role: roles, suspensions, links. Nobody can change it."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="deeds")
    what = models.CharField(max_length=200)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return self.what


class Leaving(models.Model):
    """An account that is about to be erased, and what its owner said about each work."""

    account = models.OneToOneField(User, models.CASCADE, related_name="leaving")
    asked_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(db_index=True)
    choices = models.JSONField(default=dict, help_text="kind of belonging: thing: what becomes of it")

    def __str__(self):
        return f"{self.account} leaves"


class Parcel(models.Model):
    """Everything of somebody's in one file, made while they do something else; kept for a few days."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    account = models.ForeignKey(User, models.CASCADE, related_name="parcels")
    asked_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True, help_text="when somebody took it in hand")
    ready_at = models.DateTimeField(null=True, blank=True, db_index=True)
    size = models.BigIntegerField(default=0, help_text="bytes")

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self):
        return self.ref


class Fate(models.TextChoices):
    """What has become of a letter."""

    WAITING = "waiting", "Waits to be sent"
    TAKEN = "taken", "Being handed over"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "No longer wished, or no longer true"
    FAILED = "failed", "Could not be delivered"


class Outgoing(models.Model):
    """A letter to a member, written in the transaction of what it tells, sent afterwards. Its words go with it."""

    account = models.ForeignKey(User, models.CASCADE, related_name="outgoing")
    kind = models.CharField(max_length=40, help_text="as members choose")
    about = models.CharField(max_length=80, blank=True, help_text="what it tells, once to each member")
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    fate = models.CharField(max_length=10, choices=Fate.choices, default=Fate.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "outgoing"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "about"], condition=~models.Q(about=""), name="letter_once_to_each"
            )
        ]
        indexes = [models.Index(fields=["fate", "due"], name="letter_by_fate")]

    def __str__(self):
        return f"{self.kind}: {self.get_fate_display()}"

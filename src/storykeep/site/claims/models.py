"""The claim store of the site: sealed addresses, letters, claims, and the list of those who said never.

An address is kept sealed (encrypted with a key that lies beside the database, not in it), to write one letter and to
recognise its owner; a digest finds it without opening it. When an author has decided, the sealed address is dropped.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.base.refs import new_ref
from storykeep.site.works.models import Person


class Way(models.Model):
    """A way to reach a person: an e-mail address that their old archive had."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="ways")
    digest = models.CharField(max_length=64, db_index=True)
    sealed = models.BinaryField(blank=True, help_text="the address, encrypted; empty when it is no longer needed")
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="way_once_per_person")]

    def __str__(self):
        return f"a way to {self.person}"


class Letter(models.Model):
    """What the archivist writes to the authors, in their own words. One mail per author, whatever they wrote."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="plain text; {name}, {works} and {archive} are filled in")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return self.subject


class Sending(models.Model):
    """One letter to one author: sent, failed, or not sent because they said never."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="sendings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="letters")
    outcome = models.CharField(max_length=10, choices=[("sent", "Sent"), ("failed", "Failed"), ("never", "Said never")])
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "person"], name="letter_once_per_person")]

    def __str__(self):
        return f"{self.letter} to {self.person}: {self.outcome}"


class ClaimState(models.TextChoices):
    ASKED = "asked", "Waits for the archivist"
    SHOWN = "shown", "Identity shown by the old address"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Refused"


class Claim(models.Model):
    """Somebody says that they are this person."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="claims")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.ASKED, db_index=True)
    statement = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [models.UniqueConstraint(fields=["person", "account"], name="claim_once_per_account")]

    def __str__(self):
        return f"{self.account} claims {self.person}"


class Never(models.Model):
    """Somebody who said never: never write to me, or never import my works. Only digests are kept."""

    what = models.CharField(max_length=10, choices=[("write", "Never write"), ("import", "Never import")])
    kind = models.CharField(max_length=10, choices=[("email", "E-mail"), ("name", "Name"), ("address", "Old address")])
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "kind", "digest"], name="never_once")]

    def __str__(self):
        return f"{self.get_what_display()} ({self.get_kind_display()})"

"""The claim store of the site: sealed addresses, letters, claims, and the list of those who said never.

An address is kept sealed (encrypted with a key that lies beside the database, not in it), to write one letter and to
recognise its owner; a digest finds it without opening it. When an author has decided, the sealed address is dropped.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storykeep.site.base.refs import new_ref
from storykeep.site.works.models import Person, Work


class Way(models.Model):
    """A way to reach a person: an e-mail address that their old archive had."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="ways")
    digest = models.CharField(max_length=64, db_index=True)
    sealed = models.BinaryField(blank=True, help_text="the address, encrypted; empty when it is no longer needed")
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="what the server said")

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


class Outcome(models.TextChoices):
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be handed over"
    BOUNCED = "bounced", "Came back"
    NEVER = "never", "Said never"


class Sending(models.Model):
    """One letter to one author: what became of it, and by which way it went."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="sendings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="letters")
    way = models.ForeignKey(Way, models.SET_NULL, null=True, blank=True, related_name="sendings")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    at = models.DateTimeField(auto_now=True)

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


class Word(models.Model):
    """What somebody who claims a name and the archivist write to one another."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="words")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return self.text[:60]


class Choice(models.Model):
    """What an author decided about a work, and what was before, so that a wrong claim can be taken back with it."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="choices")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    before = models.JSONField(default=dict, help_text="visibility, and credits with their people")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.work}: {self.verb}"


class Opening(models.Model):
    """That an archivist set a date from which works are for everybody, or took it away; and why."""

    date = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    works = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.works} works, {self.date or 'no date'}"


class NeverKind(models.TextChoices):
    NAME = "name", "Name"
    EMAIL = "email", "E-mail address"
    ADDRESS = "address", "A work’s old address"
    TEXT = "text", "A work’s text"


class Never(models.Model):
    """Somebody who said never: never write to me, or never import my works. Only digests are kept.

    Of a text its ``sketch`` is kept too: keyed hashes of some of its runs of words (:mod:`.fingerprints`), by which it
    is known again under another title. Nothing can be read out of it.
    """

    what = models.CharField(max_length=10, choices=[("write", "Never write"), ("import", "Never import")])
    kind = models.CharField(max_length=10, choices=NeverKind.choices)
    digest = models.CharField(max_length=64)
    sketch = models.JSONField(default=list, blank=True)
    work = models.ForeignKey(
        Work, models.SET_NULL, null=True, blank=True, related_name="+", help_text="the removed work that it guards"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "kind", "digest"], name="never_once")]

    def __str__(self):
        return f"{self.get_what_display()} ({self.get_kind_display()})"

"""Works as rows. The values are those of :mod:`storykeep.model.story`; :mod:`.bridge` is the only crossing.

What differs from the model: ids for addresses, who may see a work, revisions of a chapter's text, what a person
has edited, what became of a finding. Dates are ISO 8601 strings as precise as is known, as in the model.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from storykeep.model.identity import slug
from storykeep.model.provenance import Severity, called
from storykeep.model.story import NoteKind, RelationKind, Role, Status, WorkKind
from storykeep.site.base.letters import letter
from storykeep.site.base.models import SitePage
from storykeep.site.base.refs import new_ref
from storykeep.site.tags.models import Beginning, Tag
from storykeep.site.works.tied import Echo, Gift, GiveNothing  # noqa: F401 — the tables of that file are of this room


def choices(enum):
    """Return the values of an enumeration of the model as choices for a field."""
    return [(item.value, item.value.replace("-", " ").capitalize()) for item in enum]


class Visibility(models.TextChoices):
    """Who may see a work. :func:`.queries.readable_by` is the only place that decides by it."""

    PUBLIC = "public", "Everybody"
    MEMBERS = "members", "Members"
    HIDDEN = "hidden", "Hidden: archivists only"
    DRAFT = "draft", "Draft: its authors and archivists"
    REMOVED = "removed", "Removed by its author"
    LED = "led", "Nobody: its address leads to another work"
    TRASH = "trash", "In the trash of its authors"


GONE = (Visibility.REMOVED, Visibility.LED, Visibility.TRASH)
"""What nobody may read, not even an archivist."""


class Commenting(models.TextChoices):
    """Who may comment on a work."""

    ALL = "all", "Everybody"
    MEMBERS = "members", "Members"
    NONE = "none", "Nobody"


class Person(models.Model):
    """Somebody who wrote, translated, drew. ``account`` is set once they have claimed their works."""

    key = models.TextField(unique=True)
    slug = models.CharField(max_length=90, unique=True)
    name = models.TextField(db_index=True)
    folded = models.TextField(blank=True, help_text="as the search compares it; sorts lists of people")
    letter = models.CharField(max_length=4, blank=True, db_index=True)
    sites = models.JSONField(default=list, blank=True)
    bio = models.TextField(blank=True, help_text="clean HTML")
    interview = models.JSONField(default=list, blank=True, help_text="[{question, answer}], answers are clean HTML")
    image = models.JSONField(null=True, blank=True)
    addresses = models.JSONField(default=list, blank=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="people")
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", help_text="who this person is, too"
    )

    class Meta:
        ordering = ["folded", "id"]
        indexes = [models.Index("letter", Beginning("folded"), "id", name="person_by_letter")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("person", kwargs={"slug": self.slug})

    @property
    def lead(self) -> Person:
        """Who this person is, after all that an archivist has brought together; themselves, mostly."""
        return self.merged_into.lead if self.merged_into_id else self


class PenName(models.Model):
    """Another spelling or another name of a person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="pen_names")
    name = models.TextField()
    place = models.PositiveIntegerField(default=0)
    of = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="+", help_text="whose name it was, before a merging"
    )

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return self.name


class Work(models.Model):
    """One work, with all that is known of it. ``title`` is null when it was lost."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    key = models.TextField(unique=True, help_text="stable between rescues; from the old address or id")
    title = models.TextField(null=True, blank=True)  # noqa: DJ001 — lost is not the same as empty
    sort_title = models.TextField(blank=True, help_text="folded, without a leading article")
    letter = models.CharField(max_length=4, blank=True, db_index=True)
    kind = models.CharField(max_length=10, choices=choices(WorkKind), default=WorkKind.STORY.value)
    archive = models.TextField(blank=True, help_text="the archive that it comes from")
    summary = models.TextField(blank=True, help_text="clean HTML")
    language = models.TextField(blank=True)
    direction = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=choices(Status), default=Status.UNKNOWN.value)
    written = models.TextField(blank=True)
    published = models.TextField(blank=True)
    updated = models.TextField(blank=True)
    stated_words = models.BigIntegerField(default=0)
    reads = models.BigIntegerField(default=0)
    kudos_count = models.PositiveIntegerField(default=0, db_default=0, help_text="counted by talk, as the next two")
    comments_count = models.PositiveIntegerField(default=0, db_default=0, help_text="that everybody may see")
    shelves_count = models.PositiveIntegerField(default=0, db_default=0, help_text="public ones that it stands on")
    read_here = models.PositiveIntegerField(default=0, db_default=0, help_text="readers, counted by readership")
    chapters_planned = models.BigIntegerField(default=0)
    images = models.JSONField(default=list, blank=True)
    addresses = models.JSONField(default=list, blank=True, help_text="old URLs, as they came")

    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC, db_index=True)
    rescued = models.BooleanField(default=False)
    opens_on = models.DateField(null=True, blank=True, help_text="from then on, what members may read is for everybody")
    reached_at = models.DateTimeField(
        null=True, blank=True, help_text="when one of its authors was found: they decide then, and no date opens it"
    )
    publish_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="when this draft is published")
    publish_as = models.CharField(
        max_length=10, default=Visibility.PUBLIC, db_default="public", help_text="who may read it once it is published"
    )
    comments = models.CharField(
        max_length=10, choices=Commenting.choices, default=Commenting.ALL, db_default="all", help_text="who may comment"
    )
    comments_moderated = models.BooleanField(
        default=False, db_default=False, help_text="whether its authors see comments before others do"
    )
    trashed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    before_trash = models.CharField(max_length=10, blank=True, default="", db_default="", help_text="who might see it")
    words = models.BigIntegerField(default=0, help_text="counted")
    chapter_count = models.PositiveIntegerField(default=0)
    sanitiser = models.PositiveIntegerField(default=0, help_text="version that cleaned summary and notes")
    version = models.PositiveIntegerField(
        default=0, help_text="grows with every change; pages and downloads are cached by it"
    )
    leads_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="led_here", help_text="where its address leads"
    )
    kept = models.CharField(
        max_length=64, blank=True, help_text="hash of the last rescued record, to skip what is unchanged"
    )
    added_at = models.DateTimeField(auto_now_add=True, db_index=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)
    tags = models.ManyToManyField(Tag, through="WorkTag", related_name="works")

    class Meta:
        ordering = ["sort_title", "id"]
        indexes = [models.Index("letter", Beginning("sort_title"), "id", "visibility", name="work_by_letter")]

    def __str__(self):
        return self.title or "Untitled"

    def get_absolute_url(self):
        return reverse("work", kwargs={"ref": self.ref, "slug": self.slug})

    @property
    def slug(self) -> str:
        return slug(self.title or "untitled")


class ReadChapters(models.Manager):
    """The chapters that readers may see. What is still being written is found nowhere unless it is asked for."""

    def get_queryset(self):
        return super().get_queryset().filter(draft=False)


class Chapter(models.Model):
    """One chapter. What readers see is the revision ``current``; ``working`` is newer, and for its writers only.

    ``work.chapters`` are those that are published; ``work.chapters(manager="written")`` are all, in the writers' order.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    work = models.ForeignKey(Work, models.CASCADE, related_name="chapters")
    key = models.TextField()
    place = models.PositiveIntegerField(help_text="1 for the first")
    title = models.TextField(blank=True)
    label = models.TextField(blank=True, help_text="as printed: Prologue, 2b")
    summary = models.TextField(blank=True, help_text="clean HTML")
    rating = models.TextField(blank=True)
    published = models.TextField(blank=True)
    stated_words = models.BigIntegerField(default=0)
    truncated = models.BooleanField(default=False)
    images = models.JSONField(default=list, blank=True)
    captures = models.JSONField(default=list, blank=True, help_text="SHA-256 of the originals, best witness first")
    addresses = models.JSONField(default=list, blank=True)
    words = models.BigIntegerField(default=0, help_text="counted")
    current = models.ForeignKey("Revision", models.SET_NULL, null=True, blank=True, related_name="+")
    working = models.ForeignKey("Revision", models.SET_NULL, null=True, blank=True, related_name="+")
    draft = models.BooleanField(default=False, db_default=False, help_text="seen by its writers only")
    order = models.PositiveIntegerField(
        default=0, db_default=0, help_text="among all chapters, drafts too; 0: as place"
    )
    publish_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="when this draft is published")
    trashed_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = ReadChapters()
    written = models.Manager()  # noqa: DJ012 — ruff takes a plain manager for a field

    class Meta:
        ordering = ["place", "id"]
        indexes = [models.Index(fields=["work", "place"])]

    def __str__(self):
        title = "" if self.label.endswith(self.title) else self.title  # menus repeat it: "2. North" and "North"
        return " ".join(part for part in (self.label, title) if part) or f"Chapter {self.place}"

    def get_absolute_url(self):
        return reverse("chapter", kwargs={"ref": self.work.ref, "slug": self.work.slug, "place": self.place})


class Revision(models.Model):
    """The text of a chapter as it was at one time. Never changed after it was made.

    ``html`` is empty until readers see it. ``conflicts`` are places where two people wrote at once: both texts stand in
    ``body``, one after the other, until somebody settles it.
    """

    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(default=1)
    body = models.TextField(blank=True, help_text="clean, repaired HTML: the source")
    html = models.TextField(blank=True, help_text="rendered for the page; nothing in it differs by reader")
    sanitiser = models.PositiveIntegerField(default=0, help_text="version of storykeep.text.sanitise")
    steps = models.JSONField(default=list, blank=True)
    gaps = models.JSONField(default=list, blank=True)
    apparatus = models.JSONField(default=list, blank=True, help_text="where the witnesses differ")
    words = models.BigIntegerField(default=0)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", help_text="base of it")
    how = models.CharField(max_length=10, blank=True, default="", db_default="", help_text="see writing.revisions")
    name = models.TextField(blank=True, default="", db_default="", help_text="what a writer calls it, to keep it")
    shown = models.BooleanField(default=False, db_default=False, help_text="whether readers ever saw it")
    conflicts = models.JSONField(null=True, blank=True, help_text="[{mine, theirs}]: paragraphs written at once")
    request = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="so that it is saved once"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["chapter", "request"], condition=~models.Q(request=""), name="revision_request_once"
            ),
        ]

    def __str__(self):
        return f"Revision {self.number}"


class Credit(models.Model):
    """A name under a title, as printed; on the work, or on one of its chapters."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="credits")
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="credits")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="credits")
    stated = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="stated_credits",
        help_text="whose it was, before a merging",
    )  # fmt: skip
    name = models.TextField()
    key = models.TextField(
        blank=True, help_text="key of the person as the source gave it; empty when only the name was known"
    )
    role = models.CharField(max_length=20, choices=choices(Role), default=Role.AUTHOR.value)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return self.name


class Note(models.Model):
    """Words around a text that are not the text: before, after, disclaimer, thanks and so on."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="notes")
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="notes")
    kind = models.CharField(max_length=20, choices=choices(NoteKind), default=NoteKind.BEFORE.value)
    label = models.TextField(blank=True)
    body = models.TextField(blank=True, help_text="clean HTML")
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return self.label or self.get_kind_display()


class WorkTag(models.Model):
    """A tag on a work, in the order in which they were given."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="work_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="work_tags")
    place = models.PositiveIntegerField(default=0)
    old_id = models.TextField(blank=True, help_text="what the old software called it")
    parent = models.TextField(blank=True, help_text="a broader tag, as the source named it")

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return self.tag.name


class Series(models.Model):
    """Works that belong together, in order. A series may stand in a broader one."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    key = models.TextField(unique=True)
    title = models.TextField()
    sort_title = models.TextField(blank=True)
    letter = models.CharField(max_length=4, blank=True, default="", db_default="")
    summary = models.TextField(blank=True, help_text="clean HTML")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="inner")
    stated_parent = models.TextField(blank=True, help_text="key of the broader series, as the source named it")
    open = models.BooleanField(default=False)
    credits = models.JSONField(default=list, blank=True, help_text="[{name, role, person}]")
    members = models.JSONField(
        default=list, blank=True, help_text="keys of works and inner series, in order, as stated"
    )
    reviews = models.JSONField(default=list, blank=True)
    addresses = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["sort_title", "id"]
        verbose_name_plural = "series"
        indexes = [models.Index("letter", Beginning("sort_title"), "id", name="series_by_letter")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.letter = letter(self.sort_title)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("series", kwargs={"ref": self.ref, "slug": self.slug})

    @property
    def slug(self) -> str:
        return slug(self.title)


class SeriesPlace(models.Model):
    """A work's place in a series. ``position`` is 1 for the first, 0 when unknown; ``title`` as printed."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="series_places")
    series = models.ForeignKey(Series, models.CASCADE, related_name="places")
    title = models.TextField(blank=True)
    position = models.BigIntegerField(default=0)
    key = models.TextField(blank=True, help_text="key of the series as the source gave it")
    place = models.PositiveIntegerField(default=0, help_text="order among the series of this work")

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return f"{self.title} {self.position or ''}".strip()


class Relation(models.Model):
    """A tie to another work or a person: sequel of, inspired by, gift to. ``to`` is set when it is in this archive."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20, choices=choices(RelationKind))
    target = models.TextField(help_text="as printed")
    key = models.TextField(blank=True)
    address = models.TextField(blank=True)
    to = models.ForeignKey(Work, models.SET_NULL, null=True, blank=True, related_name="related_from")
    gift = models.ForeignKey(
        Gift, models.SET_NULL, null=True, blank=True, related_name="ties", help_text="when who gets it has an account"
    )
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.target}"


class Review(models.Model):
    """A reader's words that came in with a work from its old site."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="reviews")
    key = models.TextField()
    name = models.TextField(blank=True)
    person = models.TextField(blank=True, help_text="key of a person")
    date = models.TextField(blank=True)
    rating = models.TextField(blank=True)
    body = models.TextField(blank=True, help_text="clean HTML")
    chapter = models.TextField(blank=True, help_text="key of a chapter of the work")
    reply_to = models.TextField(blank=True, help_text="key of the review that this one answers")
    by_author = models.BooleanField(default=False)
    shown = models.BooleanField(default=True)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return f"{self.name or 'Somebody'}, {self.date}"


class Capture(models.Model):
    """One run of original bytes that a work was read from. The bytes lie in ``originals/`` under the SHA-256."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="captures")
    sha256 = models.CharField(max_length=64, db_index=True)
    path = models.TextField(blank=True)
    address = models.TextField(blank=True)
    captured_at = models.TextField(blank=True)
    media_type = models.TextField(blank=True)
    size = models.BigIntegerField(default=0)
    declared_encoding = models.TextField(blank=True)
    encoding = models.TextField(blank=True)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return called(self.path, self.address) or self.sha256[:12]


class Evidence(models.Model):
    """Why a field of a work or a person has the value it has."""

    work = models.ForeignKey(Work, models.CASCADE, null=True, blank=True, related_name="evidence")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="evidence")
    field = models.TextField()
    rule = models.TextField()
    confidence = models.FloatField(default=1.0)
    capture = models.TextField(blank=True)
    quote = models.TextField(blank=True)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]
        verbose_name_plural = "evidence"

    def __str__(self):
        return f"{self.field}: {self.rule}"


class FindingState(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    FIXED = "fixed", "Fixed"


class Finding(models.Model):
    """Something that an archivist may want to settle. Without a work it is about the rescue as a whole."""

    work = models.ForeignKey(Work, models.CASCADE, null=True, blank=True, related_name="findings")
    code = models.CharField(max_length=80, db_index=True)
    where = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    suggestion = models.TextField(blank=True)
    severity = models.CharField(max_length=10, choices=choices(Severity), default=Severity.DOUBT.value)
    capture = models.TextField(blank=True)
    place = models.PositiveIntegerField(default=0)
    current = models.BooleanField(default=True, help_text="whether the last rescue saw it still")
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN, db_index=True)
    note = models.TextField(blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self):
        return f"{self.code} {self.where}".strip()


class OldAddress(models.Model):
    """An address of the old site, in normal form (:mod:`.addresses`), and what it leads to now.

    ``path`` holds the query too. ``derived`` marks a form that nobody saved, but that follows from one that was.
    """

    host = models.CharField(max_length=255)
    path = models.CharField(max_length=600, db_index=True)
    query = models.CharField(
        max_length=200, blank=True, db_index=True, help_text="of a page of a work: what its sisters share"
    )
    derived = models.BooleanField(default=False)
    work = models.ForeignKey(Work, models.CASCADE, null=True, blank=True, related_name="old_addresses")
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="old_addresses")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="old_addresses")
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="old_addresses")
    page = models.ForeignKey(SitePage, models.CASCADE, null=True, blank=True, related_name="old_addresses")

    class Meta:
        verbose_name_plural = "old addresses"
        constraints = [models.UniqueConstraint(fields=["host", "path"], name="old_address_once")]

    def __str__(self):
        return f"{self.host}{self.path}"


class EditedField(models.Model):
    """A field that a person has set; a later rescue never overwrites it.

    ``field`` is a path as in :class:`Evidence`: ``title``, ``authors``, ``chapters.<key>.body``.
    """

    work = models.ForeignKey(Work, models.CASCADE, null=True, blank=True, related_name="edited_fields")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="edited_fields")
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="edited_fields")
    field = models.TextField()
    before = models.JSONField(null=True, blank=True, help_text="what the rescue had found")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "field"], name="edited_once_per_work"),
            models.UniqueConstraint(fields=["person", "field"], name="edited_once_per_person"),
            models.UniqueConstraint(fields=["series", "field"], name="edited_once_per_series"),
        ]

    def __str__(self):
        return self.field


class Change(models.Model):
    """A line of the outbox: this work has changed. Written in the same transaction; the search reads it."""

    work = models.BigIntegerField(help_text="id of the work; no foreign key, since a deleted work changes too")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"work {self.work}"


class Recounted(models.Model):
    """Kudos, comments, shelves or readers of this work changed: one line, however often, until it is a Change."""

    work = models.BigIntegerField(primary_key=True, help_text="id of the work; no foreign key, as above")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "recounted"

    def __str__(self):
        return f"work {self.work}"

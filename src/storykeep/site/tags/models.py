"""The archive's own kinds of tags, and its tags: canonical ones, synonyms, broader and narrower."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import count, islice

from django.conf import settings
from django.db import models
from django.urls import reverse

from storykeep.model.identity import sha256, slug
from storykeep.site.base.letters import letter
from storykeep.text.fold import fold

SLUGS_AT_ONCE = 20
BEGINNING = 60  # characters of a name that are in an index; PostgreSQL's takes no names of any length


class Beginning(models.Func):
    """The first letters of a name, for an index. The number stands in the SQL, or SQLite would not use the index.

    They are compared letter by letter, by their numbers in Unicode, on every database.
    """

    arity = 1
    template = f"SUBSTR(%(expressions)s, 1, {BEGINNING})"
    output_field = models.TextField()

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, template=f'({self.template} COLLATE "C")')


class Whole(models.Func):
    """A name as it is. Compared so, SQLite doesn't put it into :class:`Beginning`, and goes on using its index."""

    arity = 1
    template = "(%(expressions)s || '')"
    output_field = models.TextField()


class Ties(models.TextChoices):
    """What joins the names in a tag of this kind. Where names are joined, their order makes no difference."""

    NONE = "", "Nothing: a tag is one thing"
    ROMANTIC = "/", "Names with a slash: romantic"
    OTHER = "&", "Names with an “&”: friends, family, rivals"
    BOTH = "/&", "Names with a slash or an “&”"


class TagKind(models.Model):
    """A kind of tag that this archive uses: fandom, pairing, timeline, rating and so on.

    ``under`` is the kind whose tags these belong to (characters belong to fandoms). A ``retired`` kind is offered
    nowhere; works keep its tags.
    """

    key = models.CharField(max_length=80, unique=True)
    name = models.TextField(help_text="for people, plural: Pairings")
    open = models.BooleanField(default=True, help_text="whether writers may add tags")
    many = models.BooleanField(default=True, help_text="whether a work may have several")
    required = models.BooleanField(default=False)
    filter = models.BooleanField(default=True, help_text="whether readers browse and filter by it")
    place = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False, db_default=False, help_text="kept on works, offered nowhere")
    ties = models.CharField(max_length=2, blank=True, choices=Ties.choices, default=Ties.NONE, db_default="")
    under = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="belonging")

    class Meta:
        ordering = ["place", "name"]

    def __str__(self):
        return self.name


class Tag(models.Model):
    """One label. A synonym points to its canonical tag; choosing a tag finds its synonyms and all under it.

    ``parents`` are what a tag stands under: a broader tag of its kind, or one of another kind that it belongs to.
    A ``joint`` tag says several things at once; those are its parents, and it is offered to nobody.
    ``settled`` says that a wrangler has looked at it; ``uses`` on how many works it stands.
    """

    kind = models.ForeignKey(TagKind, models.CASCADE, related_name="tags")
    name = models.TextField()
    slug = models.CharField(max_length=90)
    folded = models.TextField(db_index=False, help_text="as the search compares it")
    letter = models.CharField(max_length=4, blank=True, default="", db_default="")
    synonym_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="synonyms", db_index=False
    )
    parents = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="children")
    joint = models.BooleanField(default=False, db_default=False)
    settled = models.BooleanField(default=False, db_default=False)
    uses = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["folded", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="tag_slug_once_per_kind")]
        indexes = [
            models.Index(fields=["kind", "slug"]),
            models.Index("kind", Beginning("folded"), name="tag_by_kind_and_beginning"),
            models.Index("kind", "letter", Beginning("folded"), name="tag_by_kind_and_letter"),
            models.Index(fields=["kind", "-uses"], name="tag_by_kind_and_uses"),
            # Most tags are no synonyms: an index of them all looks useless to SQLite, which reads the whole table then.
            models.Index(fields=["synonym_of"], condition=models.Q(synonym_of__isnull=False), name="tag_by_canonical"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_was_set()
        if not self.slug:
            self.slug = free_slug(self.kind_id, self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("tag", args=[self.kind.key, self.slug])

    def name_was_set(self) -> None:
        """Bring what sorts the lists, and what the search compares, in line with the name."""
        self.folded = fold(self.name)
        self.letter = letter(self.folded)

    @classmethod
    def called(cls, kind: int, name: str) -> models.QuerySet[Tag]:
        """Return the tags of a kind that are called ``name``, whatever the accents and case."""
        folded = fold(name)
        rows = cls.objects.alias(beginning=Beginning("folded"), whole=Whole("folded"))
        return rows.filter(kind=kind, beginning=folded[:BEGINNING], whole=folded)

    @property
    def canonical(self) -> Tag:
        return self.synonym_of or self


class OldName(models.Model):
    """What a tag was called, or the kind that it was of, before it was renamed or moved. Its old address leads on."""

    kind = models.ForeignKey(TagKind, models.CASCADE, related_name="+")
    name = models.TextField()
    digest = models.CharField(max_length=64, default="", help_text="SHA-256 of the name, for the index")
    slug = models.CharField(max_length=90)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="old_names")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="old_tag_name_once_per_kind")]
        indexes = [models.Index(fields=["kind", "slug"], name="old_tag_by_slug")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.digest = sha256(self.name.encode())
        super().save(*args, **kwargs)


class Favourite(models.Model):
    """A tag that a member likes to have at hand."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourite_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="favourites")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["tag__folded", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "tag"], name="favourite_tag_once")]

    def __str__(self):
        return str(self.tag)


class Retagged(models.Model):
    """A line of the tags' outbox: all works under this tag are to be indexed anew. ``after`` is the last one that was.

    The works may be hundreds of thousands; they are gone through in the background, a batch at a time.
    """

    tag = models.BigIntegerField(help_text="id of the tag; no foreign key, since a removed tag changes too")
    after = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"tag {self.tag}"


def free_slug(kind: int, name: str) -> str:
    """Return a part of an address for a tag called ``name`` that no other tag of the kind has, or ever had."""
    return first_free(slug(name), lambda slugs: slugs_taken(kind, slugs))


def first_free(wanted: str, taken: Callable[[list[str]], set[str]]) -> str:
    """Return the first of ``wanted``, ``wanted-2`` and so on that is not among what ``taken`` says; asked for many."""
    names = numbered(wanted)
    while True:
        some = list(islice(names, SLUGS_AT_ONCE))
        gone = taken(some)
        if free := next((each for each in some if each not in gone), ""):
            return free


def numbered(wanted: str) -> Iterator[str]:
    """Yield ``wanted``, then ``wanted-2`` and so on."""
    yield wanted
    yield from (f"{wanted}-{number}" for number in count(2))


def slugs_taken(kind: int, slugs: Collection[str]) -> set[str]:
    """Return those of ``slugs`` that a tag of ``kind`` has or had. 2 queries."""
    rows = (Tag.objects, OldName.objects)
    return {one for each in rows for one in each.filter(kind=kind, slug__in=slugs).values_list("slug", flat=True)}

"""The archive's own kinds of tags, and its tags: canonical ones, synonyms, broader and narrower."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from storykeep.model.identity import slug
from storykeep.text.fold import fold


class TagKind(models.Model):
    """A kind of tag that this archive uses: fandom, pairing, timeline, rating and so on."""

    key = models.CharField(max_length=80, unique=True)
    name = models.TextField(help_text="for people, plural: Pairings")
    open = models.BooleanField(default=True, help_text="whether writers may add tags")
    many = models.BooleanField(default=True, help_text="whether a work may have several")
    required = models.BooleanField(default=False)
    filter = models.BooleanField(default=True, help_text="whether readers browse and filter by it")
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "name"]

    def __str__(self):
        return self.name


class Tag(models.Model):
    """One label. A synonym points to its canonical tag; choosing a tag finds its synonyms and all under it."""

    kind = models.ForeignKey(TagKind, models.CASCADE, related_name="tags")
    name = models.TextField()
    slug = models.CharField(max_length=90)
    folded = models.TextField(db_index=False, help_text="as the search compares it")
    synonym_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="synonyms")
    parents = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="children")

    class Meta:
        ordering = ["folded", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="tag_slug_once_per_kind")]
        indexes = [models.Index(fields=["kind", "slug"])]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded = fold(self.name)
        if not self.slug:
            self.slug = free_slug(self.kind_id, self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("tag", args=[self.kind.key, self.slug])

    @property
    def canonical(self) -> Tag:
        return self.synonym_of or self


def free_slug(kind: int, name: str) -> str:
    """Return a part of an address for a tag called ``name`` that no other tag of the kind has."""
    wanted = slug(name)
    taken = set(Tag.objects.filter(kind=kind, slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(each for each in numbered if each not in taken)

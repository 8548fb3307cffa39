"""What the pages of the wranglers show: bins, tags with what they are tied to, the log."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.wrangling.models import Action, Altered
from storykeep.text.fold import fold

BINS = {
    "new": "To look at",
    "loose": "Belonging to nothing",
    "unused": "Unused",
    "own": "Standing for themselves",
    "synonyms": "Synonyms",
    "joint": "Split",
    "all": "All",
}
ORDERS = {"uses": "Used most", "name": "A to Z", "newest": "Newest", "oldest": "Oldest"}
SORTED = {"uses": ("-uses", "folded"), "name": ("folded", "pk"), "newest": ("-pk",), "oldest": ("pk",)}
LINKS = Tag.parents.through


@dataclass(frozen=True, slots=True)
class KindOfTags:
    """A kind with how many of its tags are in each bin."""

    kind: TagKind
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which tags are shown. Values that are not known become the usual ones."""

    bin: str = "new"
    kind: str = ""
    words: str = ""
    order: str = "uses"
    kinds: tuple[TagKind, ...] = field(default=(), compare=False)

    @classmethod
    def asked(cls, asked) -> Filter:
        """Return the filter that a query string, or a form, asks for. 1 query."""
        bin_, order = asked.get("bin", ""), asked.get("order", "")
        words = " ".join(asked.get("q", "").replace("\0", "").split())[:200]
        kinds = tuple(TagKind.objects.select_related("under"))
        known = {kind.key for kind in kinds}
        kind = asked.get("kind", "")
        return cls(
            bin=bin_ if bin_ in BINS else ("all" if words else "new"),
            kind=kind if kind in known else "",
            words=words,
            order=order if order in ORDERS else "uses",
            kinds=kinds,
        )


def in_bin(name: str) -> Q:
    """Return what makes a tag fall into a bin."""
    own = Q(synonym_of=None, joint=False)
    return {
        "new": own & Q(settled=False),
        "loose": own & Q(kind__under__isnull=False) & ~Exists(belonging()),
        "unused": own & Q(uses=0) & ~Exists(Tag.objects.filter(synonym_of=OuterRef("pk"))) & ~Exists(under_it()),
        "own": own,
        "synonyms": Q(synonym_of__isnull=False),
        "joint": Q(joint=True),
        "all": Q(),
    }[name]


def belonging() -> QuerySet:
    return LINKS.objects.filter(from_tag=OuterRef("pk"), to_tag__kind=OuterRef("kind__under"))


def under_it() -> QuerySet:
    return LINKS.objects.filter(to_tag=OuterRef("pk"))


def home() -> list[KindOfTags]:
    """Return all kinds with their bins counted. 2 queries."""
    counts = {f"in_{name}": Count("pk", filter=in_bin(name)) for name in BINS}
    rows = {row.pop("kind"): row for row in Tag.objects.order_by().values("kind").annotate(**counts)}
    empty = dict.fromkeys(counts, 0)
    return [KindOfTags(kind, plain(rows.get(kind.pk, empty))) for kind in TagKind.objects.select_related("under")]


def plain(counts: dict[str, int]) -> dict[str, int]:
    return {name.removeprefix("in_"): number for name, number in counts.items()}


def tags(asked: Filter) -> QuerySet[Tag]:
    """Return the tags that ``asked`` is about, each with ``over`` (what it stands under). 2 queries."""
    found = Tag.objects.filter(in_bin(asked.bin))
    if asked.kind:
        found = found.filter(kind__key=asked.kind)
    for word in fold(asked.words).split():
        found = found.filter(folded__contains=word)
    over = Prefetch("parents", Tag.objects.select_related("kind"), to_attr="over")
    return found.select_related("kind", "synonym_of").prefetch_related(over).order_by(*SORTED[asked.order])


def uses_with_synonyms(tags: list[int]) -> dict[int, int]:
    """Return on how many works each tag stands, under its own name or a synonym's. 2 queries."""
    own = dict(Tag.objects.filter(pk__in=tags).values_list("pk", "uses"))
    others = Tag.objects.filter(synonym_of__in=tags).order_by().values_list("synonym_of").annotate(Sum("uses"))
    return {tag: own.get(tag, 0) + more for tag, more in {**dict.fromkeys(own, 0), **dict(others)}.items()}


def actions() -> QuerySet[Action]:
    """Return the log, the latest first; ``changed`` says whether an action altered anything."""
    changed = Exists(Altered.objects.filter(action=OuterRef("pk")))
    return Action.objects.select_related("by", "undone_by").annotate(changed=changed).order_by("-pk")


def actions_on(tag: Tag) -> QuerySet[Action]:
    """Return what was done to one tag."""
    about = Altered.objects.filter(Q(place=f"tag:{tag.pk}") | Q(place__startswith=f"link:{tag.pk}:"))
    return actions().filter(pk__in=about.values("action"))

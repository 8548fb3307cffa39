"""What a member never wants to meet: a tag with all that stands under it, a person, a work. It holds in every list."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from storykeep.site.search.contract import Avoid
from storykeep.site.search.models import Avoided
from storykeep.site.tags.queries import under
from storykeep.site.works.models import Credit, Work, WorkTag
from storykeep.site.works.queries import readable_by

MOST = 2_000  # things that one account may avoid
NOTHING = Avoid()


def avoided_by(user) -> Avoid:
    """Return what ``user`` avoids, read once per request. 1 query for members, none for visitors."""
    if user is None or not user.is_authenticated:
        return NOTHING
    known = user.__dict__.get("_avoids")
    if known is None:
        known = user.__dict__["_avoids"] = read(user)
    return known


def forget(user) -> None:
    """Read what ``user`` avoids anew the next time. Call it after a change in the same request."""
    user.__dict__.pop("_avoids", None)


def read(user) -> Avoid:
    """A synonym stands for its canonical tag, a merged person for who they are now."""
    rows = Avoided.objects.filter(account=user).values_list(
        "tag", "tag__synonym_of", "person", "person__merged_into", "work"
    )
    found = list(rows[:MOST])
    return Avoid(
        tags=tuple(synonym_of or tag for tag, synonym_of, *_ in found if tag),
        people=tuple(merged or person for _, _, person, merged, _ in found if person),
        works=tuple(row[4] for row in found if row[4]),
    )


def shown_to(user) -> QuerySet[Work]:
    """Return the works that lists show to ``user``: those that they may see and don't avoid."""
    return without_avoided(readable_by(user), user)


def without_avoided(works: QuerySet[Work], user) -> QuerySet[Work]:
    """Return ``works`` without those that ``user`` never wants to meet."""
    avoids = avoided_by(user)
    if avoids == NOTHING:
        return works
    unwanted = Q(pk__in=avoids.works)
    if avoids.people:
        unwanted |= Q(Exists(Credit.objects.filter(work=OuterRef("pk"), person__in=avoids.people)))
    if avoids.tags:
        unwanted |= Q(Exists(WorkTag.objects.filter(work=OuterRef("pk"), tag__in=under(*avoids.tags))))
    return works.exclude(unwanted)

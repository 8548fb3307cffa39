"""Forms ask which tags there are: as a writer types, and when a form comes in."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storykeep.site.tags.models import Tag
from storykeep.site.tags.queries import named_like
from storykeep.site.works.models import WorkTag
from storykeep.site.works.queries import readable_by
from storykeep.text.fold import fold

MOST = 10  # tags offered at once
MANY = 1000  # uses; more are not counted for each reader
LONGEST = 100  # letters that are looked at


@require_safe
@cache_control(private=True, max_age=30)
def suggest(request):
    """Answer ``q`` (and ``kind``) with the tags that a form may offer: {"tags": [{id, kind, name, count}]}."""
    words = " ".join(fold(request.GET.get("q", "").replace("\0", "")[:LONGEST]).split())
    kind = request.GET.get("kind", "").replace("\0", "")[:80]
    return JsonResponse({"tags": offers(request.user, words, kind)})


def offers(user, words: str, kind: str) -> list[dict[str, object]]:
    """Return the tags that ``user`` may know of, the most used first where nothing is typed. 2 to 4 queries."""
    found = named_like(words, kind, 3 * MOST)
    counts = readable_counts(user, found)
    known = [tag for tag in found if tag.settled or counts.get(tag.pk)]
    return [
        {"id": tag.pk, "kind": tag.kind.key, "name": tag.name, "count": counts.get(tag.pk, 0)} for tag in known[:MOST]
    ]


def readable_counts(user, tags: list[Tag]) -> dict[int, int]:
    """Return on how many works that ``user`` may see each tag stands; of popular tags, on how many at all. 1 query."""
    counts = {tag.pk: tag.uses for tag in tags if tag.uses >= MANY}
    rare = [tag.pk for tag in tags if tag.pk not in counts]
    return counts | dict(counted(readable_by(user), rare)) if rare else counts


def counted(works: QuerySet, tags: list[int]):
    links = WorkTag.objects.annotate(canonical=Coalesce("tag__synonym_of", "tag"))
    links = links.filter(canonical__in=tags, work__in=works.values("pk"))
    return links.order_by().values_list("canonical").annotate(Count("work", distinct=True))

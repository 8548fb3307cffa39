"""Forms ask which tags there are: as a writer types, and when a form comes in."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storykeep.site.search.readers import engine, reader_for
from storykeep.site.tags.models import Tag
from storykeep.site.tags.queries import named_like, offered
from storykeep.site.works.models import WorkTag
from storykeep.site.works.queries import readable_by, standing
from storykeep.text.fold import fold

MOST = 10  # tags offered at once
MANY = 200  # uses; more are not counted for each reader
LONGEST = 100  # letters that are looked at


@require_safe
@cache_control(private=True, max_age=30)
def suggest(request):
    """Answer ``q`` (and ``kind``) with the tags that a form may offer: {"tags": [{id, kind, name, count}]}."""
    words = " ".join(fold(request.GET.get("q", "").replace("\0", "")[:LONGEST]).split())
    kind = request.GET.get("kind", "").replace("\0", "")[:80]
    return JsonResponse({"tags": offers(request.user, words, kind)})


def offers(user, words: str, kind: str) -> list[dict[str, object]]:
    """Return the tags that ``user`` may know of: from the index, and from lists what stands on no work yet."""
    found = {each["id"]: each for each in from_index(user, words, kind)} if words else {}
    if len(found) < MOST:
        for each in from_lists(user, words, kind):
            found.setdefault(each["id"], each)
    return list(found.values())[:MOST]


def from_index(user, words: str, kind: str) -> list[dict[str, object]]:
    """Return what the search index offers and is a tag still, those that begin so first."""
    given = engine().suggest(words, reader_for(user, avoiding=False), ("tag",), tag_kind=kind, most=MOST)
    still = set(offered().filter(pk__in=[each.id for each in given]).values_list("pk", flat=True))
    given = [each for each in given if each.id in still]
    given.sort(key=lambda each: not fold(each.text).startswith(words))
    return [{"id": each.id, "kind": each.tag_kind, "name": each.text, "count": each.count} for each in given]


def from_lists(user, words: str, kind: str) -> list[dict[str, object]]:
    """Return what the database offers; what nobody has listed only if it stands on a work that ``user`` may see."""
    found = named_like(words, kind, 2 * MOST)
    counts = readable_counts(user, found)
    known = [tag for tag in found if tag.settled or counts.get(tag.pk)]
    return [{"id": tag.pk, "kind": tag.kind.key, "name": tag.name, "count": counts.get(tag.pk, 0)} for tag in known]


def readable_counts(user, tags: list[Tag]) -> dict[int, int]:
    """Return on how many works that ``user`` sees each tag stands; of popular ones, on how many at all. 2 queries."""
    counts = {tag.pk: tag.uses for tag in tags if tag.uses >= MANY}
    rare = {tag.pk: tag.pk for tag in tags if tag.pk not in counts}
    stand_for = rare | dict(Tag.objects.filter(synonym_of__in=rare).values_list("pk", "synonym_of"))
    works: dict[int, set[int]] = {}
    links = standing(WorkTag.objects.filter(tag__in=stand_for), readable_by(user))
    for tag, work in links.order_by().values_list("tag", "work"):
        works.setdefault(stand_for[tag], set()).add(work)
    return counts | {tag: len(found) for tag, found in works.items()}

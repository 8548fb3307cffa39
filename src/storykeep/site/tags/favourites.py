"""The tags that a member likes to have at hand. Readers find them on the first page and among the subjects."""

from __future__ import annotations

from storykeep.model.errors import UsageError
from storykeep.site.tags.models import Favourite, Tag

MOST = 50


def favourites_of(user) -> list[Tag]:
    """Return the favourite tags of ``user`` by name, each as its canonical tag. 1 query, none for visitors."""
    if not (user and user.is_authenticated):
        return []
    rows = Favourite.objects.filter(account=user).select_related("tag__kind", "tag__synonym_of__kind")
    found = {row.tag.canonical.pk: row.tag.canonical for row in rows}
    return sorted(found.values(), key=lambda tag: tag.folded)


def is_favourite(user, tag: Tag) -> bool:
    return any(each.pk == tag.pk for each in favourites_of(user))


def keep(user, tag: Tag) -> None:
    """Let ``tag`` be a favourite of ``user``. Raises UsageError where there are very many."""
    if Favourite.objects.filter(account=user).count() >= MOST:
        raise UsageError(f"You have {MOST} favourite tags. Let one go before you keep another.")
    Favourite.objects.get_or_create(account=user, tag=tag.canonical)


def let_go(user, tag: Tag) -> None:
    """Let ``tag``, and whatever leads to it, be no favourite of ``user`` any longer."""
    same = {tag.canonical.pk, *tag.canonical.synonyms.values_list("pk", flat=True)}
    Favourite.objects.filter(account=user, tag__in=same).delete()

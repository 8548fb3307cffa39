"""Whether a long action can be turned to its end: asked before its first part is, so that few stop on their way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from django.db.models import Q

from storykeep.model.errors import Conflict
from storykeep.site.tags.models import Tag
from storykeep.site.wrangling import facts, verbs
from storykeep.site.wrangling.models import Action, Altered

AT_ONCE = 2_000  # facts


def look_ahead(action: Action, *, back: bool) -> None:
    """Raise Conflict where a fact is not as ``action`` left it, or where something is tied to a tag that is to go."""
    seen: set[str] = set()
    made: set[int] = set()
    for rows in pieces(action, back=back):
        next_ones = {row.place: row for row in reversed(rows) if row.place not in seen}
        as_they_were_left(action, next_ones, back=back)
        seen |= next_ones.keys()
        made |= {facts.number(row.place) for row in rows if row.place.startswith("tag:") and row.before is None}
    if back:
        nothing_else_is_tied_to(made - verbs.in_use(made), seen)


def pieces(action: Action, *, back: bool) -> Iterator[list[Altered]]:
    """Yield what is to be turned, some thousand facts at a time, in the order of turning."""
    rows = action.altered.filter(undone=not back).order_by("-pk" if back else "pk").iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        yield some


def as_they_were_left(action: Action, rows: Mapping[str, Altered], *, back: bool) -> None:
    now = facts.read({place: row.after if back else row.before for place, row in rows.items()})
    different = [
        place
        for place, row in rows.items()
        if now[place] != (row.after if back else row.before) and not (place.startswith("tag:") and row.before is None)
    ]
    if different:
        raise Conflict(in_the_way(action, different))


def nothing_else_is_tied_to(gone: set[int], seen: set[str]) -> None:
    """Raise Conflict where a tag that is to go has a link, or a synonym, of which the action knows nothing."""
    for some in facts.parts(sorted(gone)):
        links = facts.Link.objects.filter(Q(from_tag__in=some) | Q(to_tag__in=some)).values_list("from_tag", "to_tag")
        synonyms = Tag.objects.filter(synonym_of__in=some).values_list("pk", "synonym_of")
        tied = [pair for pair in links if "link:{}:{}".format(*pair) not in seen]
        tied += [pair for pair in synonyms if f"tag:{pair[0]}" not in seen]
        if others := [pair for pair in tied if not gone.issuperset(pair)]:
            facts.say_what_is_tied(others[0], gone)


def in_the_way(action: Action, places: list[str]) -> str:
    """Say which action changed the same facts since."""
    rows = Altered.objects.filter(place__in=places[: facts.AT_ONCE], action__undone_at=None).exclude(action=action)
    last = rows.select_related("action").order_by("-action_id").first()
    if last is None:
        return "The tags have changed since, so nothing was done."
    return f"The same was changed since: {last.action.words}. Undo that first; then this can be undone or done again."

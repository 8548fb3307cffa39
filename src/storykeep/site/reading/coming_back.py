"""What a member wanted to find, and never to meet, comes back from what they took along: as far as it is here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from storykeep.model.errors import UsageError
from storykeep.site.accounts.belongings import Rows, text
from storykeep.site.accounts.models import User
from storykeep.site.reading import saved_searches
from storykeep.site.search import avoiding
from storykeep.site.search.models import Avoided, SavedSearch
from storykeep.site.search.naming import people_at, tags_at
from storykeep.site.tags import favourites
from storykeep.site.works.queries import readable_by

MOST = 200  # saved searches
LONGEST_NAME, LONGEST_ADDRESS = 120, 2_000


def bring(user: User, rows: Rows) -> Iterator[str]:
    """Keep searches, what is never shown, and favourite subjects again; what is there already stays as it is."""
    kept = searches(user, rows("saved-searches.json")[:MOST])
    if kept:
        yield f"Saved searches: {kept}."
    told = rows("never-shown.json")[: avoiding.MOST]
    found = [thing for row in told if (thing := thing_at(user, text(row, "address")))]
    new = sum(Avoided.objects.get_or_create(account=user, **thing)[1] for thing in found)
    if new:
        yield f"Never shown again: {new}."
    avoiding.forget(user)
    liked = [thing_at(user, text(row, "address")) for row in rows("favourite-subjects.json")[: favourites.MOST]]
    with suppress(UsageError):
        for thing in liked:
            if "tag" in thing:
                favourites.keep(user, thing["tag"])


def searches(user: User, told: list[dict[str, object]]) -> int:
    """Keep the searches whose lists are here; return how many are new."""
    there = set(SavedSearch.objects.filter(account=user).values_list("address", flat=True))
    places = saved_searches.all_at(user, [text(row, "address")[:LONGEST_ADDRESS] for row in told])
    new = {
        found.address: text(row, "name").strip()[:LONGEST_NAME] or found.name
        for row, found in zip(told, places, strict=True)
        if found and found.address not in there
    }
    made = [SavedSearch(account=user, name=name, address=address) for address, name in new.items()]
    return len(SavedSearch.objects.bulk_create(made[: max(0, MOST - len(there))]))


def thing_at(user: User, address: str) -> dict[str, object]:
    """Return the work, the subject or the person at ``address`` (a path here), as far as ``user`` may know of it."""
    try:
        place = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return {}
    if place.url_name == "work":
        found = {"work": readable_by(user).filter(ref=place.kwargs["ref"]).first()}
    elif place.url_name == "tag":
        found = {"tag": next(iter(tags_at(user, ["{kind}:{slug}".format(**place.kwargs)]).values()), None)}
    elif place.url_name == "person":
        found = {"person": next(iter(people_at(user, [place.kwargs["slug"]]).values()), None)}
    else:
        return {}
    return {name: thing for name, thing in found.items() if thing}

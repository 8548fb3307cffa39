"""What was chosen from a zip of everything comes in, one thing after another, each once.

A page begins, the clock goes on with what the page had no time for. Both may be at it: each thing is done, and noted as
done, in one transaction that holds the row of the file, so that the other one waits and goes on with the next.
"""

from __future__ import annotations

import time
from functools import partial

from django.db import transaction

from storykeep.model.errors import StorykeepError
from storykeep.site.accounts import belongings
from storykeep.site.writing import coming_back, names, queries
from storykeep.site.writing.brought_files import forget_file, path_of
from storykeep.site.writing.models import Brought
from storykeep.sources.packages import Package

NEW = "+new"
PATIENCE = 10  # seconds that a page waits; what is left is done by the clock


def choose(
    brought: Brought, chosen: list[int], people: dict[str, str], *, as_it_was: bool, others: bool = False
) -> None:
    """Write down which works come back, so that nothing stops half way. ``people``: name in the file → slug.

    ``others`` says that what else was the member's comes back, too: shelves, saved searches and so on.
    """
    brought.wanted = {"works": chosen, "people": people, "as_it_was": as_it_was, "others": others, "done": []}
    brought.save(update_fields=["wanted"])


def go_on(brought: Brought, patience: float = PATIENCE) -> bool:
    """Take in what was chosen, as far as time allows; say whether all is done. Safe to call from several places."""
    until = time.monotonic() + patience
    if is_done(brought) or not path_of(brought).exists():
        return True
    try:
        package = Package(path_of(brought))
    except FileNotFoundError:  # whoever finished it has put it away
        return True
    with package:
        while (at := the_next(brought)) is not None:
            if time.monotonic() > until:
                return False
            step(brought, package, at)
        if not is_done(brought):
            bring_others(brought, package)
    forget_file(brought)
    return True


def the_next(brought: Brought) -> int | None:
    """Return the number of the next work that nobody has done yet, as far as is known here."""
    done = {each["at"] for each in brought.wanted["done"]}
    return next((at for at in brought.wanted["works"] if at not in done), None)


def step(brought: Brought, package: Package, at: int) -> None:
    """Take in one work and note it, unless somebody else did so since; ``brought`` knows afterwards what is done."""
    found = read(brought, package, at)
    with transaction.atomic():
        held = Brought.objects.select_for_update().only("wanted").get(pk=brought.pk)
        if at not in {each["at"] for each in held.wanted["done"]}:
            held.wanted["done"].append({"at": at, **outcome(brought, found)})
            held.save(update_fields=["wanted"])
    brought.wanted = held.wanted


def bring_others(brought: Brought, package: Package) -> None:
    """Let every room take back what it once gave, after the works are here, unless somebody else did so since."""
    with transaction.atomic():
        held = Brought.objects.select_for_update().get(pk=brought.pk)
        if "told" not in held.wanted:
            held.wanted["told"] = told_of(held, package)
            held.save(update_fields=["wanted"])
    brought.wanted = held.wanted


def told_of(brought: Brought, package: Package) -> list[str]:
    try:
        with transaction.atomic():
            return belongings.bring(brought.account, partial(coming_back.rows, package))
    except StorykeepError as error:
        return [f"What is not a work could not be read: {error}"]


def read(brought: Brought, package: Package, at: int) -> coming_back.Parcel | StorykeepError:
    """Return the work as it lies in the file, or what is wrong with it; before anybody has to wait for us."""
    try:
        return coming_back.read(package, brought.works[at]["folder"])
    except StorykeepError as error:
        return error


def outcome(brought: Brought, found: coming_back.Parcel | StorykeepError) -> dict[str, object]:
    if isinstance(found, StorykeepError):
        return {"wrong": str(found)}
    try:
        work, made = coming_back.take_in(brought.account, found, wish_of(brought))
    except StorykeepError as error:
        return {"wrong": str(error)}
    return {"ref": work.ref, "title": str(work), "made": made}


def wish_of(brought: Brought) -> coming_back.Wish:
    own = {person.slug: person for person in queries.pen_names_of(brought.account)}
    people = {}
    for name, slug in brought.wanted["people"].items():
        if slug == NEW and coming_back.is_free(name, brought.account):
            people[name] = coming_back.may_be_called(brought.account, name) or names.new(brought.account, name)
        elif slug in own:
            people[name] = own[slug]
    return coming_back.Wish(as_it_was=brought.wanted["as_it_was"], people=people)


def is_done(brought: Brought) -> bool:
    wanted = brought.wanted
    return (
        bool(wanted) and len(wanted["done"]) >= len(wanted["works"]) and ("told" in wanted or not wanted.get("others"))
    )


def go_on_all() -> int:
    """Go on with what pages had no time for; return how many files."""
    rows = [row for row in Brought.objects.exclude(wanted={}).defer("stories") if not is_done(row)]
    for row in rows:
        if path_of(row).exists():
            go_on(row, patience=300)
    return len(rows)

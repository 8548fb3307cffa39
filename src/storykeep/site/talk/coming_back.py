"""Shelves come back from what a member took along, here or in another archive. What was said stays where it is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve

from storykeep.site.accounts.belongings import Rows, text, texts
from storykeep.site.accounts.models import User
from storykeep.site.talk import blocking, counting, queries
from storykeep.site.talk.forms import KeepForm, ShelfForm
from storykeep.site.talk.models import Kept, Shelf
from storykeep.site.works.models import Work

MOST = 5_000  # things of one sort
MOST_SHELVES = 200


def bring(user: User, rows: Rows) -> Iterator[str]:
    """Put back shelves, and who was blocked; what is there already stays as it is."""
    shelves = {row.name: row for row in Shelf.objects.filter(account=user)}
    for row in rows("my-shelves.json")[:MOST_SHELVES]:
        shelf(user, row, shelves)
    known, back, missing = 0, 0, 0
    for row in reversed(rows("shelves.json")[:MOST]):  # what was kept last stands first
        address = text(row, "address")
        work = work_at(user, address) if address.startswith("/") else None
        if work is None and address.startswith("/"):
            missing += 1
        elif is_kept(user, work, address):
            known += 1
        else:
            back += put_back(user, row, work, shelves)
    yield from said(back, known, missing)
    names = [text(row, "name") for row in rows("blocked.json")[:MOST]]
    for whom in User.objects.filter(username__in=names).exclude(pk=user.pk):
        blocking.add(user, whom)


def said(back: int, known: int, missing: int) -> Iterator[str]:
    if back:
        yield f"On your shelves again: {back}."
    if known:
        yield f"On your shelves already: {known}."
    if missing:
        yield f"On your shelves once, but not in this archive: {missing}."


def shelf(user: User, row: dict[str, object], shelves: dict[str, Shelf]) -> None:
    """Put up a shelf as it was, unless there is one of its name."""
    name = text(row, "name").strip()
    given = {"name": name, "about": text(row, "about"), "public": row.get("public") is True}
    form = ShelfForm(given, instance=Shelf(account=user))
    if name not in shelves and form.is_valid():
        shelves[name] = form.save()


def work_at(user: User, address: str) -> Work | None:
    """Return the work at ``address``, a path of this archive, if ``user`` may read it."""
    try:
        place = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return None
    return queries.readable_work(user, place.kwargs["ref"]) if place.url_name == "work" else None


def is_kept(user: User, work: Work | None, address: str) -> bool:
    there = Kept.objects.filter(account=user)
    return (there.filter(work=work) if work else there.filter(work=None, address=address)).exists()


@transaction.atomic
def put_back(user: User, row: dict[str, object], work: Work | None, shelves: dict[str, Shelf]) -> bool:
    """Keep one thing as it was kept; False where the page on which things are kept would not take it."""
    given = {name: text(row, name) for name in ("address", "author", "note")}
    given |= {name: row.get(name) is True for name in ("public", "recommended")}
    given |= {"title": text(row, "title") or given["address"][:300], "words": ", ".join(texts(row, "tags"))}
    form = KeepForm(given, instance=Kept(account=user, work=work), elsewhere=work is None)
    if not form.is_valid():
        return False
    found = form.save()
    for name in texts(row, "shelves"):
        shelf(user, {"name": name}, shelves)
    found.shelves.add(*(shelves[name] for name in texts(row, "shelves") if name in shelves))
    if work:
        counting.recount_shelves(work.pk)
    return True

"""Pen names: the people of the archive that an account signs as."""

from __future__ import annotations

from storykeep.site.base.refs import new_ref
from storykeep.site.works.keeping_people import name_was_set, new_person, record_works_of
from storykeep.site.works.models import Person
from storykeep.site.writing.models import Desk
from storykeep.site.writing.queries import pen_names_of


def desk_of(user) -> Desk:
    return Desk.objects.filter(account=user).select_related("pen_name").first() or Desk(account=user)


def usual(user) -> Person:
    """Return the pen name that a new work is signed by; the first one is made from the account's name."""
    return chosen(user) or new(user, user.username)


def chosen(user) -> Person | None:
    desk = desk_of(user)
    if desk.pen_name and desk.pen_name.account_id == user.pk:
        return desk.pen_name
    return pen_names_of(user).first()


def new(user, name: str) -> Person:
    """Give ``user`` another pen name, with a page of its own."""
    person = new_person(f"pen/{new_ref()}", " ".join(name.split()))
    person.account = user
    person.save(update_fields=["account"])
    return person


def rename(person: Person, name: str, bio: str) -> None:
    """Change how a pen name reads, and what its page says. Titles that are signed so already stay as printed."""
    person.name, person.bio = " ".join(name.split()), bio
    name_was_set(person)
    person.save()
    record_works_of(person)

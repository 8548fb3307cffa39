"""What becomes of works when their author closes the account, and which claims it has made."""

from __future__ import annotations

import json
from collections.abc import Iterator

from storykeep.model.story import Role
from storykeep.site.accounts.belongings import Belonging, Choice, Page, Thing
from storykeep.site.accounts.models import FORMER
from storykeep.site.claims import consent
from storykeep.site.works.models import Person, Visibility, Work

GONE = (Visibility.REMOVED, Visibility.TRASH)
CHOICES = (
    Choice(key="keep", words="They stay, under my name"),
    Choice(key="orphan", words="They stay, without a name"),
    Choice(key="remove", words="They are removed"),
)


def things(user) -> Iterator[Thing]:
    """Yield the works that readers have or could have; drafts go with the account, and need no decision."""
    for work in consent.works_of(user).exclude(visibility__in=[*GONE, Visibility.DRAFT]):
        yield Thing(ref=work.ref, words=str(work))


def settle(user, ref: str, choice: str) -> None:
    """Do what the author chose. A work with another author who is here stays theirs, whatever was chosen."""
    work = consent.works_of(user).filter(ref=ref).first()
    if work is None or choice == "keep":
        return
    if choice == "remove" and not has_another_author(work, user):
        consent.remove(work)
    else:
        consent.orphan(work, user, keep_name=False)


def has_another_author(work: Work, user) -> bool:
    authors = work.credits.filter(role=Role.AUTHOR.value, person__account__isnull=False)
    return authors.exclude(person__account=user).exists()


def export(user) -> Iterator[tuple[str, bytes]]:
    """Yield the claims; the works themselves come from the writers' desks."""
    yield "claims.json", claims_of(user)


def claims_of(user) -> bytes:
    rows = user.claims.select_related("person")
    claims = [
        {
            "person": claim.person.name,
            "statement": claim.statement,
            "state": claim.get_state_display(),
            "asked": claim.asked_at.isoformat(),
            "answer": claim.answer,
        }
        for claim in rows
    ]
    return json.dumps(claims, ensure_ascii=False, indent=2).encode()


def erase(user) -> None:
    """Remove drafts that nobody else writes, and part the account from names and claims. Safe to call twice."""
    for work in consent.works_of(user).filter(visibility=Visibility.DRAFT):
        if not has_another_author(work, user):
            consent.remove(work)
    for person in user.people.all():
        if not person.credits.exclude(work__visibility__in=GONE).exists():
            forget(person)
    user.people.update(account=None)
    user.claims.all().delete()


def forget(person: Person) -> None:
    """Take away all that is known of a person under whose name nothing is left to read."""
    person.bio, person.sites, person.interview, person.image, person.addresses = "", [], [], None, []
    person.save()
    consent.rename(person, FORMER)


BELONGING = Belonging(
    name="claims",
    words="your works",
    pages=(Page(words="Works of the old archive", name="my-works", about="Those that you claimed, to decide about."),),
    export=export,
    things=things,
    choices=CHOICES,
    settle=settle,
    erase=erase,
)

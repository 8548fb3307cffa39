"""What authors decide, and what follows. Every rule about consent is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.model.story import Contact, Role, Story
from storykeep.model.story import Person as PersonRecord
from storykeep.site.claims import choices, fingerprints, sealing
from storykeep.site.claims.models import Claim, ClaimState, Never, NeverKind, Way
from storykeep.site.works import keeping_people, keeping_stories
from storykeep.site.works.addresses import normal
from storykeep.site.works.models import Credit, EditedField, Person, Visibility, Work

ORPHAN = "orphaned"
parting: list[Callable[[Person, object], None]] = []
"""Called with a person and the account that was wrongly taken for them; in the transaction of the taking back."""


# ── before anything is imported
def keep_contact(contact: Contact) -> None:
    """Keep a way to reach a person of the archive; nothing is kept of those who said never."""
    known = Person.objects.filter(key=contact.person).first()
    person = known and known.lead
    digest = sealing.digest("email", contact.email)
    if person is None or person.account_id or Never.objects.filter(kind="email", digest=digest, what="write").exists():
        return
    Way.objects.get_or_create(person=person, digest=digest, defaults={"sealed": sealing.seal(contact.email)})


def said_never(story: Story, emails: Iterable[str] = ()) -> bool:
    """Say whether one of the authors of ``story`` asked that it is never imported: by name, address or text."""
    digests = [sealing.digest("name", name) for name in story.authors]
    digests += [sealing.digest("email", email) for email in emails]
    digests += [sealing.digest("address", plain_address(address)) for address in addresses_of(story)]
    return Never.objects.filter(what="import", digest__in=digests).exists() or fingerprints.is_guarded(story)


def addresses_of(story: Story) -> Iterator[str]:
    yield from story.addresses
    for chapter in story.chapters:
        yield from chapter.addresses


def plain_address(address: str) -> str:
    """Return an old address in the form that all its spellings share."""
    return "".join(normal(address))


def wants_no_page(person: PersonRecord, emails: Iterable[str] = ()) -> bool:
    """Say whether this person asked that nothing of theirs is imported: then there is no page about them either."""
    digests = [sealing.digest("name", person.name), *(sealing.digest("email", email) for email in emails)]
    return Never.objects.filter(what="import", digest__in=digests).exists()


class Heeded:
    """Asks of each record whether it may come in; ``refused`` counts the works whose authors said never."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self.refused = 0
        self.emails: dict[str, list[str]] = {}
        for contact in contacts:
            self.emails.setdefault(contact.person, []).append(contact.email)
        self.anybody = Never.objects.filter(what="import").exists()

    def __call__(self, record: object) -> bool:
        if not self.anybody:
            return True
        if isinstance(record, PersonRecord):
            return not wants_no_page(record, self.emails.get(record.key, []))
        if not isinstance(record, Story):
            return True
        emails = [email for credit in record.credits for email in self.emails.get(credit.person, [])]
        refused = said_never(record, emails)
        self.refused += refused
        return not refused


def never(what: str, kind: str, words: str) -> None:
    """Note that somebody said never; only a digest is kept."""
    words = plain_address(words) if kind == NeverKind.ADDRESS else words
    Never.objects.get_or_create(what=what, kind=kind, digest=sealing.digest(kind, words))


def never_again(work: Work) -> None:
    """Let neither this work's addresses nor its text come in again."""
    for address in (*work.addresses, *(each for row in work.chapters.all() for each in row.addresses)):
        never("import", NeverKind.ADDRESS, address)
    fingerprints.guard(work)


@transaction.atomic
def silence(way: Way) -> None:
    """Never write to this address again, about any person, and forget it."""
    Never.objects.get_or_create(what="write", kind="email", digest=way.digest)
    Way.objects.filter(digest=way.digest).delete()


# ── who is who
def ways_to(person: Person, email: str) -> QuerySet[Way]:
    """Return the way to ``person`` that ``email`` is, if it is one."""
    return person.ways.filter(digest=sealing.digest("email", email))


@transaction.atomic
def grant(claim: Claim, by=None, answer: str = "") -> None:
    """Let the account have the person's works. The sealed addresses are dropped: they have served."""
    person = Person.objects.select_for_update().get(pk=claim.person.lead.pk)
    if person.account_id and person.account_id != claim.account_id:
        raise UsageError(f"{person} was already claimed by another account. Settle that first.")
    person.account = claim.account
    person.save(update_fields=["account"])
    claim.state, claim.decided_by, claim.decided_at, claim.answer = ClaimState.GRANTED, by, timezone.now(), answer
    claim.save()
    person.ways.update(sealed=b"")


def refuse(claim: Claim, by, answer: str = "") -> None:
    claim.state, claim.decided_by, claim.decided_at, claim.answer = ClaimState.REFUSED, by, timezone.now(), answer
    claim.save()


@transaction.atomic
def take_back(claim: Claim, by) -> int:
    """Undo a claim that was granted, with all that the account decided about works since; return how many decisions."""
    undone = choices.undo_all(claim)
    for told in parting:
        told(claim.person.lead, claim.account)
    Person.objects.filter(pk=claim.person.lead.pk, account=claim.account_id).update(account=None)
    refuse(claim, by, "The claim was taken back.")
    return undone


def works_of(user) -> QuerySet[Work]:
    """Return the works that ``user`` decides about: those of the people that the account has claimed."""
    mine = Credit.objects.filter(person__account=user, role=Role.AUTHOR.value)
    works = Work.objects.filter(pk__in=mine.values("work")).exclude(visibility=Visibility.LED)
    return works.order_by("sort_title", "id")


# ── what an author decides about a work
@transaction.atomic
def show_to(work: Work, visibility: str) -> None:
    """Let everybody, or members, or nobody see the work.

    Raises UsageError for what was never published: a draft, or what this archive does not let through now.
    """
    if work.visibility in {Visibility.DRAFT, Visibility.TRASH}:
        raise UsageError("Nobody reads this yet. Publish it, or bring it back, at your own desk.")
    if why := choices.closed(work, visibility):
        raise UsageError(why)
    work.visibility = visibility
    _decided(work, "visibility")


@transaction.atomic
def remove(work: Work) -> None:
    """Take the work away. Its address says that its author removed it, and nothing else.

    The copies of it whose addresses lead to it go with it: they are the same story, and no undoing brings them back.
    """
    for each in (work, *copies_of(work)):
        each.visibility = Visibility.REMOVED
        _decided(each, "visibility")


def copies_of(work: Work) -> list[Work]:
    """Return the works whose addresses lead to ``work``, directly or by way of another copy."""
    found: list[Work] = []
    next_ones = [work]
    while next_ones:
        rows = Work.objects.filter(leads_to__in=next_ones, visibility=Visibility.LED)
        next_ones = list(rows.exclude(pk__in=[work.pk, *(each.pk for each in found)]))
        found += next_ones
    return found


@transaction.atomic
def orphan(work: Work, user, *, keep_name: bool) -> None:
    """Leave the work to the archive: it stays, and no longer belongs to the account."""
    for credit in work.credits.filter(person__account=user):
        if keep_name:
            credit.person = keeping_people.new_person(f"orphan:{work.ref}:{credit.place}", credit.name)
        else:
            credit.name = ORPHAN
            credit.person = Person.objects.filter(key=ORPHAN).first() or keeping_people.new_person(ORPHAN, ORPHAN)
            credit.key = ""
        credit.save()
    _decided(work, "credits")


@transaction.atomic
def add_author(work: Work, name: str) -> None:
    """Add a co-author by name, as printed under the title."""
    last = work.credits.filter(chapter=None).order_by("-place").first()
    known = Person.objects.filter(name=name, merged_into=None).first()
    person = known or keeping_people.new_person(f"named:{work.ref}:{name}", name)
    Credit.objects.create(work=work, name=name, person=person, place=(last.place + 1) if last else 0)
    _decided(work, "credits")


@transaction.atomic
def rename(person: Person, name: str) -> None:
    """Give a person another name, on their page and under their titles; the old one is forgotten."""
    old = person.name
    person.name = name
    keeping_people.name_was_set(person)
    person.slug = keeping_people.free_slug(name)
    person.save()
    person.pen_names.filter(name=old).delete()
    EditedField.objects.get_or_create(person=person, field="name")
    for credit in person.credits.select_related("work"):
        credit.name = name
        credit.save()
        _decided(credit.work, "credits")


def _decided(work: Work, field: str) -> None:
    """An author has spoken: what they said stands through later rescues, and no date opens the work any more."""
    work.reached_at = work.reached_at or timezone.now()
    EditedField.objects.get_or_create(work=work, field=field)
    keeping_stories.finish(work)

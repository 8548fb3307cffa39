"""What an archivist says of two that may be one, as changes that can be undone: people first, then works."""

from __future__ import annotations

from dataclasses import dataclass

from storykeep.model import bundle
from storykeep.model.errors import UsageError
from storykeep.rescue.identities import letters
from storykeep.rescue.united import United, news, united
from storykeep.site.desk import decisions, looking
from storykeep.site.desk.models import AlikeState, Decision, PeopleAlike, WorksAlike
from storykeep.site.desk.places import MERGED, Place, read_text
from storykeep.site.desk.talk_along import TalkPlace
from storykeep.site.works import records
from storykeep.site.works.models import Chapter, Finding, FindingState, Person, Visibility, Work
from storykeep.text.words import count

SURE = 0.8
"""Proposals from which circles of people are made."""
Changes = list[tuple[Place, object]]


# ── people
def same_person(user, pair: PeopleAlike, keep: Person) -> Decision:
    """Bring two people together: ``keep`` stays, with the names, works, addresses and claims of both."""
    keep, gone = (pair.one, pair.other) if keep.pk == pair.one_id else (pair.other, pair.one)
    if gone.account_id and not keep.account_id:
        keep, gone = gone, keep  # who has an account stays
    changes: Changes = [
        (Place(pair, "state"), AlikeState.SAME.value),
        (Place(gone, MERGED), keep.pk),
        *ways(gone, keep),
    ]
    decision = decisions.decide(user, "same-person", f"“{gone}” and “{keep}” are one person, called “{keep}”", changes)
    carry_over(gone, keep)
    return decision


def circles() -> dict[int, frozenset[int]]:
    """Return for each pair that waits (by id) the people of the same name who are all one if it is right.

    Only circles of more than two; nobody in them was ever said to be different from another one. 2 queries.
    """
    fields = ("pk", "one", "other", "one__name", "other__name")
    sure = looking.waiting(PeopleAlike).filter(confidence__gte=SURE).values_list(*fields)
    rows = [(pk, one, other) for pk, one, other, mine, yours in sure if letters(mine) == letters(yours)]
    groups: dict[int, set[int]] = {}
    for _, one, other in rows:
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(joined, joined))
    apart = PeopleAlike.objects.filter(state=AlikeState.DIFFERENT).values_list("one", "other")
    torn = {id(groups[one]) for one, other in apart if one in groups and other in groups[one]}
    whole = {pk: frozenset(groups[one]) for pk, one, _ in rows if id(groups[one]) not in torn}
    return {pk: people for pk, people in whole.items() if len(people) > 2}  # noqa: PLR2004 — a pair is no circle


def all_one(user, pair: PeopleAlike, keep: Person) -> Decision:
    """Bring everybody in the circle around ``pair`` together, in one decision."""
    circle = circles().get(pair.pk)
    if not circle:
        raise UsageError("There is nobody else. Decide about these two.")
    people = list(Person.objects.filter(pk__in=circle, merged_into=None))
    keep = next((each for each in people if each.account_id), keep)
    changes: Changes = []
    for row in PeopleAlike.objects.filter(one__in=circle, other__in=circle, state=AlikeState.OPEN):
        changes.append((Place(row, "state"), AlikeState.SAME.value))
    others = [each for each in people if each != keep]
    changes += [change for gone in others for change in ((Place(gone, MERGED), keep.pk), *ways(gone, keep))]
    words = (
        f"{len(people)} entries are one person, called “{keep}”: {', '.join(sorted({str(each) for each in people}))}"
    )
    decision = decisions.decide(user, "same-person", words, changes)
    for gone in others:
        carry_over(gone, keep)
    return decision


def ways(gone: Person, keep: Person) -> Changes:
    """Let the ways to reach one of them lead to the other; an address that both have is not needed twice."""
    known = set(keep.ways.values_list("digest", flat=True))
    return [(Place(way, "person_id"), keep.pk) for way in gone.ways.all() if way.digest not in known]


def carry_over(gone: Person, keep: Person) -> None:
    """Let what waits about somebody who is gone wait about who stays; what was decided is never asked again."""
    for pair in PeopleAlike.objects.filter(found=True, one=gone) | PeopleAlike.objects.filter(found=True, other=gone):
        third = pair.other_id if pair.one_id == gone.pk else pair.one_id
        if third != keep.pk and pair.state in (AlikeState.OPEN, AlikeState.LATER, AlikeState.DIFFERENT):
            low, high = sorted((third, keep.pk))
            said = {"confidence": pair.confidence, "reasons": pair.reasons, "state": pair.state}
            PeopleAlike.objects.get_or_create(one_id=low, other_id=high, defaults=said)


def people(user, pair: PeopleAlike, said: str) -> Decision:
    """Do what an archivist ``said`` of two people.

    ``same:<id of who stays>``, ``all:<id of who stays>`` of a whole circle, ``different``, ``later`` or ``open``.
    """
    verb, _, keep = said.partition(":")
    if verb == "all" and keep in (str(pair.one_id), str(pair.other_id)):
        return all_one(user, pair, pair.one if keep == str(pair.one_id) else pair.other)
    if verb == AlikeState.SAME and keep in (str(pair.one_id), str(pair.other_id)):
        return same_person(user, pair, pair.one if keep == str(pair.one_id) else pair.other)
    return put_aside(user, pair, verb, "people")


def put_aside(user, pair, verb: str, what: str) -> Decision:
    """Say that two are different, or that this is decided later, or is open again."""
    words = {
        AlikeState.DIFFERENT: f"“{pair.one}” and “{pair.other}” are different {what}",
        AlikeState.LATER: f"“{pair.one}” and “{pair.other}”: later",
        AlikeState.OPEN: f"“{pair.one}” and “{pair.other}”: open again",
    }
    if verb not in words:
        raise UsageError("Say whether they are the same, different, or whether you decide that later.")
    return decisions.decide(user, f"{verb}-{what}", words[AlikeState(verb)], [(Place(pair, "state"), verb)])


# ── works
FULL = 0.85
"""Share of the words that the old site stated from which nothing is said to be missing."""
PROVENANCE = ("body", "steps", "gaps", "apparatus")


@dataclass(frozen=True, slots=True)
class Plan:
    """What uniting two works would change: ``keep`` stays, ``gone`` leads to it."""

    keep: Work
    gone: Work
    rows: tuple[Chapter, ...]
    before: tuple
    after: United

    @property
    def news(self) -> list[tuple[Chapter, tuple]]:
        """Our chapters, each with what the other work says of it."""
        pairs = zip(self.rows, self.before, self.after.chapters, strict=True)
        return [(row, said) for row, old, new in pairs if (said := news(old, new))]

    @property
    def news_chapters(self) -> list:
        """The chapters of :attr:`news` as they would be."""
        return [new for old, new in zip(self.before, self.after.chapters, strict=True) if news(old, new)]

    @property
    def counts(self) -> dict[str, int]:
        """How much of each kind the other work says: ``restored``, ``ending``, ``italics`` and so on."""
        codes = [variant.code.partition(".")[2] for _, said in self.news for variant in said]
        return {code: codes.count(code) for code in ("restored", "ending", "italics", "characters", "differs")}


def plan(keep: Work, gone: Work) -> Plan:
    """Return what uniting would change. Two works of 100,000 words take seconds."""
    rows = tuple(keep.chapters.select_related("current"))
    ours = tuple(records.chapter_of(row, (), ()) for row in rows)
    theirs = [records.chapter_of(row, (), ()) for row in gone.chapters.select_related("current")]
    return Plan(keep, gone, rows, ours, united(ours, theirs))


def works(user, pair: WorksAlike, said: str) -> Decision:
    """Do what an archivist ``said`` of two works.

    ``unite:<id>`` and ``keep:<id>`` name the one that stays: completed from the other one, or as it is;
    ``different``, ``later`` and ``open`` are as for people.
    """
    verb, _, keep = said.partition(":")
    if verb not in ("unite", "keep") or keep not in (str(pair.one_id), str(pair.other_id)):
        return put_aside(user, pair, verb, "works")
    stays, gone = (pair.one, pair.other) if keep == str(pair.one_id) else (pair.other, pair.one)
    if Visibility.LED in (stays.visibility, gone.visibility):
        raise UsageError("One of them leads to another work already. Undo that first.")
    texts = completed(plan(stays, gone)) if verb == "unite" else []
    words = (
        f"One story: “{stays}” stays{', completed from the other copy' if texts else ''}; the other address leads to it"
    )
    changes = [(Place(pair, "state"), AlikeState.SAME.value), *texts, *led(gone, stays), *suspicions(pair)]
    return decisions.decide(user, "same-work", words, changes, work=stays)


def completed(given: Plan) -> Changes:
    """Return the changes that give our chapters what they had lost, and the work the chapters that it lacks."""
    changes: Changes = []
    for row, old, new in zip(given.rows, given.before, given.after.chapters, strict=True):
        if news(old, new):
            plain = bundle.to_plain(new)
            changes.append((Place(row, "body"), read_text(row) | {name: plain.get(name, []) for name in PROVENANCE}))
        if old.truncated and not new.truncated:
            changes.append((Place(row, "truncated"), False))
    after = {}
    for missing in given.after.missing:
        key = f"{given.gone.ref}-{missing.chapter.key}"
        plain = bundle.to_plain(missing.chapter) | {"key": key}
        value = {"after": after.get(missing.after, missing.after), "chapter": plain}
        after[missing.after] = key
        changes.append((Place(given.keep, f"chapters.{key}.whole"), value))
    return [*changes, *answered(given)]


def answered(given: Plan) -> Changes:
    """Settle what was said of a text that breaks off, or is too short, when it is whole now."""
    words = sum(count(chapter.body) for chapter in given.after.chapters)
    stated = sum(chapter.stated_words for chapter in given.after.chapters) or given.keep.stated_words
    whole = any(old.truncated for old in given.before) and not any(each.truncated for each in given.after.chapters)
    codes = [
        code for code, done in (("text.truncated", whole), ("words.fewer", stated and words >= stated * FULL)) if done
    ]
    rows = Finding.objects.filter(work=given.keep, code__in=codes, state=FindingState.OPEN)
    return [(Place(row, "state"), FindingState.FIXED.value) for row in rows]


def led(gone: Work, stays: Work) -> Changes:
    """Let the address of a work, and all that once led to it, lead to another one; what was said there goes along."""
    return [
        (Place(gone, "leads_to_id"), stays.pk),
        (Place(gone, "visibility"), Visibility.LED.value),
        (TalkPlace(gone.pk), {"at": stays.pk}),
    ]


def suspicions(pair: WorksAlike) -> Changes:
    """Settle what the rescue said about the two."""
    both = {pair.one.key, pair.other.key}
    rows = Finding.objects.filter(code="duplicate.suspected", state=FindingState.OPEN, work__in=(pair.one, pair.other))
    return [(Place(row, "state"), FindingState.ACCEPTED.value) for row in rows if set(row.evidence.split(" · ")) & both]

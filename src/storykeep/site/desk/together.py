"""What an archivist says of two that may be one, as changes that can be undone: people first, then works."""

from __future__ import annotations

from storykeep.model.errors import UsageError
from storykeep.site.desk import decisions
from storykeep.site.desk.models import AlikeState, Decision, PeopleAlike
from storykeep.site.desk.places import MERGED, Place
from storykeep.site.works.models import Person

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
    """Do what an archivist ``said`` of two people: ``same:<id of who stays>``, ``different``, ``later`` or ``open``."""
    verb, _, keep = said.partition(":")
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

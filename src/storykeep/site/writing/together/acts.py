"""Field by field, several works get other values in a few statements; the way back is the same way.

The number of queries does not grow with the works, but for the batches in which a database takes long lists.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F
from django.utils import timezone

from storykeep.model.story import Role
from storykeep.model.story import Tag as StoryTag
from storykeep.site.tags import counting, naming
from storykeep.site.works import changes
from storykeep.site.works.models import Credit, EditedField, Person, Visibility, Work, WorkTag
from storykeep.site.writing.publishing import PUBLISHED
from storykeep.site.writing.together.states import GONE, TAGS, State

EDITS = {"pen_names": "credits", "publish_as": "visibility"}  # the field of the record, where it has another name


@dataclass(slots=True)
class Remains:
    """What the values do not say of the rows that went, so that they can come back as they were. JSON values.

    ``tags``: [work, kind, name, place, old id, parent]; ``names``: [work, person, name, key, place, stated person];
    ``dates``: [work, when it was to be published].
    """

    tags: list[list] = field(default_factory=list)
    names: list[list] = field(default_factory=list)
    dates: list[list] = field(default_factory=list)


Turn = tuple[State, str, str]  # a work, a field, and what it shall say


def apply(user, turns: list[Turn], remains: Remains) -> Remains:
    """Give fields their values; return what is needed for the way back. Call it in a transaction that holds the works.

    ``remains`` are those of the way there, when this is the way back.
    """
    left = Remains()
    grouped: dict[str, dict[str, list[State]]] = defaultdict(lambda: defaultdict(list))
    for state, name, value in turns:
        grouped["tags" if name.startswith(TAGS) else name][value].append(state)
    for name, by_value in grouped.items():
        if name in PLAIN:
            for value, states in by_value.items():
                PLAIN[name](Work.objects.filter(pk__in=[state.work.pk for state in states]), value)
    put_in_trash(turns, remains, left)
    put_names(user, turns, remains, left)
    put_tags(turns, remains, left)
    touched = {state.work.pk for state, _, _ in turns}
    Work.objects.filter(pk__in=touched).update(version=F("version") + 1, changed_at=timezone.now())
    remember(user, turns)
    changes.record(sorted(touched))
    return left


def remember(user, turns: Iterable[Turn]) -> None:
    """Let no later rescue write over what was set here."""
    rows = [
        EditedField(work=state.work, field="tags" if name.startswith(TAGS) else EDITS.get(name, name), by=user)
        for state, name, _ in turns
        if state.work.rescued
    ]
    EditedField.objects.bulk_create(rows, ignore_conflicts=True)


# ── plain fields
def plain(name: str):
    return lambda works, value: works.update(**{name: value})


def put_as(works, value: str) -> None:
    works.update(publish_as=value)
    works.filter(visibility__in=PUBLISHED).update(visibility=value)


PLAIN = {
    "language": plain("language"),
    "kind": plain("kind"),
    "status": plain("status"),
    "comments": plain("comments"),
    "comments_moderated": lambda works, value: works.update(comments_moderated=value == "yes"),
    "publish_as": put_as,
}


# ── the trash
def put_in_trash(turns: Iterable[Turn], remains: Remains, left: Remains) -> None:
    """Put works into the trash, or take them out; a date that is still to come holds again then."""
    going = [state.work for state, name, value in turns if name == GONE and value == "yes"]
    coming = [state.work for state, name, value in turns if name == GONE and value == "no"]
    left.dates = [[work.pk, work.publish_at.isoformat()] for work in going if work.publish_at]
    Work.objects.filter(pk__in=[work.pk for work in going]).update(
        before_trash=F("visibility"), visibility=Visibility.TRASH, trashed_at=timezone.now(), publish_at=None
    )
    Work.objects.filter(pk__in=[work.pk for work in coming]).update(
        visibility=F("before_trash"), before_trash="", trashed_at=None
    )
    dates = {work: dt.datetime.fromisoformat(when) for work, when in remains.dates}
    dated = [work for work in coming if dates.get(work.pk, timezone.now()) > timezone.now()]
    for work in dated:
        work.publish_at = dates[work.pk]
    Work.objects.bulk_update(dated, ["publish_at"])


# ── pen names
def put_names(user, turns: Iterable[Turn], remains: Remains, left: Remains) -> None:
    """Sign works by the pen names that ``turns`` say; who else stands under them stays."""
    signed = [(state, value.split("\n")) for state, name, value in turns if name == "pen_names"]
    if not signed:
        return
    own = {person.name: person for person in Person.objects.filter(account=user, merged_into=None)}
    known = {(row[0], row[2]): row for row in remains.names}
    gone, new = [], []
    for state, names in signed:
        gone += [credit for credit in state.own if credit.person.name not in names]
        there = {credit.person.name for credit in state.own}
        new += [credit_of(state, own[name], known) for name in names if name in own and name not in there]
    left.names = [[row.work_id, row.person_id, row.person.name, row.key, row.place, row.stated_id] for row in gone]
    Credit.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Credit.objects.bulk_create(new)


def credit_of(state: State, person: Person, known: dict) -> Credit:
    _, _, name, key, place, stated = known.get(
        (state.work.pk, person.name), (0, 0, person.name, person.key, state.others, None)
    )
    role = Role.AUTHOR.value
    return Credit(work=state.work, person=person, name=name, key=key, place=place, stated_id=stated, role=role)


# ── tags
def put_tags(turns: Iterable[Turn], remains: Remains, left: Remains) -> None:
    """Take tags from works and give them others; one that comes back stands where it stood."""
    wanted = [(state, name.removeprefix(TAGS), value.split("\n")) for state, name, value in turns if is_tags(name)]
    known = {tuple(row[:3]): row[3:] for row in remains.tags}
    gone: list[WorkTag] = []
    new: list[tuple[State, str, str]] = []
    for state, kind, names in wanted:
        rows = state.tags.get(kind, [])
        gone += [row for row in rows if row.tag.name not in names]
        there = {row.tag.name for row in rows}
        new += [(state, kind, name) for name in names if name and name not in there]
    tags = naming.tags_named({StoryTag(kind=kind, name=name) for _, kind, name in new})
    links = [link(state, tags[kind, name], known.get((state.work.pk, kind, name))) for state, kind, name in new]
    left.tags = [[row.work_id, row.tag.kind.key, row.tag.name, row.place, row.old_id, row.parent] for row in gone]
    WorkTag.objects.filter(pk__in=[row.pk for row in gone]).delete()
    WorkTag.objects.bulk_create(links)
    counted = Counter(each.tag_id for each in links)
    counted.subtract(row.tag_id for row in gone)
    counting.counted(counted)


def is_tags(name: str) -> bool:
    return name.startswith(TAGS)


def link(state: State, tag, known: list | None) -> WorkTag:
    last = max((row.place for rows in state.tags.values() for row in rows), default=-1)
    place, old_id, parent = known or (last + 1, "", "")
    return WorkTag(work=state.work, tag=tag, place=place, old_id=old_id, parent=parent)

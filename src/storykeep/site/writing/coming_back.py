"""Works that were taken along come back, here or in another archive: with versions, series and tags, never twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from storykeep.model import bundle
from storykeep.model import story as m
from storykeep.model.errors import BadBundle
from storykeep.model.identity import sha256
from storykeep.site.base.models import Archive
from storykeep.site.base.refs import new_ref
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works.keeping_stories import finish, keep_notes, keep_tags, title_was_set
from storykeep.site.works.models import (
    Chapter,
    Commenting,
    Credit,
    Person,
    Relation,
    Revision,
    Series,
    SeriesPlace,
    Visibility,
    Work,
)
from storykeep.site.works.queries import readable_by
from storykeep.site.works.rendering import render
from storykeep.site.writing import (
    chapters,
    drafts,
    giving,
    leading,
    names,
    publishing,
    queries,
    revisions,
    taking_along,
)
from storykeep.site.writing.models import CameFrom
from storykeep.site.writing.of_work import new_series, own_series, sign
from storykeep.site.writing.paragraphs import tidy
from storykeep.sources.packages import Package
from storykeep.text import sanitise, words
from storykeep.text.fold import fold

STORY, DESK, MARK = "story.json", "desk.json", "account.json"
MOST_VERSIONS = 20_000
ROLES = frozenset(role.value for role in m.Role if role is not m.Role.ARCHIVIST)
OPEN = (Visibility.PUBLIC, Visibility.MEMBERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One work as it lies in the file: the story, what only its writers saw, and its versions by chapter."""

    story: m.Story
    desk: dict = field(default_factory=dict)
    versions: dict[str, list[dict]] = field(default_factory=dict)


# ── reading
def folders(package: Package) -> list[str]:
    """Return the folders of the works in a zip, as they are named there."""
    return sorted(name.removesuffix(STORY) for name in package.names if name.endswith(f"/{STORY}"))


def is_everything(package: Package) -> bool:
    """Say whether a zip is everything of a member's, and not works alone."""
    return MARK in package.names


def rows(package: Package, room: str, path: str) -> list[dict[str, object]]:
    """Return the objects that a room gave in ``path``; none where it gave nothing. Raises BadBundle."""
    name = f"{room}/{path}"
    if name not in package.names:
        return []
    try:
        value = json.loads(package.read(name))
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"{name} is not JSON: {error}. Was it cut off?") from error
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def read(package: Package, folder: str, *, deep: bool = True) -> Parcel:
    """Return the work in ``folder``; without its versions unless ``deep``. Raises an InputError."""
    story = bundle.loads(package.read(f"{folder}{STORY}"))
    if not isinstance(story, m.Story):
        raise BadBundle(f"{folder}{STORY} is a bundle, but not of a story.")
    told = desk_of(package, folder)
    return Parcel(story=story, desk=told, versions=versions(package, folder) if deep and told else {})


def desk_of(package: Package, folder: str) -> dict:
    if f"{folder}{DESK}" not in package.names:
        return {}
    told = plain(package.read(f"{folder}{DESK}"))
    if told.get("format") != taking_along.FORMAT or told.get("version") != taking_along.VERSION:
        raise BadBundle(f"{folder}{DESK} was written by another version of Storykeep than this one reads.")
    return told


def versions(package: Package, folder: str) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for name in sorted(name for name in package.names if name.startswith(f"{folder}revisions-")):
        for line in package.read(name).split(b"\n"):
            if line.strip():
                told = plain(line)
                found.setdefault(str(told.get("chapter")), []).append(told)
    if sum(map(len, found.values())) > MOST_VERSIONS:
        raise BadBundle(f"{folder} has more than {MOST_VERSIONS:,} versions. Was it made by hand?")
    return found


def plain(data: bytes) -> dict:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"A file in the zip is not JSON: {error}. Was it cut off?") from error
    if not isinstance(value, dict):
        raise BadBundle("A file in the zip should hold an object.")
    return value


# ── before anything is made
def line(parcel: Parcel, folder: str, user) -> dict[str, object]:
    """Return what its owner should know of a work before it comes in, as JSON values."""
    story, told = parcel.story, parcel.desk
    mine, others = whose(parcel)
    return {
        "folder": folder,
        "key": story.key,
        "title": story.title or "Untitled",
        "chapters": len(story.chapters),
        "words": sum(words.count(each.body) for each in story.chapters),
        "names": mine,
        "others": others,
        "was": text(told.get("visibility")) or "unknown",
        "left_out": left_out(story),
        "trash": told.get("visibility") == Visibility.TRASH,
    }


def whose(parcel: Parcel) -> tuple[list[str], list[str]]:
    """Return the names in the file that are its owner's, and those of others. Without a desk, all are the owner's."""
    given = list(dict.fromkeys(each.name for each in parcel.story.credits if each.role.value in ROLES))
    if not parcel.desk:
        return given[:1], given[1:]
    told = {text(each) for each in listed(parcel.desk.get("mine"))}
    return [name for name in given if name in told], [name for name in given if name not in told]


def left_out(story: m.Story) -> list[str]:
    """Return what can't come in, in words: tags that this archive has no place for, reviews, saved copies."""
    kinds = {kind.key: kind for kind in TagKind.objects.filter(retired=False)}
    lost = [f"{tag.kind}: {tag.name}" for tag in story.tags if not has_place(tag, kinds)]
    told = [f"Tags that this archive does not have: {', '.join(lost)}."] if lost else []
    if story.reviews:
        told.append("What others wrote about it: that is theirs.")
    if story.images or any(each.images for each in story.chapters):
        told.append("Pictures: readers see a description.")
    return told


def has_place(tag: m.Tag, kinds: dict[str, TagKind]) -> bool:
    kind = kinds.get(tag.kind)
    return bool(kind) and (kind.open or Tag.called(kind.pk, tag.name).exists())


def known(user, key: str) -> Work | None:
    """Return the work of ``user`` that has, or came in with, this key: in the trash, too."""
    own = taking_along.works_of(user)
    return own.filter(key=key).first() or own.filter(came_from__key=key).first()


def may_be_called(user, name: str) -> Person | None:
    """Return the pen name of ``user`` that is called so, if there is one."""
    return queries.pen_names_of(user).filter(folded=fold(name)).first()


def is_free(name: str, user) -> bool:
    """Say whether a pen name may be made of this: nobody else who is here signs so."""
    taken = Person.objects.filter(folded=fold(name)).exclude(account=None).exclude(account=user)
    return bool(name.strip()) and not taken.exists()


# ── making
@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How works come back: ``people`` says which pen name a name in the file becomes."""

    as_it_was: bool = False
    people: dict[str, Person] = field(default_factory=dict)


def take_in(user, parcel: Parcel, wish: Wish) -> tuple[Work, bool]:
    """Return the work of ``user`` that ``parcel`` is, and whether it was made just now: never is it made twice."""
    with transaction.atomic():
        type(user).objects.select_for_update().get(pk=user.pk)
        found = known(user, parcel.story.key)
        if found:
            return found, False
        work = begun(user, parcel.story)
        say(work, user, parcel, wish)
        for order, chapter in enumerate(placed(parcel), start=1):
            restore(work, order, chapter, parcel, user)
        chapters.number(work)
        finish(work)
        if wish.as_it_was:
            as_it_was(work, parcel.desk)
    return work, True


def begun(user, story: m.Story) -> Work:
    mark = sha256(story.key.encode())[:20]
    key = drafts.key_of(user, mark)
    if Work.objects.filter(key=key).exists():
        key = f"{key}-{new_ref()}"
    work = Work.objects.create(key=key, title="", visibility=Visibility.DRAFT)
    CameFrom.objects.create(work=work, key=story.key, archive=story.archive)
    return work


def say(work: Work, user, parcel: Parcel, wish: Wish) -> None:
    """Say of the work what the file says; who wrote it is who brings it, under their own names."""
    story, told = parcel.story, parcel.desk
    for name in ("title", "language", "direction", "written", "published", "updated"):
        setattr(work, name, getattr(story, name) or "")
    work.kind, work.status = story.kind.value, story.status.value
    work.stated_words, work.chapters_planned = story.stated_words, story.chapters_planned
    work.archive = Archive.current().name
    work.summary, work.sanitiser = sanitise.clean(story.summary), sanitise.VERSION
    work.publish_as = chosen(told.get("publish_as"), OPEN, Visibility.PUBLIC)
    work.comments = chosen(told.get("comments"), Commenting.values, Commenting.ALL)
    work.comments_moderated = told.get("comments_moderated") is True
    title_was_set(work)
    work.save()
    sign_all(work, user, parcel, wish)
    keep_notes(work, story)
    kinds = {kind.key: kind for kind in TagKind.objects.filter(retired=False)}
    keep_tags(work, dataclasses.replace(story, tags=tuple(tag for tag in story.tags if has_place(tag, kinds))))
    keep_series(work, user, story)
    keep_ties(work, user, story)


def sign_all(work: Work, user, parcel: Parcel, wish: Wish) -> None:
    mine, _ = whose(parcel)
    for place, credit in enumerate(parcel.story.credits):
        if credit.name in mine and credit.role.value in ROLES:
            person = wish.people.get(credit.name) or names.usual(user)
            same = fold(person.name) == fold(credit.name)
            sign(work, person, role=credit.role.value, place=place, name=credit.name if same else "")
    if not Credit.objects.filter(work=work, role=m.Role.AUTHOR.value).exists():
        sign(work, names.usual(user))


def keep_series(work: Work, user, story: m.Story) -> None:
    for place, told in enumerate(story.series):
        series: Series = own_series(user).filter(title=told.title).first() or new_series(told.title)
        SeriesPlace.objects.create(
            work=work, series=series, title=told.title, position=told.position, key=series.key, place=place
        )


def keep_ties(work: Work, user, story: m.Story) -> None:
    for place, told in enumerate(story.relations):
        to = readable_by(user).filter(key=told.key).first() if told.key else None
        Relation.objects.create(
            work=work, kind=told.kind.value, target=told.target, key=told.key, address=told.address, to=to, place=place,
            gift=giving.give(work, user, told.target) if told.kind is m.RelationKind.GIFT_TO else None,
        )  # fmt: skip
    leading.bring_in_line(work)


# ── chapters
@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A chapter of the file, with what only its writers saw; ``trashed`` when it lay in the trash."""

    chapter: m.Chapter
    told: dict
    trashed: bool = False


def placed(parcel: Parcel) -> Iterator[Placed]:
    told = [each for each in listed(parcel.desk.get("chapters")) if isinstance(each, dict)]
    for at, chapter in enumerate(parcel.story.chapters):
        yield Placed(chapter=chapter, told=told[at] if at < len(told) else {})
    for each in listed(parcel.desk.get("trash")):
        if isinstance(each, dict):
            found = bundle.from_plain(m.Chapter, each.get("chapter"), "chapter")
            yield Placed(chapter=found, told=each, trashed=True)


def restore(work: Work, order: int, given: Placed, parcel: Parcel, user) -> Chapter:
    """Make a chapter with its versions; the newest one is what its writer goes on with."""
    chapter, told = given.chapter, given.told
    row = Chapter.written.create(
        work=work, key=chapter.key, place=order, order=order, title=chapter.title, label=chapter.label,
        rating=chapter.rating, published=chapter.published, stated_words=chapter.stated_words,
        summary=sanitise.clean(chapter.summary), draft=given.trashed or told.get("draft") is True,
        trashed_at=timezone.now() if given.trashed else None,
    )  # fmt: skip
    keep_notes(work, m.Story(key=""), row, chapter.notes)
    rows = old_versions(row, parcel.versions.get(text(told.get("ref")), []), user)
    body = tidy(chapter.body)
    newest = rows.get(number(told.get("newest")))
    if newest is None or newest.body != body:
        saved = revisions.SAVED
        last = max(rows, default=0) + 1
        newest = Revision.objects.create(chapter=row, number=last, body=body, how=saved, made_by=user, **counted(body))
    shown = rows.get(number(told.get("shown")))
    row.current, row.working = shown, newest if newest != shown else None
    if shown:
        shown.html = render(shown.body, {})
        shown.save(update_fields=["html"])
    row.words = (shown or newest).words
    row.save()
    return row


def old_versions(row: Chapter, told: list[dict], user) -> dict[int, Revision]:
    """Make the versions that the file tells of, with their dates; return them by number."""
    made: dict[int, Revision] = {}
    for each in told:
        at, body = number(each.get("number")), tidy(text(each.get("body")))
        if at and at not in made:
            how = chosen(each.get("how"), revisions.SAID, revisions.SAVED)
            by = user if each.get("by") == "me" else None
            name = text(each.get("name"))[:200]
            made[at] = Revision(
                chapter=row, number=at, body=body, how=how, name=name, made_by=by,
                shown=each.get("shown") is True, reason="brought in", **counted(body),
            )  # fmt: skip
    Revision.objects.bulk_create(made.values(), batch_size=50)
    for each in told:
        version = made.get(number(each.get("number")))
        if version:
            version.parent = made.get(number(each.get("from")))
            version.made_at = moment(each.get("made")) or version.made_at
    Revision.objects.bulk_update(made.values(), ["parent", "made_at"], batch_size=50)
    return made


def counted(body: str) -> dict[str, int]:
    return {"words": words.count(body), "sanitiser": sanitise.VERSION}


# ── as it was
def as_it_was(work: Work, told: dict) -> None:
    """Publish what was published, as far as nothing is missing here; set dates that are still to come."""
    was, at = told.get("visibility"), moment(told.get("publish_at"))
    if at and at > timezone.now():
        Work.objects.filter(pk=work.pk).update(publish_at=at)
    if was not in OPEN or publishing.missing(work) or publishing.at_the_gate(work):
        return
    work.visibility = was
    for row in queries.chapters_of(work):
        if not row.draft and row.current is None:
            row.work = work
            revisions.show(row)
    finish(work)


# ── values from a file that anybody may have written
def text(value: object) -> str:
    return value.replace("\0", "") if isinstance(value, str) else ""


def listed(value: object) -> list:
    return value if isinstance(value, list) else []


def number(value: object) -> int:
    return value if type(value) is int and 0 < value < 2**31 else 0


def chosen(value: object, among, usual):
    return value if isinstance(value, str) and value in among else usual


def moment(value: object) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return found if found.tzinfo else None

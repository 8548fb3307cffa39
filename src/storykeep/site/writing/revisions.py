"""Every save is a revision. What two people write at once is merged, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max

from storykeep.site.works import pictures
from storykeep.site.works.models import Chapter, EditedField, Revision, Visibility
from storykeep.site.works.rendering import render
from storykeep.site.writing.merge import merge
from storykeep.site.writing.paragraphs import split, tidy
from storykeep.site.writing.queries import head
from storykeep.text import sanitise, words

AUTO, SAVED, MERGED, RESTORED, ASIDE = "auto", "saved", "merged", "restored", "aside"
SUGGESTED = "suggested"
SAID = {
    AUTO: "saved by itself",
    SAVED: "saved",
    MERGED: "two versions brought together",
    RESTORED: "brought back",
    ASIDE: "one side of what was brought together",
    SUGGESTED: "suggested edits taken in",
    "": "came in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A text on its way to be kept: ``body`` is clean, ``base`` the id of the revision that it was made from.

    The same ``request`` counts once, however often it is sent.
    """

    body: str
    by: object
    base: int | None = None
    how: str = SAVED
    request: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: ``now`` is the text as it stands, ``mine`` the revision of what was sent.

    They are the same unless somebody else wrote at the same time.
    """

    now: Revision
    mine: Revision

    @property
    def merged(self) -> bool:
        return self.now != self.mine


def save(chapter: Chapter, sent: Sent) -> Saved:
    """Keep a text of ``chapter``; when it has changed since ``sent.base``, bring both together."""
    with transaction.atomic():
        chapter = locked(chapter)
        known = chapter.revisions.filter(request=sent.request).first() if sent.request else None
        now = head(chapter)
        if known and known.body == sent.body:
            return Saved(now or known, known)
        if known:
            sent = replace(sent, request="")  # the same page, sent again with another text: after going back, say
        if now and now.body == sent.body:
            kept_by_hand(now, sent.how)
            return Saved(now, now)
        if now is None or now.pk == sent.base:
            new = make(chapter, sent, parent=now)
            return Saved(new, new)
        return together(chapter, sent, older(chapter, sent.base), now)


def locked(chapter: Chapter) -> Chapter:
    """Return the chapter as it is now, held until the transaction ends."""
    rows = Chapter.written.select_for_update(of=("self",)).select_related("work", "current", "working")
    return caught_up(rows.get(pk=chapter.pk))


def caught_up(chapter: Chapter) -> Chapter:
    """Bring in what was done to the shown text while its writers worked on: an archivist's correction, say."""
    theirs, mine = chapter.current, chapter.working
    if theirs and mine and theirs.number > mine.number:
        base = chapter.revisions.exclude(html="").filter(number__lt=mine.number).first()  # what was shown then
        found = merge(base.body if base else "", mine.body, theirs.body)
        told = [{"theirs": each.theirs, "mine": each.mine} for each in found.conflicts]
        make(chapter, Sent(body=tidy(found.body), by=theirs.made_by, how=MERGED), parent=theirs, conflicts=told)
    return chapter


def kept_by_hand(revision: Revision, how: str) -> None:
    """Let a revision that was saved by itself count as saved by hand, now that somebody did."""
    if revision.how == AUTO and how != AUTO:
        revision.how = how
        revision.save(update_fields=["how"])


def older(chapter: Chapter, base: int | None) -> Revision | None:
    """Return revision ``base``, or the last one before it that is still there."""
    return chapter.revisions.filter(pk__lte=base or 0).order_by("-pk").first()


def together(chapter: Chapter, sent: Sent, base: Revision | None, now: Revision) -> Saved:
    if base and base.body == sent.body:
        return Saved(now, base)
    mine = make(chapter, replace(sent, how=ASIDE), parent=base)
    found = merge(base.body if base else "", sent.body, now.body)
    if found.body == now.body:
        return Saved(now, mine)
    told = [{"theirs": each.theirs, "mine": each.mine} for each in found.conflicts]
    both = Sent(body=tidy(found.body), by=sent.by, how=MERGED)
    return Saved(make(chapter, both, parent=now, conflicts=told), mine)


def make(chapter: Chapter, sent: Sent, *, parent: Revision | None, conflicts=()) -> Revision:
    """Make a revision; unless it is laid aside, it is what the writers go on with."""
    last = chapter.revisions.aggregate(last=Max("number"))["last"] or 0
    open_still = [*still_open(parent, sent.body), *conflicts] if sent.how != ASIDE else []
    new = Revision.objects.create(
        chapter=chapter, number=last + 1, body=sent.body, sanitiser=sanitise.VERSION, words=words.count(sent.body),
        how=sent.how, parent=parent, made_by=sent.by, request=sent.request, conflicts=open_still or None,
    )  # fmt: skip
    if sent.how != ASIDE:
        chapter.working = new
        chapter.save(update_fields=["working"])
        edited(chapter, "body", sent.by)
    return new


def edited(chapter: Chapter, field: str, by) -> None:
    """Remember that a person has set this, so that no later rescue writes over it."""
    if chapter.work.rescued:
        name = f"chapters.{chapter.key}.{field}"
        EditedField.objects.get_or_create(work=chapter.work, field=name, defaults={"by": by})


def still_open(revision: Revision | None, body: str) -> list[dict]:
    """Return the conflicts of ``revision`` of which both sides still stand in ``body``."""
    if not revision or not revision.conflicts:
        return []
    there = set(split(body))
    return [each for each in revision.conflicts if {*split(each["theirs"]), *split(each["mine"])} <= there]


def settle(chapter: Chapter, number: int, keep: str, by) -> bool:
    """Keep "theirs", "mine" or "both" of conflict ``number``, 0 for the first. False when it was settled before."""
    with transaction.atomic():
        chapter = locked(chapter)
        now = head(chapter)
        if now is None or not now.conflicts or number >= len(now.conflicts):
            return False
        conflict = now.conflicts[number]
        body = now.body if keep == "both" else without(now.body, conflict["mine" if keep == "theirs" else "theirs"])
        new = make(chapter, Sent(body=tidy(body), by=by), parent=None)
        new.parent, rest = now, [each for at, each in enumerate(now.conflicts) if at != number]
        new.conflicts = rest or None
        new.save(update_fields=["parent", "conflicts"])
    return True


def without(body: str, gone: str) -> str:
    """Return ``body`` without the paragraphs ``gone``, where they stand together."""
    blocks, wanted = split(body), split(gone)
    for at in range(len(blocks) - len(wanted) + 1):
        if wanted and blocks[at : at + len(wanted)] == wanted:
            return "\n".join(blocks[:at] + blocks[at + len(wanted) :])
    return body


def restore(chapter: Chapter, revision: Revision, by) -> Revision:
    """Let the text be again what it was; what it is now stays in the history."""
    with transaction.atomic():
        chapter = locked(chapter)
        return make(chapter, Sent(body=revision.body, by=by, how=RESTORED), parent=head(chapter))


def show(chapter: Chapter) -> None:
    """Let readers see the newest text. Whoever calls this calls ``finish`` for the work, in the same transaction."""
    newest = head(caught_up(chapter))
    if newest is None:
        return
    if newest.sanitiser < sanitise.VERSION:
        newest.body, newest.sanitiser = tidy(newest.body), sanitise.VERSION
    newest.html = render(newest.body, pictures.addresses(chapter))
    newest.shown = newest.shown or (chapter.work.visibility != Visibility.DRAFT and not chapter.draft)
    newest.save(update_fields=["body", "html", "sanitiser", "shown"])
    chapter.current, chapter.working, chapter.words = newest, None, newest.words
    chapter.save(update_fields=["current", "working", "words"])

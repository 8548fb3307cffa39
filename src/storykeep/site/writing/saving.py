"""One form with everything on it is kept: what is said about the work, about the chapter, and the text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from django.db import transaction

from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Chapter, Visibility, Work
from storykeep.site.writing import entry, publishing, revisions
from storykeep.site.writing.listed import unlisted
from storykeep.site.writing.models import Unsaved
from storykeep.site.writing.names import desk_of
from storykeep.site.writing.of_chapter import ChapterSheet
from storykeep.site.writing.of_work import WorkSheet
from storykeep.site.writing.queries import head
from storykeep.site.writing.sheets import Typed, typed
from storykeep.site.writing.thinning import thin

THIN_EVERY = 40  # saves; an hour of typing makes a thousand
BOXES = frozenset(("pen_names", "comments_moderated"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What came in: the fields as typed, what they were when the form was opened, and the text if there is one."""

    was: Typed
    fields: Typed
    text: str | None = None
    entry: str = "light"
    base: int | None = None
    request: str = ""

    @classmethod
    def of(cls, posted) -> Form:
        """Read a posted form. A box that is not ticked sends nothing, so it is empty where the form had shown it."""
        was = memory(posted.get("was", ""))
        names = [name for name in was if name in posted or name in BOXES] if was else posted
        fields = {name: typed("\n".join(posted.getlist(name))) for name in names}
        base = posted.get("base", "")
        return cls(
            was=was,
            fields=fields,
            text=posted.get("body"),
            entry=posted.get("entry", "light"),
            base=int(base) if base.isascii() and base.isdigit() and len(base) < 19 else None,  # noqa: PLR2004 — digits of an id
            request=posted.get("request", "")[:64],
        )


def memory(value: str) -> Typed:
    """Return what the form says that it had shown; nothing when that is no such thing."""
    try:
        found = json.loads(value or "{}")
    except ValueError:
        return {}
    return {str(key): typed(said) for key, said in found.items()} if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of it. ``refused`` says why nothing was changed about a work that readers see."""

    text: revisions.Saved | None = None
    conflicts: Typed = field(default_factory=dict)
    refused: tuple[publishing.Missing, ...] = ()


class Refused(Exception):
    """What was typed would leave a published work without what it needs."""

    def __init__(self, told: list[publishing.Missing]) -> None:
        self.told = tuple(told)


def keep(user, work: Work, chapter: Chapter | None, form: Form, *, auto: bool = False) -> Kept:
    """Save a form. Readers see nothing of a text before it is published; what is said about a work they see at once.

    ``auto`` is a save that nobody asked for: then readers see nothing at all.
    """
    published = work.visibility != Visibility.DRAFT
    told = tuple(unlisted(form.was, form.fields))
    aside = replace(form, fields={each.field: form.fields[each.field] for each in told})
    form = replace(form, fields={name: value for name, value in form.fields.items() if name not in aside.fields})
    saved = keep_text(user, chapter, form, auto=auto) if chapter else None
    if auto and published:
        lay_aside(user, work, replace(form, fields=form.fields | aside.fields))
        return Kept(text=saved, refused=told)
    try:
        conflicts = keep_fields(user, work, chapter, form, published=published)
    except Refused as refused:
        lay_aside(user, work, replace(form, fields=form.fields | aside.fields))
        return Kept(text=saved, refused=told + refused.told)
    if not auto:
        remember(user, form)
        Unsaved.objects.filter(work=work, account=user).delete()
        show_draft(work, chapter)
    lay_aside(user, work, aside)
    return Kept(text=saved, conflicts=conflicts, refused=told)


def remember(user, form: Form) -> None:
    """Remember how somebody likes to type; HTML is what the editor sends, so that it says nothing."""
    desk = desk_of(user)
    if form.text is not None and form.entry in {"light", "markdown"} and desk.entry != form.entry:
        desk.entry = form.entry
        desk.save()


def keep_text(user, chapter: Chapter, form: Form, *, auto: bool) -> revisions.Saved | None:
    if form.text is None:
        return None
    how = revisions.AUTO if auto else revisions.SAVED
    body = body_of(chapter, form)
    now = head(chapter)
    if not body and now is None:
        return None
    sent = revisions.Sent(body=body, by=user, base=form.base, how=how, request=form.request)
    saved = revisions.save(chapter, sent)
    if auto and saved.now.number % THIN_EVERY == 0:
        thin(chapter.pk)
    return saved


def body_of(chapter: Chapter, form: Form) -> str:
    """Return the typed text as a clean body: exactly what it was made from, where nothing was changed."""
    base = chapter.revisions.filter(pk=form.base).first() if form.base else None
    same = base and typed(form.text) == typed(entry.source(base.body, form.entry))
    return base.body if same else entry.body(form.text or "", form.entry)


def keep_fields(user, work: Work, chapter: Chapter | None, form: Form, *, published: bool) -> Typed:
    with transaction.atomic():
        work = Work.objects.select_for_update().get(pk=work.pk)
        before = {each.words for each in problems(work)} if published else set()
        found = WorkSheet(work, user).write(form.was, form.fields)
        conflicts = dict(found.conflicts)
        if chapter:
            row = revisions.locked(chapter)
            row.work = work
            inner = ChapterSheet(row, user).write(form.was, form.fields)
            conflicts |= inner.conflicts
            if inner.changed:
                finish(work)
        if published and (told := [each for each in problems(work) if each.words not in before]):
            raise Refused(told)
    return conflicts


def problems(work: Work) -> list[publishing.Missing]:
    return [*publishing.of_the_work(work), *publishing.of_the_tags(work)]


def lay_aside(user, work: Work, form: Form) -> None:
    """Keep what was typed about a published work; readers see it once it is saved."""
    fields = {name: value for name, value in form.fields.items() if value != form.was.get(name, value)}
    if fields:
        Unsaved.objects.update_or_create(work=work, account=user, defaults={"fields": fields})


def show_draft(work: Work, chapter: Chapter | None) -> None:
    """Let a draft that was saved by hand be what its writers see on its own page, too."""
    if chapter and (work.visibility == Visibility.DRAFT or chapter.draft):
        with transaction.atomic():
            row = revisions.locked(chapter)
            if row.working_id:
                revisions.show(row)
                finish(Work.objects.select_for_update().get(pk=work.pk))

"""The chapters of a work: written one by one, put in order, published, set aside."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_POST

from storykeep.model.errors import TooLarge, UsageError
from storykeep.site.submissions import deciding, gate
from storykeep.site.works.models import Chapter
from storykeep.site.writing import chapters as shelf
from storykeep.site.writing import pages, publishing, queries, saving
from storykeep.site.writing.doors import for_writers, own_chapter, own_work, wants_json
from storykeep.site.writing.forms import ChapterForm
from storykeep.site.writing.names import desk_of
from storykeep.site.writing.of_chapter import ChapterSheet
from storykeep.site.writing.views.answers import saved_answer
from storykeep.site.writing.views.publishing import clock_of, moment, said_at
from storykeep.site.writing.views.works import after, chapter_again, too_large


@require_POST
@for_writers
def add(request, ref):
    found = own_work(request, ref)
    row = shelf.add(found)
    return redirect("write-chapter", found.ref, row.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def chapter(request, ref, chapter):
    row = own_chapter(request, ref, chapter)
    if request.method == "POST":
        return saved(request, row)
    return render(request, "writing/chapter.html", {"page": chapter_page(request, row)} | clock_of(request.user))


def saved(request, row: Chapter):
    form = saving.Form.of(request.POST)
    try:
        kept = saving.keep(request.user, row.work, row, form, auto="auto" in request.POST)
    except TooLarge as error:
        return too_large(request, error)
    if wants_json(request):
        return saved_answer(request, row.work, chapter_again(row.work, row), kept)
    if kept.conflicts:
        page = chapter_page(request, row, after=(form, kept))
        return render(request, "writing/chapter.html", {"page": page} | clock_of(request.user), status=409)
    if kept.text and kept.text.merged:
        messages.warning(request, "Somebody else saved this text while you wrote. Both versions are kept.")
    if kept.text and kept.text.now.conflicts:
        return redirect("write-conflicts", row.work.ref, row.ref)
    return after(request, row.work, row)


def chapter_page(request, row: Chapter, *, after=None) -> pages.WritingPage:
    sheet = ChapterSheet(row, request.user)
    was = sheet.read()
    typed, conflicts = (after[0].fields, after[1].conflicts) if after else ({}, {})
    missing = tuple(publishing.of_a_chapter(row)) if queries.head(row) else ()
    rows = pages.Rows(ChapterForm(initial=was | typed), missing, conflicts)
    return pages.WritingPage(
        work=row.work,
        chapter=row,
        title=rows.row("chapter_title"),
        groups=pages.chapter_groups(rows, folded=False),
        text=pages.text_of(row, desk_of(request.user).entry),
        was=pages.as_json(was),
        request=get_random_string(20),
        published=pages.is_published(row.work),
        chapters=tuple(queries.chapters_of(row.work)),
        missing=missing,
        collides=bool(conflicts),
    )


@require_POST
@for_writers
def order(request, ref):
    """Move a chapter by one, or take the order of all: from the numbers that were typed, or from a list of chapters."""
    found = own_work(request, ref)
    refs = [row.ref for row in queries.chapters_of(found)]
    direction, _, moved = request.POST.get("move", "").partition(":")
    if moved in refs and direction in {"up", "down"}:
        at = refs.index(moved)
        to = max(0, min(len(refs) - 1, at + (1 if direction == "down" else -1)))
        refs.insert(to, refs.pop(at))
    elif request.POST.getlist("chapter"):
        asked = [ref for ref in request.POST.getlist("chapter") if ref in refs]
        refs = asked + [ref for ref in refs if ref not in asked]
    shelf.reorder(found, refs, request.user)
    if wants_json(request):
        return JsonResponse({"names": {row.ref: str(row) for row in queries.chapters_of(found)}})
    if moved in refs:
        row = queries.chapter_of(found, moved)
        messages.success(request, f"“{row}” is number {refs.index(moved) + 1} of {len(refs)} now.")
    return redirect(f"/write/works/{found.ref}#chapters")


@require_POST
@for_writers
def publish(request, ref, chapter):
    """Let readers see the newest text of a chapter."""
    row = own_chapter(request, ref, chapter)
    try:
        messages.success(request, publishing.show_chapter(request.user, row))
    except UsageError as error:
        messages.warning(request, str(error))
    return redirect("write-chapter", row.work.ref, row.ref)


@require_POST
@for_writers
def schedule(request, ref, chapter):
    row = own_chapter(request, ref, chapter)
    if not row.draft:
        raise Http404
    when = moment(request)
    if (when is None and request.POST.get("day")) or (when and when <= timezone.now()):
        messages.warning(request, "That is no time in the future. Nothing changed.")
    else:
        Chapter.written.filter(pk=row.pk).update(publish_at=when)
        said = f"This chapter will be published on {said_at(when, request.user)}." if when else "It stays a draft."
        if when and row.work.visibility in publishing.PUBLISHED and gate.closed_chapter(row) == gate.LATER:
            deciding.send_in(request.user, row.work, chapters=[row])
            said += " It is sent in: an archivist reads it before that."
        messages.success(request, said)
    return redirect("write-chapter", row.work.ref, row.ref)


@require_POST
@for_writers
def withdraw(request, ref, chapter):
    row = own_chapter(request, ref, chapter)
    if len([each for each in queries.chapters_of(row.work) if not each.draft]) == 1 and not row.draft:
        messages.warning(request, "It is the only chapter that readers see. Make the whole work a draft instead.")
    else:
        shelf.withdraw(row)
        messages.success(request, f"“{row}” is a draft again.")
    return redirect("write-chapter", row.work.ref, row.ref)


@require_POST
@for_writers
def trash(request, ref, chapter):
    row = own_chapter(request, ref, chapter)
    if len(queries.chapters_of(row.work)) == 1:
        messages.warning(request, "It is the only chapter. Put the whole work into the trash instead.")
    else:
        shelf.trash(row)
        messages.success(request, f"“{row}” is in the trash for 30 days.")
    return redirect("write-work", row.work.ref)


@require_POST
@for_writers
def bring_back(request, ref, chapter):
    found = own_work(request, ref)
    row = next((each for each in queries.trashed_chapters(found) if each.ref == chapter), None)
    if row is None:
        raise Http404
    shelf.bring_back(row)
    messages.success(request, f"“{row}” is back, as a draft.")
    return redirect("write-work", found.ref)

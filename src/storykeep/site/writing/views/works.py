"""My works, and the page on which one of them is written."""

from __future__ import annotations

import dataclasses
import tempfile
import zipfile
from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET, require_http_methods

from storykeep.model.errors import TooLarge, UsageError
from storykeep.site.reading.pages import StoryPage
from storykeep.site.reading.views.stories import story_page
from storykeep.site.works import pictures
from storykeep.site.works.models import Chapter, Revision, Visibility, Work
from storykeep.site.works.queries import work_page
from storykeep.site.works.rendering import render as rendered
from storykeep.site.writing import (
    drafts,
    first_readers,
    inviting,
    leading,
    pages,
    publishing,
    queries,
    saving,
    taking_along,
)
from storykeep.site.writing.doors import for_writers, own_work, wants_json
from storykeep.site.writing.forms import LANGUAGES, ChapterForm, WorkForm
from storykeep.site.writing.models import Unsaved
from storykeep.site.writing.names import desk_of
from storykeep.site.writing.of_chapter import ChapterSheet
from storykeep.site.writing.of_work import WorkSheet
from storykeep.site.writing.series import series_of
from storykeep.site.writing.views.answers import saved_answer

IN_MEMORY = 8 * 1024 * 1024  # bytes of a copy
READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@for_writers
def desk(request):
    """Show all that is mine: drafts, what waits for its date, what readers see, the trash."""
    mine = queries.desk_works(request.user)
    draft = [work for work in mine if work.visibility == Visibility.DRAFT]
    context = {
        "waiting": [work for work in draft if work.publish_at],
        "drafts": [work for work in draft if not work.publish_at],
        "published": [work for work in mine if work.visibility != Visibility.DRAFT],
        "trash": [(work, drafts.gone_after(work.trashed_at)) for work in queries.trashed_by(request.user)],
        "invitations": inviting.asked_of(request.user),
        "to_read": first_readers.of(request.user),
        "asking": leading.asked_of(request.user).count(),
        "series": series_of(request.user),
        "days": drafts.DAYS_IN_TRASH,
    }
    return render(request, "writing/desk.html", context)


@READ_AND_WRITE
@for_writers
def new(request):
    """Begin a work. Nothing is kept before something was typed and saved; the same form sent twice begins one work."""
    if request.method == "POST":
        mark = "".join(letter for letter in request.POST.get("begun", "")[:40] if letter.isalnum())
        found = drafts.begin(request.user, mark or get_random_string(20))
        return saved(request, found, queries.chapters_of(found)[0])
    return render(request, "writing/work.html", {"page": empty_page(request), "begun": get_random_string(20)})


@READ_AND_WRITE
@for_writers
def work(request, ref):
    found = own_work(request, ref)
    rows = queries.chapters_of(found)
    only = rows[0] if len(rows) == 1 else None
    if request.method == "POST":
        return saved(request, found, only)
    return render(request, "writing/work.html", {"page": writing_page(request, found, only)})


def saved(request, found: Work, chapter: Chapter | None):
    """Keep a form, and answer with what became of it: what was typed is on the page that comes back."""
    form = saving.Form.of(request.POST)
    try:
        kept = saving.keep(request.user, found, chapter, form, auto="auto" in request.POST)
    except TooLarge as error:
        return too_large(request, error)
    if wants_json(request):
        return saved_answer(request, found, chapter, kept)
    found.refresh_from_db()
    if kept.conflicts or kept.refused:
        page = writing_page(request, found, chapter, after=(form, kept))
        return render(request, "writing/work.html", {"page": page}, status=409 if kept.conflicts else 422)
    if kept.text and kept.text.merged:
        messages.warning(request, "Somebody else saved this text while you wrote. Both versions are kept.")
    if kept.text and kept.text.now.conflicts:
        return redirect("write-conflicts", found.ref, chapter.ref)
    return after(request, found, chapter)


def after(request, found: Work, chapter: Chapter | None):
    """Go on to what the pressed button says."""
    then = request.POST.get("then", "")
    if then == "publish":
        return redirect("write-publish", found.ref)
    if then == "preview" and chapter:
        return redirect("write-preview-chapter", found.ref, chapter.ref)
    if then == "show" and chapter:
        try:
            said = publishing.show_chapter(request.user, chapter_again(found, chapter))
            messages.success(request, f"Saved. {said}")
        except UsageError as error:
            messages.warning(request, f"Saved, but not shown. {error}")
    else:
        messages.success(request, "Saved.")
    return redirect(request.path if request.path != "/write/new" else f"/write/works/{found.ref}")


def chapter_again(found: Work, chapter: Chapter) -> Chapter:
    return queries.chapter_of(found, chapter.ref)


def too_large(request, error: TooLarge):
    fields = [
        (key, value) for key in request.POST if key != "csrfmiddlewaretoken" for value in request.POST.getlist(key)
    ]
    context = {"fields": fields, "body": request.POST.get("body", ""), "why": str(error)}
    return render(request, "writing/given_back.html", context, status=413)


# ── the page
def empty_page(request) -> pages.WritingPage:
    blank = WorkSheet(Work(language=drafts.archive_language()), request.user)
    shown = drafts.blank_fields(blank)
    rows = pages.Rows(WorkForm(blank, initial=shown | {"pen_names": shown["pen_names"].split()}))
    return pages.WritingPage(
        work=None,
        chapter=None,
        title=rows.row("title"),
        groups=pages.work_groups(rows),
        text=pages.text_of(None, desk_of(request.user).entry),
        was="",
        request=get_random_string(20),
        languages=tuple(LANGUAGES),
        own_series=tuple(rows.form.own_series),
    )


def writing_page(request, found: Work, chapter: Chapter | None, *, after=None) -> pages.WritingPage:
    """Return the page of a work, with its text when it has one chapter only.

    ``after`` is a form that could not be kept as it is, and what was told about it.
    """
    typed, conflicts, told = (after[0].fields, after[1].conflicts, after[1].refused) if after else ({}, {}, ())
    sheet = WorkSheet(found, request.user)
    inner = ChapterSheet(chapter, request.user) if chapter else None
    was = pages.shown_as(sheet, inner)
    unsaved = unsaved_fields(request.user, found)
    shown = was | unsaved | typed
    missing = (*publishing.missing(found), *told)
    form = WorkForm(sheet, initial=shown | {"pen_names": shown["pen_names"].split()})
    rows = pages.Rows(form, missing, conflicts)
    inner_rows = pages.Rows(ChapterForm(initial=shown), missing, conflicts)
    groups = pages.work_groups(rows) + (pages.chapter_groups(inner_rows, folded=True) if inner else ())
    return pages.WritingPage(
        work=found,
        chapter=chapter,
        title=rows.row("title"),
        groups=groups,
        text=pages.text_of(chapter, desk_of(request.user).entry) if chapter else None,
        was=pages.as_json(was),
        request=get_random_string(20),
        published=pages.is_published(found),
        chapters=tuple(queries.chapters_of(found)),
        trashed=tuple(queries.trashed_chapters(found)),
        missing=missing,
        unsaved=bool(unsaved),
        languages=tuple(LANGUAGES),
        own_series=tuple(form.own_series),
        collides=bool(conflicts),
    )


def unsaved_fields(user, found: Work) -> dict[str, str]:
    return Unsaved.objects.filter(work=found, account=user).values_list("fields", flat=True).first() or {}


@require_GET
@for_writers
def copy(request, ref):
    """Give one work to keep: as a book, as a page, and with all its versions. From the trash, too."""
    found = get_object_or_404(taking_along.to_copy(request.user), ref=ref)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 — the answer closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, data, _ in taking_along.of_work(found, request.user):
            zipped.writestr(path, data)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{found.slug[:60]}.zip")


# ── preview
@require_GET
@for_writers
def preview(request, ref, chapter=""):
    """Show a chapter exactly as readers will see it: the same page, of the newest text."""
    own_work(request, ref)
    found = work_page(request.user, ref)
    rows = queries.chapters_of(found)
    at = next((n for n, row in enumerate(rows) if row.ref == chapter), None) if chapter else 0
    if at is None:
        raise Http404
    page = previewed(request, found, rows, at, lambda row: f"/write/works/{ref}/chapters/{row.ref}/preview")
    return render(request, "writing/preview.html", {"page": page, "work": found, "row": rows[at] if rows else None})


def previewed(request, found: Work, rows: list[Chapter], at: int, address: Callable[[Chapter], str]) -> StoryPage:
    """Return the page of readers with chapter number ``at`` of ``rows`` on it; ``address`` leads to the others."""
    found.chapter_list = numbered(rows)
    page = story_page(request, found, [as_shown(row) for row in rows[at : at + 1]])
    return with_previews(page, rows, at, address)


def numbered(rows: list[Chapter]) -> list[Chapter]:
    """Number all chapters, drafts too, as if every one were published; none of this is saved."""
    for place, row in enumerate(rows, start=1):
        row.place = place
    return rows


def as_shown(row: Chapter) -> Chapter:
    """Put the newest text where readers' text is; none of this is saved."""
    newest = queries.head(row)
    if newest:
        row.current = Revision(html=rendered(newest.body, pictures.addresses(row)), body=newest.body)
        row.words = newest.words
    return row


def with_previews(page: StoryPage, rows: list[Chapter], at: int, address: Callable[[Chapter], str]) -> StoryPage:
    """Let the ways to other chapters lead to their previews."""

    def leading(link, row):
        return dataclasses.replace(link, url=address(row))

    before = leading(page.previous, rows[at - 1]) if page.previous else None
    later = leading(page.next, rows[at + 1]) if page.next else None
    contents = tuple(leading(line, row) for line, row in zip(page.contents, rows, strict=True))
    return dataclasses.replace(page, previous=before, next=later, contents=contents)

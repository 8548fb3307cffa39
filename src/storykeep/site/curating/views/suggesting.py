"""An archivist types edits into a copy of a text; its writer sees each, and the work itself has none of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.model.errors import TooLarge, UsageError
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.curating import edit_pages, fields, queries, suggesting
from storykeep.site.curating.views.deciding import sent_in
from storykeep.site.submissions import letters, seen
from storykeep.site.submissions.models import Submission
from storykeep.site.works.models import Chapter
from storykeep.site.writing import saving
from storykeep.site.writing.doors import for_writers
from storykeep.site.writing.views.works import too_large

READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@READ_AND_WRITE
@for_archivists
@for_writers
def suggest(request, ref, chapter=""):
    """Let an archivist edit a copy of a chapter, or of what is said about the work; keep what differs."""
    found = sent_in(request, ref)
    row = chapter_of(found, chapter) if chapter else None
    now = fields.bodies_now(request.user, found.work, row)
    last = suggesting.open_one(request.user, found, row, now)
    if request.method == "POST":
        return keep(request, found, row, now, last)
    queries.look(request.user, found)
    seen.remember(found, request.user, seen.seen(found.work, seen.chapters_of(found.work)), read=True)
    page = edit_pages.suggest_page(request.user, found, row, now, last)
    return render(request, "curating/suggest.html", {"here": "submissions", "page": page})


def chapter_of(found: Submission, ref: str) -> Chapter:
    row = next((each for each in seen.chapters_of(found.work) if each.ref == ref), None)
    if row is None:
        raise Http404
    return row


def keep(request, found: Submission, row: Chapter | None, now: suggesting.Bodies, last):
    form = saving.Form.of(request.POST)
    words = request.POST.get("words", "").replace("\0", "").strip()[:5000]
    try:
        after = {name: fields.as_body(name, value) for name, value in form.fields.items() if name in now}
        after |= {fields.BODY: saving.body_of(row, form)} if row and form.text is not None else {}
        copy = suggesting.Copy(chapter=row, before=before_of(form, row, now), after=after, words=words)
        count = suggesting.suggest(request.user, found, copy)
    except TooLarge as error:
        return too_large(request, error)
    except UsageError as error:
        messages.warning(request, str(error))
        return redirect("desk-submission", found.ref)
    if not count:
        messages.info(request, "You changed nothing, so nothing is suggested.")
        return redirect("desk-submission", found.ref)
    said = f"edits are suggested in {suggesting.place_of(row, alone=fields.is_alone(found.work))}"
    if last is None:
        letters.tell_writers(found, words, said)
    messages.success(request, f"{suggesting.counted(count).capitalize()} suggested. The work itself is as it was.")
    return redirect("desk-submission", found.ref)


def before_of(form: saving.Form, row: Chapter | None, now: suggesting.Bodies) -> suggesting.Bodies:
    """Return what stood in each field when the archivist opened the form, whatever its writer has done since."""
    was = {name: fields.as_body(name, value) for name, value in form.was.items() if name in now}
    base = row.revisions.filter(pk=form.base).first() if row and form.base else None
    return was | ({fields.BODY: base.body if base else now[fields.BODY]} if row else {})


@READ_AND_WRITE
@for_archivists
def suggestion(request, ref, suggestion):
    """Show what was suggested, and what its writer said to it; take it back."""
    found = sent_in(request, ref)
    row = get_object_or_404(found.suggestions.select_related("chapter", "by"), ref=suggestion)
    if request.method == "POST":
        suggesting.withdraw(request.user, row)
        messages.success(request, "Taken back. What the writer has taken of it stays in the text.")
        return redirect("desk-suggestion", ref, row.ref)
    return render(
        request, "curating/suggested.html", {"here": "submissions", "page": edit_pages.edits_page(row, found.work)}
    )

"""A draft for its first readers, and for its writers who they are and what they said."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from storykeep.model.errors import UsageError
from storykeep.site.base import limits
from storykeep.site.works.models import Chapter
from storykeep.site.writing import first_readers
from storykeep.site.writing.doors import for_writers, own_work
from storykeep.site.writing.models import FirstReader

READ_AND_SAY = require_http_methods(["GET", "HEAD", "POST"])
OFTEN = "That was often enough for now. Try again in an hour."


# ── for writers
@READ_AND_SAY
@for_writers
def readers(request, ref):
    """Show who reads this draft, and what they said; let one more in, or close a door."""
    found = own_work(request, ref)
    if request.method == "POST":
        change(request, found)
        return redirect("write-first-readers", found.ref)
    rows = list(found.first_readers.filter(ended_at=None).select_related("account"))
    remarks = first_readers.remarks_on(found)
    context = {
        "work": found,
        "readers": [
            (row, "" if row.account_id else request.build_absolute_uri(first_readers.link(row))) for row in rows
        ],
        "remarks": remarks.filter(done_at=None),
        "done": remarks.exclude(done_at=None).count(),
        "days": first_readers.DAYS,
        "most_days": first_readers.MOST_DAYS,
        "now": timezone.now(),
    }
    return render(request, "writing/first_readers.html", context)


def address(request, reader: FirstReader) -> str:
    return request.build_absolute_uri(first_readers.link(reader))


def change(request, found) -> None:
    sent = request.POST
    if "end" in sent:
        first_readers.end(get_object_or_404(found.first_readers, ref=sent["end"]))
        messages.success(request, "They can no longer read it. Their notes stay with you.")
    elif "done" in sent:
        remark = get_object_or_404(first_readers.remarks_on(found), ref=sent["done"])
        remark.done_at = timezone.now()
        remark.save(update_fields=["done_at"])
    elif not limits.allow(request, "first-readers", most=40, seconds=3600):
        messages.warning(request, OFTEN)
    else:
        let(request, found)


def let(request, found) -> None:
    name, days = " ".join(request.POST.get("name", "").split())[:150], request.POST.get("days", "")
    try:
        if "link" in request.POST:
            fits = days.isascii() and days.isdigit() and len(days) < 5  # noqa: PLR2004 — digits of a number of days
            first_readers.let_by_link(found, name, int(days) if fits else first_readers.DAYS)
            messages.success(request, "The link is below. Give it to nobody but them.")
        else:
            first_readers.let(found, request.user, name)
            messages.success(request, f"{name} finds it on “My works”.")
    except UsageError as error:
        messages.warning(request, str(error))


# ── for readers
@READ_AND_SAY
@for_writers
def draft(request, reader):
    """Show a draft to an account that was asked to read it."""
    return shown(request, get_object_or_404(first_readers.of(request.user), ref=reader))


@READ_AND_SAY
@never_cache
def draft_by_link(request, token):
    """Show a draft to whoever holds the link; who does not learns nothing."""
    reader = first_readers.by_link(token)
    if reader is None:
        raise Http404
    return shown(request, reader)


def shown(request, reader: FirstReader):
    if "leave" in request.POST and reader.account_id:
        first_readers.end(reader)
        messages.success(request, "You no longer read it.")
        return redirect("writing")
    rows = first_readers.newest(reader.work)
    at = min(number(request, "chapter") or 1, len(rows) or 1)
    row = rows[at - 1] if rows else None
    if request.method == "POST" and row:
        return said(request, reader, row, at)
    context = {
        "reader": reader,
        "work": reader.work,
        "row": row,
        "at": at,
        "rows": rows,
        "paragraphs": first_readers.paragraphs(reader, row, number(request, "note")) if row else [],
    }
    answer = render(request, "writing/draft.html", context)
    answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    return answer


def said(request, reader: FirstReader, row: Chapter, at: int):
    place, words = number(request, "note"), request.POST.get("words", "")
    if limits.allow(request, "remark", most=120, seconds=3600):
        leave_note(request, reader, row, words)
    else:
        messages.warning(request, OFTEN)
    return redirect(f"{request.path}?chapter={at}#p{place}")


def leave_note(request, reader: FirstReader, row: Chapter, words: str) -> None:
    try:
        first_readers.say(reader, row, number(request, "note"), words)
        messages.success(request, "Its writers see it.")
    except UsageError as error:
        messages.warning(request, str(error))


def number(request, name: str) -> int:
    value = request.POST.get(name) or request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 0  # noqa: PLR2004 — digits of a place

"""Every save of a text: listed, compared, named, brought back; and where two people wrote at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from storykeep.site.works.models import Chapter, Revision
from storykeep.site.writing import queries, revisions
from storykeep.site.writing.differences import compare
from storykeep.site.writing.doors import for_writers, own_chapter

LISTED = 200


@require_GET
@for_writers
def history(request, ref, chapter):
    """List the saves; compare two when the address names them, else the last with the one before."""
    row = own_chapter(request, ref, chapter)
    saves = list(row.revisions.select_related("made_by").defer("body", "html")[:LISTED])
    after = chosen(row, request.GET.get("to")) or queries.head(row)
    before = chosen(row, request.GET.get("from")) or (after and before_it(row, after))
    context = {
        "work": row.work,
        "chapter": row,
        "saves": [(each, revisions.SAID.get(each.how, "")) for each in saves],
        "head": queries.head(row),
        "before": before,
        "after": after,
        "lines": compare(before.body if before else "", after.body) if after else (),
    }
    return render(request, "writing/history.html", context)


def chosen(row: Chapter, number: str | None) -> Revision | None:
    known = number and number.isascii() and number.isdigit() and len(number) < 9  # noqa: PLR2004 — digits of a number
    return row.revisions.filter(number=int(number)).first() if known else None


def before_it(row: Chapter, after: Revision) -> Revision | None:
    """Return what a version was made from; else the one before it, but no laid-aside half of a merging."""
    earlier = row.revisions.filter(number__lt=after.number).exclude(how=revisions.ASIDE).order_by("-number")
    return after.parent or earlier.first()


@require_POST
@for_writers
def restore(request, ref, chapter):
    row = own_chapter(request, ref, chapter)
    revision = chosen(row, request.POST.get("number"))
    if revision is None:
        raise Http404
    revisions.restore(row, revision, request.user)
    messages.success(
        request, f"The text is as it was in version {revision.number}. What it was before stays in the history."
    )
    return redirect("write-chapter", row.work.ref, row.ref)


@require_POST
@for_writers
def name(request, ref, chapter):
    """Give a version a name: it is kept for as long as the work is."""
    row = own_chapter(request, ref, chapter)
    revision = chosen(row, request.POST.get("number"))
    if revision is None:
        raise Http404
    revision.name = " ".join(request.POST.get("name", "").split())[:120]
    revision.save(update_fields=["name"])
    messages.success(
        request, f"Version {revision.number} is called “{revision.name}”." if revision.name else "It has no name now."
    )
    return redirect("write-history", row.work.ref, row.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def conflicts(request, ref, chapter):
    """Show the places where two people wrote at once, both texts beside each other; settle one."""
    row = own_chapter(request, ref, chapter)
    if request.method == "POST":
        number, keep = request.POST.get("place", ""), request.POST.get("keep", "")
        if not number.isdigit() or keep not in {"theirs", "mine", "both"}:
            raise Http404
        if not revisions.settle(row, int(number), keep, request.user):
            messages.info(request, "That place was settled already.")
        return redirect("write-conflicts", row.work.ref, row.ref)
    now = queries.head(row)
    context = {"work": row.work, "chapter": row, "places": list(enumerate(now.conflicts or ()) if now else ())}
    return render(request, "writing/conflicts.html", context)

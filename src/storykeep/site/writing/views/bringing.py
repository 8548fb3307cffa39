"""Bringing in one's own works: files are read, what was found is shown, and becomes drafts."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.base import limits
from storykeep.site.writing import bringing
from storykeep.site.writing.doors import for_writers
from storykeep.site.writing.models import Brought
from storykeep.text import words
from storykeep.text.markup import plain

BEGINNING = 240  # characters of a chapter that are shown


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def bring(request):
    """Take files, and lead to what was found in them."""
    files = request.FILES.getlist("file")
    if request.method == "POST" and not files:
        messages.info(request, "Choose a file first.")
    elif request.method == "POST" and not limits.allow(request, "bring", most=60, seconds=3600):
        messages.warning(request, "That was often enough for now. Try again in an hour.")
    elif request.method == "POST":
        return redirect("write-brought", bringing.bring(request.user, files).ref)
    return render(request, "writing/bring.html")


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def brought(request, ref):
    """Show what was found, chapter by chapter; make drafts of what is ticked."""
    found = get_object_or_404(Brought, ref=ref, account=request.user)
    if request.method == "POST":
        chosen = [int(number) for number in request.POST.getlist("story") if number.isdigit() and len(number) < 5]  # noqa: PLR2004 — digits of a number
        made = bringing.make_drafts(found, chosen)
        if made:
            said = "It is a draft now." if len(made) == 1 else f"{len(made)} drafts are here now."
            messages.success(request, f"{said} Nobody sees it before you publish it.")
        return redirect("write-work", made[0].ref) if len(made) == 1 else redirect("writing")
    stories = [shown(number, story) for number, story in enumerate(bringing.stories_of(found))]
    return render(request, "writing/brought.html", {"brought": found, "stories": stories})


def shown(number: int, story) -> dict[str, object]:
    chapters = [
        {
            "name": " ".join(filter(None, (each.label, each.title))) or f"Chapter {at}",
            "words": words.count(each.body),
            "beginning": " ".join(plain(each.body).split())[:BEGINNING],
        }
        for at, each in enumerate(story.chapters, 1)
    ]
    pictures = len(story.images) + sum(len(each.images) for each in story.chapters)
    return {"number": number, "title": story.title or "Untitled", "chapters": chapters, "pictures": pictures}

"""Bringing in one's own works: files are read, what was found is shown, and becomes drafts."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.base import limits
from storykeep.site.writing import bringing
from storykeep.site.writing import coming_back as back
from storykeep.site.writing import coming_back_in_turn as in_turn
from storykeep.site.writing.doors import for_writers
from storykeep.site.writing.models import Brought
from storykeep.site.writing.queries import pen_names_of
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
    if found.works or found.whole:
        return coming_back(request, found)
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


# ── works that were taken along
def coming_back(request, found: Brought):
    """Show what is in a zip of everything, and take in what is ticked; nothing is made before that."""
    if request.method == "POST" and not found.wanted:
        people = {name: request.POST.get(f"name_{at}", "") for at, name in enumerate(names_in(found))}
        with transaction.atomic():
            held = Brought.objects.select_for_update().get(pk=found.pk)
            if not held.wanted:
                as_it_was, others = "as_it_was" in request.POST, held.whole and "others" in request.POST
                in_turn.choose(held, numbers(request, held), people, as_it_was=as_it_was, others=others)
        in_turn.go_on(held)
    if request.method == "POST":
        return redirect("write-brought", found.ref)
    return render(request, "writing/coming_back.html", coming_back_page(request.user, found))


def numbers(request, found: Brought) -> list[int]:
    given = {number for number in request.POST.getlist("work") if number.isdigit()}
    return [at for at in range(len(found.works)) if str(at) in given]


def names_in(found: Brought) -> list[str]:
    """Return the names that are the writer's own in the file, each once."""
    return list(dict.fromkeys(name for work in found.works for name in work["names"]))


def coming_back_page(user, found: Brought) -> dict[str, object]:
    own = list(pen_names_of(user))
    keys = [work["key"] for work in found.works]
    here = {key: known for key in keys if (known := back.known(user, key))} if not found.wanted else {}
    works = [{**work, "at": at, "here": here.get(work["key"])} for at, work in enumerate(found.works)]
    people = [asked(user, at, name, own) for at, name in enumerate(names_in(found))]
    done = found.wanted.get("done", [])
    return {
        "brought": found,
        "works": works,
        "people": people,
        "own": own,
        "done": done,
        "left": len(found.wanted.get("works", [])) - len(done),
        "told": found.wanted.get("told", []),
        "fresh": sum(1 for each in works if not each["here"]),
    }


def asked(user, at: int, name: str, own) -> dict[str, object]:
    """Return what is asked about one name: which of one's own it is, or whether it becomes a new one."""
    called = back.may_be_called(user, name)
    return {"at": at, "name": name, "called": called.slug if called else "", "free": back.is_free(name, user)}

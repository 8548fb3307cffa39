"""Several of my works changed together."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Commenting, Visibility, Work
from storykeep.site.writing import drafts, queries
from storykeep.site.writing.doors import for_writers
from storykeep.site.writing.of_work import TAGS, WorkSheet

SET = ("publish_as", "comments", "comments_moderated", "language", "status")


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def together(request):
    """Tick works, say what shall be different; what is left empty stays as it is in each."""
    mine = queries.desk_works(request.user)
    if request.method == "POST":
        chosen = [work for work in mine if work.ref in set(request.POST.getlist("work"))]
        change(request, chosen)
        return redirect("write-together")
    context = {
        "works": mine,
        "kinds": TagKind.objects.filter(retired=False),
        "visibilities": [(each.value, each.label) for each in (Visibility.PUBLIC, Visibility.MEMBERS)],
        "commenting": Commenting.choices,
    }
    return render(request, "writing/together.html", context)


def change(request, chosen: list[Work]) -> None:
    if not chosen:
        messages.info(request, "No work was ticked, so nothing changed.")
        return
    with transaction.atomic():
        for work in chosen:
            if "trash" in request.POST and not work.rescued:
                drafts.trash(work)
            elif "trash" not in request.POST:
                change_one(request, Work.objects.select_for_update().get(pk=work.pk))
    count = "1 work" if len(chosen) == 1 else f"{len(chosen)} works"
    messages.success(request, f"{count} changed.")


def change_one(request, work: Work) -> None:
    sheet = WorkSheet(work, request.user)
    now = sheet.read()
    wanted = {name: request.POST[name] for name in SET if request.POST.get(name)}
    for kind in sheet.kinds:
        name = f"{TAGS}{kind.key}"
        wanted |= tags_after(name, now[name], request.POST.get(f"add_{name}", ""), request.POST.get(f"less_{name}", ""))
    if wanted.get("comments_moderated") == "no":
        wanted["comments_moderated"] = ""
    sheet.write(now, wanted)


def tags_after(name: str, now: str, more: str, less: str) -> dict[str, str]:
    """Return the tags of one kind with some added and some taken away; nothing when neither was asked."""
    added, gone = lines(more), set(lines(less))
    if not added and not gone:
        return {}
    kept = [tag for tag in lines(now) if tag not in gone]
    return {name: "\n".join(dict.fromkeys([*kept, *added]))}


def lines(typed: str) -> list[str]:
    return [" ".join(line.split()) for line in typed.splitlines() if line.strip()]

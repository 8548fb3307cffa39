"""Pen names: several for one account, each with a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from storykeep.site.accounts.names import TWINS, clean_pen_name
from storykeep.site.works.models import Credit, Person
from storykeep.site.works.queries import readable_by
from storykeep.site.writing import entry, names
from storykeep.site.writing.doors import for_writers
from storykeep.site.writing.queries import pen_names_of
from storykeep.text.fold import fold

MOST = 40


@require_GET
@for_writers
def pen_names(request):
    shown = Credit.objects.filter(person=OuterRef("pk"), work__in=readable_by(request.user).values("pk"))
    context = {
        "names": pen_names_of(request.user).annotate(has_page=Exists(shown)),
        "usual": names.chosen(request.user),
    }
    return render(request, "writing/names.html", context)


@require_POST
@for_writers
def new(request):
    name, told = read(request.POST.get("name", ""))
    if told := told or wrong_with(request.user, name):
        messages.warning(request, told)
    else:
        names.new(request.user, name)
        messages.success(request, f"“{name}” is yours. It has a page of its own once a work is signed by it.")
        if others_alike(request.user, name):
            messages.info(
                request, "Somebody else here is called so, or nearly so. Readers may take you for one another."
            )
    return redirect("pen-names")


def read(given: str) -> tuple[str, str]:
    """Return (pen name, what speaks against it); one of the two is empty."""
    try:
        return clean_pen_name(given), ""
    except ValidationError as error:
        return "", error.messages[0]


def others_alike(user, name: str) -> bool:
    """Say whether somebody else has this name, or one of another alphabet that looks the same."""
    alike = {fold(name), fold(name).translate(TWINS)}
    return Person.objects.filter(folded__in=alike).exclude(account=user).exists()


def wrong_with(user, name: str) -> str:
    """Return what speaks against a new pen name, "" for nothing. Two people may be called the same."""
    if pen_names_of(user).filter(name=name).exists():
        return f"You have a pen name “{name}” already."
    return f"{MOST} pen names are the most." if pen_names_of(user).count() >= MOST else ""


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def one(request, slug):
    """Change what the page of a pen name says, or sign by it from now on."""
    person = get_object_or_404(pen_names_of(request.user), slug=slug)
    if request.method == "GET":
        shown = {"name": person.name, "bio": entry.source(person.bio, "light")}
        return render(request, "writing/name.html", {"person": person, **shown})
    if "usual" in request.POST:
        desk = names.desk_of(request.user)
        desk.pen_name = person
        desk.save()
        messages.success(request, f"New works are signed by “{person}”.")
    elif not change(request, person):
        typed = {name: request.POST.get(name, "") for name in ("name", "bio")}
        return render(request, "writing/name.html", {"person": person, **typed}, status=422)
    return redirect("pen-names")


def change(request, person: Person) -> bool:
    """Say whether it is changed; what can't be a name is said, and stays on the page."""
    name, told = read(request.POST.get("name", ""))
    if told and request.POST.get("name") == person.name:  # of an old archive, and theirs
        name, told = person.name, ""
    if told:
        messages.warning(request, f"{told} Nothing changed.")
        return False
    names.rename(person, name, entry.body(request.POST.get("bio", ""), "light"))
    messages.success(request, "Saved.")
    return True

"""The wrangling desk's pages: fetch or 404, check, act, answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from storykeep.model.errors import Conflict, StorykeepError, UsageError
from storykeep.site.accounts.guards import for_wranglers
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works.models import WorkTag
from storykeep.site.works.queries import readable_by
from storykeep.site.wrangling import actions, deeds, effects, in_background, looking, queries, turning
from storykeep.site.wrangling.models import Action, Turning

PER_PAGE = 100
SHOWN = 50  # tags under one, actions on one
WORKS = 8


@require_safe
@for_wranglers
def home(request):
    look = looking.look_if_needed()
    known = {"here": "home", "kinds": queries.home(), "alike": looking.open_pairs().count(), "look": look}
    return render(request, "wrangling/home.html", {**known, "bins": queries.BINS, "recent": queries.actions()[:6]})


@require_safe
@for_wranglers
def tags(request):
    asked = queries.Filter.asked(request.GET)
    page = Paginator(queries.tags(asked), PER_PAGE).get_page(request.GET.get("page"))
    known = {"here": "tags", "asked": asked, "page": page, "bins": queries.BINS.items()}
    return render(request, "wrangling/tags.html", {**known, "orders": queries.ORDERS.items()})


@require_safe
@for_wranglers
def tag(request, pk: int):
    found = get_object_or_404(Tag.objects.select_related("kind__under", "synonym_of__kind"), pk=pk)
    links = WorkTag.objects.filter(tag=found).values("work")
    known = {
        "here": "tags",
        "tag": found,
        "synonyms": found.synonyms.select_related("kind")[:SHOWN],
        "over": found.parents.select_related("kind"),
        "below": found.children.select_related("kind")[:SHOWN],
        "old_names": found.old_names.select_related("kind"),
        "works": readable_by(request.user).filter(pk__in=links)[:WORKS],
        "kinds": TagKind.objects.all(),
        "recent": queries.actions_on(found)[:SHOWN],
    }
    return render(request, "wrangling/tag.html", known)


@require_POST
@for_wranglers
def tell(request):
    """Show what a deed would do, with a button that does it."""
    try:
        deed = deeds.deed(request.POST)
        if deed.verb in deeds.AT_ONCE:
            return act(request, deed)
        told = effects.effect(deed.write)
    except StorykeepError as error:
        messages.warning(request, str(error))
        return back(request)
    if told.nothing:
        messages.info(request, "Nothing would be different, so nothing was done.")
        return back(request)
    fields = [(key, value) for key in request.POST if key != "csrfmiddlewaretoken" for value in values(request, key)]
    return render(request, "wrangling/effect.html", {"here": "tags", "told": told, "fields": fields, "verb": deed.verb})


def values(request, key: str) -> list[str]:
    return [value for value in request.POST.getlist(key) if value]


@require_POST
@for_wranglers
def do(request):
    try:
        return act(request, deeds.deed(request.POST))
    except StorykeepError as error:
        messages.warning(request, str(error))
        return back(request)


def act(request, deed: deeds.Deed):
    say(request, actions.do(request.user, deed.verb, deed.write))
    return back(request)


@require_safe
@for_wranglers
def log(request):
    page = Paginator(queries.actions(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "wrangling/log.html", {"here": "log", "page": page})


@require_POST
@for_wranglers
def undo(request, ref: str):
    action = get_object_or_404(Action, ref=ref)
    if in_background.is_long(action):
        return turn_apart(request, action, back=True)
    try:
        messages.success(request, in_background.undone(action, turning.undo(action, request.user)))
    except (Conflict, UsageError) as error:
        messages.warning(request, str(error))
    return back(request, "wrangling-log")


@require_POST
@for_wranglers
def redo(request, ref: str):
    action = get_object_or_404(Action, ref=ref)
    if in_background.is_long(action):
        return turn_apart(request, action, back=False)
    try:
        turning.redo(action, request.user)
        say(request, action)
    except (Conflict, UsageError) as error:
        messages.warning(request, str(error))
    return back(request, "wrangling-log")


# ── long actions
def turn_apart(request, action: Action, *, back: bool):
    in_background.turn(action, request.user, back=back)
    return redirect("wrangling-turning", action.ref)


@require_safe
@for_wranglers
def turned(request, ref: str):
    """Tell how far the undoing of a long action is, or what became of it."""
    action = get_object_or_404(Action.objects.select_related("by", "undone_by"), ref=ref)
    row = get_object_or_404(action.turnings.all()[:1])
    known = {"here": "log", "action": action, "row": row, "running": in_background.runs(row)}
    return render(request, "wrangling/turning.html", known)


@require_safe
@for_wranglers
def turning_progress(request, ref: str):
    """Tell how far it is: {running, done, total}."""
    row = get_object_or_404(Turning.objects.filter(action__ref=ref)[:1])
    return JsonResponse({"running": in_background.runs(row), "done": row.done, "total": row.total})


def say(request, action: Action) -> None:
    messages.success(request, f"{action.words}.", extra_tags=f"undo:{action.ref}")


def back(request, view: str = "wrangling-tags"):
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(target)
    return redirect(view)

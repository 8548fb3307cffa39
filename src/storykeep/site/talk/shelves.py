"""Views: what members keep, and their shelves."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from storykeep.site.accounts.guards import for_members
from storykeep.site.accounts.models import User
from storykeep.site.talk import counting, queries
from storykeep.site.talk.forms import KeepForm, ShelfForm
from storykeep.site.talk.models import Kept, Shelf

PER_PAGE = 30


@for_members
@require_http_methods(["GET", "POST"])
def mine(request):
    """Show one's shelves and all that one keeps; take a new shelf."""
    form = ShelfForm(request.POST or None, instance=Shelf(account=request.user))
    if request.method == "POST" and saved(request, form):
        return redirect("my-shelves")
    return render(request, "talk/shelves.html", {"form": form, **shown(request, request.user)})


@never_cache
@require_safe
def of(request, ref: str):
    """Show what a member keeps for everybody to see, to themselves too. Who shows nothing is not there."""
    owner = get_object_or_404(User, ref=ref, erased_at=None, is_active=True)
    context = shown(request, owner, public=True)
    if owner != request.user and not (context["rows"].object_list or context["shelves"]):
        raise Http404
    return render(request, "talk/shelves.html", context)


def shown(request, owner, *, public: bool = False) -> dict:
    kept_here, shelves = queries.kept_of(request.user, owner), queries.shelves_of(request.user, owner)
    if public:
        kept_here, shelves = kept_here.filter(public=True), shelves.filter(public=True)
    rows = Paginator(kept_here, PER_PAGE).get_page(request.GET.get("page"))
    return {"owner": owner, "rows": rows, "shelves": shelves, "own": owner == request.user and not public}


@never_cache
@require_safe
def shelf(request, ref: str):
    row = get_object_or_404(Shelf.objects.select_related("account"), ref=ref)
    own = row.account == request.user
    if not (own or (row.public and row.account.is_active)):
        raise Http404
    kept_there = queries.kept_of(request.user, row.account).filter(shelves=row)
    rows = Paginator(kept_there, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "talk/shelf.html", {"shelf": row, "owner": row.account, "rows": rows, "own": own})


@for_members
@require_http_methods(["GET", "POST"])
def edit(request, ref: str):
    """Change a shelf, or take it down: what stood on it stays kept."""
    row = get_object_or_404(Shelf, ref=ref, account=request.user)
    if "delete" in request.POST:
        row.delete()
        messages.success(request, "The shelf is gone. What stood on it is still kept.")
        return redirect("my-shelves")
    form = ShelfForm(request.POST or None, instance=row)
    if request.method == "POST" and saved(request, form):
        return redirect(row)
    return render(request, "talk/shelf_edit.html", {"form": form, "shelf": row})


@transaction.atomic
def saved(request, form: ShelfForm) -> bool:
    """Keep a shelf if it can be kept; say whether it could. Two of one name can't be, even at the same moment."""
    hold(request.user)
    if form.is_valid():
        form.save()
    return form.is_valid()


def hold(user) -> None:
    """Let one form of ``user`` at a time through, until the transaction ends."""
    User.objects.select_for_update().get(pk=user.pk)


@for_members
@require_http_methods(["GET", "POST"])
def keep(request):
    """Keep a work of this archive (``?work=``), or one from elsewhere."""
    ref = request.GET.get("work", "")
    work = queries.readable_work(request.user, ref) if ref else None
    if ref and not work:
        raise Http404
    return noted(request, lambda: of_work(request.user, work) or Kept(account=request.user, work=work))


def of_work(user, work) -> Kept | None:
    return Kept.objects.filter(account=user, work=work).first() if work else None


@for_members
@require_http_methods(["GET", "POST"])
def kept(request, ref: str):
    """Change what one noted, or keep it no more."""
    found = queries.kept_of(request.user, request.user)
    row = get_object_or_404(found, ref=ref)
    if "delete" in request.POST:
        with transaction.atomic():
            row.delete()
            counting.recount_shelves(row.work_id)
        return redirect("my-shelves")
    return noted(request, lambda: get_object_or_404(found, ref=ref))


def noted(request, row: Callable[[], Kept]):
    """Show what is noted, or note it. One form of a member at a time, so that two tabs note it once."""
    if request.method != "POST":
        return sheet(request, row(), None)
    with transaction.atomic():
        hold(request.user)
        there = row()
        form = KeepForm(request.POST, instance=there, elsewhere=there.work is None)
        if not form.is_valid():
            return sheet(request, there, form)
        form.save()
        counting.recount_shelves(there.work_id)
    messages.success(request, "It is on your shelf.")
    return redirect("my-shelves")


def sheet(request, row: Kept, form: KeepForm | None):
    form = form or KeepForm(instance=row, elsewhere=row.work is None)
    return render(request, "talk/keep.html", {"form": form, "kept": row})

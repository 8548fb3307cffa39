"""An archivist names the archive, writes its pages, and says by what readers browse."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from storykeep.site.accounts.guards import for_archivists
from storykeep.site.archive.forms import ArchiveForm, Kinds, NewKindForm, TextForm
from storykeep.site.base.models import Archive, SitePage
from storykeep.site.base.told import watched
from storykeep.site.tags import presets
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works.models import OldAddress

READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@READ_AND_WRITE
@for_archivists
def archive(request):
    form = ArchiveForm(request.POST or None, instance=Archive.current())
    if form.is_valid():
        with watched(request.user, "What the archive says of itself is changed", Archive.objects.all()):
            form.save()
        messages.success(request, "Saved.")
        return redirect("desk-archive")
    return render(request, "archive/archive.html", {"here": "archive", "form": form})


@for_archivists
def texts(request):
    return render(request, "archive/texts.html", {"here": "texts", "texts": SitePage.objects.all()})


@READ_AND_WRITE
@for_archivists
def text(request, ref: str = ""):
    """Write a new text, or change one."""
    row = get_object_or_404(SitePage, ref=ref) if ref else SitePage()
    form = TextForm(request.POST or None, instance=row)
    if form.is_valid():
        row.changed_by = request.user
        words = f"The text “{row}” is {'changed' if ref else 'new'}"
        with watched(request.user, words, SitePage.objects.filter(ref=row.ref)):
            form.save()
        messages.success(request, f"“{row}” is saved.")
        return redirect("desk-texts")
    return render(request, "archive/text.html", {"here": "texts", "form": form, "text": row if ref else None})


@require_POST
@for_archivists
def remove_text(request, ref: str):
    row = get_object_or_404(SitePage, ref=ref)
    messages.success(request, f"“{row}” is removed.")
    old_addresses = OldAddress.objects.filter(page=row.pk)
    with watched(request.user, f"The text “{row}” is removed", SitePage.objects.filter(ref=ref), old_addresses):
        row.delete()
    return redirect("desk-texts")


@READ_AND_WRITE
@for_archivists
def kinds(request):
    """Show all kinds of tags, and change them together."""
    rows = all_kinds(request.POST or None)
    if request.method == "POST" and rows.is_valid():
        with watched(request.user, "The kinds of tags are changed", TagKind.objects.all()):
            rows.save()
        messages.success(request, "Saved.")
        return redirect("desk-kinds")
    return kinds_page(request, rows, NewKindForm(prefix="new", kinds=TagKind.objects.all()))


@require_POST
@for_archivists
def new_kind(request):
    form = NewKindForm(request.POST, prefix="new", kinds=TagKind.objects.all())
    if not form.is_valid():
        return kinds_page(request, all_kinds(), form)
    with watched(request.user, f"“{form.cleaned_data['name']}” is a new kind of tags", TagKind.objects.all()):
        kind = form.save()
    messages.success(request, f"“{kind}” is a kind of tags now.")
    return redirect("desk-kinds")


@require_POST
@for_archivists
def preset(request):
    code = request.POST.get("preset", "")
    if code not in presets.PRESETS:
        raise Http404
    there = TagKind.objects.values_list("key", flat=True)
    tags = Tag.objects.filter(kind__key__in=set(presets.PRESETS[code].kinds) - set(there))
    with watched(request.user, f"The kinds of tags of “{presets.PRESETS[code].name}”", TagKind.objects.all(), tags):
        new = presets.apply(code)
    words = f"New: {', '.join(kind.name for kind in new)}." if new else "All these kinds are here already."
    messages.success(request, words)
    return redirect("desk-kinds")


def all_kinds(given=None):
    """Return the form of all kinds; each may belong to any other."""
    kinds = list(TagKind.objects.all())
    return Kinds(given, queryset=TagKind.objects.all(), form_kwargs={"kinds": kinds})


def kinds_page(request, rows, new):
    known = {"here": "kinds", "kinds": rows, "new": new, "presets": presets.PRESETS.items()}
    return render(request, "archive/kinds.html", known)

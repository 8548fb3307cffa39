"""Views: one's own comments, changed and taken back; guests can, too, for some minutes."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from storykeep.site.accounts.guards import for_members
from storykeep.site.talk import queries, rules, saying, showing
from storykeep.site.talk.conversations import found
from storykeep.site.talk.forms import WordsForm
from storykeep.site.talk.speakers import Speaker, for_speakers

PER_PAGE = 30


@for_members
@require_safe
def mine(request):
    """Show what one has said, with a search."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    rows = Paginator(queries.mine(request.user, words), PER_PAGE).get_page(request.GET.get("page"))
    lines = showing.listed(rows, showing.Eyes(Speaker(request.user)))
    return render(request, "talk/mine.html", {"lines": lines, "rows": rows, "words": words})


@for_speakers
@require_http_methods(["GET", "POST"])
def edit(request, ref: str):
    row, speaker = found(request, ref), Speaker.of(request)
    if not speaker.wrote(row):
        raise Http404
    if not rules.may_edit(speaker, row):
        messages.info(request, "Somebody has answered already, so your words stay as they are. You can delete them.")
        return redirect(row)
    form = WordsForm(request.POST or None, initial={"words": row.source})
    if request.method == "POST" and form.is_valid():
        saying.edit(row, form.cleaned_data["words"])
        return redirect(row)
    return render(request, "talk/edit.html", {"form": form, "work": row.work})


@for_speakers
@require_http_methods(["GET", "POST"])
def delete(request, ref: str):
    row, speaker = found(request, ref), Speaker.of(request)
    if not (speaker.wrote(row) or rules.looks_after(request.user, row.work)):
        raise Http404
    if request.method == "POST":
        saying.delete(row)
        messages.success(request, "The comment is gone.")
        return redirect("comments", row.work.ref)
    each = replace(showing.shown(row, showing.Eyes(speaker)), edit=False, delete=False, block=False)
    return render(request, "talk/delete.html", {"each": each, "work": row.work})

"""Views: the comments on a work, one conversation, an answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from storykeep.site.base import limits
from storykeep.site.base.errors import too_often
from storykeep.site.talk import pages, queries, rules, saying, showing
from storykeep.site.talk.forms import CommentForm
from storykeep.site.talk.models import Comment, State
from storykeep.site.talk.speakers import Speaker, remember

FIGURES = 6  # of the number of a chapter
STRETCH = 15 * 60  # seconds
MOST = {"guest": 5, "new": 3, "member": 40}
NEW_FOR = dt.timedelta(days=7)


def work_or_404(request, ref: str):
    work = queries.readable_work(request.user, ref)
    if not work:
        raise Http404
    return work


def chapter_of(request, work):
    """Return the chapter that a form names; None for the whole work, 404 for one that is not there."""
    place = request.POST.get("chapter") or request.GET.get("chapter") or "0"
    if not place.isascii() or not place.isdigit() or len(place) > FIGURES:
        raise Http404
    return get_object_or_404(work.chapters, place=int(place)) if int(place) else None


def found(request, ref: str) -> Comment:
    """Return the comment that is asked for, if it may be seen."""
    seen = queries.visible(request.user, Speaker.of(request).refs)
    return get_object_or_404(seen.select_related("account", "work", "thread", "chapter"), ref=ref)


@never_cache
@require_http_methods(["GET", "POST"])
def comments(request, ref: str):
    """Show the comments on a work, and take a new one."""
    work = work_or_404(request, ref)
    chapter = chapter_of(request, work)
    form = CommentForm(request.POST or None, user=request.user)
    if request.method == "POST":
        answered = take(request, form, work, chapter=chapter)
        if answered:
            return answered
    page = pages.talk_page(Speaker.of(request), work, chapter, request.GET.get("page"))
    return private(render(request, "talk/comments.html", {"page": page, "form": form}), work)


def private(answer, work):
    if work.visibility != "public":
        answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    return answer


@never_cache
@require_safe
def comment(request, ref: str):
    """Show the conversation in which a comment stands, on the page where it stands."""
    row, speaker = found(request, ref), Speaker.of(request)
    root = row
    if row.thread_id:
        root = queries.visible(speaker.user, speaker.refs).select_related("work").filter(pk=row.thread_id).first()
    if not root:
        raise Http404
    page = pages.conversation_page(speaker, root, row, request.GET.get("page"))
    return private(render(request, "talk/conversation.html", {"page": page}), row.work)


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request, ref: str):
    """Answer a comment."""
    parent = found(request, ref)
    form = CommentForm(request.POST or None, user=request.user)
    if request.method == "POST":
        answered = take(request, form, parent.work, parent=parent)
        if answered:
            return answered
    shown = replace(showing.shown(parent, showing.Eyes(Speaker(request.user))), edit=False, delete=False, block=False)
    closed = rules.why_not_comment(request.user, parent.work, parent)
    context = {"work": parent.work, "form": form, "each": shown, "closed": closed}
    return private(render(request, "talk/answer.html", context), parent.work)


def take(request, form: CommentForm, work, *, chapter=None, parent: Comment | None = None):
    """Take what was sent; return the answer, or None when the form is to be shown again."""
    refused = rules.why_not_comment(request.user, work, parent)
    if refused:
        form.add_error(None, refused)
        return None
    if not form.is_valid():
        return None
    given = form.cleaned_data
    if given.get("homepage"):  # a machine: it is told what people are told, and nothing is kept
        return redirect("comments", work.ref)
    said = saying.Said(
        words=given["words"], request=given["once"], chapter=chapter, parent=parent, name=given.get("name", ""),
        email=given.get("email", ""),
    )  # fmt: skip
    speaker = Speaker.of(request)
    there = saying.known(speaker, work, said)
    if not there and too_many(request):
        return too_often(request)
    row = there or saying.say(speaker, work, said)[0]
    return remember(kept(request, row), request, row)


def kept(request, row: Comment):
    """Lead to where the comment stands; say so when others don't see it yet."""
    if row.state == State.SHOWN:
        return redirect(row)
    messages.success(request, "Thank you. Your words are kept; they will be seen once somebody has looked at them.")
    return redirect(reverse("comments", args=[row.work.ref]))


def too_many(request) -> bool:
    """Count one more comment of this visitor; say whether that is too many for now."""
    user = request.user
    kind = "guest" if not user.is_authenticated else "member"
    if kind == "member" and timezone.now() - user.date_joined < NEW_FOR and not user.is_moderator:
        kind = "new"
    return not limits.allow(request, "comment", most=MOST[kind], seconds=STRETCH)

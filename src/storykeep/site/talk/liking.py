"""The view of kudos: given and taken back by one button."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from storykeep.site.base import limits
from storykeep.site.base.errors import too_often
from storykeep.site.talk import kudos as giving
from storykeep.site.talk import rules
from storykeep.site.talk.conversations import STRETCH, chapter_of, work_or_404

MOST = 100  # in a quarter of an hour


@never_cache
@require_http_methods(["GET", "POST"])
def kudos(request, ref: str):
    """Give kudos or take them back; asked without a form, show the one button."""
    work = work_or_404(request, ref)
    chapter = chapter_of(request, work)
    refused = rules.why_not_kudos(request.user, work)
    if request.method == "POST" and not refused:
        if not limits.allow(request, "kudos", most=MOST, seconds=STRETCH):
            return too_often(request)
        giving.take_back(work, chapter, request) if "back" in request.POST else giving.give(work, chapter, request)
        return redirect(chapter or work)
    given = not refused and giving.given(work, chapter, request)
    return render(
        request, "talk/kudos.html", {"work": work, "chapter": chapter, "given": given, "refused": refused},
        status=403 if request.method == "POST" else 200,
    )  # fmt: skip

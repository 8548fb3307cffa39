"""What a save that came from the page's script is told."""

from __future__ import annotations

from django.http import JsonResponse
from django.urls import reverse

from storykeep.site.works.models import Chapter, Work
from storykeep.site.writing import pages, publishing, saving
from storykeep.site.writing.of_chapter import ChapterSheet
from storykeep.site.writing.of_work import WorkSheet


def saved_answer(request, work: Work, chapter: Chapter | None, kept: saving.Kept) -> JsonResponse:
    """Tell what is saved now, what to go on from, and what the form should take for saved."""
    work.refresh_from_db()
    form = saving.Form.of(request.POST)
    shown = pages.shown_as(WorkSheet(work, request.user), ChapterSheet(chapter, request.user) if chapter else None)
    answer = {
        "url": reverse("write-work", args=[work.ref]) if not chapter or "new" in request.path else request.path,
        "was": {name: value for name, value in shown.items() if name in form.fields or name in form.was},
        "conflicts": kept.conflicts,
        "told": [each.words for each in kept.refused],
        "published": work.visibility in publishing.PUBLISHED,
    }
    if kept.text and chapter:
        now, mine = kept.text.now, kept.text.mine
        places = len(now.conflicts or ())
        answer |= {"base": now.pk, "mine": mine.pk, "places": places, "words": now.words}
        answer |= {"body": now.body} if kept.text.merged else {}
        answer |= {"settle": reverse("write-conflicts", args=[work.ref, chapter.ref])} if places else {}
    return JsonResponse(answer)

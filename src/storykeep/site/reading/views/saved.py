"""A story as it was saved, beside the story as it is. For archivists; the old page can't do anything here."""

from __future__ import annotations

import re
from functools import wraps
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import quote

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin

from storykeep.exports import dates
from storykeep.rescue.originals import Originals
from storykeep.site.reading import cards, chapters
from storykeep.site.reading.pages import Head, SavedCopy, SavedPage, ShownStep
from storykeep.site.works import queries
from storykeep.text.decode import decode

LONGEST = 400_000  # characters of an original that one page shows
MOST_STEPS = 500
MARKUP = re.compile(r"^[^<>]*>|<[^>]*>?")
AROUND = 24  # characters of context on each side of a step
SEALED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""The old page is drawn with its own styles and nothing else: no script, no picture, no form, no request, no origin."""


def for_archivists(view):
    """Answer 404 to everybody else, and to works and copies that are not there."""

    @wraps(view)
    def guarded(request, ref: str, slug: str, sha256: str = ""):
        work = queries.work_page(request.user, ref) if queries.is_archivist(request.user) else None
        captures = queries.captures_of(work) if work else []
        chosen = [each for each in captures if each.sha256 == sha256]
        if not captures or (sha256 and not chosen):
            raise Http404
        answer = view(request, work, captures, chosen[0] if chosen else captures[0])
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    return guarded


@csp_update({"frame-src": [SELF]})
@for_archivists
def saved(request, work, captures, chosen):
    texts = [text for text in queries.chapter_texts(work) if chosen.sha256 in text.captures] or None
    texts = texts or list(queries.chapter_texts(work)[:1])
    steps = [step for text in texts for step in shown_steps(text)]
    source = source_of(chosen)
    page = SavedPage(
        head=Head(title=f"{work}, as it was saved", hidden=True),
        title=str(work),
        url=work.get_absolute_url(),
        copies=tuple(copy_of(work, each, here=each.sha256 == chosen.sha256) for each in captures),
        copy=copy_of(work, chosen, here=True),
        frame_url=reverse("saved-page", args=[work.ref, work.slug, chosen.sha256]) if is_page(chosen) else "",
        download_url=reverse("saved-bytes", args=[work.ref, work.slug, chosen.sha256]),
        source=source[:LONGEST],
        cut=len(source) > LONGEST,
        chapters=tuple(chapters.shown(text, work) for text in texts),
        steps=tuple(steps[:MOST_STEPS]),
        more_steps=max(0, len(steps) - MOST_STEPS),
        language=cards.language_tag(work.language),
        direction=cards.direction(work),
    )
    return render(request, "reading/saved.html", {"page": page})


@for_archivists
@xframe_options_sameorigin
def framed(request, work, captures, chosen):
    """Show the old page itself, sealed."""
    answer = HttpResponse(source_of(chosen), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = SEALED
    return answer


@for_archivists
def original(request, work, captures, chosen):
    """Hand out the bytes that came in, as a file that no browser opens by itself."""
    kept = Originals(settings.ORIGINALS)
    if not kept.holds(chosen.sha256):
        raise Http404
    answer = FileResponse(kept.path(chosen.sha256).open("rb"), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"original\"; filename*=UTF-8''{quote(name_of(chosen))}"
    )
    answer.headers["Content-Security-Policy"] = SEALED
    return answer


def source_of(capture) -> str:
    """Return the words of an original, as the browsers of its day would have read its bytes; empty when it is gone."""
    kept = Originals(settings.ORIGINALS)
    if not kept.holds(capture.sha256):
        return ""
    return decode(kept.path(capture.sha256).read_bytes(), declared=capture.declared_encoding).text


def is_page(capture) -> bool:
    return "html" in capture.media_type or PurePosixPath(capture.path).suffix.lower() in {
        ".html",
        ".htm",
        ".php",
        ".shtml",
    }


def name_of(capture) -> str:
    """Return the file name of an original, without what a disk or a header could be fooled by."""
    name = PurePosixPath(capture.path.replace("\\", "/")).name or capture.sha256[:12]
    return "".join(c for c in name if c.isprintable())[:150] or "original"


def copy_of(work, capture, *, here: bool) -> SavedCopy:
    return SavedCopy(
        name=capture.path or capture.address or capture.sha256[:12],
        url=reverse("saved-copy", args=[work.ref, work.slug, capture.sha256]),
        address=capture.address,
        date=dates.in_words(capture.captured_at),
        size=f"{capture.size:,} bytes" if capture.size else "",
        encoding=capture.encoding,
        sha256=capture.sha256,
        here=here,
    )


def shown_steps(text) -> list[ShownStep]:
    """Return what was done to a chapter, each step with a few words around it, in the order in which it was done."""
    if not text.current:
        return []
    return [
        ShownStep(
            code=step["code"],
            before=visible(step["before"]),
            after=visible(step["after"]),
            reason=step.get("reason", ""),
            context=around(text.current.body, step),
        )
        for step in text.current.steps
    ]


def around(body: str, step: dict) -> tuple[str, str]:
    """Return the words before and after a step, where the body still has them at its place."""
    at, after = step["at"], step["after"]
    if not after or body[at : at + len(after)] != after:
        return "", ""
    before, behind = body[max(0, at - AROUND * 3) : at], body[at + len(after) : at + len(after) + AROUND * 3]
    return words_only(before)[-AROUND:], words_only(behind)[:AROUND]


def words_only(html: str) -> str:
    """Return a piece of HTML as words; tags that are cut at its ends go too."""
    return " ".join(unescape(MARKUP.sub(" ", html)).split(" "))


def visible(words: str) -> str:
    """Return ``words`` with what no eye sees named."""
    return "".join(c if c.isprintable() else f"⟨U+{ord(c):04X}⟩" for c in words) or "nothing"

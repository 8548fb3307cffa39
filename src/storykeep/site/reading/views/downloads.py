"""A story to take away: EPUB, web page, plain text, Markdown, bundle; the same bytes as long as nothing changes."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from storykeep import __version__
from storykeep.exports import FORMATS, filename
from storykeep.model.identity import sha256
from storykeep.model.story import Relation
from storykeep.rescue.originals import Originals
from storykeep.site.readership import counting
from storykeep.site.readership.models import Way
from storykeep.site.reading.views.stories import missing, unlisted
from storykeep.site.works import queries, ties
from storykeep.site.works.bridge import story_of
from storykeep.site.works.models import Visibility
from storykeep.site.works.records import relations_from

CHUNK = 64 * 1024
BY_SUFFIX = {form.suffix.removeprefix("."): form for form in FORMATS.values()}


@require_safe
def download(request, ref: str, slug: str, suffix: str):
    form = BY_SUFFIX.get(suffix)
    if not form:
        raise Http404
    work = queries.readable_by(request.user).filter(ref=ref).first()
    if not work:
        raise missing(ref)
    if slug != work.slug:
        return redirect("download", work.ref, work.slug, suffix, permanent=True)
    counting.note(request, work, Way.TAKEN)
    tied = ties.in_copies(request.user, work)
    tag = f'"{work.ref}-{work.version}-{suffix}-{__version__}{mark_of(tied)}"'
    answer = HttpResponseNotModified() if tag in request.headers.get("If-None-Match", "") else written(work, form, tied)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = (
        "public, no-cache" if work.visibility == Visibility.PUBLIC else "private, no-cache"
    )
    patch_vary_headers(answer, ["Cookie"])
    return unlisted(answer, work)


def mark_of(tied) -> str:
    """Return what tells a copy from another one whose ties lead elsewhere: the other works change without this one."""
    told = "".join(f"{row.target} {row.to}\n" for row in tied)
    return f"-{sha256(told.encode())[:8]}" if told else ""


def written(work, form, tied) -> HttpResponse | StreamingHttpResponse:
    """Return the answer with the story in ``form``, under a name that people recognise on their disk."""
    story, out = dataclasses.replace(story_of(work), relations=with_titles(tied)), io.BytesIO()
    form.write(story, out, images=stored_images())
    size = out.tell()
    out.seek(0)
    answer = StreamingHttpResponse(iter(lambda: out.read(CHUNK), b""), content_type=form.media_type)
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Disposition"] = filename.disposition(story, form.suffix)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return answer


def with_titles(tied) -> tuple[Relation, ...]:
    """Return ties with the titles that works here have now, where their writer gave none."""
    for row in tied:
        row.target = row.target or str(row.to or "")
    return relations_from(tied)


def stored_images() -> Callable[[str], bytes | None]:
    """Return what finds the kept bytes of a picture by its SHA-256."""
    kept = Originals(settings.ORIGINALS)
    return lambda sha256: kept.path(sha256).read_bytes() if kept.holds(sha256) else None

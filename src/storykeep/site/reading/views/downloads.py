"""A story to take away: EPUB, web page, plain text, Markdown, bundle; the same bytes as long as nothing changes."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from storykeep import __version__
from storykeep.exports import FORMATS, filename
from storykeep.rescue.originals import Originals
from storykeep.site.readership import counting
from storykeep.site.readership.models import Way
from storykeep.site.reading.views.stories import missing, unlisted
from storykeep.site.works import queries
from storykeep.site.works.bridge import story_of
from storykeep.site.works.models import Visibility

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
    tag = f'"{work.ref}-{work.version}-{suffix}-{__version__}"'
    answer = HttpResponseNotModified() if tag in request.headers.get("If-None-Match", "") else written(work, form)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = (
        "public, no-cache" if work.visibility == Visibility.PUBLIC else "private, no-cache"
    )
    patch_vary_headers(answer, ["Cookie"])
    return unlisted(answer, work)


def written(work, form) -> HttpResponse | StreamingHttpResponse:
    """Return the answer with the story in ``form``, under a name that people recognise on their disk."""
    story, out = story_of(work), io.BytesIO()
    form.write(story, out, images=stored_images())
    size = out.tell()
    out.seek(0)
    answer = StreamingHttpResponse(iter(lambda: out.read(CHUNK), b""), content_type=form.media_type)
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Disposition"] = filename.disposition(story, form.suffix)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return answer


def stored_images() -> Callable[[str], bytes | None]:
    """Return what finds the kept bytes of a picture by its SHA-256."""
    kept = Originals(settings.ORIGINALS)
    return lambda sha256: kept.path(sha256).read_bytes() if kept.holds(sha256) else None

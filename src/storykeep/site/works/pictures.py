"""Pictures in stories: the kept ones are shown from here, to whoever may read the work; no other site is asked."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from storykeep.rescue.originals import Originals
from storykeep.site.works.models import Chapter, Visibility, Work
from storykeep.site.works.queries import readable_by

SHA256 = re.compile("[0-9a-f]{64}")
SEALED = "sandbox; default-src 'none'"
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
LARGEST = 30_000_000  # bytes of one picture


def addresses(chapter: Chapter) -> dict[str, str]:
    """Return our own address for each picture of ``chapter`` that is kept, by the address that its text names."""
    named = [(each.get("address", ""), each.get("sha256", "")) for each in chapter.images]
    kept = {old: sha256 for old, sha256 in named if old and SHA256.fullmatch(sha256)}
    return {old: reverse("picture", args=[chapter.work.ref, sha256]) for old, sha256 in kept.items()}


@require_safe
def picture(request, ref: str, sha256: str):
    """Answer with a picture of a work that this reader may see: checked, sealed, and only what browsers draw."""
    work = readable_by(request.user).filter(ref=ref).first()
    originals = Originals(settings.ORIGINALS)
    if not work or not SHA256.fullmatch(sha256) or sha256 not in hashes(work) or not originals.holds(sha256):
        raise Http404
    path = originals.path(sha256)
    media_type = drawable(path)
    if not media_type:
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=media_type)
    answer.headers["Content-Security-Policy"] = SEALED
    public = work.visibility == Visibility.PUBLIC
    answer.headers["Cache-Control"] = f"{'public' if public else 'private'}, max-age=86400"
    return answer


def drawable(path: Path) -> str:
    """Return the media type of the picture at ``path``; "" when it is none, is damaged, or too large to be shown."""
    from PIL import Image  # noqa: PLC0415 — slow to load, and most works have no pictures

    if path.stat().st_size > LARGEST:
        return ""
    try:
        with Image.open(path, formats=list(KINDS)) as seen:
            kind = KINDS[seen.format or ""]
            seen.verify()
    except (OSError, SyntaxError, ValueError, KeyError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return ""
    return kind


def hashes(work: Work) -> set[str]:
    """Return the SHA-256 of every picture that ``work`` names."""
    named = [*work.images, *(image for images in work.chapters.values_list("images", flat=True) for image in images)]
    return {image.get("sha256", "") for image in named} - {""}

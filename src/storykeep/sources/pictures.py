"""Pictures in documents: only four kinds, of a reasonable size, written anew so that nothing hides in them."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from storykeep.model.errors import InputError, TooLarge, Unreadable
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.model.story import Image
from storykeep.sources.base import Keep
from storykeep.sources.packages import Package

LARGEST = 40_000_000
"""Pixels of one picture; the frames of a moving one count together."""
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, written anew: its bytes, media type and size in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def written_anew(data: bytes) -> Picture:
    """Return a picture without whatever else its file held (places, thumbnails, other files).

    Raises TooLarge over LARGEST pixels, told by the header; Unreadable for what is no PNG, JPEG, WEBP or GIF.
    """
    from PIL import Image as Pillow  # noqa: PLC0415 — most documents have no pictures, and Pillow is slow to load

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Pillow.open(io.BytesIO(data), formats=list(_TYPES)) as seen:
                return _again(seen)
    except (OSError, SyntaxError, ValueError, EOFError, Pillow.DecompressionBombError) as error:
        raise Unreadable(f"It is no picture that can be shown ({error}).") from error


class Album:
    """The pictures of one document, each kept once; ``images`` by their SHA-256, and what was left out."""

    def __init__(self, container: str, keep: Keep) -> None:
        self.container, self.keep = container, keep
        self.images: dict[str, Image] = {}
        self.findings: list[Finding] = []
        self._known: dict[str, str] = {}

    def part(self, package: Package, name: str, alt: str = "") -> str:
        """Keep the picture that is a part of a package; return the address that a text shows it by, "" without one."""
        if name not in self._known:
            try:
                self._known[name] = self.add(package.read(name), name, alt)
            except InputError as error:
                self._known[name] = ""
                self.findings.append(left_out(f"{self.container}#{name}", str(error), error.code))
        return self._known[name]

    def add(self, data: bytes, name: str, alt: str = "") -> str:
        """Keep a picture; return the address that a text shows it by, empty with a finding when it is left out."""
        where = f"{self.container}#{name}"
        try:
            picture = written_anew(data)
        except InputError as error:
            self.findings.append(left_out(where, str(error), error.code))
            return ""
        kept = self.keep(picture.data, Capture(sha256="", path=where, media_type=picture.media_type))
        address = f"images/{kept.sha256}.{picture.media_type[6:]}"
        self.images[kept.sha256] = Image(
            sha256=kept.sha256,
            address=address,
            alt=alt,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
        )
        return address


def left_out(where: str, reason: str, code: str = "image.left-out") -> Finding:
    """Return the finding for a picture that was not taken."""
    return Finding(
        code=code,
        where=where,
        evidence=reason,
        suggestion="The document is kept. If the picture matters, open it by hand and save it as PNG or JPEG.",
        severity=Severity.LOSS,
    )


def _again(seen: object) -> Picture:
    from PIL import Image as Pillow  # noqa: PLC0415 — as above
    from PIL import ImageOps  # noqa: PLC0415 — as above

    assert isinstance(seen, Pillow.Image)  # noqa: S101 — tells the type checker what Pillow.open gives
    kind, frames = seen.format or "", int(getattr(seen, "n_frames", 1))
    if seen.width * seen.height * frames > LARGEST or not seen.width * seen.height:
        raise TooLarge(
            f"It has {seen.width} × {seen.height} pixels in {frames} frames; {LARGEST:,} pixels is the limit."
        )
    out = io.BytesIO()
    if frames > 1:
        seen.save(out, kind, save_all=True)
    elif kind == "JPEG":
        turned = ImageOps.exif_transpose(seen)
        turned.save(out, kind, quality=92)
    else:
        still = seen.copy()
        still.info = {key: value for key, value in still.info.items() if key in ("transparency", "background")}
        still.save(out, kind, **({"lossless": True} if kind == "WEBP" else {}))
    return Picture(out.getvalue(), _TYPES[kind], seen.width, seen.height)

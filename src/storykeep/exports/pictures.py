"""Pictures of a story: found by the address that the text names, checked, and given only when their bytes are kept."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from storykeep.exports import Images
from storykeep.model.story import Image

LARGEST = 40_000_000
"""Most pixels of one picture. More is not made for reading; it would only exhaust the machine."""

_KINDS = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "GIF": ("image/gif", ".gif"),
    "WEBP": ("image/webp", ".webp"),
}
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be shown, of a kind that every reading program knows. Its bytes stay where they are kept."""

    sha256: str
    media_type: str
    suffix: str

    @property
    def name(self) -> str:
        """Its file name inside an export."""
        return f"{self.sha256[:20]}{self.suffix}"


class Pictures:
    """Answers which picture the text means by an address."""

    def __init__(self, known: Iterable[Image], images: Images | None) -> None:
        self._by_address = {image.address: image.sha256 for image in known if image.address and image.sha256}
        self._alt = {image.address: image.alt for image in known if image.address}
        self._images = images
        self._found: dict[str, Picture | None] = {}

    def find(self, address: str) -> Picture | None:
        """Return the picture at ``address`` (as in ``src``), or None when its bytes are not kept or are no picture."""
        named = _HASH.search(address)
        wanted = self._by_address.get(address) or (named[0] if named else "")
        if wanted and wanted not in self._found:
            self._found[wanted] = _sound(wanted, self._data(wanted))
        return self._found.get(wanted)

    def data(self, picture: Picture) -> bytes:
        """Return the bytes of a picture that was found."""
        return self._data(picture.sha256)

    def _data(self, sha256: str) -> bytes:
        return (self._images(sha256) if self._images else None) or b""

    def alt(self, address: str) -> str:
        """Return what the archive knows of the picture in words; empty when nothing."""
        return self._alt.get(address, "")


def _sound(sha256: str, data: bytes) -> Picture | None:
    kind = checked(data) if data else ""
    return Picture(sha256, *_KINDS[kind]) if kind else None


def checked(data: bytes) -> str:
    """Return what kind of picture this is; empty when it is damaged, too large, or nothing that readers show.

    >>> checked(b"<svg/>")
    ''
    """
    from PIL import Image as Pillow  # noqa: PLC0415 — most stories have no pictures, and Pillow is slow to load

    try:
        with Pillow.open(io.BytesIO(data), formats=list(_KINDS)) as seen:
            kind, pixels = seen.format or "", seen.width * seen.height
            seen.verify()
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        return ""
    return kind if pixels <= LARGEST and kind in _KINDS else ""

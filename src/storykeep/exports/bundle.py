"""The exchange format of the house as a download: everything that is known of one story, as JSON."""

from __future__ import annotations

from typing import BinaryIO

from storykeep.exports import Images
from storykeep.model import bundle
from storykeep.model.story import Story


def write(story: Story, out: BinaryIO, *, images: Images | None = None) -> None:  # noqa: ARG001 — pictures are named by hash
    """Write ``story`` as the text of a bundle (UTF-8, keys sorted, one field a line)."""
    out.write(bundle.dumps(story, indent=1).encode("utf-8", "replace"))
    out.write(b"\n")

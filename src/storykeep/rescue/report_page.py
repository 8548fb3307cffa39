"""The report as one page of HTML."""

from __future__ import annotations

from typing import TextIO

from storykeep.rescue.workplace import Workplace


def write_html(place: Workplace, out: TextIO) -> None:
    """Write the page."""
    out.write(place.name)

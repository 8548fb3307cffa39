"""The text of a chapter as the page shows it: made once per revision, and the same for every reader."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from storykeep.site.works.directions import directed

GAP = re.compile(r'<hr class="gap(?: gap-([a-z-]+))?"\s*/?>')
GAP_WORDS = "[a line is missing in the surviving copy]"
GAP_OTHERS = {
    "scene-break": "[a scene break may be missing in the surviving copy]",
    "heading": "[a heading is missing in the surviving copy]",
    "address": "[an address is missing in the surviving copy]",
    "tail": "[the end is missing in the surviving copy]",
}
IMAGE = re.compile(r"<img\b[^>]*>")
SOURCE = re.compile(r'\bsrc="([^"]*)"')
ALT = re.compile(r'\balt="([^"]*)"')


def render(body: str, pictures: Mapping[str, str] | None = None) -> str:
    """Return clean ``body`` for the page: gaps become quiet words; pictures that are not kept their description.

    ``pictures`` gives our own address for the address that a text names.

    >>> render('<p>Yes.</p><hr class="gap gap-reply">')
    '<p>Yes.</p><p class="gap gap-reply"><a href="#this-copy">[a line is missing in the surviving copy]</a></p>'
    """
    ours = pictures or {}
    return GAP.sub(_gap, IMAGE.sub(lambda found: _image(found, ours), directed(body)))


def _gap(found: re.Match[str]) -> str:
    kind = found[1] or "unknown"  # the words lead to what the page says about its copy
    return f'<p class="gap gap-{kind}"><a href="#this-copy">{GAP_OTHERS.get(kind, GAP_WORDS)}</a></p>'


def _image(found: re.Match[str], ours: Mapping[str, str]) -> str:
    """Pictures from other sites would tell those sites who reads what, so only our own are loaded."""
    source = SOURCE.search(found[0])
    address = html.unescape(source[1]) if source else ""
    if source and address in ours:
        return found[0].replace(source[0], f'src="{html.escape(ours[address])}" loading="lazy"')
    alt = ALT.search(found[0])
    words = alt[1].strip() if alt else ""
    return f'<span class="small">[picture{": " + words if words else ""}]</span>'

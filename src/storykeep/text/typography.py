"""Plain text becomes paragraphs, and the marks that writers typed become what they meant."""

from __future__ import annotations

import html as entities
import re

_SCENE = re.compile(
    r"^\s*(?:(?:[*~#=\-_+•·●◦◊♦❖❦✦✧†§.oO0xX^%<>:|/\\@]\s*){3,}|[#§❦◊♦❖✦⁂~•]|(?:[-~*=<>]\s*)+[oOxX0](?:\s*[-~*=<>])+)\s*$"
)
_EMPHASIS = re.compile(r"(?<![\w*_=/])([*_=/])(?=[^\s*_=/])([^\n]{1,600}?)(?<=[^\s*_=/])\1(?![\w*_=/])")


def is_scene_break(line: str) -> bool:
    """Say whether a line is only a break between scenes.

    >>> is_scene_break("* * *"), is_scene_break("~*~*~"), is_scene_break("-x-"), is_scene_break("No.")
    (True, True, True, False)
    """
    return _SCENE.match(line) is not None


def to_html(text: str) -> str:
    """Return plain text as clean body HTML: blank lines part paragraphs, single newlines are line breaks.

    >>> to_html("She *knew*.\\n\\n* * *\\n\\nLater.")
    '<p>She <em>knew</em>.</p>\\n<hr class="scene">\\n<p>Later.</p>'
    """
    from storykeep.text import controls

    out = []
    for block in re.split(r"\n[ \t]*\n\s*", controls.strip(text).strip("\n")):
        if is_scene_break(block):
            out.append('<hr class="scene">')
        elif block.strip():
            out.append(
                "<p>"
                + "<br>".join(
                    emphasise(entities.escape(line.strip(), quote=False)) for line in block.strip("\n").split("\n")
                )
                + "</p>"
            )
    return "\n".join(out)


def emphasise(line: str) -> str:
    """Return escaped text in which ``*words*``, ``_words_``, ``=words=`` and ``/words/`` are emphasis, in pairs only.

    >>> emphasise("*no*, 2*3*4, and/or")
    '<em>no</em>, 2*3*4, and/or'
    """
    return _EMPHASIS.sub(r"<em>\2</em>", line)

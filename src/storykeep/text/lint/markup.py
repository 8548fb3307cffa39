"""What HTML, forums and dead sites left in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.model.provenance import Finding, Severity
from storykeep.text.lint.look import Look, several

_TAGS = re.compile(r"</?(?:i|b|u|em|strong|p|br|font|center|span|div|blockquote|a href)\b[^<>]{0,200}>", re.IGNORECASE)
_BBCODE = re.compile(r"\[/?(?:i|b|u|s|quote|url|img|size|color|spoiler|center)(?:=[^\]\n]{1,100})?\]", re.IGNORECASE)
_OUTSIDE = re.compile(r'<img\b[^<>]*\bsrc="https?://')
_WORDLESS = re.compile(r'<img\b(?![^<>]*\balt="[^"])[^<>]*>')
_RELATIVE = re.compile(r'<a\b[^<>]*\bhref="(?![a-z][a-z0-9+.-]*:|#|/works/|/media/)([^"]+)"', re.IGNORECASE)


def findings(look: Look) -> Iterator[Finding]:
    """Yield what is left of markup."""
    yield from several(
        "markup.tags-as-text",
        list(look.matches(_TAGS)),
        "Turn them into the emphasis they meant, or keep them.",
        Severity.DOUBT,
    )
    yield from several(
        "markup.bbcode", list(look.matches(_BBCODE)), "Turn them into the emphasis they meant.", Severity.DOUBT
    )
    yield from _in_tags(look, "markup.outside-picture", _OUTSIDE, "Bring the picture in, or take it out.")
    yield from _in_tags(look, "markup.picture-without-words", _WORDLESS, "Say in a few words what it shows.")
    yield from _in_tags(look, "markup.dead-link", _RELATIVE, "Link to the rescued page, or take the link out.")


def _in_tags(look: Look, code: str, pattern: re.Pattern[str], suggestion: str) -> Iterator[Finding]:
    seen = pattern.findall(look.body)
    if seen:
        yield Finding(
            code=code,
            where=f"{len(seen)} places",
            evidence=seen[0][:100],
            suggestion=suggestion,
            severity=Severity.INFO,
        )

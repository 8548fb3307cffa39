"""What perhaps nobody should read: addresses and numbers of real people. In a story they may be made up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.model.provenance import Finding, Severity
from storykeep.text.lint.look import Look, several

_EMAIL = re.compile(
    r"[\w.+-]{1,64}(?:@|\s?[\[({]\s?at\s?[\])}]\s?)[\w-]{1,63}(?:(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?)[\w-]{2,63}){1,4}\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,-])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?|\d{3}[.-])\d{3,4}[\s.-]?\d{3,4}(?![\w-])")
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)")
# 555-0100 to 555-0199, and example.org, are kept free for stories.
_MADE_UP = re.compile(r"555[\s.-]?01\d\d|@example\.(?:com|net|org)\b", re.IGNORECASE)


def findings(look: Look) -> Iterator[Finding]:
    """Yield what may be private."""
    for code, pattern in (("privacy.email", _EMAIL), ("privacy.phone", _PHONE), ("privacy.ip", _IP)):
        seen = list(look.matches(pattern))
        made_up = bool(seen) and all(_MADE_UP.search(found[0]) for _, found in seen)
        yield from several(
            code,
            seen,
            "It looks made up; keep it if it belongs to the story."
            if made_up
            else "Mask it, unless it belongs to the story.",
            Severity.INFO if made_up else Severity.DOUBT,
        )

"""Places where a plain text lacks something: longer blank runs than its own, and words that need a missing one."""

from __future__ import annotations

import re
from collections import Counter

from storykeep.model.provenance import Gap, GapKind

_RUN = re.compile(r"\n(?:[ \t]*\n)+")


def find(text: str) -> tuple[Gap, ...]:
    """Return the gaps of a plain text in order. ``line`` is the 1-based line after which it is, ``after`` the paragraphs before.

    >>> [gap.line for gap in find("a\\n\\nb\\n\\nc\\n\\n\\nd\\n\\ne")]
    [5]
    """
    runs = [(m.start(), m.group().count("\n")) for m in _RUN.finditer(text.rstrip())]
    if not runs:
        return ()
    usual = Counter(length for _, length in runs).most_common(1)[0][0]
    return tuple(
        Gap(
            kind=GapKind.UNKNOWN,
            after=number,
            line=text.count("\n", 0, at) + 1,
            reason=f"{length - 1} blank lines where {usual - 1} is usual",
        )
        for number, (at, length) in enumerate(runs, 1)
        if length > usual
    )

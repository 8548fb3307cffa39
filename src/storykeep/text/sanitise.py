"""The one allow-list for strangers' HTML, behind a guard that loses no word and can't be made to work hard.

:func:`clean` lets :mod:`storykeep.text.guard` rewrite the source (what looks like a tag and is none stays as text,
legacy attributes become classes, nesting is bounded), has nh3 enforce the allow-list, and repeats until nothing
changes.
docs/explain/decisions/0003-sanitiser-guard.md says what was measured, and why nothing may be changed afterwards.
"""

from __future__ import annotations

import re

import nh3

from storykeep.model.errors import TooLarge
from storykeep.text import attributes, controls, guard, legacy, markup
from storykeep.text.references import escape, unveil

VERSION = 1
"""Stored beside every cleaned text. A higher number means: clean the original again."""

LIMIT = 16_000_000  # characters; a long novel has under two million
GROWTH = 6, 65_536  # times the input, and so many characters more
PASSES = 4

_TAGS = set(guard.BLOCKS | attributes.INLINE | {"br", "hr", "img", "wbr"})
_LINE_TAGS = set("abbr b bdi cite code em i q s small strong sub sup u".split())
_CLASSES = {tag: set(legacy.VOCABULARY) for tag in _TAGS}
_UNSEEN = {"script", "style", "svg", "math", "template"}

_ALLOW_LIST = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_UNSEEN,
    attributes=attributes.ALLOWED,
    allowed_classes=_CLASSES,
    url_schemes=set(attributes.SCHEMES),
    link_rel="nofollow ugc noopener",
    id_prefix=attributes.PREFIX,
)


def clean(html: str) -> str:
    """Return ``html`` as the safe body HTML of the house: the same again when cleaned again.

    Raises TooLarge over LIMIT characters. What can't be made to hold still becomes plain paragraphs.

    >>> clean('<P ALIGN=CENTER onclick="x()">He sent <<run!>>')
    '<p class="align-center">He sent &lt;&lt;run!&gt;&gt;</p>'
    """
    _check_size(html)
    most = GROWTH[0] * len(html) + GROWTH[1]
    source = html
    for _ in range(PASSES):
        cleaned = _enforced(guard.rewrite(source))
        if cleaned == source or _at_rest(cleaned):
            return cleaned
        if len(cleaned) > most:
            break
        source = cleaned
    return paragraphs(html)


def clean_inline(html: str) -> str:
    """Return ``html`` as one line of safe inline HTML, for titles and bylines: no blocks, links or pictures.

    >>> clean_inline("<h1>The <i>Other</i><br>Side <3</h1>")
    'The <i>Other</i> Side &lt;3'
    """
    _check_size(html)
    apart = guard.rewrite(html).replace("<br>", " ").replace("</p>", "</p> ").replace("</div>", "</div> ")
    kept = nh3.clean(apart, tags=_LINE_TAGS, attributes={"*": {"lang", "dir"}}, link_rel=None)
    return " ".join(_readable(kept).split())


def paragraphs(html: str) -> str:
    r"""Return the words of ``html`` in plain paragraphs, all other markup gone.

    >>> paragraphs("<table><tr><td>one<td>two")
    '<p>one</p>\n<p>two</p>'
    """
    blocks = (block.split("\n") for block in markup.plain(html).split("\n\n"))
    return "\n".join(f"<p>{'<br>'.join(escape(line) for line in lines)}</p>" for lines in blocks if any(lines))


def _check_size(html: str) -> None:
    if len(html) > LIMIT:
        raise TooLarge(
            f"This text has {len(html):,} characters; the sanitiser takes {LIMIT:,} at once. "
            "The original is kept. Split it into chapters and bring those in."
        )


# Paragraphs, emphasis, breaks and escaped text: there is nothing in it to clean. Most stories come to rest here, and
# the shape makes the second pass, which would only confirm the first, unnecessary.
_RUN = rf"(?:[^<>&\r\u202a-\u202e\u2066-\u2069{controls.FORBIDDEN}]++|&(?:amp|lt|gt);)"
_AT_REST = re.compile(
    rf"(?:{_RUN}|<br>|<hr(?: class=\"scene\")?>|<p>(?:{_RUN}|<br>|<(em|i|b|strong)>(?=[^\s<]){_RUN}++</\1>)*+</p>)*+"
)


def _at_rest(html: str) -> bool:
    return _AT_REST.fullmatch(html) is not None


def _enforced(html: str) -> str:
    """Return ``html`` through the allow-list. Nothing but escaping what the guard veiled may happen after it."""
    return _readable(_ALLOW_LIST.clean(html))


def _readable(html: str) -> str:
    """Return what nh3 wrote with the guard's placeholders as escapes, and spaces that XML knows as well."""
    return unveil(html).replace("&nbsp;", "\u00a0")

"""Character references (``&eacute;``, ``&#8217;``) read as browsers read them, and text escaped again."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from storykeep.text import controls

_NAMED_OR_NUMBERED = r"(?:#[xX]?[0-9a-fA-F]{1,12};?|[A-Za-z][A-Za-z0-9]{1,31};?)"
REFERENCE = re.compile("&" + _NAMED_OR_NUMBERED)
"""What may be a reference; :func:`unescape` knows whether it is one."""

_REFERENCE_OR_AMPERSAND = re.compile(f"&{_NAMED_OR_NUMBERED}?")
# In an attribute "&copy=2" is part of an address: only a semicolon, or the end of the word, makes it a reference.
_IN_ATTRIBUTE = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{1,12};?|[A-Za-z][A-Za-z0-9]{1,31}(?:;|(?![=A-Za-z0-9])))")

# What stands for & < > while nh3 works. These code points are no characters, controls.strip takes them out of
# everything that comes in, and html5ever needs quadratic time for many ampersands but none for these.
_AMPERSAND, _LESS, _GREATER = "\ufdd0", "\ufdd1", "\ufdd2"


def unescape(text: str) -> str:
    """Return ``text`` with its references resolved; those to controls and noncharacters vanish. Linear.

    >>> unescape("AT&amp;T &#146;n&rsquo; &zzz; java&#1;script")
    'AT&T ’n’ &zzz; javascript'
    """
    return REFERENCE.sub(lambda found: _resolved(found[0]), text) if "&" in text else text


def unescape_attribute(value: str) -> str:
    """Return the value of an attribute with its references resolved.

    >>> unescape_attribute("?a=1&amp;b=2&copy=3")
    '?a=1&b=2&copy=3'
    """
    return _IN_ATTRIBUTE.sub(lambda found: _resolved(found[0]), value) if "&" in value else value


def escape(text: str) -> str:
    """Return ``text`` as HTML text: only what must be escaped is.

    >>> escape('<3 & "more"')
    '&lt;3 &amp; "more"'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote(value: str) -> str:
    """Return ``value`` as it stands between double quotes in a tag."""
    return escape(value).replace('"', "&quot;")


def veil(text: str) -> str:
    """Return ``text`` with placeholders for the characters that mean something in HTML."""
    return text.replace("&", _AMPERSAND).replace("<", _LESS).replace(">", _GREATER)


def veil_references(markup: str) -> str:
    """Return markup with the references in its text resolved and veiled, the tags as they are.

    >>> unveil(veil_references("<em>AT&amp;T</em> &eacute; & co"))
    '<em>AT&amp;T</em> é &amp; co'
    """
    return _REFERENCE_OR_AMPERSAND.sub(lambda found: _veiled(found[0]), markup) if "&" in markup else markup


def unveil(markup: str) -> str:
    """Return ``markup`` with the veil taken off: the placeholders become escaped characters.

    >>> unveil(veil("<3 & more"))
    '&lt;3 &amp; more'
    """
    return markup.replace(_AMPERSAND, "&amp;").replace(_LESS, "&lt;").replace(_GREATER, "&gt;")


# Texts use few references, again and again. Each is at most 33 characters long, so the memory stays small.
@lru_cache(maxsize=8_192)
def _resolved(reference: str) -> str:
    return controls.strip(html.unescape(reference))


@lru_cache(maxsize=8_192)
def _veiled(reference: str) -> str:
    return veil(_resolved(reference))

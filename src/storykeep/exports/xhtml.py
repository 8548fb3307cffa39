"""Trees as text: XHTML for e-readers, HTML for browsers, and words made safe to stand in either."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from storykeep.exports.legal import ILLEGAL

_EMPTY = re.compile(r"<(?!br|hr|img|wbr|col[ />])([a-z0-9]+)((?: [^<>]*)?)/>")


def words(text: str) -> str:
    r"""Return plain text as it may stand in XHTML, in an attribute too.

    >>> words('Salt & "Light" <\x00>')
    'Salt &amp; &quot;Light&quot; &lt;&gt;'
    """
    return escape(ILLEGAL.sub("", text))


def xhtml(root: etree._Element) -> str:
    """Return what is inside ``root`` as XHTML that an HTML parser reads in the same way.

    Languages are named twice, as EPUB wants; no element closes itself that HTML would leave open.
    """
    for element in root.iterfind(".//*[@lang]"):
        element.set("{http://www.w3.org/XML/1998/namespace}lang", element.get("lang", ""))
    text: str = etree.tostring(root, encoding="unicode")
    if "/>" in text:
        text = _EMPTY.sub(r"<\1\2></\1>", text)
    return _inside(text)


def _inside(text: str) -> str:
    return text[text.index(">") + 1 : text.rindex("<")].strip()

"""Trees as text: XHTML for e-readers, HTML for browsers, and words made safe to stand in either."""

from __future__ import annotations

from html import escape

from lxml import etree

from storykeep.exports.legal import legal
from storykeep.exports.tree import found

_HOLLOW = etree.XPath("//*[not(node() or self::br or self::hr or self::img or self::col)]")


def words(text: str) -> str:
    r"""Return plain text as it may stand in XHTML, in an attribute too.

    >>> words('Salt & "Light" <\x00>')
    'Salt &amp; &quot;Light&quot; &lt;&gt;'
    """
    return escape(legal(text))


def xhtml(root: etree._Element) -> str:
    """Return what is inside ``root`` as XHTML that an HTML parser reads in the same way.

    No element closes itself that HTML would leave open.
    """
    text: str = etree.tostring(root, encoding="unicode")
    if text.count("/>") > sum(1 for _ in root.iter("br", "hr", "img", "col")):
        for element in found(_HOLLOW, root):
            element.text = ""
        text = etree.tostring(root, encoding="unicode")
    return text[text.index(">") + 1 : text.rindex("<")].strip()

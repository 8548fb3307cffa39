"""What on a page is not the story: menus, forms, comments, counters, banners. Known by its names and its shape."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from storykeep.sources.pages import chapters
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.page import SavedPage

_NAMES = re.compile(
    (
        r"(?:^|[\s_-])(?:nav(?:igation|bar|menu)?|top-?menu|menu\w*|side-?bar\w*|side-?(?:menu|"
        r"nav|col\w*)|footer\w*|page-?footer|ftr|foot|site-?header|banner\w*|masthead|ad(?:s|"
        r"vert\w*|box|bar|banner)?|"
        r"sponsor\w*|shout-?box|poll|login\w*|search(?:box|form)?|breadcrumbs?|pagination|"
        r"pager|prev-?next|share\w*|social\w*|related\w*|widget\w*|toolbar|jump-?menu|jumplinks?|"
        r"web-?ring|guest-?book|counter|hit-?counter|disqus\w*|popup|modal|cookie\w*|skip-?links?|"
        r"tag-?cloud|blogroll|copyright|credits?-?bar|landmark|kudos|toplink|archivedat|"
        r"powered\w*|post-?meta\w*|entry-?(?:meta|footer|utility)\w*|byline-?links|related-?posts|"
        r"navigation)(?:$|[\s_-])"
    ),
    re.IGNORECASE,
)
_TALK = re.compile(
    (
        r"(?:^|[\s_-])(?:comments?(?:-?(?:area|list|block|wrap(?:per)?|section|form|page|"
        r"thread|container|body|text))?|comment\d+|ljcmt\d+|cmt\d+|b-tree\w*|cmtbar\w*|talk-?back|"
        r"replies|respond|review-?(?:list|s|box|form)|reviews|responses|discussion|feedback-?comments)(?:$|"
        r"[\s_-])"
    ),
    re.IGNORECASE,
)
_KEEP = re.compile(
    (
        r"story|chapter|userstuff|fictext|fic-?body|entry-?(?:content|text|body)|post-?(?:body|"
        r"content)|article|content|main|text|body"
    ),
    re.IGNORECASE,
)
_COMMENT_START = re.compile(
    (
        r"^[\W_]*(?:(?:\d+|no|all|read|post(?:ed)?|recent|your|reader)\s+)?(?:comments?|"
        r"reviews?|replies|responses|talk ?back|feedback from readers|reader (?:comments|"
        r"reviews)|reviewer comments)(?:\s+(?:\(\d+\)|for this (?:story|chapter|entry)|\d+|"
        r"on this (?:story|entry|chapter)))?[\W_\d]*$"
    ),
    re.IGNORECASE,
)
_SAYINGS = re.compile(
    (
        r"best viewed (?:in|with)|visitors? since|you are (?:visitor|number)|visitor number|"
        r"^\W*(?:site )?powered by|all rights reserved|sign (?:my|the|our) guest ?book|(?:view|"
        r"read) (?:my|the|our) guest ?book|web ?ring\b.*(?:site|owned|join|member)|"
        r"this (?:page|story) has been (?:accessed|viewed|visited|read)\b.{0,12}\d|"
        r"^\W*\d[\d,.]*\s+(?:hits|visitors|visits|accesses|page ?views)\b.{0,40}$|"
        r"^\W*(?:hits|visitors|visits|accesses)\s*:?\s*\d[\d,.]*\W*$|"
        r"page (?:was )?generated in|\d+ queries|terms of (?:service|use)|privacy policy|"
        r"you must (?:be )?log(?:ged)? ?in|to (?:un)?subscribe|do you yahoo|get your (?:own )?free|"
        r"free (?:web|home) ?pages?|hosted by (?:geocities|tripod|angelfire|lycos|yahoo)|"
        r"(?:^|\W)\w+-unsubscribe@|yahoo! groups (?:sponsor|links)|your use of yahoo|previous \d+ sites|"
        r"random site|list sites|next \d+ sites|report (?:this|possible) (?:story|abuse)|"
        r"add (?:story|author) to (?:favou?rites|alert)|"
        r"current score|vote for this (?:story|fic)|site design(?:ed)? by|^\W*last (?:updated|"
        r"modified)\b|this (?:page|site) (?:is|was) (?:hosted|owned|maintained|designed|"
        r"last)|stories? (?:are|remain|is) the (?:sole )?property|publicly recogni[sz]able characters|"
        r"converted to utf|^\W*(?:copyright\b.{0,60}|©.{0,80}|\(c\)\s*\d{4}.{0,60})$|maintained by|"
        r"archive maintained|stories posted with permission|used with(?:out)? permission|"
        r"^\W*text (?:size|\+)|font:? ?\(|file archived on|this entry was posted|you can follow any responses|"
        r"javascript appended by|^\W*this story (?:is )?archived at\b|^\[?non-text portions of this message"
    ),
    re.IGNORECASE,
)
_WAYS = re.compile(
    (
        r"back to (?:the )?(?:top|main|index|home|fic|stories|list|fan|archive|contents)|"
        r"return to (?:the )?(?:top|main|index|home|fic|stories|archive)|site map|contact us|"
        r"most recent|submit (?:a )?review|"
        r"post (?:a )?(?:new )?(?:comment|review)|leave (?:a )?(?:comment|review|feedback)|"
        r"please (?:review|post a comment|leave|drop by)|read (?:posted |all )?(?:comments|"
        r"reviews)|table of contents|printer[- ]friendly|print version|plain version|"
        r"e-?mail (?:this|the author|me)|bookmark this|font size|click here|log ?in|register|"
        r"guest ?book|web ?master|feed(?:back| me)|(?:next|previous|prev) (?:chapter|part|"
        r"story|page|section)|chapter index|story index|all stories by|send feedback|reviews?\b|"
        r"home ?page|archivist|archive home|add to favou?rites|"
        r"^\W*(?:home|index|main|up|next|prev(?:ious)?|back|top|menu|links|stories|fan ?fic(?:tion)?|"
        r"authors?|titles?|search|help|faq|fic|contact|e-?mail|feedback|comments?|print)\W*$"
    ),
    re.IGNORECASE,
)


def containers(page: SavedPage) -> frozenset[HtmlElement]:
    """Return the elements that hold no part of a story: named as menus, footers, comments …, or forms with little text.

    An element that holds most of the page's words is never furniture, whatever it is called: people put whole stories
    into a form or a table named "content-footer".
    """
    if "furniture" in page.memory:
        return page.memory["furniture"]
    letters = _letters(page.body)
    everything = letters[page.body] or 1
    found = {
        element
        for element, count in letters.items()
        if element is not page.body and count < 0.4 * everything and _is_furniture(element)
    }
    page.memory["furniture"] = frozenset(found | _after_comments(page, letters))
    return page.memory["furniture"]


def _letters(root: HtmlElement) -> dict[HtmlElement, int]:
    """Return how many letters each element holds, in one walk."""
    counts: dict[HtmlElement, int] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        own = len((element.text or "").strip())
        counts[element] = own + sum(counts.get(child, 0) + len((child.tail or "").strip()) for child in element)
    return counts


def _is_furniture(element: HtmlElement) -> bool:
    tag = str(element.tag)
    if tag in ("nav", "footer", "aside", "form", "iframe"):
        return True
    name = f"{element.get('id') or ''} {element.get('class') or ''}".strip()
    if not name or tag in ("a", "b", "i", "em", "span", "font", "strong", "html", "body", "p", "h1", "h2", "h3", "h4"):
        return False
    return bool(_TALK.search(name) or (_NAMES.search(name) and not _KEEP.search(name)))


def _after_comments(page: SavedPage, letters: dict[HtmlElement, int]) -> set[HtmlElement]:
    """Return the blocks after an anchor or heading that says "comments", when most of the page stands before it."""
    mark = page.find(
        "//a[translate(@name,'COMENTS','coments')='comments' or translate(@id,'COMENTS','coments')='comments']"
        " | //*[self::h1 or self::h2 or self::h3 or self::h4][starts-with(translate(normalize-space(.),"
        "'COMENTS','coments'),'comments')]"
    )
    found: set[HtmlElement] = set()
    node = mark
    while node is not None and node is not page.body:
        found.update(item for item in node.itersiblings() if isinstance(item.tag, str))
        node = node.getparent()
    return found if sum(letters.get(item, 0) for item in found) <= 0.75 * letters[page.body] else set()


def is_line(line: Line) -> bool:
    """Say whether a line by itself reads like furniture: nothing but links, or words that only sites say."""
    if line.kind is not Kind.TEXT:
        return False
    if line.linked >= 0.6 and not _is_inner_link(line):
        return True
    if len(line.text) >= 300:  # no site says so much at once
        return False
    if len(line.text) < 200 and chapters.menu_items(line.text):
        return True
    if _SAYINGS.search(line.text) or is_menu(line.text):
        return True
    led = line.links or line.size < 3 or line.words <= 2
    return bool(led) and len(line.text) < 160 and bool(_WAYS.search(line.text))


_PARTED = re.compile(r"\s+[|·•»]\s+|\s*\|\s*")


def is_menu(text: str) -> bool:
    """Say whether a line is a menu whose links did not survive: short entries between bars, some of which sites have.

    >>> is_menu("Print Version | Plain Version"), is_menu("Send feedback to the author | All stories by this author")
    (True, True)
    """
    entries = [entry for entry in _PARTED.split(text.strip(" |·•»[]")) if entry]
    if len(entries) < 2 or any(len(entry.split()) > 6 for entry in entries):
        return False
    return sum(bool(_WAYS.search(entry)) for entry in entries) * 2 >= len(entries)


def _is_inner_link(line: Line) -> bool:
    """A single link of many words may be part of the story (a footnote, a picture's caption)."""
    return len(line.links) == 1 and line.words > 15


def starts_comments(line: Line) -> bool:
    """Say whether a line is the heading of what readers said."""
    return line.kind is Kind.TEXT and len(line.text) < 60 and bool(_COMMENT_START.match(line.text))

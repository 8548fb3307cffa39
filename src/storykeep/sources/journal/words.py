"""An entry's words: line breaks, cuts, links to users, and what stands around the story."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_CUT = re.compile(r"<\s*(?:lj-)?cut\b([^<>]*)>", re.IGNORECASE)
_CUT_END = re.compile(r"<\s*/\s*(?:lj-)?cut\s*>", re.IGNORECASE)
_CUT_TEXT = re.compile(r"\btext\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_USER = re.compile(
    r"<\s*(?:lj|user|lj-user)\b[^<>]*?\b(?:user|comm|name|title)\s*=\s*[\"']?([\w-]+)[\"']?[^<>]*>"
    r"(?:\s*</\s*(?:lj|user|lj-user)\s*>)?",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"<\s*/?\s*(?:lj-(?:embed|poll|raw|spoiler|like|repost|map|template|pq|pi)[\w-]*|lj-user|site-embed|poll-\d+)\b[^<>]*>",
    re.IGNORECASE,
)
_BLOCK_BREAK = re.compile(
    r"\s*\n\s*(?=</?(?:p|div|blockquote|table|tr|td|ul|ol|li|hr|h[1-6]|center|pre)\b)|(?<=>)(?<=[phrv1-6]>)\n",
    re.IGNORECASE,
)
_LITTLE_SAID = re.compile(
    r"^\W*(?:read|cut|the (?:story|fic)|story|fic|here|more|click|go|under|onward"
    r"|continue|follow|this way|fake cut|lj-?cut)\b.{0,25}$",
    re.IGNORECASE,
)
WORDS, FEW = 60, 10


@dataclass(frozen=True, slots=True)
class Cut:
    """What was behind one cut: its text as the link said it, and the HTML."""

    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Words:
    """An entry parted at its cuts: what stands before, the cuts, what stands after."""

    before: str
    cuts: tuple[Cut, ...]
    after: str

    @property
    def story(self) -> tuple[Cut, ...]:
        """Return the cuts that hold a story's words: the long ones, or the only one that says something."""
        sizes = [len(re.sub(r"<[^>]+>", " ", cut.html).split()) for cut in self.cuts]
        long = tuple(cut for cut, size in zip(self.cuts, sizes, strict=True) if size >= WORDS)
        longest = max(sizes, default=0)
        return long or tuple(cut for cut, size in zip(self.cuts, sizes, strict=True) if size == longest >= FEW)[:1]


def parted(event: str, *, preformatted: bool) -> Words:
    r"""Return an entry's HTML parted at its cuts; newlines are line breaks unless the writer set them herself.

    >>> parted("Title: Salt\n<lj-cut text='Low Tide'>One\nTwo</lj-cut>", preformatted=False).cuts[0]
    Cut(title='Low Tide', html='One<br>\nTwo')
    """
    event = _MACHINE.sub("", _USER.sub(r"\1", event))
    starts = list(_CUT.finditer(event))
    if not starts:
        return Words(broken(event, preformatted=preformatted), (), "")
    cuts, at = [], starts[0].start()
    before = event[:at]
    for number, start in enumerate(starts):
        border = starts[number + 1].start() if number + 1 < len(starts) else len(event)
        end = _CUT_END.search(event, start.end(), border)
        stop = end.start() if end else border
        cuts.append(Cut(_title(start[1]), broken(event[start.end() : stop], preformatted=preformatted)))
        at = end.end() if end else border
    return Words(broken(before, preformatted=preformatted), tuple(cuts), broken(event[at:], preformatted=preformatted))


def broken(html: str, *, preformatted: bool) -> str:
    """Return HTML in which newlines are line breaks, but not beside tags that break lines themselves."""
    html = _CUT_END.sub("", html).strip()
    if preformatted:
        return html
    lines = _BLOCK_BREAK.sub(" ", html)
    return lines.replace("\r\n", "\n").replace("\n", "<br>\n")


def _title(attributes: str) -> str:
    """Return the title in a cut's own words; "Read on" and its like are none."""
    found = _CUT_TEXT.search(attributes)
    said = unescape(next((group for group in found.groups() if group), "")) if found else ""
    bare = " ".join(re.sub(r"<[^>]+>", "", said).split()).strip(" .…()[]*~-–—>")
    return "" if _LITTLE_SAID.match(bare) else bare

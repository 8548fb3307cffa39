"""Strangers' HTML rewritten, before any parser sees it, so that no word is lost and no machine is made to work hard.

Public attack collections and the pages of the nineties have the same shape: tags that never close, that close in the
wrong order, that nest without end. :func:`rewrite` walks the source once and writes what a browser would have shown, as
blocks that hold blocks or words, and runs (inline elements) that hold only words. What comes out is well nested, never
deeper than DEPTH, and never much larger than what went in. It decides nothing about safety: that is nh3's part.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from storykeep.text import controls, legacy
from storykeep.text.attributes import INLINE, Written, written
from storykeep.text.references import unescape, veil, veil_references
from storykeep.text.scan import BREAKS, CLOSE, OPEN, PARAGRAPH, TEXT, Piece, scan

DEPTH = 60  # blocks inside blocks; deeper ones become paragraphs
RUNS = 24  # runs around one word; deeper ones are dropped
_DIRECTIONS = 100  # direction controls inside each other; Unicode stops at 125
NESTED_ALIKE = 3  # the same run inside itself; more of them add nothing
REOPENED = 1, 65_536  # characters of formatting opened again in later blocks: times the input, and so many more

BLOCKS = frozenset(
    "address blockquote caption dd details div dl dt figcaption figure h2 h3 h4 h5 h6 li ol p pre summary table tbody "
    "td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_PHRASING = _HEADINGS | {"p", "pre", "summary"}  # blocks that hold words only
_HOLDS_PARAGRAPHS = frozenset("address blockquote dd div dt details figcaption figure li td th".split())
_CELLS = frozenset(("caption", "td", "th"))
_TABLE_PARTS = frozenset("caption tbody td tfoot th thead tr".split())
# What HTML opens again in the next paragraph when a writer forgot to close it.
_FORMATTING = frozenset("a b big code em font i s small strike strong tt u".split())
_RUBY = frozenset(("rp", "rt"))

_RENAMED = (
    {"h1": "h2", "font": "span", "big": "span", "tt": "code", "acronym": "abbr", "strike": "s", "image": "img"}
    | {"dir": "ul", "menu": "ul", "listing": "pre", "xmp": "pre", "plaintext": "pre", "blink": "span"}
    | dict.fromkeys(("option", "legend", "title", "textarea"), "p")
    | dict.fromkeys(
        "article aside center datalist dialog fieldset footer form header hgroup main marquee nav optgroup search "
        "section select".split(),
        "div",
    )
)
# What a word, or a block that doesn't belong there, gets around it inside a list or a table.
_IMPLIED = {
    "ul": ("li", ' class="plain"'),
    "ol": ("li", ' class="plain"'),
    "dl": ("dd", ""),
    "table": ("tbody", ""),
    "tbody": ("tr", ""),
    "thead": ("tr", ""),
    "tfoot": ("tr", ""),
    "tr": ("td", ""),
}
# Which blocks a block closes when it begins, and the blocks beyond which it doesn't look.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "blockquote", "td", "th", "caption", "dd"))),
    "dd": (frozenset(("dd", "dt")), frozenset(("dl", "blockquote", "td", "th", "caption", "li"))),
    "dt": (frozenset(("dd", "dt")), frozenset(("dl", "blockquote", "td", "th", "caption", "li"))),
}


@dataclass(slots=True)
class _Run:
    """An inline element that is open: its tags, and how many blocks were open around it."""

    name: str
    opening: str
    again: str
    closing: str
    depth: int
    formatting: bool


def rewrite(html: str) -> str:
    """Return ``html`` well nested and bounded, with every word in it. Words are veiled, see references.unveil.

    >>> rewrite("<i>one<p>two</i> three")
    '<i>one</i><p><i>two</i> three</p>'
    """
    return _Writer(controls.strip(html)).written()


class _Writer:
    """The state of the walk: what is open, and how many of ``runs`` are open in what was written."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.out: list[str] = []
        self.blocks: list[str] = []
        self.runs: list[_Run] = []
        self.open_runs = 0
        self.ignored: Counter[str] = Counter()
        self.allowance = REOPENED[0] * len(html) + REOPENED[1]
        self.bidi = _Bidi()
        self.fresh = False  # the block that is open has no words yet

    def written(self) -> str:
        for piece in scan(self.html, paragraphs=True):
            if piece.kind == PARAGRAPH:
                self.paragraph(piece.source)
            elif piece.kind == BREAKS:
                self.breaks(piece.source)
            else:
                self.piece(piece)
        self.leave(0)
        return "".join(self.out)

    def piece(self, piece: Piece) -> None:
        if piece.kind == TEXT:
            self.words(unescape(piece.source))
        elif piece.kind == OPEN:
            self.begin(piece)
        elif piece.kind == CLOSE and (self.blocks or self.runs or self.ignored or piece.name == "br"):
            self.end(piece.name)

    def paragraph(self, source: str) -> None:
        """Write a plain paragraph as it is where nothing around it matters, else piece by piece."""
        ready = veil_references(source)
        at_home = (
            not self.runs and len(self.blocks) < DEPTH and (not self.blocks or self.blocks[-1] in _HOLDS_PARAGRAPHS)
        )
        if at_home and not self.ignored["p"] and not _Bidi.CONTROL.search(ready):
            self.out.append(ready)
            self.fresh = False
        else:
            for piece in scan(source):
                self.piece(piece)

    def breaks(self, source: str) -> None:
        """Write several line breaks at once where each of them would be written."""
        if self.blocks and (self.blocks[-1] in _IMPLIED or self.blocks[-1] == "pre"):
            for piece in scan(source):
                self.piece(piece)
        else:
            self.out.append(source)

    # -- words

    def words(self, words: str) -> None:
        if not words.strip(" \t\n\f"):
            if not (self.fresh and self.blocks[-1:] == ["pre"]):
                self.out.append(words)
            return
        self.settle()
        if self.fresh and self.blocks[-1:] == ["pre"]:
            words = words.lstrip("\n")  # a parser drops the first newline of a pre, so it has none
        self.open_pending()
        self.fresh = False
        self.out.append(self.bidi.balanced(veil(words)))

    def settle(self) -> None:
        """Open the list item or the cell that words need where only items or rows may be."""
        while self.blocks and (implied := _IMPLIED.get(self.blocks[-1])):
            self.enter(implied[0], implied[1])

    def line_break(self) -> None:
        if not self.blocks or self.blocks[-1] not in _IMPLIED:
            self.out.append("<br>")

    # -- tags

    def begin(self, piece: Piece) -> None:
        name = _RENAMED.get(piece.name, piece.name)
        if name in BLOCKS:
            self.begin_block(name, written(piece.name, name, piece.attributes))
        elif name in INLINE:
            self.begin_run(name, piece)
        elif name in ("br", "wbr"):
            self.line_break() if name == "br" else self.out.append("<wbr>")
        elif name == "hr":
            self.rule(written("hr", "hr", piece.attributes))
        elif name == "img":
            self.picture(written(piece.name, "img", piece.attributes).words)
        elif name in ("lj", "lj-user"):
            self.journal_user(piece)

    def end(self, name: str) -> None:
        name = _RENAMED.get(name, name)
        if name in ("br", "p") and name not in self.blocks:
            self.line_break() if name == "br" else None
        elif self.ignored.get(name):
            self.ignored[name] -= 1
            self.leave_paragraph() if name in BLOCKS else None
        elif name in BLOCKS:
            self.end_block(name)
        elif name in INLINE:
            self.end_run(name)

    # -- blocks

    def begin_block(self, name: str, given: Written) -> None:
        if len(self.blocks) >= DEPTH:
            self.flatten(name)
            return
        name, words = self.fitting(name, given.words)
        if not name:
            return
        self.enter(name, words)
        for tag in given.drawn:
            self.runs.append(_Run(tag, f"<{tag}>", f"<{tag}>", f"</{tag}>", len(self.blocks), formatting=False))

    def flatten(self, name: str) -> None:
        """Begin a paragraph in place of a block that would stand too deep."""
        if name != "p":
            self.ignored[name] += 1
        if self.fresh and self.blocks[-1] == "p":
            return
        self.leave_paragraph()
        if self.blocks[-1] not in _PHRASING:
            self.settle()
            self.enter("p", "")

    def fitting(self, name: str, words: str) -> tuple[str, str]:
        """Make room for a block; return the name and attributes it gets there, no name when it only parts words."""
        if self.joins_phrasing(name):
            return "", ""
        if name in _TABLE_PARTS:
            return self.fitting_in_table(name, words)
        if name in _ENDS:
            return self.fitting_in_list(name, words)
        if name == "table" and self.blocks and self.blocks[-1] in _IMPLIED and "table" in self.blocks:
            self.leave(_last(self.blocks, "table"))
        self.settle()
        if (name == "summary" and self.blocks[-1:] != ["details"]) or (
            name == "figcaption" and "figure" not in self.blocks
        ):
            return "p", words
        return name, words

    def joins_phrasing(self, name: str) -> bool:
        """End a block of words that a new block meets; say True when the new one dissolves into it instead."""
        if not self.blocks or self.blocks[-1] not in _PHRASING:
            return False
        around = self.blocks[-1]
        dissolves = name in ("p", "div") and (around == "pre" or (around != "p" and self.fresh))
        if not dissolves:
            self.leave(len(self.blocks) - 1)
            return False
        if around == "pre" and not self.fresh:
            self.out.append("\n")
        self.ignored[name] += 1
        return True

    def fitting_in_list(self, name: str, words: str) -> tuple[str, str]:
        ended, bounds = _ENDS[name]
        at = _last(self.blocks, *ended, *bounds)
        if at >= 0 and self.blocks[at] in ended:
            self.leave(at)
        wanted = ("dl",) if name != "li" else ("ul", "ol")
        if self.blocks and self.blocks[-1] in wanted:
            return name, words
        if name != "li":
            self.settle()
            return "p", words if "indent" in words or name == "dt" else ' class="indent"'
        self.settle()
        self.enter("ul", "")
        return name, words

    def fitting_in_table(self, name: str, words: str) -> tuple[str, str]:
        table = _last(self.blocks, "table")
        if table < 0:
            self.leave_paragraph()
            return ("p", words) if name in _CELLS else ("", "")
        level = {"tr": ("tbody", "thead", "tfoot"), "td": ("tr",), "th": ("tr",)}.get(name, ())
        at = max(table, _last(self.blocks, *level)) if level else table
        self.leave(at + 1)
        if name == "caption" and self.out[-1].strip() and not self.out[-1].startswith("<table"):
            name = "td"
        for above in {"tr": ("tbody",), "td": ("tbody", "tr"), "th": ("tbody", "tr")}.get(name, ()):
            if self.blocks[-1] != above and self.blocks[-1] not in level:
                self.enter(above, "")
        return name, words

    def rule(self, given: Written) -> None:
        self.leave_paragraph()
        self.fitting("hr", "")
        self.close_open()
        self.out.append(f"<hr{given.words}>")

    def end_block(self, name: str) -> None:
        bounds = () if name == "table" else ("table",) if name in _TABLE_PARTS else _CELLS
        lists = _ENDS[name][1] if name in _ENDS else ()
        wanted = _HEADINGS if name in _HEADINGS else (name,)
        at = _last(self.blocks, *wanted, *bounds, *lists)
        if at >= 0 and self.blocks[at] in wanted:
            self.leave(at)

    def enter(self, name: str, words: str) -> None:
        self.close_open()
        self.out.append(f"<{name}{words}>")
        self.blocks.append(name)
        self.fresh = True

    def leave_paragraph(self) -> None:
        if self.blocks and self.blocks[-1] == "p":
            self.leave(len(self.blocks) - 1)

    def leave(self, depth: int) -> None:
        """Close blocks until ``depth`` are open, and forget the runs that end with them."""
        self.close_open()
        if len(self.blocks) == depth and not self.runs:
            return
        cell = False
        while len(self.blocks) > depth:
            name = self.blocks.pop()
            self.out.append(f"</{name}>")
            cell = cell or name in _CELLS
            self.fresh = False
        if self.runs:
            self.runs = [run for run in self.runs if run.depth <= depth or (run.formatting and not cell)]
            for run in self.runs:
                run.depth = min(run.depth, depth)

    # -- runs

    def begin_run(self, name: str, piece: Piece) -> None:
        given = written(piece.name, name, piece.attributes)
        if name == "a":
            self.end_run("a")
            if " href=" not in given.words:
                self.anchor(given)
                return
        if name in _RUBY:
            self.end_run("rt")
            self.end_run("rp")
            if all(run.name != "ruby" for run in self.runs):
                self.ignored[name] += 1
                return
        self.push(self.run(name, piece.name, given))
        if given.anchor:
            self.settle()
            self.open_pending()

    def run(self, name: str, source: str, given: Written) -> _Run:
        """Return the run for a tag; one that means nothing here (a colour, a face) has no tags but can be closed."""
        shows = name != "span" or given.words
        opening = "".join(f"<{tag}>" for tag in given.drawn)
        closing = "".join(f"</{tag}>" for tag in reversed(given.drawn))
        return _Run(
            name=name,
            opening=f"<{name}{given.words}>{opening}" if shows else "",
            again=f"<{name}{given.again}>{opening}" if shows else "",
            closing=f"{closing}</{name}>" if shows else "",
            depth=len(self.blocks),
            formatting=source in _FORMATTING and bool(shows),
        )

    def push(self, run: _Run) -> None:
        if len(self.runs) >= RUNS:
            self.forget_empty()
        alike = sum(other.name == run.name and other.again == run.again for other in self.runs)
        if len(self.runs) >= RUNS or (run.opening and alike >= NESTED_ALIKE):
            self.ignored[run.name] += 1
        else:
            self.runs.append(run)

    def forget_empty(self) -> None:
        """Take runs without tags off the list; their ends will be ignored."""
        self.close_open()
        self.ignored.update(run.name for run in self.runs if not run.opening)
        self.runs = [run for run in self.runs if run.opening]

    def end_run(self, name: str) -> None:
        at = next((n for n in range(len(self.runs) - 1, -1, -1) if self.runs[n].name == name), -1)
        if at < 0:
            return
        self.close_open(at)
        if name == "ruby":
            self.runs = self.runs[:at]
        else:
            del self.runs[at]

    def anchor(self, given: Written) -> None:
        """Write a place that a link leads to; it holds no words, so that one that never closes does no harm."""
        self.ignored["a"] += 1
        if given.anchor:
            self.settle()
            self.open_pending()
            self.out.append(f"<span{given.words}></span>")

    def open_pending(self) -> None:
        for run in self.runs[self.open_runs :]:
            self.out.append(run.opening)
            if run.opening is not run.again or run.depth < len(self.blocks):
                self.allowance -= len(run.opening) + len(run.closing)
            run.opening = run.again
        self.open_runs = len(self.runs)
        if self.allowance < 0:
            self.close_open()
            self.runs = []

    def close_open(self, keep: int = 0) -> None:
        """Close the runs that are open in what was written, but the outer ``keep``."""
        if self.open_runs > keep:
            self.out.extend(run.closing for run in reversed(self.runs[keep : self.open_runs]))
            self.open_runs = keep
        if self.bidi.open and not keep:
            self.out.append(self.bidi.ended())

    # -- the rest

    def picture(self, words: str) -> None:
        """Write a picture; where its address is lost, the words that described it stand there."""
        if " src=" in words:
            self.settle()
            self.open_pending()
            self.out.append(f"<img{words}>" if " alt=" in words else f'<img alt=""{words}>')
        elif found := re.search(r' alt="([^"]*)"', words):
            self.words(unescape(found[1]))

    def journal_user(self, piece: Piece) -> None:
        """Write the name that a journal site put in place of ``<lj user=…>``."""
        given = legacy.attributes(piece.attributes)
        self.words(given.get("user") or given.get("comm") or given.get("name") or "")


class _Bidi:
    """Direction controls closed where their block ends, so that one line can't turn the page around."""

    CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")
    _ISOLATES = "\u2066\u2067\u2068"

    def __init__(self) -> None:
        self.open: list[str] = []

    def balanced(self, words: str) -> str:
        return self.CONTROL.sub(self._one, words)

    def ended(self) -> str:
        ends, self.open = "".join(reversed(self.open)), []
        return ends

    def _one(self, found: re.Match[str]) -> str:
        control = found[0]
        if control in "\u202c\u2069":
            if not self.open or self.open[-1] != control:
                return ""
            self.open.pop()
        elif len(self.open) >= _DIRECTIONS:
            return ""
        else:
            self.open.append("\u2069" if control in self._ISOLATES else "\u202c")
        return control


def _last(blocks: list[str], *names: str) -> int:
    """Return the index of the innermost block with one of ``names``, -1 when there is none."""
    return next((at for at in range(len(blocks) - 1, -1, -1) if blocks[at] in names), -1)

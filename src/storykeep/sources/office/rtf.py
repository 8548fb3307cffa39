"""RTF: the words of a document as HTML. Its groups may nest without end, so nothing here calls itself."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from storykeep.sources.office.writing import SMALL_CAPS, Paragraph, Writing, link, marks, words_of

Place = Callable[[bytes, str], str]
"""Keeps a picture, given its bytes and its name, and returns its address; empty when it was left out."""

DEEPEST = 20_000
_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\(?P<sign>[^a-zA-Z'])"
    rb"|(?P<group>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_SIGNS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "tab": "\t",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "cell": " ",
    "zwj": "\u200d",
    "zwnj": "\u200c",
}  # fmt: skip — one table
_MARKS = {
    "b": "strong",
    "i": "em",
    "ul": "u",
    "uld": "u",
    "uldb": "u",
    "ulw": "u",
    "strike": "s",
    "striked": "s",
    "scaps": SMALL_CAPS,
    "super": "sup",
    "sub": "sub",
}  # fmt: skip — one table
_ALIGN = {"qc": "center", "qr": "right", "ql": "", "qj": ""}
_UNREAD = frozenset(
    """fonttbl colortbl listtable listoverridetable rsidtbl generator header headerl headerr headerf footer footerl
    footerr footerf pnseclvl xmlnstbl themedata colorschememapping latentstyles datastore datafield objdata mmathPr
    bkmkstart bkmkend nonshppict revtbl comment annotation atnid atnauthor atrfstart atrfend atndate atnref blipuid
    picprop userprops pgptbl filetbl pntext listtext pn sp fldtype falt private""".split()
)
_INFO = frozenset(("title", "author", "subject", "keywords", "doccomm", "operator", "company", "manager", "category"))
_CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}  # fmt: skip — one table
_PICTURES = frozenset(("pngblip", "jpegblip"))
_HEADING = re.compile(r"heading\s*(\d)", re.IGNORECASE)
_HYPERLINK = re.compile(r"HYPERLINK\s+\"([^\"]+)\"")


@dataclass(slots=True)
class State:
    """What holds inside a group. ``into`` says where its words go: body, info:title, style, picture, field, nothing."""

    into: str = "body"
    on: frozenset[str] = frozenset()
    skip: int = 1
    font: int = -1
    address: str = ""
    starred: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Read:
    """What an RTF says: its text as HTML, and its properties by name."""

    html: str = ""
    info: dict[str, str] = field(default_factory=dict)


def read(data: bytes, place: Place) -> Read:
    """Return the document. Damage in it costs what is damaged and no more."""
    reading = _Reading(data, place)
    while token := _TOKEN.match(data, reading.at):
        reading.at = token.end()
        reading.take(token)
    return reading.finished()


class _Reading:
    """One document on its way to HTML."""

    def __init__(self, data: bytes, place: Place) -> None:
        self.data, self.place = data, place
        self.at = 0
        self.state = State()
        self.groups: list[tuple[State, Paragraph | None]] = []
        self.overdeep = 0
        self.writing = Writing()
        self.paragraph = Paragraph()
        self.notes: list[
            tuple[int, Paragraph, list[Paragraph]]
        ] = []  # depth of the group, what was open, the note so far
        self.bytes_ = bytearray()
        self.to_skip = 0
        self.codepage = "cp1252"
        self.fonts: dict[int, str] = {}
        self.styles: dict[int, str] = {}
        self.style = 0
        self.collected: list[str] = []
        self.info: dict[str, str] = {}
        self.picture = ""
        self.pictures = 0

    def take(self, token: re.Match[bytes]) -> None:
        if token["hex"]:
            self._byte(int(token["hex"], 16))
        elif token["text"]:
            self._text(token["text"])
        elif token["group"] == b"{":
            self._open()
        elif token["group"] == b"}":
            self._close()
        elif token["word"]:
            self._word(token["word"].decode("ascii"), int(token["number"]) if token["number"] else None, token.end())
        elif token["sign"]:
            self._sign(token["sign"])

    def finished(self) -> Read:
        self._settle()
        while self.notes:
            self._end_note()
        if self.paragraph.pieces:
            self.writing.add(self.paragraph)
        return Read(self.writing.finished(), self.info)

    # ── words
    def _byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        else:
            self.bytes_.append(value)

    def _text(self, text: bytes) -> None:
        taken = min(self.to_skip, len(text))
        self.to_skip -= taken
        self.bytes_ += text[taken:]

    def _settle(self) -> None:
        """Decode the bytes that are waiting, in the encoding of their font."""
        if self.bytes_:
            words = bytes(self.bytes_).decode(self.fonts.get(self.state.font, self.codepage), "replace")
            self.bytes_.clear()
            self._say(words)

    def _say(self, words: str) -> None:
        into = self.state.into
        if into == "body" and not self.state.hidden:
            address = link(self.state.address)
            found = marks([*self.state.on - {"u"}, address] if address else self.state.on)
            self.paragraph.pieces.append((words_of(words), found))
        elif into not in ("nothing", "body"):
            self.collected.append(words)

    def _sign(self, sign: bytes) -> None:
        self._settle()
        if sign == b"*":
            self.state.starred = True
        elif sign in (b"\n", b"\r"):
            self._end_paragraph()
        elif words := {b"~": "\u00a0", b"_": "\u2011", b"\\": "\\", b"{": "{", b"}": "}"}.get(sign, ""):
            self._say(words)

    # ── groups
    def _open(self) -> None:
        self._settle()
        if len(self.groups) >= DEEPEST:
            self.overdeep += 1
            return
        self.groups.append((self.state, None))
        self.state = replace(self.state, starred=False)

    def _close(self) -> None:
        self._settle()
        self.to_skip = 0
        if self.overdeep:
            self.overdeep -= 1
            return
        if not self.groups:
            return
        if self.notes and self.notes[-1][0] == len(self.groups):
            self._end_note()
        before, _ = self.groups.pop()
        if before.into != self.state.into:
            self._end_destination(before)
        self.state = before

    def _end_destination(self, before: State) -> None:
        words, self.collected = "".join(self.collected), []
        into = self.state.into
        if into.startswith("info:") and words.strip():
            self.info[into[5:]] = " ".join(words.split())
        elif into == "style":
            self.styles[self.style] = words.strip(" ;")
        elif into == "instruction" and (found := _HYPERLINK.search(words)):
            before.address = found[1]
        elif into == "picture" and self.picture:
            self._picture(words)

    def _picture(self, digits: str) -> None:
        data = (
            bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", digits)[: len(digits) // 2 * 2]) if len(digits) % 2 == 0 else b""
        )
        self.pictures += 1
        name = f"{self.pictures}.{self.picture.removesuffix('blip')}"
        address = self.place(data, name) if data else ""
        self.picture = ""
        self.paragraph.pieces.append((self.writing.picture(address, ""), ()))

    # ── control words
    def _word(self, word: str, number: int | None, end: int) -> None:
        self._settle()
        if word == "u" and number is not None:
            self._say(_unicode(number))
            self.to_skip = self.state.skip
        elif word == "bin" and number:
            self.at = end + max(0, number)
        elif word in _SIGNS:
            self._say(_SIGNS[word])
        elif word in _MARKS or word in ("plain", "ulnone", "nosupersub", "v"):
            self._mark(word, on=number != 0)
        elif word in ("par", "line", "sect", "row", "page"):
            self._break(word)
        elif not self._layout(word, number):
            self._destination(word)
        self.state.starred = False

    def _mark(self, word: str, *, on: bool) -> None:
        on_ = self.state.on
        if word == "plain":
            self.state.on, self.state.hidden = frozenset(), False
        elif word == "v":
            self.state.hidden = on
        elif word in ("ulnone", "nosupersub"):
            self.state.on = on_ - ({"u"} if word == "ulnone" else {"sup", "sub"})
        else:
            self.state.on = on_ | {_MARKS[word]} if on else on_ - {_MARKS[word]}

    def _break(self, word: str) -> None:
        if self.state.into != "body":
            return
        if word == "line":
            self.paragraph.pieces.append((self.writing.place("<br>"), ()))
        elif word != "page" or self.paragraph.pieces:
            self._end_paragraph()

    def _layout(self, word: str, number: int | None) -> bool:
        """Take what a control word says of layout or encoding; return whether it said such a thing."""
        if word in _ALIGN:
            self.paragraph.align = _ALIGN[word]
        elif word == "pard":
            self.paragraph.align, self.paragraph.level, self.paragraph.title = "", 0, False
        elif word == "outlinelevel" and number is not None and self.state.into == "body":
            self.paragraph.level = number + 1 if number < 6 else 0  # noqa: PLR2004 — h6 is the last
        elif word == "s" and number is not None:
            self._named(number)
        elif word == "uc" and number is not None:
            self.state.skip = max(0, min(number, 8))
        elif word == "f" and number is not None:
            self.state.font = number
        elif word == "fcharset" and number is not None:
            self.fonts[self.state.font] = _CHARSETS.get(number, self.codepage)
        elif word in ("ansicpg", "mac", "pc", "pca"):
            self.codepage = _codec(word, number)
        else:
            return False
        return True

    def _named(self, number: int) -> None:
        if self.state.into == "style":
            self.style = number
            return
        name = self.styles.get(number, "")
        said = _HEADING.search(name)
        self.paragraph.level = int(said[1]) if said else 0
        self.paragraph.title = name.lower() == "title"

    def _destination(self, word: str) -> None:
        if self.state.into == "nothing":
            return
        if word == "stylesheet":
            self.state.into = "style"
        elif word in _INFO and self.state.into == "info":
            self.state.into = f"info:{word}"
        elif word == "info":
            self.state.into = "info"
        elif word in ("footnote", "endnote") and self.state.into == "body":
            self.notes.append((len(self.groups), self.paragraph, []))
            self.paragraph = Paragraph()
        elif word == "pict":
            self.state.into, self.picture = "picture", ""
        elif word in _PICTURES and self.state.into == "picture":
            self.picture = word
        elif word == "fldinst":
            self.state.into = "instruction"
        elif word in _UNREAD or (self.state.starred and word not in ("shppict", "shpinst")):
            self.state.into = "nothing"

    def _end_paragraph(self) -> None:
        if self.state.into != "body":
            return
        done, self.paragraph = (
            self.paragraph,
            Paragraph(align=self.paragraph.align, level=self.paragraph.level, title=self.paragraph.title),
        )
        if self.notes:
            self.notes[-1][2].append(done)
        else:
            self.writing.add(done)

    def _end_note(self) -> None:
        _, before, paragraphs = self.notes.pop()
        call = self.writing.note([*paragraphs, self.paragraph])
        self.paragraph = before
        self.paragraph.pieces.append((call, ()))


def _unicode(number: int) -> str:
    """Return the letter with a number; above 32,767 they are written as negative, in halves beyond 65,535."""
    value = number + 0x10000 if number < 0 else number
    if not 0 < value <= sys.maxunicode:
        return ""
    return "" if 0xDC00 <= value <= 0xDFFF else "\ufffd" if 0xD800 <= value <= 0xDBFF else chr(value)  # noqa: PLR2004 — surrogates


def _codec(word: str, number: int | None) -> str:
    name = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(word) or f"cp{number}"
    try:
        b"a".decode(name)
    except LookupError:
        return "cp1252"
    return name

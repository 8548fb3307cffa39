# ruff: noqa: E501 — the pages are as wide as pages are
"""Archives with templates that no reader could guess: eight of them, twenty pages each, and what is true of each page."""

from __future__ import annotations

import random
import textwrap
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from storykeep.model.provenance import Capture

_FIRST = "Kalima Wren Odd Tessa Maro Ilse Juno Hedda Piet Solveig Anouk Bram".split()
_LAST = "Hallow Marrow Quill Tamsin Vane Larkspur Ost Penrose".split()
_THINGS = "Lantern Ferry Harbour Orchard Window Kettle Winter Letter Bridge Clock Garden Stairwell".split()
_WAYS = "Beneath Beyond Against Without Before Inside Across Despite".split()
_PROSE = (
    "rain came over the roofs and nobody on the quay had thought to bring the boats in that evening because the lamp "
    "at the end of the wall was still lit and while it burned the harbour belonged to whoever was awake to see it she "
    "counted the steps again and found one more than there had been on the day that they had carried the clock down"
).split()


@dataclass(frozen=True)
class Truth:
    """One page of an odd archive, and what is true of it."""

    data: bytes
    capture: Capture
    title: str
    author: str
    notes: str
    body: tuple[str, ...]


def archive(name: str, count: int = 20) -> list[Truth]:
    """Return the pages of the archive with the template ``name``."""
    return [_page(name, number) for number in range(count)]


def _page(name: str, number: int) -> Truth:
    chance = random.Random(f"{name} {number}")
    title = f"{chance.choice(_WAYS)} the {chance.choice(_THINGS)} {chance.choice(('of Glass', 'at Dusk', 'Returned', 'No One Keeps'))}"
    author = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
    notes = f"For {chance.choice(_FIRST)}, who {chance.choice(('asked', 'waited', 'never knew'))} and {_sentence(chance, 6, low=True)}"
    body = tuple(_paragraph(chance) for _ in range(chance.randint(3, 9)))
    made = _TEMPLATES[name](chance, title, author, notes, body)
    ending = "txt" if name in ("ledger", "pinned") else "html"
    path = f"{name}/{number:02}.{ending}"
    data = made.encode()
    capture = Capture(
        sha256=sha256(data).hexdigest(), path=path, address=f"http://{name}.example/p/{number:02}.{ending}"
    )
    return Truth(data, capture, title, author, notes, body)


def _sentence(chance: random.Random, least: int = 5, *, low: bool = False) -> str:
    words = [chance.choice(_PROSE) for _ in range(chance.randint(least, least + 14))]
    words[0] = words[0] if low else words[0].capitalize()
    return " ".join(words) + "."


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.randint(1, 4)))


def _ps(body: tuple[str, ...], tag: str = "p") -> str:
    return "\n".join(f"<{tag}>{escape(each)}</{tag}>" for each in body)


def cards(chance, title, author, notes, body):
    """A table of words that no archive uses as labels, and advice of the day under the story."""
    rows = [("Hand", author), ("Piece", title), ("Whisper", notes)]
    chance.shuffle(rows)
    if chance.random() < 0.4:
        rows.insert(1, ("Weather", "rain"))
    table = "".join(f"<tr><td>{label}</td><td>{escape(value)}</td></tr>" for label, value in rows)
    advice = chance.choice(
        (
            "Trim the wick before you read on, and mind the stairs.",
            "Oil is in the blue can. It is always in the blue can.",
        )
    )
    return (f"<html><head><title>The Lantern Room</title></head><body><h1>A Room for Reading In</h1>"
            f"<table class=card>{table}</table><div class=leaf>{_ps(body)}</div><p class=oil>{advice}</p></body></html>")  # fmt: skip


def soup(chance, title, author, notes, body):
    """The name larger than the title, and remarks at the very end that look like the story."""
    said = chance.choice(("writes again", "has been busy", "came back"))
    return (f"<html><head><title>new page {chance.randint(1, 9)}</title></head><body bgcolor=black><center>"
            f"<font size=6>{escape(author)}</font><br><font size=2>{said}</font><br><font size=4><i>{escape(title)}</i></font>"
            f"</center><blockquote>{_ps(body)}</blockquote><table width=90%><tr><td width=30%>Afterthoughts of the hand</td>"
            f"<td width=70%>{escape(notes)}</td></tr></table></body></html>")  # fmt: skip


def ledger(chance, title, author, notes, body):
    """Plain text with one line for all facts."""
    number = chance.randint(100, 999)
    text = "\n\n".join(body)
    rating = chance.choice(("mild", "strong", "bitter"))
    return (f"LEDGER OF THE NIGHT SHIFT\nitem {number} / {author} / {title} / {rating}\n\nscribble> {notes}\n\n=====\n\n{text}\n\n"
            f"=====\n\nThis item was lent out {chance.randint(2, 90)} times. Bring it back dry.\n")  # fmt: skip


def colophon(chance, title, author, notes, body):
    """Everything about the story stands under it."""
    verse = chance.choice(("Quiet, please.", "No lamps after ten."))
    return (f"<html><head><title>Reading room</title></head><body><h2>{verse}</h2>{_ps(body, 'div')}"
            f"<p class=end>You have read <b>{escape(title)}</b>, which <a href='people.cgi?n={chance.randint(1, 99)}'>{escape(author)}</a> "
            f"left here.</p><p class=margin>Margin: {escape(notes)}</p><p><a href=index.html>Out</a></p></body></html>")  # fmt: skip


def shelves(chance, title, author, notes, body):
    """A path of shelves for a head, and notices between the paragraphs."""
    notice = "<div class=bell>Ring for the porter if the door is locked.</div>"
    told = [f"<p>{escape(each)}</p>" for each in body]
    told.insert(chance.randint(1, len(told) - 1), notice)
    return (f"<html><head><title>Stack {chance.randint(1, 40)}</title></head><body><div id=path>Shelves &gt; {author[0]} &gt; "
            f"{escape(author)} &gt; {escape(title)}</div><div class=slip>{escape(notes)}</div><div id=sheet>{''.join(told)}</div>"
            f"<div id=foot>Stack is kept by volunteers who sweep on Sundays, and open all week.</div></body></html>")  # fmt: skip


def bulletin(chance, title, author, notes, body):
    """Nothing has a name; the head is two lines of one paragraph, and the story is broken by <br> alone."""
    grade = chance.choice(("A", "B", "C"))
    told = "<br><br>".join(map(escape, body))
    return (f"<html><head><title>{grade}{chance.randint(1, 99)}</title></head><body><p>NIGHT BULLETIN<br>&quot;{escape(title)}&quot; -- {escape(author)} "
            f"[{grade}]<br>scrawled beside it: {escape(notes)}</p><p>{told}</p><p>~ pinned {chance.randint(1, 12)} o'clock ~<br>read it, pass it on</p></body></html>")  # fmt: skip


def pinned(chance, title, author, notes, body):
    """Wrapped text with labels in any order that nobody else uses, and remarks of several lines."""
    rows = [f"Hand-> {author}", f"Slip-> {title}", f"Ink-> {chance.choice(('blue', 'black'))}"]
    chance.shuffle(rows)
    told = "\n\n".join(textwrap.fill(each, 66) for each in body)
    scrawl = textwrap.fill(f"Scrawl-> {notes}", 66)
    return (
        "\n".join(rows)
        + f"\n{scrawl}\n\n#####\n\n{told}\n\n#####\nunpinned by the porter on day {chance.randint(1, 300)}\n"
    )


def ruled(chance, title, author, notes, body):
    """Remarks of several paragraphs up to a rule, a rule between scenes as well, and a porter's verse below."""
    half = len(notes) // 2
    cut = notes.index(" ", half)
    scenes = [f"<p>{escape(each)}</p>" for each in body]
    scenes.insert(len(scenes) // 2, "<hr>")
    return (f"<html><head><title>{escape(author)}</title></head><body><h3>from {escape(author)}&#39;s drawer, unasked</h3><h2>No. {chance.randint(1, 900)}: {escape(title)}</h2>"
            f"<p>{escape(notes[:cut])}</p><p>{escape(notes[cut + 1:])}</p><hr>{''.join(scenes)}<hr><p>The porter says: {chance.choice(('wipe your feet', 'mind the cat'))}.</p></body></html>")  # fmt: skip


_TEMPLATES = {each.__name__: each for each in (cards, soup, ledger, colophon, shelves, bulletin, pinned, ruled)}
NAMES = tuple(_TEMPLATES)

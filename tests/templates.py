# ruff: noqa: E501 — the pages are as wide as pages are
"""Sixteen templates of fan archives as they were made between 1997 and 2010, for twelve stories each of our own.

The rules were not looked at while these were written, and no rule names one of them: they measure what happens to
pages that nobody has seen. ``tests/bench/templates.py`` gives the figures.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

TITLES = (
    "Salt and Tallow", "The Ninth Lantern", "What the Ferryman Kept", "Under Glass", "Rope", "A Winter of Small Bells",
    "Letters Nobody Posted", "Holloway Street", "The Cartographer's Widow", "Almost Morning", "Ash, Elder, Thorn", "Tidewrack",
)  # fmt: skip
NAMES = (
    "Wren Hallow", "tessellate", "Old_Inkwell", "Marrowbone", "Ilse Vantage", "quaybird", "Jonquil", "Bea T.", "kestrelwing",
    "Miss Penhaligon", "dust&honey", "Anselm Crow",
)  # fmt: skip
_WHO = ("Corin", "Maud", "the keeper", "Isolde", "Tam", "the old pilot")
_DID = (
    "set the lamp down",
    "counted the boats again",
    "said nothing for a while",
    "folded the letter",
    "looked at the water",
)
_AND = (
    "because the tide had turned",
    "and the bell rang twice",
    "as if nobody had gone",
    "while the kettle sang",
    "before the rain came",
)
_SAID = ("You could have written", "It was never the lighthouse", "Keep the rope", "I know the way home", "Not tonight")


@dataclass(frozen=True, slots=True)
class Tale:
    """What is true of one page."""

    number: int
    title: str
    author: str
    summary: str
    rating: str
    date: tuple[int, int, int]
    paragraphs: tuple[str, ...]

    @property
    def slug(self) -> str:
        return "".join(c for c in self.title.lower() if c.isalnum())[:8]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a template: its name, its bytes, and the tale that it tells."""

    path: str
    data: bytes
    tale: Tale


def tales(seed: int) -> tuple[Tale, ...]:
    chance = random.Random(seed)
    titles, names = list(TITLES), list(NAMES)
    chance.shuffle(titles)
    chance.shuffle(names)
    return tuple(
        Tale(number, title, name, f"{chance.choice(_WHO).capitalize()} {chance.choice(_DID)}.", chance.choice(("G", "PG", "PG-13", "R")),
             (chance.randint(1998, 2009), chance.randint(1, 12), chance.randint(1, 28)), tuple(_paragraphs(chance)))
        for number, (title, name) in enumerate(zip(titles, names, strict=True), 1)
    )  # fmt: skip


def _paragraphs(chance: random.Random) -> Iterator[str]:
    for number in range(chance.randint(9, 16)):
        words = f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_AND)}, {number + 1} times or more"
        if chance.random() < 0.4:
            yield f"“{chance.choice(_SAID)},” {words}."
        else:
            yield f"{words.capitalize()}. {chance.choice(_WHO).capitalize()} {chance.choice(_DID)} {chance.choice(_AND)}."


def ps(tale: Tale, opening: str = "<p>") -> str:
    return "\n".join(f"{opening}{each}</p>" for each in tale.paragraphs)


def brs(tale: Tale) -> str:
    return "<br><br>\n".join(tale.paragraphs)


def tables(t: Tale) -> str:
    return f"""<html><head><title>The Harbour Light Fanfiction Archive</title></head><body bgcolor=black text=silver>
<table width=100%><tr><td colspan=2 align=center><img src="banner.jpg" alt="Harbour Light"></td></tr>
<tr><td width=140 valign=top><a href="index.html">Home</a><br><a href="new.html">New</a><br><a href="links.html">Links</a></td>
<td valign=top><font size=5 color=gold>{escape(t.title)}</font><br><font size=2>{escape(t.author)}</font><br><br>
<font size=2><b>Rated:</b> {t.rating}<br><b>Summary:</b> {t.summary}</font><hr>
{brs(t)}<hr><a href="mailto:x{t.number}@mail.example">Tell the author</a></td></tr></table></body></html>"""


def geocities(t: Tale) -> str:
    return f"""<HTML><HEAD><TITLE>{escape(t.title)}</TITLE></HEAD><BODY BACKGROUND="stars.gif"><CENTER><FONT FACE="Comic Sans MS" SIZE=6>
{escape(t.title)}</FONT><BR><FONT SIZE=3>by {escape(t.author)}</FONT></CENTER><P><I>Disclaimer: None of them are mine.</I>
<P>Rating: {t.rating}<P><CENTER>~*~*~*~</CENTER>{"".join(f"<P>{p}" for p in t.paragraphs)}<P><CENTER>THE END<P>
<A HREF="fic.html"><IMG SRC="back.gif" ALT="Back"></A><BR>This page hosted by a free host. Get your own!</CENTER></BODY></HTML>"""


def word(t: Tale) -> str:
    normal = "<p class=MsoNormal style='text-indent:.5in'><span style='font-size:12.0pt'>"
    body = "".join(f"{normal}{p}<o:p></o:p></span></p>" for p in t.paragraphs)
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 9">
<title>{escape(NAMES[t.number % 12])}</title></head><body lang=EN-GB><div class=Section1>
<p class=MsoTitle align=center><b>{escape(t.title)}<o:p></o:p></b></p><p class=MsoNormal align=center>{escape(t.author)}<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>{body}</div></body></html>"""


def frontpage(t: Tale) -> str:
    return f"""<html><head><meta name="GENERATOR" content="Microsoft FrontPage 4.0"><title>Fiction: {escape(t.title)}</title></head><body>
<!--mstheme--><font face="Trebuchet MS"><h1 align="center"><!--mstheme--><font color="#660033">{escape(t.title)}<!--mstheme--></font></h1>
<p align="center"><a href="../default.htm">Home</a> | <a href="stories.htm">Stories</a> | <a href="authors.htm">Authors</a></p>
<p align="right"><i>{escape(t.author)}</i><br>{t.date[1]}/{t.date[2]}/{t.date[0]}</p>{ps(t)}
<p align="center"><a href="../default.htm">Home</a> | <a href="stories.htm">Stories</a></p></font></body></html>"""


def ascii_head(t: Tale) -> str:
    lines = "\n\n".join(_wrapped(p) for p in t.paragraphs)
    return f"""TITLE:     {t.title}
AUTHOR:    {t.author}
RATING:    {t.rating}
ARCHIVE:   Ask first.
SUMMARY:   {t.summary}
DISCLAIMER: The harbour belongs to somebody else.

=====================================================================

{lines}

--end--
"""


def ascii_centred(t: Tale) -> str:
    lines = "\n".join("     " + _wrapped(p) for p in t.paragraphs)
    return f"{t.title.upper():^70}\n{'by ' + t.author:^70}\n\n\n{lines}\n\n{'FINIS':^70}\n"


def _wrapped(text: str) -> str:
    out, line = [], ""
    for word_ in text.split():
        if len(line) + len(word_) > 70:
            out.append(line)
            line = ""
        line = f"{line} {word_}".strip()
    return "\n".join([*out, line])


def board(t: Tale) -> str:
    return f"""<html><head><title>Harbour Board :: View topic - {escape(t.title)}</title></head><body><a href="index.php">Harbour Board Forum Index</a>
<table class="forumline" width="100%"><tr><th>Author</th><th>Message</th></tr><tr><td width="150" class="row1"><span class="name"><b>{escape(t.author)}</b></span><br>
<span class="postdetails">Deckhand<br>Joined: 03 Feb 2004<br>Posts: {t.number * 31}</span></td><td class="row1"><span class="postdetails">Posted: Mon Mar {t.date[2]:02}, {t.date[0]} 9:14 pm
&nbsp; Post subject: {escape(t.title)}</span><hr><span class="postbody">{brs(t)}</span></td></tr></table>
<span class="copyright">Powered by a bulletin board</span></body></html>"""


def lj(t: Tale) -> str:
    return f"""<html><head><title>harbourfic: {escape(t.title)} ({t.rating})</title></head><body><div id="header"><h1>The Harbour Community</h1></div>
<div class="entry"><div class="userinfo"><a href="http://www.journal.example/users/u{t.number}/">{escape(t.author)}</a> posting in harbourfic</div>
<div class="date">@ {t.date[0]}-{t.date[1]:02}-{t.date[2]:02} 21:40:00</div><div class="subject">{escape(t.title)} ({t.rating})</div><div class="entrytext">
<b>Title:</b> {escape(t.title)}<br /><b>Author:</b> {escape(t.author)}<br /><b>Rating:</b> {t.rating}<br /><b>Prompt:</b> "the last boat"<br /><br />{brs(t)}</div>
<div class="comments"><a href="?mode=reply">Leave a comment</a></div></div></body></html>"""


def efic(t: Tale) -> str:
    return f"""<html><head><title>Quay Archive</title></head><body><div id="container"><div id="menu"><ul><li><a href="index.php">Home</a></li><li><a href="browse.php">Browse</a></li></ul></div>
<div id="pagetitle"><a href="viewstory.php?sid={t.number}">{escape(t.title)}</a> by <a href="viewuser.php?uid={t.number + 40}">{escape(t.author)}</a></div>
<div class="storynotes"><div class="title">Story Notes:</div><div class="noteinfo"><p>Written in one night.</p></div></div><div id="story"><p>{"</p><p>".join(t.paragraphs)}</p></div>
<div id="footer">Skin by Somebody</div></div></body></html>"""


def ffnet(t: Tale) -> str:
    return f"""<HTML><HEAD><TITLE>{escape(t.title)}, a harbour fanfic | FanFiction</TITLE></HEAD><BODY><div id=profile_top><button type=button>Follow/Fav</button><b class='xcontrast_txt'>{escape(t.title)}</b>
<span class='xcontrast_txt'>By:</span> <a class='xcontrast_txt' href='/u/{t.number}/x'>{escape(t.author)}</a><div style='margin-top:2px' class='xcontrast_txt'>{t.summary}</div>
<span class='xgray xcontrast_txt'>Rated: <a>Fiction T</a> - English - Drama - Words: 1,204 - Published: {t.date[1]}/{t.date[2]}/{t.date[0]} - Status: Complete - id: {88000 + t.number} </span></div>
<div id='storytext'>{ps(t)}</div></BODY></HTML>"""


def cms(t: Tale) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(t.title)} « Boathouse</title></head><body class="single">
<div id="page"><div id="header"><h1><a href="/">Boathouse</a></h1><div class="description">stories from the slipway</div></div><div id="content"><div class="post"><h2>{escape(t.title)}</h2>
<small>{t.date[2]}. May {t.date[0]} by {escape(t.author)}</small><div class="entry">{ps(t)}</div><p class="postmetadata">Filed under <a href="/c/f">Fiction</a> | <a href="#r">No Responses</a></p></div></div>
<div id="sidebar"><ul><li><h2>Archives</h2><ul><li><a href="/2006/05">May 2006</a></li></ul></li></ul></div></div></body></html>"""


def german(t: Tale) -> str:
    return f"""<html><head><title>Leuchtturm-Archiv</title></head><body><p align=center><font size=+3>{escape(t.title)}</font></p>
<p><b>Autorin:</b> {escape(t.author)}<br><b>Altersfreigabe:</b> ab 12<br><b>Inhalt:</b> {t.summary}<br><b>Disclaimer:</b> Nichts davon gehört mir.</p><hr>{ps(t)}
<p align=center><a href="index.html">zurück</a></p></body></html>"""


def french(t: Tale) -> str:
    return f"""<html><head><title>Les Quais - fanfictions</title></head><body><table><tr><td><b>Titre :</b></td><td>{escape(t.title)}</td></tr><tr><td><b>Auteur :</b></td><td>{escape(t.author)}</td></tr>
<tr><td><b>Résumé :</b></td><td>{t.summary}</td></tr><tr><td><b>Genre :</b></td><td>Drame</td></tr></table><div class=texte>{ps(t)}</div><p><a href="menu.html">Retour au menu</a></p></body></html>"""


def spanish(t: Tale) -> str:
    return f"""<html><head><title>El Faro</title></head><body><h2>{escape(t.title)}</h2><h4>Escrito por {escape(t.author)}</h4><p><i>Clasificación:</i> {t.rating}<br><i>Resumen:</i> {t.summary}</p><hr>{ps(t)}
<p>Fin</p><p><a href="principal.html">Volver</a></p></body></html>"""


def framed(t: Tale) -> str:
    return f"""<html><head><title>main</title></head><body><basefont size=3><div align=center><b><big><big>{escape(t.title)}</big></big></b><br>a story by {escape(t.author)}, {t.date[0]}</div><br>
<blockquote>{brs(t)}</blockquote><center><a href="menu.htm" target="left">menu</a> <a href="#top">top</a></center></body></html>"""


def small(t: Tale) -> str:
    return f"""<html><head><title>Harbour Fic Archive: {escape(t.author)} - {escape(t.title)}</title></head><body><p class=nav><a href="..">up</a></p><p class=title>{escape(t.title)}</p>
<p class=by>&copy; {t.date[0]} {escape(t.author)}</p><p class=sum>{t.summary}</p>{ps(t, "<p class=t>")}<p class=foot>This story has been read {t.number * 17} times.</p></body></html>"""


TEMPLATES: dict[str, Callable[[Tale], str]] = {
    each.__name__: each
    for each in (tables, geocities, word, frontpage, ascii_head, ascii_centred, board, lj, efic, ffnet, cms, german, french, spanish,
                 framed, small)
}  # fmt: skip


def pages(name: str) -> list[Page]:
    """Return the twelve pages of a template."""
    suffix = "txt" if name.startswith("ascii") else "html"
    encoding = "utf-8" if name in ("cms", "ffnet", "lj") else "cp1252"
    return [
        Page(f"{tale.slug}.{suffix}", TEMPLATES[name](tale).encode(encoding), tale)
        for tale in tales(list(TEMPLATES).index(name))
    ]

"""The pages of The Lower Ferry as its own software made them: two skins, a plain version and a print version."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import stories
from stories import SLANTED, Block, Chapter, Work

NAME = "The Lower Ferry"
HOST = "www.lowerferry.example"
SLOGAN = "stories about as long as the crossing"
AUTHORS = {cells[1]: int(cells[0]) for cells, _ in stories.entries("authors")}
MENU = {
    "Home": "index.html",
    "Stories by title": "list.html?by=title",
    "Stories by author": "list.html?by=author",
    "News": "news.html",
    "How stories are chosen": "choose.html",
    "Search": "search.html",
}
SUPPORT = "It costs eleven pounds a month to keep the ferry afloat. If you have read anything that you liked, tip the ferrywoman."
RIGHTS = "Everything on the Ferry belongs to whoever wrote it, and is here because they said so."
LABELS = {"rating": "Rating", "setting": "Setting", "genre": "Genre", "people": "People", "summary": "Summary"}
MORE_LABELS = LABELS | {"note": "Author's Note"}


@dataclass(frozen=True, slots=True)
class Skin:
    """How one template writes a block. ``upper`` is the fashion of the nineties: capital tags, nothing closed."""

    paragraph: str
    lines: str
    line: str
    scene: str
    slant: str = "i"
    upper: bool = False

    def body(self, blocks: tuple[Block, ...]) -> str:
        return "\n".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        if block.type == "scene_break":
            return self.scene
        inner = self.inline(block.source)
        if block.type == "lines":
            return self.lines.format(inner.replace("\n", self.line + "\n"))
        return self.paragraph.format(inner)

    def inline(self, source: str) -> str:
        """Slanted words between tags; thoughts in `=…=` stay as their author typed them."""
        tag = self.slant.upper() if self.upper else self.slant
        safe = html.escape(source, quote=False)
        return SLANTED.sub(lambda found: f"<{tag}>{found[1]}</{tag}>" if found[1] else found[0], safe)


OLD = Skin("<P>{}", "<BLOCKQUOTE>\n{}\n</BLOCKQUOTE>", "<BR>", "<CENTER>***</CENTER>", upper=True)
NEW = Skin("<p>{}</p>", '<p class="lines">{}</p>', "<br>", '<p align="center">* * *</p>', "em")
PLAIN = Skin("<p>{}", "<p>{}", "<br>", "<p align=center>*&nbsp;*&nbsp;*")
PRINT = Skin("{}<br><br>", "{}<br><br>", "<br>", "<center>~*~</center><br>")


def old_story(work: Work, chapter: Chapter, *, meta: str = "") -> str:
    """The skin of 1999: a banner, a table, a font in every cell, capital tags that nobody closes."""
    number = work.chapters.index(chapter)
    about = "<BR>\n".join(labels(work, first=number == 0))
    return f"""<HTML>
<HEAD><TITLE>{NAME}: {work.title}</TITLE>{meta}</HEAD>
<BODY BGCOLOR="#F4F0E4" TEXT="#203040" LINK="#805020" VLINK="#604020">
<CENTER><TABLE WIDTH=640 BORDER=0 CELLPADDING=4><TR><TD BGCOLOR="#203040" ALIGN=CENTER>
<FONT FACE="Georgia,Times" SIZE=6 COLOR="#F4F0E4">{NAME}</FONT><BR>
<FONT SIZE=2 COLOR="#C0C8D0"><I>{SLOGAN}</I></FONT></TD></TR>
<TR><TD ALIGN=CENTER><FONT SIZE=2>{" | ".join(f'<A HREF="{to}">{label}</A>' for label, to in MENU.items())}</FONT></TD></TR>
<TR><TD><FONT FACE="Georgia,Times" SIZE=3>
{chapter_row(work, number, upper=True)}
<CENTER><FONT SIZE=5><B>{work.title}</B></FONT><BR>
By {byline(work, " and ")}{placed(work)}</CENTER>
<P><FONT SIZE=2>{about}</FONT>
<HR WIDTH="50%">
{f"<H3>{chapter_name(chapter)}</H3>" if chapter_name(chapter) else ""}
{OLD.body(chapter.blocks)}
<HR WIDTH="50%">
{chapter_row(work, number, upper=True)}
</FONT></TD></TR>
<TR><TD ALIGN=CENTER><FONT SIZE=2>{footer(work)}<BR><BR>{SUPPORT}<BR><BR>{RIGHTS}
<BR>Best in 800 by 600.</FONT></TD></TR></TABLE></CENTER>
</BODY>
</HTML>
"""


def new_story(work: Work, chapter: Chapter, *, charset: str = "utf-8") -> str:
    """The skin of 2004: a sidebar, a poll, classes."""
    number = work.chapters.index(chapter)
    title = f"{work.title} - {NAME}"
    inner = f"""{chapter_row(work, number)}
<h2>{work.title}</h2>
<p class="byline">By {byline(work, " and ")}{placed(work)}</p>
<div class="about">{"<br />".join(labels(work, first=number == 0, bold="b"))}</div>
{f"<h3>{chapter_name(chapter)}</h3>" if chapter_name(chapter) else ""}
{NEW.body(chapter.blocks)}
{chapter_row(work, number)}
<p class="small">{footer(work)}</p>"""
    return framed(title, inner, charset=charset, poll=work.id)


def framed(title: str, inner: str, *, charset: str = "utf-8", poll: int = 0) -> str:
    """What every page of the new skin has around it."""
    menu = "\n".join(f'<li><a href="{to}">{label}</a></li>' for label, to in MENU.items())
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html><head><title>{title}</title>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<link rel="stylesheet" href="ferry.css" type="text/css"></head>
<body><table width="100%" border="0" cellspacing="0" cellpadding="8"><tr><td colspan="2" class="banner">
<a href="index.html"><img src="img/ferry.gif" alt="{NAME}" width="420" height="60" border="0"></a><br>{SLOGAN}</td></tr>
<tr valign="top"><td class="sidebar" width="150">
<ul>
{menu}
</ul>
<p class="poll"><b>This month’s poll</b><br>Where do you read?<br>On the ferry ({41 + poll % 7})<br>At work ({88 + poll % 5})<br>In the bath ({17 + poll % 3})</p>
<p>{SUPPORT}</p></td>
<td class="main">
{inner}
</td></tr>
<tr><td colspan="2" class="foot"><a href="index.html">Home</a> | <a href="map.html">Site Map</a> | <a href="contact.html">Write to Maud</a><br>{RIGHTS}</td></tr></table>
</body></html>
"""


def plain_story(work: Work) -> str:
    """The Plain Version: for old browsers and telephone lines."""
    return f"""<html><head><title>{NAME} - Plain Version</title></head><body>
<p><b>{NAME} - Plain Version</b><br>
This is the Plain Version of a story on the Ferry, for slow lines and old machines.<br>
The <a href="story.html?id={work.id}">full version</a> has the pictures in it, such as they are.
<hr>
<b>{work.title}</b><br>
By {byline(work, " and ")}{placed(work)}
<p>{"<br>".join(labels(work, first=True))}
{whole(work, PLAIN)}
<hr>
{footer(work)}
</body></html>
"""


def print_story(work: Work) -> str:
    """The Print Version: the whole work, no furniture but two links."""
    return f"""<html>
<head><title>{NAME} - Print Version</title></head>
<body bgcolor="#ffffff">
<font size="2">{NAME} - Print Version<br><a href="story.html?id={work.id}">Back to the story</a> | <a href="javascript:window.print()">Print this page</a></font>
<hr>
<h2>{work.title}</h2>
By {", ".join(work.authors)}<br><br>
{"<br>".join(labels(work, first=True))}<br><br>
{whole(work, PRINT)}
</body>
</html>
"""


def whole(work: Work, skin: Skin) -> str:
    parts = []
    for chapter in work.chapters:
        if chapter_name(chapter):
            parts.append(f"<h3>{chapter_name(chapter)}</h3>")
        parts.append(skin.body(chapter.blocks))
    return "\n".join(parts)


def chapter_name(chapter: Chapter) -> str:
    return ": ".join(part for part in (chapter.label, chapter.title) if part)


def chapter_row(work: Work, here: int, *, upper: bool = False) -> str:
    """Return "Chapter: 1 2 3", where a chapter that has a label of its own is called by it."""
    if len(work.chapters) == 1:
        return ""
    links = []
    for number, chapter in enumerate(work.chapters):
        name = chapter.label if chapter.label in {"Prologue", "Epilogue"} else str(number + 1 - has_prologue(work))
        address = f"chapter.html?id={work.id}&expid={chapter.expid}" if number else f"story.html?id={work.id}"
        links.append(f"<b>{name}</b>" if number == here else f'<a href="{address}">{name}</a>')
    row = f'<p class="small">Chapter: {"&nbsp; ".join(links)}</p>'
    return row.replace("<p ", "<P ").replace("</p>", "") if upper else row


def has_prologue(work: Work) -> int:
    return int(work.chapters[0].label == "Prologue")


def byline(work: Work, join: str) -> str:
    return join.join(f'<a href="author.html?au={AUTHORS[name]}">{name}</a>' for name in work.authors)


def placed(work: Work) -> str:
    """What stands under the byline of a sequel or a part of a series."""
    if sequel := work.head.get("sequel"):
        return f"<br><i>Sequel to {sequel}</i>"
    if work.series:
        return f"<br><i>Part {work.series[1]} of {work.series[0]}</i>"
    return ""


def labels(work: Work, *, first: bool, bold: str = "") -> list[str]:
    names = MORE_LABELS if first else {"rating": "Rating"}
    named = ((label, work.head[name]) for name, label in names.items() if work.head.get(name, "None") != "None")
    mark = f"<{bold}>{{}}:</{bold}>" if bold else "{}:"
    return [f"{mark.format(label)} {html.escape(text, quote=False)}" for label, text in named]


def footer(work: Work) -> str:
    author = AUTHORS[work.authors[0]]
    return (
        f'<a href="reviews.html?id={work.id}">Read reviews</a> | <a href="write.html?id={work.id}">Write a review</a> | '
        f'<a href="feedback.html?au={author}">Send feedback to the author</a> | '
        f'<a href="author.html?au={author}">All stories by this author</a> | '
        f'<a href="print.html?id={work.id}">Print Version</a> | <a href="plainstory.html?id={work.id}">Plain Version</a>'
    )


def listing_entry(work: Work) -> str:
    facts = [work.head["setting"], f"Rated {work.head['rating']}", work.head.get("people", ""), f"{work.words} words"]
    about = ", ".join(fact for fact in facts if fact not in {"", "None"})
    return (
        f'<p><a href="story.html?id={work.id}"><b>{work.title}</b></a> by {byline(work, " and ")}<br>'
        f'{work.head["summary"]}<br><span class="small">{about}.</span></p>'
    )


def listing(works: list[Work]) -> str:
    """Every story by title, one of which nobody has seen since."""
    entries = {work.title: listing_entry(work) for work in works}
    entries["The Weathervane Wedding"] = (
        '<p><a href="story.html?id=48"><b>The Weathervane Wedding</b></a> by <a href="author.html?au=6">nine_of_cups</a><br>'
        "He went round; she went round. It was a question of wind.<br>"
        '<span class="small">Elsewhere, Rated G, 1204 words.</span></p>'
    )
    ordered = [entries[title] for title in sorted(entries, key=lambda title: re.sub(r"^(The|A|La) ", "", title))]
    return framed(f"Stories by title - {NAME}", "<h2>Stories by title</h2>\n" + "\n".join(ordered))


def author_page(cells: list[str], text: str, works: list[Work]) -> str:
    """One author: a line or two, the questionnaire where it was answered, and the stories."""
    number, name = cells
    about, *answers = text.split("\n")
    rows = [row.split(" | ", 1) for row in answers if row]
    asked = "\n".join(
        f'<p class="question"><b>{question}</b></p>\n<p>{NEW.inline(answer)}</p>' for question, answer in rows
    )
    written = "\n".join(listing_entry(work) for work in works if name in work.authors)
    inner = f"<h2>{name}</h2>\n<p>{about}</p>\n<h3>Stories by {name}</h3>\n{written}\n"
    interview = f"<h3>Seven questions for {name}</h3>\n{asked}" if rows else ""
    return framed(f"{name} - {NAME}", inner + interview, poll=int(number))


def reviews_page(work_id: int, title: str, text: str) -> str:
    rows = [row.split(" | ", 2) for row in text.splitlines()]
    inner = "\n".join(
        f'<div class="review"><b>{name}</b> <span class="small">{date}</span><br>{words}</div>'
        for name, date, words in rows
    )
    back = f'<p><a href="story.html?id={work_id}">Back to the story</a></p>'
    return framed(f"Reviews of {title} - {NAME}", f"<h2>Reviews of {title}</h2>\n{inner}\n{back}", poll=work_id)


def news_page() -> str:
    bold = re.compile(r"\*\*(.+?)\*\*")
    items = (
        (cells[0], bold.sub(r"<b>\1</b>", html.escape(text, quote=False))) for cells, text in stories.entries("news")
    )
    rows = (f"<h4>{date}</h4>\n<p>{text}</p>" for date, text in items)
    return framed(f"News - {NAME}", "<h2>News</h2>\n" + "\n".join(rows), poll=3)


def policy_page() -> str:
    inner = "\n".join(f"<p>{text}</p>" for text in stories.page("choose"))
    return framed(f"How stories are chosen - {NAME}", f"<h2>How stories are chosen</h2>\n{inner}", poll=4)


def home_page(works: list[Work]) -> str:
    newest = sorted(works, key=lambda work: work.head["added"], reverse=True)[:3]
    inner = (
        f"<h2>Welcome aboard</h2>\n<p>{len(works) + 1} stories by {len(AUTHORS)} authors, all of them finished.</p>\n"
    )
    return framed(NAME, inner + "<h3>Newest</h3>\n" + "\n".join(listing_entry(work) for work in newest), poll=1)


def search_page() -> str:
    """Nothing but furniture and a form."""
    form = '<form action="search.html"><input name="words" size="30"> <input type="submit" value="Look"></form>'
    return framed(f"Search - {NAME}", form, poll=5)


def gone_page() -> str:
    """What the server said when a story had been taken down: a page like any other, with status 200."""
    inner = "<h2>Not aboard</h2>\n<p>That story has gone back to its author. It happens.</p>"
    return framed(f"Not aboard - {NAME}", inner, poll=6)

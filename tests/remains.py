# ruff: noqa: E501 — rows of tables and sentences of stories stand on one line
"""A small archive of our own writing, and what different software would have left of it: dumps, databases, mail.

``STORIES`` is the truth. The writers below bend it into every format, whole or damaged.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Block = tuple[str, ...]  # ("p", html) · ("lines", line, line …) · ("scene",)


def p(words: str) -> Block:
    return ("p", words)


SCENE: Block = ("scene",)


@dataclass(frozen=True)
class Part:
    number: int
    title: str
    blocks: tuple[Block, ...]
    notes: str = ""
    endnotes: str = ""


@dataclass(frozen=True)
class Said:
    number: int
    name: str
    words: str
    answer: str = ""
    uid: int = 0
    rating: int = 0


@dataclass(frozen=True)
class Tale:
    sid: int
    title: str
    uid: int
    summary: str
    parts: tuple[Part, ...]
    notes: str = ""
    coauthors: tuple[int, ...] = ()
    categories: str = "2"
    characters: str = "1"
    classes: str = "1"
    rating: int = 2
    date: str = "2004-05-06"
    said: tuple[Said, ...] = ()
    complete: int = 1


PEOPLE = {
    1: ("Keeper", "keeper@weir-house.example"),
    2: ("Marit O'Dell", "marit@oddmail.example"),
    3: ("Søren K.", "soren.k@oddmail.example"),
    4: ("quiet_one", "quiet@elsewhere.example"),
    5: ("only a reader", "reader@elsewhere.example"),
}
PASSWORD = "d41d8cd98f00b204e9800998ecf8427e"
REAL_NAME = "Margaret Odell-Findlay"
CATEGORIES = {1: (-1, "The Weir"), 2: (1, "Upstream; and further"), 3: (-1, "Crossover")}
CHARACTERS = {1: "Ana", 2: "The Lock-keeper’s Dog", 3: "José"}
RATINGS = {1: "Everyone", 2: "Teens", 3: "Adults -- really"}
CLASS_TYPES = {1: ("genres", "Genres"), 2: ("warnings", "Warnings"), 3: ("tone", "Tone of Voice")}
CLASSES = {1: (1, "Drama"), 2: (1, "Slice of Life"), 3: (2, "Character Death"), 4: (3, "Wry")}
SITE = ("The Weir House", "http://weir-house.example", "stories by the water")

STORIES = (
    Tale(
        sid=41,
        title="The Lock-keeper’s Year",
        uid=2,
        summary="Twelve gates, one dog; and a man who couldn’t swim.",
        notes="For everyone at the house. Written by me -- not by the dog.",
        coauthors=(3,),
        categories="2,3",
        characters="1, 2",
        classes="1,4",
        parts=(
            Part(
                7,
                "Ice",
                (
                    p("The river stopped on a Tuesday, which was inconvenient."),
                    p("“It’s only the top of it,” said Ana. She put an ear to the ice; it said <em>nothing</em> back."),
                    p("“Nothing?”"),
                    p("“Not a word.”"),
                    SCENE,
                    p(
                        "By Thursday the post came on skates, and the dog, who had views, barked at every letter (there were four)."
                    ),
                    p("He kept them in the tin marked SEEDS; DO NOT EAT. He didn’t say why."),
                ),
                notes="It’s cold in this one.",
            ),
            Part(
                8,
                "Thaw -- and after",
                (
                    p("Water came back the way guests do: all at once, and loud."),
                    (
                        "lines",
                        "One gate for the barge,",
                        "two for the rain,",
                        "three for the miller",
                        "who won’t come again.",
                    ),
                    p(
                        "The café across the lock put its chairs out. José, naïve as ever, ordered a crème brûlée at nine in the morning."
                    ),
                    p("“You can’t,” said Ana, “have <em>that</em> for breakfast.”"),
                    p("He could, though. He did."),
                ),
                endnotes="Thanks for reading; there’s no more.",
            ),
        ),
        said=(
            Said(501, "weir_fan", "I read it twice. <i>Twice!</i>", answer="That’s two more than my mother.", rating=9),
            Said(502, "Søren K.", "The dog is the best of it; don’t change him.", uid=3),
        ),
    ),
    Tale(
        sid=42,
        title="Four Letters; One Tin",
        uid=3,
        summary='What the letters said. (They said "no".)',
        rating=1,
        classes="2,3",
        date="2005-11-30",
        complete=0,
        parts=(
            Part(
                11,
                "Four Letters; One Tin",
                (
                    p("The first letter began: INSERT coin here. It didn’t say where."),
                    p(
                        "The second was a list -- 1), 2), 3) -- of things owed; the third had /* a star */ drawn in its corner."
                    ),
                    p("“Who writes '),(' at the end of a letter?” she asked; nobody knew."),
                    SCENE,
                    p("The last one was only a line, and it was crossed out -- twice; # who knows why."),
                ),
            ),
        ),
        said=(Said(503, "anon", "2 < 3 & that's a fact"),),
    ),
    Tale(
        sid=57,
        title="Low Water",
        uid=4,
        summary="Summer.",
        categories="1",
        characters="",
        classes="",
        rating=3,
        date="2006-07-01",
        parts=(
            Part(
                30,
                "Low Water",
                (
                    p("In August you could walk across, and people did, and nobody mentioned it afterwards."),
                    p("Ana found the tin in the mud. It was empty, of course. It had always been empty."),
                ),
            ),
        ),
    ),
)
SERIES = {9: ("The Tin", "Everything with a tin in it.", 2, (41, 42)), 10: ("The Weir, all of it", "", 3, (57,))}
NESTED = (10, 9)  # series 9 is the first member of series 10
NEWS = ((1, "Keeper", "We’ve moved", "<p>Same water, new server — mind the step.</p>", "2004-01-01"),)
MESSAGES = (
    (1, "welcome", "Welcome", "<p>Come in, it’s raining.</p>"),
    (2, "rules", "Rules", "<p>Be kind; don’t feed the dog.</p>"),
)
CHALLENGES = ((3, "Keeper", 1, "The Tin Challenge", "", "", "Put a tin in it."),)
FAVOURITES = ((4, 41, "ST", "Best dog."), (5, 57, "ST", ""))


# ── the words of a chapter in the ways that people typed them
def as_paragraphs(blocks: Iterable[Block]) -> str:
    out = []
    for block in blocks:
        if block == SCENE:
            out.append("<hr />")
        elif block[0] == "lines":
            out.append("<p>" + "<br />\r\n".join(map(_text, block[1:])) + "</p>")
        else:
            out.append(f"<p>{_typed(block[1])}</p>")
    return "\r\n".join(out)


def as_breaks(blocks: Iterable[Block]) -> str:
    return "<br><br>".join("* * *" if block == SCENE else "<br>".join(_lines(block)) for block in blocks)


def as_lines(blocks: Iterable[Block]) -> str:
    return "\r\n\r\n".join("~*~" if block == SCENE else "\r\n".join(_lines(block)) for block in blocks)


def _lines(block: Block) -> list[str]:
    return [_text(line) for line in block[1:]] if block[0] == "lines" else [_typed(block[1])]


def _typed(words: str) -> str:
    return re.sub(r"&(?!\w+;)", "&amp;", words)


def _text(words: str) -> str:
    return html.escape(words, quote=False)


# ── tables of eFiction
Rows = dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]]


def tables(*, words: Callable[[Iterable[Block]], str] = as_paragraphs, in_files: bool = False) -> Rows:
    """Return eFiction 3's tables: columns, and rows of values."""
    chapters, reviews, stories = [], [], []
    for tale in STORIES:
        stories.append(_story(tale))
        for place, part in enumerate(tale.parts, 1):
            text = "" if in_files else words(part.blocks)
            chapters.append(
                (part.number, part.title, place, part.notes, text, part.endnotes, 1, 99, 0, 0, tale.sid, tale.uid, 7)
            )
        for said in tale.said:
            text = said.words + (f"<br><br><i>Author's Response: {said.answer}</i>" if said.answer else "")
            reviews.append(
                (
                    said.number,
                    tale.sid,
                    tale.parts[0].number,
                    said.name,
                    said.uid,
                    text,
                    f"{tale.date} 10:00:00",
                    said.rating,
                    int(bool(said.answer)),
                    "ST",
                )
            )
    members = [
        (series, sid, 0, 1, place) for series, (_, _, _, sids) in SERIES.items() for place, sid in enumerate(sids, 2)
    ]
    return {
        "authors": (
            ("uid", "penname", "realname", "email", "website", "bio", "image", "date", "admincreated", "password"),
            [(uid, name, REAL_NAME, mail, "", f"I am {name}.", "", "2003-01-01 00:00:00", 0, PASSWORD) for uid, (name, mail) in PEOPLE.items()],
        ),
        "categories": (
            ("catid", "parentcatid", "category", "description", "image", "locked", "leveldown", "displayorder", "numitems"),
            [(n, above, name, "", "", 0, 0, n, 1) for n, (above, name) in CATEGORIES.items()],
        ),
        "challenges": (("chalid", "challenger", "uid", "title", "catid", "characters", "summary"), list(CHALLENGES)),
        "chapters": (
            ("chapid", "title", "inorder", "notes", "storytext", "endnotes", "validated", "wordcount", "rating", "reviews", "sid", "uid", "count"),
            chapters,
        ),
        "characters": (("charid", "catid", "charname", "bio", "image"), [(n, 1, name, "", "") for n, name in CHARACTERS.items()]),
        "classes": (("class_id", "class_type", "class_name"), [(n, kind, name) for n, (kind, name) in CLASSES.items()]),
        "classtypes": (("classtype_id", "classtype_name", "classtype_title"), [(n, *names) for n, names in CLASS_TYPES.items()]),
        "coauthors": (("sid", "uid"), [(tale.sid, uid) for tale in STORIES for uid in tale.coauthors]),
        "favorites": (("uid", "item", "type", "comments"), list(FAVOURITES)),
        "inseries": (("seriesid", "sid", "subseriesid", "confirmed", "inorder"), [(NESTED[0], 0, NESTED[1], 1, 1), *members]),
        "messages": (("message_id", "message_name", "message_title", "message_text"), list(MESSAGES)),
        "news": (("nid", "author", "title", "story", "time", "comments"), [(*row, 0) for row in NEWS]),
        "ratings": (("rid", "rating", "ratingwarning", "warningtext"), [(n, name, 0, "") for n, name in RATINGS.items()]),
        "reviews": (("reviewid", "item", "chapid", "reviewer", "uid", "review", "date", "rating", "respond", "type"), reviews),
        "series": (
            ("seriesid", "title", "summary", "uid", "isopen", "catid", "classes", "rating", "warnings", "genres", "characters", "reviews", "challenges", "numstories"),
            [(n, title, summary, uid, 0, "1", "1,2", 0, "", "Drama,Slice of Life", "1,2", 0, "", 2) for n, (title, summary, uid, _) in SERIES.items()],
        ),
        "settings": (
            ("sitekey", "sitename", "slogan", "url", "siteemail", "tableprefix", "skin", "hiddenskins", "language", "submissionsoff", "storiespath", "store"),
            [("k1", SITE[0], SITE[2], SITE[1], "keeper@weir-house.example", "", "Water", "", "en", 0, "stories", "files" if in_files else "mysql")],
        ),
        "stories": (
            ("sid", "title", "summary", "storynotes", "catid", "classes", "charid", "rid", "date", "updated", "uid", "coauthors", "featured", "validated", "completed", "rr", "wordcount", "rating", "reviews", "count", "challenges"),
            stories,
        ),
    }  # fmt: skip


def _story(tale: Tale) -> tuple[object, ...]:
    day = f"{tale.date} 09:08:07"
    return (
        tale.sid, tale.title, tale.summary, tale.notes, tale.categories, tale.classes, tale.characters, str(tale.rating), day, day, tale.uid,
        str(int(bool(tale.coauthors))), 0, 1, tale.complete, 0, 1234, 0, len(tale.said), 55, "3" if tale.sid == 57 else "0",
    )  # fmt: skip


# ── dumps
@dataclass(frozen=True)
class Dialect:
    """How a program writes a dump. ``encode`` turns the text of one value to bytes."""

    create: bool = True
    columns: bool = False
    extended: bool = True
    quote: str = "'"
    doubled: bool = False
    numbers: bool = True
    newline: str = "\n"
    prefix: str = ""
    comment: str = "-- "
    encode: Callable[[str], bytes] = field(default=lambda text: text.encode("cp1252"))
    hexed: frozenset[str] = frozenset()
    quoted_names: bool = True


MYSQLDUMP = Dialect()
PHPMYADMIN = Dialect(columns=True, encode=lambda text: text.encode())
SEQUEL_PRO = Dialect(columns=True, comment="# ", encode=lambda text: text.encode())
BACKUP = Dialect(
    create=False, extended=False, quote='"', numbers=False, newline="\r\n", comment="# ", quoted_names=False,
    encode=lambda text: text.encode("cp1252").decode("latin-1").encode(),
)  # fmt: skip


def dump(rows: Rows, way: Dialect = MYSQLDUMP) -> bytes:
    """Return a dump of ``rows``."""
    out = [b"/*!40101 SET NAMES latin1 */;" if way.create else b""]
    for table, (columns, values) in rows.items():
        name = f"`{way.prefix}fanfiction_{table}`" if way.quoted_names else f"{way.prefix}fanfiction_{table}"
        out.append(f"{way.comment}Dump of {name.strip('`')}".encode())
        if way.create:
            kinds = ",\n".join(f"  `{column}` text NOT NULL default ''" for column in columns)
            out.append(
                f"DROP TABLE IF EXISTS {name};\nCREATE TABLE {name} (\n{kinds},\n  KEY `k` (`{columns[0]}`,`{columns[-1]}`)\n) ENGINE=MyISAM DEFAULT CHARSET=latin1;".encode()
            )
        head = f"INSERT INTO {name} " + (f"({', '.join(f'`{c}`' for c in columns)}) " if way.columns else "") + "VALUES"
        lines = [
            b"("
            + b",".join(value(one, way, columns[n] if n < len(columns) else "") for n, one in enumerate(row))
            + b")"
            for row in values
        ]
        if way.extended and lines:
            out.append(head.encode() + b" " + b",\n\t".join(lines) + b";")
        else:
            out.extend(head.encode() + line + b";" for line in lines)
    return way.newline.encode().join(out) + way.newline.encode()


def value(one: object, way: Dialect, column: str = "") -> bytes:
    if one is None:
        return b"NULL"
    if isinstance(one, int) and way.numbers:
        return str(one).encode()
    data = way.encode(str(one))
    if column in way.hexed and data:
        return b"0x" + data.hex().encode()
    quote = way.quote.encode()
    data = data.replace(b"\\", b"\\\\").replace(b"\0", b"\\0").replace(b"\r", b"\\r").replace(b"\n", b"\\n")
    escaped = data.replace(quote, quote * 2 if way.doubled else b"\\" + quote)
    if not way.doubled and way.quote == '"':
        escaped = escaped.replace(b"'", b"\\'")
    return quote + escaped + quote


def bent(
    rows: Rows,
    table: str,
    change: Callable[[tuple[str, ...], Sequence[tuple[object, ...]]], tuple[tuple[str, ...], list[tuple[object, ...]]]],
) -> Rows:
    """Return ``rows`` with one table changed."""
    return {**rows, table: change(*rows[table])}


def filled(rows: Rows, table: str, **cells: object) -> Rows:
    """Return ``rows`` with the same values in some columns of every row of a table."""
    columns, values = rows[table]
    changed = [tuple(cells.get(columns[n], cell) for n, cell in enumerate(row)) for row in values]
    return {**rows, table: (columns, changed)}


# ── Automated Archive
def perl(
    *, escape: bool = True, names: Callable[[str], str] = str, blank: bool = False, encoding: str = "cp1252"
) -> bytes:
    """Return an ARCHIVE_DB.pl: every part of a story is a record."""
    out = ["%FILES = (", ""]
    number = 0
    for tale in STORIES:
        for place, part in enumerate(tale.parts, 1):
            number += 1
            mark = f" ({place}/{len(tale.parts)})" if len(tale.parts) > 1 else ""
            fields = {
                "Title": tale.title + mark, "Author": PEOPLE[tale.uid][0], "Email": PEOPLE[tale.uid][1], "Summary": tale.summary,
                "Category": "Drama, Wry", "Rating": RATINGS[tale.rating], "Location": f"{tale.sid % 5}/part{part.number}", "FileType": "html",
                "Date": f"{tale.date[5:7]}/{tale.date[8:]}/{tale.date[2:4]}", "SequelName": "",
            }  # fmt: skip
            out.append(f"{number} => {{")
            for name, words in fields.items():
                written = words.replace("\\", "\\\\").replace("'", "\\'") if escape else words
                out.append(f"\t{names(name)} => '{written}',")
                if blank:
                    out.append("")
            out.append("},")
    return "\n".join([*out, "", ");", "1;", ""]).encode(encoding)


def perl_page(tale: Tale, part: Part) -> bytes:
    name, mail = PEOPLE[tale.uid]
    body = "\n".join(
        "<HR>" if b == SCENE else "<P>" + "<BR>".join(map(_text, b[1:])) if b[0] == "lines" else f"<P>{_typed(b[1])}"
        for b in part.blocks
    )
    return (
        f"<HTML><HEAD><TITLE>{_text(tale.title)}</TITLE></HEAD><BODY><H1 ALIGN=CENTER>{_text(tale.title)}</H1>"
        f'<H3 ALIGN=CENTER>by <A HREF="mailto:{mail}">{_text(name)}</A></H3>\n<HR>\n{body}\n'
        '<HR><CENTER><!-- COMMENTLINK START --><A HREF="../../cgi-bin/comment.pl?x">Please post a comment on this story.</A><!-- COMMENTLINK END --></CENTER></BODY></HTML>'
    ).encode("cp1252")


# ── mail
def wrapped(words: str, width: int = 72) -> str:
    out, line = [], ""
    for word in words.split():
        if line and len(line) + 1 + len(word) > width:
            out.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*out, line])


def typed(blocks: Iterable[Block]) -> str:
    """Return blocks as they were typed in a letter: wrapped, italics between stars."""
    out = []
    for block in blocks:
        if block == SCENE:
            out.append("* * *")
        elif block[0] == "lines":
            out.append("\n".join(block[1:]))
        else:
            out.append(wrapped(re.sub(r"</?em>", "*", block[1])))
    return "\n\n".join(out)


def letter(
    tale: Tale, place: int, *, head: bool = True, subject: str = "", body: str = ""
) -> tuple[dict[str, str], str]:
    """Return (headers, text) of a letter with one part of a story."""
    name, mail = PEOPLE[tale.uid]
    mark = f"({place}/{len(tale.parts)})"
    facts = (
        f"TITLE: {tale.title}\nAUTHOR: {name}\nRATING: {RATINGS[tale.rating]}\nFEEDBACK: please, to {mail}\nSUMMARY: {wrapped(tale.summary)}\n\n\n"
        if head
        else ""
    )
    text = facts + (body or typed(tale.parts[place - 1].blocks)) + ("\n\nTBC" if place < len(tale.parts) else "\n\nEND")
    text += f"\n\n-- \n{name}\n\nTo unsubscribe from this list: weir-unsubscribe@lists.example\n"
    headers = {
        "From": f"{name} <{mail}>",
        "Subject": subject or f"[weirlist] FIC: {tale.title} {mark} [{RATINGS[tale.rating]}]",
        "Date": f"Thu, 06 May 2004 1{place}:00:00 +0000",
        "Message-ID": f"<{tale.sid}.{place}@lists.example>",
    }
    return headers, text


# ── what is compared
def truth(blocks: Iterable[Block]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return blocks as the house sees them: (type, text, italics)."""
    out: list[tuple[str, str, tuple[str, ...]]] = []
    for block in blocks:
        if block == SCENE:
            out.append(("scene_break", "", ()))
        elif block[0] == "lines":
            out.append(("lines", "\n".join(block[1:]), ()))
        else:
            out.append(("p", re.sub(r"</?em>", "", block[1]), tuple(re.findall(r"<em>(.*?)</em>", block[1]))))
    return out

"""eFiction's tables: their names under any prefix, their columns in every version, and what a value in each looks like.

Read in the installation scripts of eFiction 1.1, 2.0 and 3.0 to 3.5.6. A dump with CREATE TABLE or column lists names
its columns; eFiction's own backup does not, and then the shape of the values tells which version it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from storykeep.sources.sql.rows import Value

Columns = tuple[str, ...]


def _columns(words: str) -> Columns:
    return tuple(words.split())


LAYOUTS: dict[str, tuple[Columns, ...]] = {
    "authors": (
        _columns("uid penname realname email website bio image date admincreated password"),
        _columns(
            "uid penname realname email website bio image date newreviews admincreated password validated "
            "userskin level contact carry categories bob"
        ),
    ),
    "authorinfo": (_columns("uid field info"),),
    "authorfields": (
        _columns("field_id field_type field_name field_title field_options field_code_in field_code_out field_on"),
    ),
    "categories": (_columns("catid parentcatid category description image locked leveldown displayorder numitems"),),
    "chapters": (
        _columns("chapid title inorder notes storytext endnotes validated wordcount rating reviews sid uid count"),
        _columns("chapid title inorder notes storytext endnotes validated wordcount rating reviews sid uid"),
        _columns("chapid title inorder notes storytext validated wordcount rating reviews sid uid count"),
        _columns("chapid title inorder notes storytext validated wordcount rating reviews sid uid"),
    ),
    "characters": (_columns("charid catid charname bio image"), _columns("charid catid charname")),
    "challenges": (
        _columns("chalid challenger uid title catid characters summary responses"),
        _columns("chalid challenger uid title catid characters summary"),
    ),
    "classes": (_columns("class_id class_type class_name"),),
    "classtypes": (_columns("classtype_id classtype_name classtype_title"),),
    "coauthors": (_columns("sid uid"),),
    "comments": (_columns("cid nid uid comment time"), _columns("cid nid uname comment time")),
    "favorites": (_columns("uid item type comments"), _columns("uid item type")),
    "favauth": (_columns("uid favuid"),),
    "favstor": (_columns("uid sid"),),
    "genres": (_columns("gid genre"),),
    "inseries": (
        _columns("seriesid sid subseriesid confirmed inorder"),
        _columns("seriesid sid subseriesid confirmed inorder updated"),
        _columns("seriesid sid confirmed inorder"),
    ),
    "messages": (_columns("message_id message_name message_title message_text"),),
    "news": (_columns("nid author title story time comments"), _columns("nid author title story time")),
    "ratings": (_columns("rid rating ratingwarning warningtext"),),
    "reviews": (
        _columns("reviewid item chapid reviewer uid review date rating respond type"),
        _columns("reviewid item chapid reviewer uid review date rating respond"),
        _columns("reviewid sid psid reviewer member review date rating"),
    ),
    "series": (
        _columns(
            "seriesid title summary uid isopen catid classes rating warnings genres characters reviews "
            "challenges numstories"
        ),
        _columns(
            "seriesid title summary uid isopen catid rating classes characters reviews numstories warnings "
            "challenges genres"
        ),
        _columns("seriesid title summary uid isopen catid classes rating reviews warnings genres characters"),
        _columns("seriesid title summary uid isopen catid rating warnings genres characters reviews"),
    ),
    "settings": (
        _columns(
            "sitekey sitename slogan url siteemail tableprefix skin hiddenskins language submissionsoff "
            "storiespath store autovalidate coauthallowed maxwords minwords imageupload imageheight imagewidth "
            "roundrobins allowseries tinyMCE allowed_tags favorites multiplecats newscomments logging "
            "maintenance debug captcha dateformat timeformat recentdays displaycolumns itemsperpage extendcats "
            "displayindex defaultsort displayprofile linkstyle linkrange reviewsallowed ratings anonreviews "
            "revdelete rateonly pwdsetting alertson disablepopups agestatement words version smtp_host "
            "smtp_username smtp_password"
        ),
        _columns("welcome thankyou nothankyou rules copyright help"),
    ),
    "stories": (
        _columns(
            "sid title summary storynotes catid classes charid rid date updated uid coauthors featured "
            "validated completed rr wordcount rating reviews count challenges"
        ),
        _columns(
            "sid title summary storynotes catid classes charid rid date updated uid coauthors featured "
            "validated completed rr wordcount rating reviews count"
        ),
        _columns(
            "sid psid title chapter summary catid gid charid wid rid date updated uid featured counter "
            "validated inorder storytext completed rr wordcount numreviews"
        ),
    ),
    "warnings": (_columns("wid warning"),),
}

IDS = {
    "stories": "sid",
    "chapters": "chapid",
    "authors": "uid",
    "reviews": "reviewid",
    "series": "seriesid",
    "news": "nid",
    "categories": "catid",
    "characters": "charid",
    "ratings": "rid",
    "classes": "class_id",
    "classtypes": "classtype_id",
    "challenges": "chalid",
    "messages": "message_id",
    "genres": "gid",
    "warnings": "wid",
    "comments": "cid",
}
"""The column that tells one row of a table from another."""

NEVER = frozenset(
    ("password", "realname", "smtp_host", "smtp_username", "smtp_password", "siteemail", "log_ip", "sitekey")
)
"""Columns that are not read at all: they belong to nobody but their owner."""

UNREAD = frozenset(
    _columns("authorprefs blocks codeblocks log modules online pagelinks panels poll poll_votes stats tracker")
)
"""Tables that hold nothing for readers: switches, menus, PHP code, addresses of visitors, counters."""

_NAME = re.compile(r"(?P<prefix>.*?)fanfiction_(?P<kind>\w+)", re.IGNORECASE | re.DOTALL)
_BARE = re.compile(rf"(?P<prefix>.*?_|)(?P<kind>{'|'.join(LAYOUTS)})", re.IGNORECASE | re.DOTALL)


def split(table: str, *, bare: bool = False) -> tuple[str, str]:
    """Return (prefix, kind) of a table's name; kind is empty when the table is none of eFiction's.

    ``bare`` also takes names without ``fanfiction_``, which some hosts renamed.

    >>> split("ql_fanfiction_stories"), split("wp_posts"), split("x_chapters", bare=True)
    (('ql_', 'stories'), ('', ''), ('x_', 'chapters'))
    """
    found = _NAME.fullmatch(table) or (_BARE.fullmatch(table) if bare else None)
    return (found["prefix"], found["kind"].lower()) if found else ("", "")


@cache
def widths(table: str) -> frozenset[int]:
    """Return how many columns the table may have, over all versions; empty when it is unknown."""
    return frozenset(len(columns) for columns in LAYOUTS.get(split(table)[1], ()))


def columns_of(kind: str, rows: Sequence[Sequence[Value]]) -> Columns:
    """Return the likeliest names of the columns of ``rows``; empty when no version of the table is like them.

    A column that no version knows has an empty name.

    >>> columns_of("classes", [(b"1", b"2", b"Angst")])
    ('class_id', 'class_type', 'class_name')
    """
    if not rows:
        return ()
    evidence = [_Column(values) for values in zip(*rows, strict=False)]
    found = [_aligned(kind, layout, evidence) for layout in LAYOUTS.get(kind, ())]
    best = max(found, key=lambda one: one[0], default=(0.0, ()))
    columns = tuple(name.lower() for name in best[1]) if best[0] > 0 else ()
    return _without_real_names(columns, rows) if kind == "authors" else columns


def _without_real_names(columns: Columns, rows: Sequence[Sequence[Value]]) -> Columns:
    """Return the columns of members; the only one of names is nobody's to read when it may be that of real names.

    A pen name is never empty, and seldom a first and a last name on most rows.
    """
    if "penname" not in columns or "realname" in columns:
        return columns
    at = columns.index("penname")
    values = [row[at] or b"" for row in rows if len(row) > at]
    real = sum(bool(_FULL_NAME.fullmatch(value)) for value in values)
    doubtful = not all(values) or 2 * real > len(values)
    return (*columns[:at], "realname", *columns[at + 1 :]) if doubtful else columns


_SHAPES = {
    "id": "uid sid psid chapid parentcatid reviewid seriesid class_id class_type classtype_id subseriesid nid cid "
    "gid wid charid catid rid item field field_id chalid message_id member favuid",
    "ids": "classes characters challenges coauthors categories",
    "date": "date updated time",
    "flag": "featured validated completed rr confirmed isopen respond locked admincreated field_on",
    "count": "inorder wordcount rating reviews count numstories numitems counter numreviews responses comments "
    "displayorder leveldown ratingwarning level contact",
    "kind": "type",
    "store": "store",
    "version": "version",
    "language": "language",
    "email": "email siteemail",
    "hash": "password",
    "url": "website url",
    "names": "warnings genres penname title charname category class_name classtype_name classtype_title genre warning",
    "text": "summary storynotes notes storytext endnotes review bio description story comment message_text warningtext",
}
_SHAPE = {name: shape for shape, names in _SHAPES.items() for name in names.split()}
_SHAPE_IN = {
    ("favorites", "comments"): "text",
    ("ratings", "rating"): "names",
    ("news", "author"): "names",
    ("challenges", "challenger"): "names",
}

STRAY = 0.8
"""A column may hold this share of fitting values and some strays, which are damage; less, and it is another column."""
COLUMN_WIDTH = 255

_INTEGER = re.compile(rb"-?\d{1,20}")
_DIGITS = re.compile(rb"\d{9,10}")
_DATE = re.compile(rb"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
_IDS = re.compile(rb"[\d, -]*")
_FULL_NAME = re.compile(rb"[A-Z\x80-\xff][\w\x80-\xff'.-]*(?: [A-Z\x80-\xff][\w\x80-\xff'.-]*){1,3}")
_EMAIL = re.compile(rb"[^\s@]+@[^\s@]+\.\w+")
_HASH = re.compile(rb"[0-9a-f]{32,40}|\$\w\w?\$.+", re.IGNORECASE)
_URL = re.compile(rb"(?:https?://|www\.).*", re.IGNORECASE | re.DOTALL)


class _Column:
    """What the values of one column look like, as a likelihood for each shape."""

    def __init__(self, values: Iterable[Value]) -> None:
        self.values = [value for value in values if value]
        self._known: dict[str, float] = {}

    def likeness(self, shape: str) -> float:
        """Return how well the values fit ``shape``: 1 perfectly, -3 not at all, 0 when there is nothing to tell."""
        if not self.values or not shape:
            return 0.0
        if shape not in self._known:
            fitting = sum(_FITS[shape](value) for value in self.values) / len(self.values)
            self._known[shape] = fitting if fitting > STRAY else 4 * fitting - 3
        return self._known[shape]


def _is_count(value: bytes) -> bool:
    return _INTEGER.fullmatch(value) is not None


def _is_date(value: bytes) -> bool:
    return _DATE.fullmatch(value) is not None or _DIGITS.fullmatch(value) is not None


def _is_name(value: bytes) -> bool:
    return len(value) < COLUMN_WIDTH and not _EMAIL.fullmatch(value)


_FITS = {
    "id": lambda v: 1.0 if _is_count(v) and not _is_date(v) else 0.7 if _IDS.fullmatch(v) else 0.0,
    "ids": lambda v: 1.0 if _IDS.fullmatch(v) else 0.5 if len(v) < COLUMN_WIDTH else 0.0,
    "date": lambda v: 1.0 if _is_date(v) else 0.9 if v in (b"0", b"0000-00-00 00:00:00") else 0.0,
    "flag": lambda v: 1.0 if len(v) == 1 and v.isdigit() else 0.0,
    "count": lambda v: 1.0 if _is_count(v) and not _is_date(v) else 0.0,
    "kind": lambda v: 1.0 if v in (b"ST", b"SE", b"AU") else 0.0,
    "store": lambda v: 1.0 if v.lower() in (b"files", b"mysql") else 0.0,
    "version": lambda v: 1.0 if re.fullmatch(rb"\d(?:\.\d+)+\w*", v) else 0.0,
    "language": lambda v: 1.0 if re.fullmatch(rb"[a-z]{2}(?:[-_]\w+)?", v) else 0.0,
    "email": lambda v: 1.0 if _EMAIL.fullmatch(v) else 0.0,
    "hash": lambda v: 1.0 if _HASH.fullmatch(v) else 0.0,
    "url": lambda v: 1.0 if _URL.fullmatch(v) else 0.5 if len(v) < COLUMN_WIDTH else 0.0,
    "names": lambda v: 0.6 if _is_count(v) or _is_date(v) else 1.0 if _is_name(v) else 0.2,
    "text": lambda v: 0.6 if _is_count(v) or _is_date(v) else 1.0,
}


def _aligned(kind: str, layout: Columns, columns: Sequence[_Column]) -> tuple[float, Columns]:
    """Align the columns of a layout with those of a dump: some may be missing in it, some may have been added."""
    missing, absent, added = -2.5, -0.03, -1.2
    best: list[list[tuple[float, Columns]]] = [[(0.0, ())]]
    for number in range(1, len(columns) + 1):
        best[0].append((best[0][-1][0] + added, ("",) * number))
    for row, name in enumerate(layout, 1):
        shape = _SHAPE_IN.get((kind, name)) or _SHAPE.get(name, "")
        best.append([(best[row - 1][0][0] + missing, ())])
        for at, column in enumerate(columns, 1):
            matched, skipped, extra = best[row - 1][at - 1], best[row - 1][at], best[row][at - 1]
            best[row].append(
                max(
                    (matched[0] + column.likeness(shape) + 0.2, (*matched[1], name)),
                    (skipped[0] + missing, skipped[1]),
                    (extra[0] + added, (*extra[1], "")),
                    key=lambda found: found[0],
                )
            )
    # columns that came last are those that an older version lacks: they cost little
    return max(
        ((row[-1][0] + absent * (len(layout) - number), row[-1][1]) for number, row in enumerate(best)),
        key=lambda found: found[0],
    )

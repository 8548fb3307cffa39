"""The places where a reader may look, the numbers and dates of works, and their orders."""

from __future__ import annotations

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "title": "title", "author": "author", "by": "author", "creator": "author", "summary": "summary", "text": "text",
    "tag": "tag", "tags": "tag", "series": "series", "note": "note", "notes": "note", "language": "language",
    "lang": "language", "kind": "kind", "type": "kind",
}  # fmt: skip
NUMBERS: Mapping[str, str] = {
    "words": "words", "word_count": "words", "length": "words", "chapters": "chapters", "reads": "reads",
    "hits": "reads", "kudos": "kudos", "comments": "comments", "shelves": "shelves", "bookmarks": "shelves",
}  # fmt: skip
DATES: Mapping[str, str] = {
    "updated": "updated", "posted": "posted", "published": "posted", "date": "updated", "added": "added",
}  # fmt: skip
STATES: Mapping[str, str] = {"complete": "complete", "crossover": "crossover"}
ORDERS: Mapping[str, str] = {
    "best": "best", "relevance": "best", "updated": "updated", "date": "updated", "posted": "posted",
    "published": "posted", "newest": "newest", "new": "newest", "added": "newest", "title": "title",
    "author": "author", "creator": "author", "words": "longest", "longest": "longest", "length": "longest",
    "shortest": "shortest", "reads": "reads", "hits": "reads", "popular": "reads",
    "kudos": "kudos", "comments": "comments", "shelves": "shelves", "bookmarks": "shelves",
}  # fmt: skip
OFFERED = (
    "best", "updated", "posted", "newest", "title", "author", "longest", "shortest", "reads", "kudos", "comments",
    "shelves",
)  # fmt: skip
YES = frozenset(("yes", "true", "y", "t", "1"))
NO = frozenset(("no", "false", "n", "f", "0"))

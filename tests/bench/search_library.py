"""A made library for the bench of the search: seeded, and written as rows into an archive's database.

    python tests/bench/search_library.py FOLDER [works] [texts] [tags]

Tags, words and authors are distributed as Zipf found them to be: the second is half as frequent as the first. Each
work has about twelve tags of seven kinds, a title, a summary of fifty words; some have a text of about 2,000.
The words are made of syllables and mean nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from random import Random

WORKS, TEXTS, TAGS = 20_000, 2_000, 8_000
VOCABULARY = 60_000
AT_ONCE = 5_000
# kind, its share of all tags (or their number, where the list is closed), and how many of it a work has
KINDS = (
    ("fandom", 0.08, (1, 1, 1, 2)),
    ("relationship", 0.30, (0, 1, 2, 3)),
    ("character", 0.22, (1, 2, 3, 5)),
    ("keyword", 0.40, (1, 3, 4, 6)),
    ("rating", 5, (1,)),
    ("warning", 5, (0, 1, 1, 1)),
    ("genre", 10, (0, 1, 2)),
)
LANGUAGES = ("en",) * 80 + ("zh",) * 6 + ("es",) * 4 + ("de",) * 3 + ("fr",) * 3 + ("ru",) * 2 + ("pt", "ja")
VISIBILITIES = ("public",) * 90 + ("members",) * 8 + ("hidden", "draft")
START = datetime(2000, 1, 1, tzinfo=UTC)
DAYS = 9_000


class Zipf:
    """Draws from a list, the first most often."""

    def __init__(self, rnd: Random, values: list) -> None:
        self.rnd, self.values = rnd, values
        self.cumulative = list(accumulate(1 / (n + 1) for n in range(len(values))))

    def draw(self, count: int) -> list:
        return self.rnd.choices(self.values, cum_weights=self.cumulative, k=count)


def vocabulary(rnd: Random, count: int = VOCABULARY) -> list[str]:
    """Return made words, short ones first, as languages have it."""
    heads = "b c d f g h j k l m n p r s t v w br cl dr fl gr pl st th tr".split()
    tails = "a e i o u ai ea or an en in ar el is".split()
    syllables = [head + tail for head in heads for tail in tails]
    found: dict[str, None] = {}
    while len(found) < count:
        length = 1 + (len(found) > 200) + (len(found) > 8_000) + rnd.randrange(2)
        found["".join(rnd.choices(syllables, k=length))] = None
    return list(found)


class Library:
    """Everything that is drawn, in order."""

    def __init__(self, works: int, texts: int, tags: int, seed: int = 7) -> None:
        self.rnd = Random(seed)
        self.works, self.texts, self.tags = works, texts, tags
        self.words = Zipf(self.rnd, vocabulary(self.rnd))
        self.tags_of: dict[str, Zipf] = {}
        self.authors = Zipf(self.rnd, list(range(1, max(2, works // 8))))
        self.series = max(1, works // 30)

    def tag_rows(self) -> Iterator[tuple[int, int, str]]:
        """Yield (id, kind, name) of each tag; names are made of one to three words."""
        number = 0
        for kind, (key, share, _) in enumerate(KINDS, start=1):
            count = share if isinstance(share, int) else int(share * self.tags)
            ids = list(range(number + 1, number + count + 1))
            self.tags_of[key] = Zipf(self.rnd, ids)
            for id_ in ids:
                joined = "/" if key == "relationship" else " "
                yield id_, kind, joined.join(self.names(1 + (id_ % 3 if key != "relationship" else 1)))
            number += count

    def names(self, count: int) -> list[str]:
        return [word.capitalize() for word in self.rnd.choices(self.words.values, k=count)]

    def tags_for_one(self) -> list[int]:
        drawn = [tag for key, _, counts in KINDS for tag in self.tags_of[key].draw(self.rnd.choice(counts))]
        return list(dict.fromkeys(drawn))

    def sentence(self, count: int) -> str:
        return " ".join(self.words.draw(count)).capitalize() + "."

    def text(self) -> str:
        count = max(100, int(self.rnd.gauss(2000, 700)))
        paragraphs = (self.sentence(min(80, count - start)) for start in range(0, count, 80))
        return "".join(f"<p>{each}</p>" for each in paragraphs)


def write(works: int, texts: int, tags: int) -> None:
    """Fill the open archive's database."""
    from storykeep.site.tags import presets
    from storykeep.site.tags.models import Tag, TagKind
    from storykeep.site.works.models import Person, Series
    from storykeep.site.works.sorting import letter, sort_title
    from storykeep.text.fold import fold

    library = Library(works, texts, tags)
    keys = [key for key, _, _ in KINDS]
    insert(
        TagKind, ("id", "key", "name", "place"), ((n, key, presets.KNOWN[key].name, n) for n, key in enumerate(keys, 1))
    )
    rows = ((id_, kind, name, f"t{id_}", fold(name), letter(fold(name))) for id_, kind, name in library.tag_rows())
    insert(Tag, ("id", "kind_id", "name", "slug", "folded", "letter"), rows)
    people = ((n, " ".join(library.names(2))) for n in range(1, works // 8 + 1))
    lines = ((n, f"p{n}", f"p{n}", name, fold(name), letter(fold(name))) for n, name in people)
    insert(Person, ("id", "key", "slug", "name", "folded", "letter"), lines)
    series = ((n, " ".join(library.names(3))) for n in range(1, library.series + 1))
    lines = ((n, f"s{n:07}", f"s{n}", title, sort_title(title), letter(sort_title(title))) for n, title in series)
    insert(Series, ("id", "ref", "key", "title", "sort_title", "letter"), lines)
    write_works(library)
    count_uses()


def write_works(library: Library) -> None:
    """Write works with their tags, authors, series and texts, some thousands at a time."""
    from storykeep.site.works.models import Chapter, Credit, Revision, SeriesPlace, Work, WorkTag

    fields = (
        "id", "ref", "key", "title", "sort_title", "letter", "summary", "language", "status", "published", "updated",
        "reads", "visibility", "words", "chapter_count", "version", "added_at", "changed_at",
    )  # fmt: skip
    for start in range(1, library.works + 1, AT_ONCE):
        ids = range(start, min(start + AT_ONCE, library.works + 1))
        insert(Work, fields, (work_row(library, id_) for id_ in ids))
        labels = ((id_, tag, n) for id_ in ids for n, tag in enumerate(library.tags_for_one()))
        insert(WorkTag, ("work_id", "tag_id", "place"), labels)
        credits_ = ((id_, person, f"Author {person}") for id_ in ids for person in library.authors.draw(1))
        insert(Credit, ("work_id", "person_id", "name"), credits_)
        places = ((id_, library.rnd.randint(1, library.series), 1 + id_ % 9) for id_ in ids if id_ % 20 == 0)
        insert(SeriesPlace, ("work_id", "series_id", "position"), places)
        with_text = [id_ for id_ in ids if has_text(library, id_)]
        insert(Revision, ("chapter_id", "body", "made_at"), ((id_, library.text(), START) for id_ in with_text))
        texts = zip(with_text, latest(Revision, len(with_text)), strict=True)
        chapters = ((id_, f"c{id_:07}", id_, "1", 1, revision) for id_, revision in texts)
        insert(Chapter, ("id", "ref", "work_id", "key", "place", "current_id"), chapters)


def has_text(library: Library, id_: int) -> bool:
    """Say whether a work has a text; they are spread evenly."""
    return id_ * library.texts // library.works != (id_ - 1) * library.texts // library.works


def latest(model, count: int) -> list[int]:
    return sorted(model.objects.order_by("-pk").values_list("pk", flat=True)[:count]) if count else []


def work_row(library: Library, id_: int) -> tuple:
    from storykeep.site.works.sorting import letter, sort_title

    rnd = library.rnd
    title = " ".join(library.names(rnd.randint(1, 4)))
    posted = START + timedelta(days=rnd.randrange(DAYS))
    updated = posted + timedelta(days=int(rnd.expovariate(1 / 60)))
    words = int(rnd.lognormvariate(8.2, 1.2))
    chapters = 1 + int(rnd.expovariate(0.5))
    status = "complete" if rnd.random() < 0.8 else "in-progress"
    summary = f"<p>{library.sentence(50)}</p>"
    ordered = sort_title(title)
    return (
        id_, f"w{id_:07}", f"w{id_}", title, ordered, letter(ordered), summary, rnd.choice(LANGUAGES), status,
        posted.date().isoformat(), updated.date().isoformat(), int(rnd.paretovariate(0.8)) % 1_000_000,
        rnd.choice(VISIBILITIES), words, chapters, 1, START + timedelta(seconds=id_), START,
    )  # fmt: skip


def count_uses() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tags_tag SET uses = (SELECT count(*) FROM works_worktag link WHERE link.tag_id = tags_tag.id)"
        )


def insert(model, fields: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Write rows of ``fields``; all other columns get their defaults."""
    from django.db import connection, transaction

    others = {
        field.attname: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.attname not in fields and not field.primary_key
    }
    columns = ", ".join(f'"{name}"' for name in (*fields, *others))
    marks = ", ".join("%s" for _ in (*fields, *others))
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})'  # noqa: S608 — names of our own columns
    rest, rows = tuple(others.values()), iter(rows)
    while some := [(*row, *rest) for row in islice(rows, AT_ONCE)]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, some)


def make(folder: Path, works: int = WORKS, texts: int = TEXTS, tags: int = TAGS) -> None:
    """Make an archive in ``folder`` that holds such a library. For SQLite; its safety is off while it is filled."""
    from django.db import connection

    from storykeep.site import open_archive

    open_archive(folder)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-1500000")
        cursor.execute("PRAGMA foreign_keys=OFF")
    write(works, texts, tags)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]), *map(int, sys.argv[2:]))

# ruff: noqa: E501 — letters and records stand on one line
"""Journals: stories of ljdump and of exports; what was locked stays locked, however damaged the file."""

from __future__ import annotations

import html

import pytest

from remains import SCENE, STORIES, Tale, truth
from storykeep.model import bundle
from storykeep.model.story import Story
from storykeep.sources.journal import SOURCE
from storykeep.sources.journal.words import parted
from storykeep.text.markup import plain


def event(tale: Tale, place: int, *, cut: bool = True) -> str:
    blocks = tale.parts[place - 1].blocks
    body = "\n\n".join(
        "<center>~</center>" if b == SCENE else "\n".join(map(html.escape, b[1:])) if b[0] == "lines" else b[1]
        for b in blocks
    )
    head = f'<b>Title:</b> {html.escape(tale.title)}\n<b>Rating:</b> PG\n<b>Summary:</b> {html.escape(tale.summary)}\n<b>Disclaimer:</b> Not mine.\nThank you, <lj user="oar">!\n\n'
    return (
        head
        + (f'<lj-cut text="{html.escape(tale.parts[place - 1].title)}">{body}\n\n</lj-cut>' if cut else body)
        + ("\n\nFeedback is bread." if cut else "")
    )


def entry(number: int, words: str, *, subject: str, security: str = "", root: str = "event", extra: str = ""):  # noqa: PLR0913 — a small form
    locked = f"<security>{security}</security>\n<allowmask>1</allowmask>\n" if security else ""
    return (
        f"<{root}>\n<itemid>{number}</itemid>\n<anum>{number}</anum>\n<eventtime>2004-05-0{number % 9 + 1} 10:00:00</eventtime>\n"
        f"<subject>{html.escape(subject)}</subject>\n<event>{html.escape(words, quote=False)}</event>\n{locked}"
        f"<url>http://lockkeeper.livejournal.example/{number * 257}.html</url>\n<props>\n<taglist>fic, the weir</taglist>\n</props>\n{extra}</{root}>\n"
    )


def subject(tale: Tale, place: int) -> str:
    return f"FIC: {tale.title}" + (f" ({place}/{len(tale.parts)})" if len(tale.parts) > 1 else "")


SECRET = "what nobody but friends may read"


def journal(tmp_path, *, encoding: str = "utf-8", cut: bool = True):
    folder = tmp_path / "lockkeeper"
    folder.mkdir()
    number = 0
    for tale in STORIES:
        for place in range(1, len(tale.parts) + 1):
            number += 1
            (folder / f"L-{number}").write_bytes(
                (
                    '<?xml version="1.0"?>\n' + entry(number, event(tale, place, cut=cut), subject=subject(tale, place))
                ).encode(encoding, "xmlcharrefreplace")
            )
    for number, kind in ((8, "usemask"), (9, "private")):
        words = f"<b>Title:</b> Hidden\n<b>Rating:</b> PG\n\n<lj-cut>{SECRET} {'and more of it ' * 60}</lj-cut>"
        (folder / f"L-{number}").write_text(
            '<?xml version="1.0"?>\n' + entry(number, words, subject="FIC: Hidden", security=kind)
        )
        (folder / f"C-{number}").write_text(
            f"<comments><comment><id>1</id><parentid></parentid><body>{SECRET}</body><state>A</state><user>oar</user></comment></comments>"
        )
    (folder / "L-7").write_text(entry(7, "ow. just ow.", subject="dentist").replace("fic, ", ""))
    return folder


def assert_whole(brought, blocks_of) -> None:
    for tale in STORIES:
        story = brought.stories[tale.title]
        assert story.authors == ("lockkeeper",)
        assert [blocks_of(chapter.body) for chapter in story.chapters] == [truth(part.blocks) for part in tale.parts]


def everything(brought) -> str:
    records = [record for record in brought.records if isinstance(record, Story)]
    return "\n".join(
        [
            *(bundle.dumps(record) for record in records),
            *map(repr, brought.findings),
            *(repr(data) for data in brought.kept.values()),
        ]
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_ljdump(read, blocks_of, tmp_path, encoding):
    brought = read(SOURCE, journal(tmp_path, encoding=encoding))
    assert_whole(brought, blocks_of)
    assert len(brought.of(Story)) == len(STORIES)
    year = brought.stories["The Lock-keeper’s Year"]
    assert plain(year.summary) == STORIES[0].summary
    assert [chapter.title for chapter in year.chapters] == ["Ice", "Thaw -- and after"]
    assert {"Not mine.", "Thank you, oar!", "Feedback is bread."} <= {plain(note.body) for note in year.notes}
    assert {("rating", "PG"), ("tag", "the weir")} <= {(tag.kind, tag.name) for tag in year.tags}
    assert year.addresses == ("http://lockkeeper.livejournal.example/257.html",)


def test_locked_entries_are_counted_and_nothing_else(read, tmp_path):
    brought = read(SOURCE, journal(tmp_path))
    assert SECRET not in everything(brought)
    assert "Hidden" not in everything(brought)
    assert [f.evidence for f in brought.findings if f.code == "private.locked"] == [
        "2 entries that not everybody could read"
    ]


def test_locked_entries_stay_locked_at_every_point_where_a_file_may_end(read, tmp_path):
    folder = journal(tmp_path)
    data = (folder / "L-8").read_bytes()
    for end in range(0, len(data), 41):
        (folder / "L-8").write_bytes(data[:end])
        assert SECRET not in everything(read(SOURCE, folder))


def test_entries_without_a_cut(read, tmp_path):
    brought = read(SOURCE, journal(tmp_path, cut=False))
    year = brought.stories["The Lock-keeper’s Year"]
    assert "which was inconvenient" in year.chapters[0].body
    assert "José" in year.chapters[1].body


def test_exports_with_comments(read, blocks_of, tmp_path):
    said = (
        "<comment><itemid>11</itemid><eventtime>2004-05-07 10:00:00</eventtime><event>Soup! &lt;3</event><author><name>oar</name><email>oar@mail.example</email></author></comment>"
        "<comment><itemid>12</itemid><parent_itemid>11</parent_itemid><event>Thank you!</event><author><name>lockkeeper</name></author></comment>"
        "<comment><itemid>13</itemid><event>gone</event><state>D</state></comment>"
    )
    entries = [
        entry(n + 1, event(tale, 1), subject=f"FIC: {tale.title}", root="entry", extra=said)
        for n, tale in enumerate(STORIES)
    ]
    hidden = entry(
        9,
        f"<b>Title:</b> Hidden\n<b>Rating:</b> PG\n\n{SECRET}",
        subject="FIC: Hidden",
        root="entry",
        security="private",
    )
    path = tmp_path / "lockkeeper-2004-05.xml"
    path.write_text(
        "<?xml version='1.0'?>\n<livejournal>\n" + "".join([*entries[:2], hidden, *entries[2:]]) + "</livejournal>"
    )
    brought = read(SOURCE, path)
    first = brought.stories[STORIES[0].title].reviews
    assert [(review.name, plain(review.body), review.by_author) for review in first] == [
        ("oar", "Soup! <3", False),
        ("lockkeeper", "Thank you!", True),
    ]
    assert first[1].reply_to == first[0].key
    assert SECRET not in everything(brought)
    assert "oar@mail.example" not in everything(brought)
    assert blocks_of(brought.stories["Low Water"].chapters[0].body) == truth(STORIES[2].parts[0].blocks)


def test_comments_of_ljdump(read, tmp_path):
    folder = journal(tmp_path)
    states = "".join(
        f"<comment><id>{n}</id><parentid>{n - 1 or ''}</parentid><date>2004-05-06T10:00:00Z</date><body>said {n}</body><state>{state}</state><user>u{n}</user></comment>"
        for n, state in enumerate("AFDSB", 1)
    )
    (folder / "C-1").write_text(f'<?xml version="1.0" ?><comments>{states}</comments>')
    reviews = read(SOURCE, folder).stories["The Lock-keeper’s Year"].reviews
    assert [(review.name, plain(review.body)) for review in reviews] == [("u1", "said 1"), ("u2", "said 2")]
    assert reviews[1].reply_to == reviews[0].key


def test_xml_that_is_none(read, blocks_of, tmp_path):
    folder = journal(tmp_path)
    data = (folder / "L-5" if (folder / "L-5").exists() else folder / "L-4").read_bytes()
    name = "L-5" if (folder / "L-5").exists() else "L-4"
    (folder / name).write_bytes(
        data.replace(b'<?xml version="1.0"?>\n', b"").replace(b"<subject>FIC:", b"<subject>FIC & more \x02 FIC:")
    )
    assert "In August you could walk across" in everything(read(SOURCE, folder))


def test_several_cuts_are_several_chapters():
    text = "word " * 80
    words = parted(
        f"Title: X\n<lj-cut text='One'>{text}</lj-cut>\n<cut text=\"Two\">{text}</cut>\nbye", preformatted=False
    )
    assert [cut.title for cut in words.story] == ["One", "Two"]
    assert words.after == "bye"


def test_a_cut_that_is_never_closed():
    words = parted("Title: X\n\n<lj-cut text=Here>One\nTwo", preformatted=False)
    assert words.cuts[0].html == "One<br>\nTwo"
    assert words.cuts[0].title == ""

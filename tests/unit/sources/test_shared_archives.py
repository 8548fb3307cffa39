"""The small dead archives beside the repository come through complete: every paragraph, review and series."""

from __future__ import annotations

import json
import re

import pytest

from storykeep.model import bundle
from storykeep.model.story import Contact, Page, Person, Series, Story
from storykeep.text.markup import plain

pytestmark = pytest.mark.shared


def wanted(blocks: list[dict]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(b["type"], b.get("text") or "\n".join(b.get("lines", [])), tuple(b.get("italics", ()))) for b in blocks]


@pytest.fixture
def truth(shared):
    return json.loads((shared / "data" / "sources" / "truth.json").read_text())


def exposed(brought) -> str:
    public = [record for record in brought.records if isinstance(record, (Story, Person, Series, Page))]
    return "\n".join([*(bundle.dumps(record) for record in public), *map(repr, brought.findings)])


@pytest.mark.parametrize("kind", ["efiction3-mysqldump-files", "efiction3-admin-backup"])
def test_efiction(read, blocks_of, shared, truth, kind):
    brought = read("efiction", shared / "data" / "sources" / kind)
    told = truth[kind]
    assert len(brought.of(Story)) == len(told["stories"])
    for tale in told["stories"]:
        story = brought.stories[tale["title"]]
        assert story.authors == (tale["author"], *tale["coauthors"])
        assert plain(story.summary) == tale["summary"]
        assert [plain(note.body) for note in story.notes] == [tale["notes"]]
        assert (story.published, story.updated) == (tale["date"], tale["updated"])
        assert [chapter.title for chapter in story.chapters] == [part["title"] for part in tale["chapters"]]
        for chapter, part in zip(story.chapters, tale["chapters"], strict=True):
            assert blocks_of(chapter.body) == wanted(part["blocks"])
        tags = {(tag.kind, tag.name) for tag in story.tags}
        assert {
            ("rating", tale["rating"]),
            ("category", tale["fandom"]),
            *(("genre", name) for name in tale["genres"]),
        } <= tags
        assert {name for kind_, name in tags if kind_ == "character"} == set(tale["characters"])
    for series in told["series"]:
        assert [key.rsplit("/", 1)[-1] for key in brought.series[series["title"]].members] == [
            str(n) for n in series["members"]
        ]
    reviews = [review for story in brought.of(Story) for review in story.reviews if not review.by_author]
    assert [(review.name, review.date, review.rating) for review in reviews] == [
        (r["reviewer"], r["date"], str(r["rating"])) for r in told["reviews"]
    ]
    assert not re.search(r"[ab]{32}", exposed(brought))
    assert all(tale["email"] not in exposed(brought) for tale in told["stories"])
    assert {tale["email"] for tale in told["stories"]} == {contact.email for contact in brought.of(Contact)}


def test_automated_archive(read, blocks_of, shared, truth):
    brought = read("automated-archive", shared / "data" / "sources" / "automated-archive")
    told = truth["automated-archive"]
    for record in told["records"]:
        story = brought.stories[record["story_title"]]
        assert story.authors == (record["author"],)
        assert plain(story.summary) == record["summary"]
        assert blocks_of(story.chapters[record["part"] - 1].body) == wanted(record["blocks"])
        assert record["email"] not in exposed(brought)
    assert sum(len(story.chapters) for story in brought.of(Story)) == len(told["records"])
    said = [(review.name, plain(review.body)) for story in brought.of(Story) for review in story.reviews]
    assert said == [(comment["name"], comment["text"]) for comment in told["comments"]]


def test_mailing_list(read, blocks_of, shared, truth):
    brought = read("mail", shared / "data" / "sources" / "mailing-list-mbox")
    posts = truth["mailing-list-mbox"]["posts"]
    for post in posts:
        story = brought.stories[post["title"]]
        assert story.authors == (post["author"],)
        assert plain(story.summary) == post["summary"]
        assert blocks_of(story.chapters[post["part"] - 1].body) == wanted(post["blocks"])
    assert sum(len(story.chapters) for story in brought.of(Story)) == len(posts)
    assert all(contact.email not in exposed(brought) for contact in brought.of(Contact))


def test_journal(read, blocks_of, shared, truth):
    brought = read("journal", shared / "data" / "sources" / "ljdump-journal")
    entries = truth["ljdump-journal"]["entries"]
    for entry in entries:
        if entry["locked"]:
            assert entry["title"] not in brought.stories
            assert all(
                block.get("text", "~")[:60] not in exposed(brought)
                for block in entry["blocks"]
                if len(block.get("text", "")) > 40
            )
            continue
        story = brought.stories[entry["title"]]
        chapter = story.chapters[entry["part"] - 1]
        assert chapter.title == entry["chapter_title"]
        assert blocks_of(chapter.body) == wanted(entry["blocks"])
        assert plain(story.summary) == entry["summary"]
    assert sum(len(story.chapters) for story in brought.of(Story)) == sum(not entry["locked"] for entry in entries)
    assert [(review.name, plain(review.body)) for story in brought.of(Story) for review in story.reviews] == [
        ("quaybird", "Soup! <3")
    ]

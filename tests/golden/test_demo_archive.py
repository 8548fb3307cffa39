"""The demo archive is brought back: what the rescue found is compared with what there was."""

import shutil
import subprocess
import sys

import pytest

from golden.demo.scores import (
    EXAMPLE,
    PAGES,
    count,
    lost_everywhere,
    plain,
    read,
    score,
    slanted,
    told,
    truth,
)
from storykeep.model.provenance import Severity
from storykeep.rescue import pipeline
from storykeep.rescue.journal import Journal
from storykeep.text.sanitise import clean

TRUTH = truth()
WORKS = {work["id"]: work for work in TRUTH["works"]}
COPIES = {copy["file"]: copy for copy in TRUTH["copies"]}
SLANTED = [
    number
    for number, work in sorted(WORKS.items())
    if any("slanting gone" not in COPIES[name].get("damage", ()) for name in work["files"])
]
EVERY = pytest.mark.parametrize("number", sorted(WORKS), ids=lambda number: f"{number} {WORKS[number]['title']}")


class Rescued:
    """The records of one finished rescue."""

    def __init__(self, data):
        self.data = data
        journal = Journal(next(data.rglob("journal.sqlite3")))
        self.stories = list(journal.records("story"))
        self.people = list(journal.records("person"))
        self.pages = list(journal.records("page"))
        self.findings = [(owner, finding) for _, owner, finding in journal.findings()]
        journal.close()

    def story(self, number):
        """The story that was made of the pages of a work: found by its originals, not by what it is called."""
        files = set(WORKS[number]["files"])
        found = [story for story in self.stories if files & {capture.path for capture in story.captures}]
        assert len(found) == 1, [(story.title, [capture.path for capture in story.captures]) for story in found]
        return found[0]


@pytest.fixture(scope="module")
def rescued(tmp_path_factory):
    data = tmp_path_factory.mktemp("demo")
    pipeline.rescue(PAGES, data)
    return Rescued(data)


def test_the_pages_are_what_the_sources_give():
    done = subprocess.run([sys.executable, EXAMPLE / "make.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_archive_is_large_enough_and_small_enough():
    sizes = [path.stat().st_size for path in EXAMPLE.rglob("*") if path.is_file()]
    assert sum(sizes) < 1_500_000
    assert len(WORKS) >= 14
    assert len(TRUTH["authors"]) >= 6
    assert len({copy["encoding"] for copy in TRUTH["copies"] if copy.get("encoding")}) >= 3


def test_every_work_is_found_once_and_nothing_else_is_taken_for_one(rescued):
    assert len(rescued.stories) == len(WORKS), sorted(str(story.title) for story in rescued.stories)


def test_all_works_belong_to_one_archive_with_its_name(rescued):
    assert {story.archive for story in rescued.stories} == {TRUTH["archive"]}


@EVERY
def test_title_and_authors(rescued, number):
    story, work = rescued.story(number), WORKS[number]
    lost = any("title lost" in COPIES[name].get("damage", ()) for name in work["files"])
    assert story.title in ({work["title"], None} if lost else {work["title"]})
    assert list(story.authors) == work["authors"]


@EVERY
def test_chapters_in_order(rescued, number):
    chapters, work = rescued.story(number).chapters, WORKS[number]
    assert len(chapters) == len(work["chapters"])
    for chapter, was in zip(chapters, work["chapters"], strict=True):
        assert score(told(was), read(chapter)).f1 > 0.9
        if len(chapters) > 1:
            named = f"{chapter.label} {chapter.title}"
            assert was["title"] in named
            assert was["label"] in named


@EVERY
def test_every_paragraph_that_survives_anywhere(rescued, number):
    story, work = rescued.story(number), WORKS[number]
    gone = lost_everywhere(work, COPIES)
    wanted = [text for chapter in work["chapters"] for text in told(chapter, but=gone)]
    found = [text for chapter in story.chapters for text in read(chapter)]
    result = score(wanted, found)
    assert result.f1 >= 0.97, (result.missed[:3], result.invented[:3])


@pytest.mark.parametrize("number", SLANTED)
def test_slanted_words_and_scene_breaks(rescued, number):
    story, work = rescued.story(number), WORKS[number]
    blocks = [block for chapter in work["chapters"] for block in chapter["blocks"]]
    wanted = [plain(run) for block in blocks for run in block.get("italics", ())]
    found = [run for chapter in story.chapters for run in slanted(chapter.body)]
    assert not score(wanted, found).missed
    breaks = sum(1 for block in blocks if block["type"] == "scene_break")
    assert sum(count(chapter.body, "scene_break") for chapter in story.chapters) == breaks


@EVERY
def test_summary_and_rating(rescued, number):
    story, work = rescued.story(number), WORKS[number]
    assert work["summary"] in plain(story.summary.replace("<p>", "").replace("</p>", "").replace("&amp;", "&"))
    assert work["rating"] in {tag.name for tag in story.tags if tag.kind == "rating"}


def test_a_series_and_a_sequel_are_kept(rescued):
    places = {place.title: place.position for n in (23, 24, 25) for place in rescued.story(n).series}
    assert set(places) == {"The Number Nine"}
    assert [rescued.story(n).series[0].position for n in (23, 24, 25)] == [1, 2, 3]
    assert [relation.target for relation in rescued.story(27).relations] == ["Low Water"]


def test_verse_and_letters_keep_their_lines(rescued):
    poem = rescued.story(16).chapters[0].body
    assert count(poem, "lines") == len(WORKS[16]["chapters"][0]["blocks"])
    letters = [block for block in WORKS[42]["chapters"][0]["blocks"] if "\n" in block.get("text", "")]
    assert count(rescued.story(42).chapters[0].body, "lines") == len(letters)  # a line alone is a paragraph like any


def test_a_lost_reply_is_a_gap_and_is_not_filled(rescued):
    body = rescued.story(29).chapters[0].body
    assert count(body, "gap") == 1
    assert "What?”" not in body
    assert any(finding.code.startswith("gap") for _, finding in rescued.findings)


def test_what_one_copy_lost_is_taken_from_the_other(rescued):
    low_water = read(rescued.story(12).chapters[0])
    assert "“Present!”" in low_water
    assert any(text.startswith("She had prepared herself for a number of things.") for text in low_water)


def test_a_chapter_whose_page_was_never_saved_comes_from_the_print_version(rescued):
    fourth = rescued.story(14).chapters[3]
    assert "In Which Swords Are Drawn" in fourth.title
    assert read(fourth)[0].startswith("Sunday came up without a cloud.")


def test_nothing_of_the_hostile_page_can_run_and_all_of_its_words_are_there(rescued):
    story = rescued.story(37)
    parts = [story.summary, *(note.body for note in story.notes), *(chapter.body for chapter in story.chapters)]
    for part in parts:
        assert clean(part) == part
        for word in (
            "<script",
            "storykeepRan",
            "javascript:",
            "onmouseover",
            "<iframe",
            "<form",
            "hx-",
            "evil.example",
        ):
            assert word not in part
    assert "<<run!>>" in " ".join(plain(part) for part in parts).replace("&lt;", "<").replace("&gt;", ">")


def test_what_cannot_be_read_is_a_finding_and_stops_nothing(rescued):
    broken = next(name for name, copy in COPIES.items() if copy["role"] == "broken")
    losses = [finding for owner, finding in rescued.findings if broken in owner + finding.where]
    assert any(finding.severity is Severity.LOSS and finding.suggestion for finding in losses)
    assert not any(broken in capture.path for story in rescued.stories for capture in story.captures)


def test_furniture_is_in_no_story(rescued):
    furniture = ("tip the ferrywoman", "Read reviews", "Wayback Machine", "Site Map", "This month’s poll", "800 by 600")
    for story in rescued.stories:
        for chapter in story.chapters:
            assert not [words for words in furniture if words in chapter.body], story.title


def test_authors_and_their_interviews_are_kept(rescued):
    people = {person.name: person for person in rescued.people}
    assert set(TRUTH["authors"]) <= set(people)
    answers = {answer.question: answer.answer for answer in people["quillon"].interview}
    assert "I’d save the goat." in answers["Which of your stories would you save from the water?"]


def test_news_and_policy_are_kept(rescued):
    text = " ".join(page.body for page in rescued.pages)
    assert "The ferry is in the water." in text
    assert "There isn’t a committee." in text


def test_reviews_stay_with_their_story(rescued):
    assert {review.name for review in rescued.story(14).reviews} >= {"Fen", "Hester Vane"}


def test_every_original_is_kept_byte_by_byte(tmp_path):
    few = tmp_path / "few"
    for name in list(COPIES)[:4]:
        (few / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PAGES / name, few / name)
    pipeline.rescue(few, tmp_path / "data")
    kept = {path.read_bytes() for path in (tmp_path / "data" / "originals").rglob("*") if path.is_file()}
    assert kept >= {path.read_bytes() for path in few.rglob("*") if path.is_file()}


def test_a_second_run_changes_nothing(rescued):
    pipeline.rescue(PAGES, rescued.data)
    again = Rescued(rescued.data)
    assert again.stories == rescued.stories
    assert again.findings == rescued.findings


def test_an_essay_and_a_poem_are_known_as_what_they_are(rescued):
    assert rescued.story(16).kind == "poem"
    assert [story.kind for story in rescued.stories if any(tag.name == "Essay" for tag in story.tags)] == ["essay"]


def test_two_people_named_together_are_a_pairing(rescued):
    pairings = {tag.name for story in rescued.stories for tag in story.tags if tag.kind == "pairing"}
    assert {"Inés/Noël", "Edith & Wilf"} <= pairings
    assert not any("/" in tag.name for story in rescued.stories for tag in story.tags if tag.kind == "character")

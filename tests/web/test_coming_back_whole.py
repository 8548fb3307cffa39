"""What a member took along comes back, not works alone: shelves, searches, favourites, what is never shown, answers."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from storykeep.site.accounts import belongings, export
from storykeep.site.interviews import answering
from storykeep.site.interviews.models import Answer, Interview, Question, Questionnaire
from storykeep.site.search.models import Avoided, SavedSearch
from storykeep.site.tags import favourites
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.talk.models import Block, Comment, Kept, Kudo, Shelf
from storykeep.site.works import changes
from storykeep.site.works.models import Person, Work, WorkTag
from storykeep.site.writing.models import Brought

pytestmark = pytest.mark.django_db
FILES = ("talk/shelves.json", "talk/my-shelves.json", "talk/blocked.json", "finding/saved-searches.json",
         "finding/never-shown.json", "finding/favourite-subjects.json", "interviews/interviews.json")  # fmt: skip


@pytest.fixture
def mara(cast):
    return cast.users["member"]


@pytest.fixture
def story(cast):
    """A story that everybody reads, with a subject."""
    work = Work.objects.create(key="s/1", title="The ferry", sort_title="ferry", letter="F")
    kind = TagKind.objects.create(key="mood", name="Moods")
    WorkTag.objects.create(work=work, tag=Tag.objects.create(kind=kind, name="Calm"))
    changes.record([work.pk])
    return work


@pytest.fixture
def life(cast, mara, story):
    """Everything that a reader may have here, who writes a little, too."""
    tag = Tag.objects.get(name="Calm")
    shelf = Shelf.objects.create(account=mara, name="For winter", about="Long ones", public=True)
    here = Kept.objects.create(account=mara, work=story, note="Read it aloud.", tags=["aloud", "sea"], public=True)
    here.shelves.add(shelf)
    Kept.objects.create(account=mara, address="https://example.org/tale", title="A tale", author="Ann", note="Soon")
    Block.objects.create(owner=mara, whom=cast.users["author"])
    SavedSearch.objects.create(account=mara, name="Calm ones", address=tag.get_absolute_url())
    Avoided.objects.create(account=mara, work=story)
    favourites.keep(mara, tag)
    Kudo.objects.create(account=mara, work=story)
    Comment.objects.create(account=mara, work=story, source="Good.", body="<p>Good.</p>")
    name = Person.objects.create(key="mara", slug="mara", name="Mara Quill", account=mara)
    asked = Questionnaire.objects.create(name="Ten years on")
    question = Question.objects.create(questionnaire=asked, words="Where do you write?", place=1)
    answering.save(mara, name, asked, {question.pk: "On the *ferry*."}, {})


def taken(user):
    with export.everything(user) as file:
        return file.read()


def told(data):
    zipped = zipfile.ZipFile(io.BytesIO(data))
    return {name: json.loads(zipped.read(name)) for name in FILES}


def bring(browser, data):
    answer = browser.post("/write/bring", {"file": SimpleUploadedFile("everything-of-mine.zip", data)})
    return answer.headers["Location"]


def emptied(user):
    for each in ("talk", "finding", "interviews"):
        belongings.BELONGINGS[each].erase(user)
    favourites.Favourite.objects.filter(account=user).delete()


def changed(data, name, value):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            new.writestr(each, json.dumps(value) if each == name else old.read(each))
    return out.getvalue()


def test_what_was_taken_along_and_erased_comes_back_as_it_was(cast, mara, life):
    data = taken(mara)
    emptied(mara)
    assert not Kept.objects.exists()
    browser = cast.browsers["member"]
    page = bring(browser, data)
    assert "What else was yours" in browser.get(page).content.decode()
    assert not Kept.objects.exists(), "nothing is made before it is asked for"
    browser.post(page, {"others": "yes"})
    said = browser.get(page).content.decode()
    assert "On your shelves again: 2." in said
    assert "Interviews, as drafts: 1." in said
    assert told(taken(mara)) == told(data)


def test_it_comes_back_once_and_what_is_here_stays_as_it_is(cast, mara, life):
    data = taken(mara)
    Kept.objects.filter(title="A tale").update(note="Read now.")
    browser = cast.browsers["member"]
    for page in (bring(browser, data), bring(browser, data)):
        browser.post(page, {"others": "yes"})
        assert "On your shelves already: 2." in browser.get(page).content.decode()
    assert sorted(Kept.objects.values_list("note", flat=True)) == ["Read it aloud.", "Read now."]
    assert [each.objects.count() for each in (Shelf, Block, SavedSearch, Avoided, Interview)] == [1] * 5


def test_without_the_tick_nothing_else_comes_back(cast, mara, life):
    data = taken(mara)
    emptied(mara)
    browser = cast.browsers["member"]
    browser.post(bring(browser, data), {})
    assert not Kept.objects.exists()
    assert not SavedSearch.objects.exists()


def test_what_is_not_in_this_archive_is_told(cast, mara, life, story):
    data = taken(mara)
    emptied(mara)
    Questionnaire.objects.update(name="Another")
    story.visibility = "hidden"
    story.save()
    changes.record([story.pk])
    browser = cast.browsers["member"]
    page = bring(browser, data)
    browser.post(page, {"others": "yes"})
    said = browser.get(page).content.decode()
    assert "On your shelves once, but not in this archive: 1." in said
    assert "Interviews that this archive does not ask for: 1." in said
    assert not Avoided.objects.exists()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "value",
    [
        None, 7, {"a": 1}, [None, 3, "x"], [{}], [{"address": 5, "name": [], "tags": {}, "shelves": 3, "answers": 9}],
        [{"address": "/works/../x\0", "name": "\0", "note": "x" * 9999, "tags": [1, "\0"], "shelves": ["y" * 999]}],
        [{"address": "javascript:alert(1)", "title": "<b>x</b>", "asked": "Ten years on", "answers": [{"typed": []}]}],
        [{"address": "https://[broken", "title": "x" * 999, "public": "yes", "name": "Mara Quill", "answers": [None]}],
    ],
)  # fmt: skip
def test_a_file_that_was_made_by_hand_makes_nothing_odd(cast, mara, life, name, value):
    data = changed(taken(mara), name, value)
    emptied(mara)
    browser = cast.browsers["member"]
    page = bring(browser, data)
    assert browser.post(page, {"others": "yes"}).status_code == 302
    assert browser.get(page).status_code == 200
    assert not [row for row in Kept.objects.all() if row.address and not row.address.startswith("https://")]
    assert not Kept.objects.exclude(account=mara).exists()
    assert all("\0" not in row.note for row in Kept.objects.all())


def test_a_broken_part_is_told_and_the_works_stay(cast, mara, life):
    data = taken(mara)
    emptied(mara)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            new.writestr(each, b"[{" if each == FILES[0] else old.read(each))
    browser = cast.browsers["member"]
    page = bring(browser, out.getvalue())
    browser.post(page, {"others": "yes"})
    assert "What is not a work could not be read" in browser.get(page).content.decode()
    assert not Kept.objects.exists()
    assert Answer.objects.count() == 0


def test_nobody_else_brings_it_back(cast, mara, life):
    page = bring(cast.browsers["member"], taken(mara))
    assert cast.browsers["author"].post(page, {"others": "yes"}).status_code == 404
    assert "told" not in Brought.objects.get().wanted

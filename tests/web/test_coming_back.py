"""What a writer took along comes back: the same works, once, as drafts, and under nobody else's name."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from storykeep.site.accounts.models import User
from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Chapter, Person, Revision, SeriesPlace, Visibility, Work
from storykeep.site.writing import chapters, drafts, names, publishing, queries, revisions, taking_along
from storykeep.site.writing import coming_back_in_turn as in_turn
from storykeep.site.writing.of_work import WorkSheet
from storykeep.site.writing.revisions import Sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(cast):
    return cast.browsers["author"]


@pytest.fixture
def user(cast):
    return cast.users["author"]


def write(row, body, by):
    now = queries.head(Chapter.written.select_related("working", "current").get(pk=row.pk))
    return revisions.save(row, Sent(body=body, by=by, base=now.pk if now else None)).now


@pytest.fixture
def lamp(user):
    """A published work in a series, with tags, notes, older and newer versions, a draft chapter, one thrown away."""
    TagKind.objects.create(key="mood", name="Mood")
    work = drafts.begin(user, "lamp")
    sheet = WorkSheet(work, user)
    typed = {
        "title": "The lamp room", "language": "en", "summary": "About *light*.", "notes": "For you.",
        "series": "Harbour #2", "tags_mood": "Calm\nSlow", "chapters_planned": "3", "gift_to": "Everybody",
        "comments": "members",
    }  # fmt: skip
    sheet.write(sheet.read(), typed)
    first = queries.chapters_of(work)[0]
    write(first, "<p>She lit the lamp.</p>", user)
    write(first, '<p>She lit <em>the</em> lamp at six.</p>\n<hr class="scene">\n<p>Later.</p>', user)
    assert publishing.publish(work) == []
    write(first, "<p>She lit the lamp at seven.</p>", user)
    work = Work.objects.get(pk=work.pk)
    for body in ("<p>Nobody has read this.</p>", "<p>Thrown away.</p>"):
        row = chapters.add(work)
        write(row, body, user)
    chapters.trash(row)
    return Work.objects.get(pk=work.pk)


def taken(user):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for path, data, _ in taking_along.everything(user):
            zipped.writestr(f"works/{path}", data)
    return file.getvalue()


def hashes(data):
    zipped = zipfile.ZipFile(io.BytesIO(data))
    return sorted(hashlib.sha256(zipped.read(n)).hexdigest() for n in zipped.namelist() if n.endswith("/story.json"))


def bring(browser, data, name="everything-of-mine.zip"):
    answer = browser.post("/write/bring", {"file": SimpleUploadedFile(name, data)})
    return answer.headers["Location"]


def erased(user):
    for work in list(taking_along.works_of(user)):
        drafts.delete(work)


def changed(data, name, change):
    """Return the zip with one of its files changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each.endswith(name) else old.read(each))
    return out.getvalue()


def test_what_was_exported_and_erased_comes_back_the_same_with_all_its_versions(author, user, lamp):
    data = taken(user)
    before = list(Revision.objects.order_by("chapter", "number").values_list("body", "how", "made_at"))
    erased(user)
    page = bring(author, data)
    assert "The lamp room" in author.get(page).content.decode()
    assert not Work.objects.exists()
    author.post(page, {"work": "0"})
    assert hashes(taken(user)) == hashes(data)
    assert list(Revision.objects.order_by("chapter", "number").values_list("body", "how", "made_at")) == before
    work = Work.objects.get()
    assert (work.visibility, work.comments) == (Visibility.DRAFT, "members")
    assert [str(place) for place in SeriesPlace.objects.all()] == ["Harbour 2"]
    assert [row.draft for row in queries.chapters_of(work)] == [False, True]
    assert len(queries.trashed_chapters(work)) == 1


def test_what_is_here_is_never_made_twice(author, user, lamp):
    data = taken(user)
    page = bring(author, data)
    assert "It is here already" in author.get(page).content.decode()
    author.post(page, {"work": "0"})
    assert Work.objects.count() == 1
    erased(user)
    pages = [bring(author, data), bring(author, data)]
    for page in (*pages, pages[0]):
        author.post(page, {"work": "0"})
    assert Work.objects.count() == 1
    drafts.trash(Work.objects.get())
    assert "in your trash" in author.get(bring(author, data)).content.decode()


def test_published_again_readers_see_what_they_saw_and_nothing_newer(author, user, lamp, client):
    data = taken(user)
    erased(user)
    author.post(bring(author, data), {"work": "0", "as_it_was": "yes"})
    work = Work.objects.get()
    assert work.visibility == Visibility.PUBLIC
    page = client.get(work.get_absolute_url(), follow=True).content.decode()
    assert "lamp at six" in page
    assert "at seven" not in page
    assert "Nobody has read this" not in page


def test_as_drafts_nobody_sees_them(author, user, lamp, client):
    data = taken(user)
    erased(user)
    author.post(bring(author, data), {"work": "0"})
    assert client.get(Work.objects.get().get_absolute_url()).status_code == 404


@pytest.mark.parametrize("wish", ["+new", "the author's own"])
def test_somebody_else_can_not_sign_by_the_authors_name(cast, user, lamp, wish):
    other = cast.users["member"]
    page = bring(cast.browsers["member"], taken(user))
    shown = cast.browsers["member"].get(page).content.decode()
    assert "Somebody else here signs so" in shown
    person = Person.objects.get(account=user)
    wished = wish if wish == "+new" else person.slug
    cast.browsers["member"].post(page, {"work": "0", "name_0": wished})
    made = Work.objects.get(came_from__isnull=False)
    assert {credit.person.account for credit in made.credits.all()} == {other}
    assert made.credits.get().name != person.name
    assert Work.objects.get(pk=lamp.pk).credits.get().person == person


def test_a_name_of_the_file_becomes_a_pen_name_or_is_one_that_was_chosen(cast, user, lamp):
    person = names.usual(user)
    names.rename(person, "Ada of the Quay", "")
    lamp.credits.update(name="Ada of the Quay")
    data = taken(user)
    erased(user)
    user.people.update(account=None)
    other = cast.browsers["member"]
    page = bring(other, data)
    assert "a new pen name of mine: Ada of the Quay" in other.get(page).content.decode()
    other.post(page, {"work": "0", "name_0": "+new"})
    credit = Work.objects.get().credits.get()
    assert (credit.name, credit.person.account) == ("Ada of the Quay", cast.users["member"])
    assert credit.person != person


def test_tags_that_this_archive_does_not_have_are_told(author, user, lamp):
    data = taken(user)
    erased(user)
    TagKind.objects.filter(key="mood").update(open=False)
    from storykeep.site.tags.models import Tag

    Tag.objects.filter(name="Slow").delete()
    page = bring(author, data)
    assert "Tags that this archive does not have: mood: Slow." in author.get(page).content.decode()
    author.post(page, {"work": "0"})
    assert [tag.name for tag in Work.objects.get().tags.all()] == ["Calm"]


def test_nobody_else_sees_or_takes_in_what_was_brought(cast, author, user, lamp):
    page = bring(author, taken(user))
    assert cast.browsers["member"].get(page).status_code == 404
    assert cast.browsers["member"].post(page, {"work": "0"}).status_code == 404


# ── files that were made to do harm
def test_a_file_that_was_made_by_hand_can_not_reach_what_is_not_its_owners(author, user, lamp, works):
    """A key of somebody else's work, scripts in every text, odd values everywhere: a draft of one's own, clean."""

    def forge(data):
        whole = json.loads(data)
        whole["record"] |= {"key": works["hidden"].key, "addresses": ["http://old.example/x"], "reads": 10**6}
        whole["record"]["chapters"][0]["body"] = "<p onclick=x()>A<script>alert(1)</script></p>"
        return json.dumps(whole).encode()

    def odd(_):
        told = {"format": "storykeep-desk", "version": 1, "mine": [3, None], "visibility": ["public"]}
        return json.dumps(told | {"chapters": [7, {"ref": 5}], "publish_at": 9, "comments": {}}).encode()

    count = Work.objects.count()
    works["hidden"].credits.all().delete()
    data = changed(changed(taken(user), "story.json", forge), "desk.json", odd)
    forged = Work.objects.exclude(pk__in=list(Work.objects.values_list("pk", flat=True)))
    author.post(bring(author, data), {"work": ["0", "1", "2", "3"], "as_it_was": "yes"})
    assert Work.objects.count() == count + 1
    made = forged.first() or Work.objects.get(came_from__isnull=False)
    assert made.key != works["hidden"].key
    assert (made.visibility, made.addresses, made.reads) == (Visibility.DRAFT, [], 0)
    assert "script" not in queries.head(queries.chapters_of(made)[0]).body


@pytest.mark.parametrize("name", ["../x/story.json", "/etc/story.json", "a/../../story.json"])
def test_names_that_lead_outside_lead_nowhere(author, user, name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr(name, "{}")
    assert author.get(bring(author, out.getvalue())).status_code == 200
    assert not Work.objects.exists()


def test_a_bomb_is_refused_and_said_so(author):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("a/story.json", b" " * 30_000_000)
    page = author.get(bring(author, out.getvalue())).content.decode()
    assert "times its size" in page


def test_a_damaged_version_file_is_told_and_nothing_is_made(author, user, lamp):
    data = changed(taken(user), "revisions-001.jsonl", lambda old: old[:-20])
    erased(user)
    page = bring(author, data)
    author.post(page, {"work": "0"})
    assert "is not JSON" in author.get(page).content.decode()
    assert not Work.objects.exists()


# ── many at once
def test_what_a_page_has_no_time_for_is_done_by_the_clock(author, user, lamp, monkeypatch):
    data = taken(user)
    erased(user)
    page = bring(author, data)
    monkeypatch.setattr(in_turn.go_on, "__defaults__", (-1,))
    author.post(page, {"work": "0"})
    assert "The rest follows by itself" in author.get(page).content.decode()
    monkeypatch.undo()
    in_turn.go_on_all()
    assert "is back" in author.get(page).content.decode()
    assert Work.objects.count() == 1


def test_a_zip_of_documents_becomes_drafts_to_choose_from(author):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("one.txt", "The first story.\n\nIt has two paragraphs.")
        zipped.writestr("folder/two.md", "# Two\n\nThe second story.")
        zipped.writestr("__MACOSX/._one.txt", b"\0\1")
        zipped.writestr("folder/picture.bin", b"\0\1\2\3" * 100)
    page = bring(author, out.getvalue(), "works.zip")
    shown = author.get(page).content.decode()
    assert "The second story" in shown
    assert "picture.bin" in shown
    assert "MACOSX" not in shown
    author.post(page, {"story": ["0", "1"]})
    assert Work.objects.count() == 2
    assert set(Work.objects.values_list("visibility", flat=True)) == {"draft"}


def test_the_preview_asks_the_database_no_more_for_many_versions(author, user, lamp, django_assert_max_num_queries):
    page = bring(author, taken(user))
    with django_assert_max_num_queries(16):
        author.get(page)
    assert User.objects.count()

"""Works that are one story: found across archives, looked at side by side, one text made from both, and undone."""

import dataclasses
import random

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from storykeep.model.provenance import Capture, Finding
from storykeep.model.story import Chapter, Credit, Story
from storykeep.site.claims import consent
from storykeep.site.desk import looking
from storykeep.site.desk.models import Decision, WorksAlike
from storykeep.site.talk.models import Comment, Kept, Kudo
from storykeep.site.works import bridge
from storykeep.site.works.models import Visibility, Work

pytestmark = pytest.mark.django_db
WORDS = (
    "lantern harbour quiet tidewater keeper ferry salted morning heron window river letter stone shutter oar".split()
)


def sentence(dice):
    return " ".join(dice.choice(WORDS) + dice.choice(["", "s", "ly", "ing"]) for _ in range(14)).capitalize() + "."


def paragraphs(seed, count=40):
    dice = random.Random(seed)
    return [f"<p>{sentence(dice)}</p>" for _ in range(count)]


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.HOUSE = dataclasses.replace(settings.HOUSE, data=tmp_path)


@pytest.fixture
def archivist(client):
    client.force_login(get_user_model().objects.create_superuser("mara", password="kept-for-tests"))
    return client


def a_story(key, *bodies, title="The Ferry", name="jen", **more):
    archive = key.partition("/")[0].title()
    sha = (key.encode().hex() + "0" * 64)[:64]
    chapters = tuple(Chapter(key=str(n), body=body, captures=(sha,)) for n, body in enumerate(bodies, start=1))
    given = {"chapters": chapters, "captures": (Capture(sha256=sha, path=f"{key}.html"),)}
    return Story(key=key, title=title, archive=archive, credits=(Credit(name=name),), **given | more)


@pytest.fixture
def two():
    """The same text on two sites; each has lost other lines, and one word differs."""
    text = paragraphs(1)
    ours = [line for number, line in enumerate(text) if number not in (5, 6, 20)]
    theirs = [line for number, line in enumerate(text) if number != 30]
    theirs[10] = theirs[10].replace(".</p>", " and that was that.</p>")
    quay = bridge.keep(a_story("quay/1", "".join(ours), addresses=("http://quay.example/ferry.html",)))
    mole = bridge.keep(a_story("mole/1", "".join(theirs), addresses=("http://mole.example/boat.html",)))
    bridge.keep(a_story("mole/2", "".join(paragraphs(2)), title="Another Ferry"))
    looking.look()
    return quay, mole


def say(client, said, pair=None, **more):
    pair = pair or WorksAlike.objects.get()
    return client.post(reverse("desk-say-works", args=[pair.pk]), {"said": said, **more})


def text_of(work):
    return [chapter.current.body for chapter in work.chapters.select_related("current")]


def test_the_same_words_on_two_sites_are_proposed(archivist, two):
    page = archivist.get(reverse("desk-copies")).content.decode()
    assert "Almost certain" in page
    assert "word for word" in page
    assert "Another Ferry" not in page


def test_both_are_shown_with_what_one_gives_to_the_other(archivist, two):
    quay, _ = two
    page = archivist.get(reverse("desk-both", args=[WorksAlike.objects.get().pk]) + f"?keep={quay.pk}").content.decode()
    assert "<strong>3</strong> lost lines" in page
    assert (
        "<ins> and that was that.</ins>" in page or "<ins>and that was that.</ins>" in page or "that was that" in page
    )


def test_one_text_is_made_from_both_and_each_line_names_its_copy(archivist, two):
    quay, mole = two
    say(archivist, f"unite:{quay.pk}")
    (body,) = text_of(quay)
    assert [line in body for line in paragraphs(1)] == [True] * 40
    restored = [each for each in quay.chapters.get().current.apparatus if each["code"] == "collate.restored"]
    assert {each["witness"] for each in restored} == {mole.captures.get().sha256}
    assert "collate.differs" in {each["code"] for each in quay.chapters.get().current.apparatus}
    assert "mole/1.html" in archivist.get(reverse("desk-chapter", args=[quay.ref, 1])).content.decode()
    read = archivist.get(quay.get_absolute_url()).content.decode()
    assert read.count("Restored from another copy:") == 3
    assert ", kept at Mole." in read


def test_the_other_ones_address_leads_to_the_one_that_stays(archivist, two, client):
    quay, mole = two
    say(archivist, f"keep:{quay.pk}")
    client.logout()
    for old in (mole.get_absolute_url(), f"/works/{mole.ref}/x/1", "/boat.html"):
        answer = client.get(old)
        assert (answer.status_code, answer.url) == (301, quay.get_absolute_url())
    assert text_of(quay)[0].count("<p>") == 37
    client.force_login(get_user_model().objects.get(username="mara"))
    shown = client.get(reverse("desk-work", args=[mole.ref])).content.decode()
    assert f'leads to <a href="{reverse("desk-work", args=[quay.ref])}"' in shown
    assert "One story: “The Ferry” stays" in shown
    client.logout()
    for page in (reverse("titles"), reverse("newest")):
        assert mole.get_absolute_url() not in client.get(page).content.decode()


def test_all_of_it_is_undone_with_one_click(archivist, two):
    quay, mole = two
    before = text_of(quay)
    say(archivist, f"unite:{quay.pk}")
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    assert text_of(quay) == before
    assert archivist.get(mole.get_absolute_url()).status_code == 200
    assert WorksAlike.objects.get().state == "open"
    assert not quay.edited_fields.exists()


def test_what_was_said_and_liked_goes_along_and_comes_back(archivist, two):
    quay, mole = two
    reader = get_user_model().objects.create_user("reader")
    said = {}
    for work in two:
        said[work] = Comment.objects.create(work=work, chapter=work.chapters.get(), request=work.ref, source=work.key)
        Kudo.objects.create(work=work, who="areader", account=reader)
        Kudo.objects.create(work=work, who=f"g{work.ref}")
        Work.objects.filter(pk=work.pk).update(read_here=5)
    kept = Kept.objects.create(work=mole, account=reader, public=True)
    say(archivist, f"keep:{quay.pk}")
    moved = Comment.objects.get(pk=said[mole].pk)
    assert (moved.work, moved.chapter) == (quay, quay.chapters.get())
    assert Kept.objects.get(pk=kept.pk).work == quay
    quay.refresh_from_db()
    assert (quay.comments_count, quay.kudos_count, quay.shelves_count, quay.read_here) == (2, 3, 1, 10)
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    moved.refresh_from_db()
    assert (moved.work, moved.chapter) == (mole, mole.chapters.get())
    for work, shelves in ((quay, 0), (mole, 1)):
        work.refresh_from_db()
        assert (work.comments_count, work.kudos_count, work.shelves_count, work.read_here) == (1, 2, shelves, 5)


def test_a_later_rescue_leaves_what_was_decided(archivist, two):
    quay, mole = two
    say(archivist, f"unite:{quay.pk}")
    bridge.keep(a_story("quay/1", "<p>Only this was found.</p>", title="The Ferry, again"))
    bridge.keep(a_story("mole/1", "".join(paragraphs(1)), title="The Boat"))
    looking.look()
    (body,) = text_of(quay)
    assert paragraphs(1)[5] in body
    mole.refresh_from_db()
    assert (mole.visibility, mole.leads_to) == ("led", quay)
    assert not looking.waiting(WorksAlike).exists()


def test_different_stories_are_not_proposed_again(archivist, two):
    say(archivist, "different")
    bridge.keep(a_story("mole/1", "".join(paragraphs(1)), title="The Ferry"))
    looking.look()
    assert WorksAlike.objects.get().state == "different"


def test_chapters_that_only_the_other_copy_has_come_in_where_they_belong(archivist):
    bodies = ["".join(paragraphs(seed)) for seed in (1, 2, 3, 4)]
    quay = bridge.keep(a_story("quay/1", bodies[0], bodies[3]))
    mole = bridge.keep(a_story("mole/1", *bodies))
    looking.look()
    say(archivist, f"unite:{quay.pk}")
    assert text_of(quay) == bodies
    assert [chapter.place for chapter in quay.chapters.all()] == [1, 2, 3, 4]
    bridge.keep(a_story("quay/1", bodies[0], bodies[3], title="Found again"))
    assert text_of(quay) == bodies
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    assert text_of(quay) == [bodies[0], bodies[3]]
    assert mole.chapters.count() == 4


def test_a_story_in_one_piece_is_divided_where_its_chapters_show(archivist):
    bodies = ["".join(paragraphs(seed)) for seed in (1, 2, 3)]
    torn = "".join(line for number, line in enumerate(paragraphs(1)) if number != 12)
    quay = bridge.keep(a_story("quay/1", torn, bodies[2]))
    mole = bridge.keep(a_story("mole/1", "".join(bodies)))
    looking.look()
    say(archivist, f"unite:{quay.pk}")
    assert text_of(quay) == bodies
    assert Work.objects.get(pk=mole.pk).leads_to == quay


def test_the_same_title_by_the_same_author_is_worth_a_look(archivist):
    bridge.keep(a_story("quay/1", "".join(paragraphs(1)), name="Jén"))
    bridge.keep(a_story("mole/1", "".join(paragraphs(2)), name="jen", title="The ferry!"))
    looking.look()
    page = archivist.get(reverse("desk-copies")).content.decode()
    assert "The same title." in page
    assert "But other words." in page


def test_what_the_rescue_suspected_is_settled_with_it(archivist):
    said = Finding(code="duplicate.suspected", where="the work", evidence="mole/1")
    quay = bridge.keep(a_story("quay/1", "".join(paragraphs(1)), findings=(said,)))
    bridge.keep(a_story("mole/1", "".join(paragraphs(1))))
    looking.look()
    say(archivist, f"keep:{quay.pk}")
    assert quay.findings.get().state == "accepted"


def test_two_archivists_do_not_overwrite_one_another(archivist, two):
    quay, mole = two
    seen = {"was": "open", "versions": f"{quay.version} {mole.version}"}
    say(archivist, f"keep:{quay.pk}", **seen)
    answer = say(archivist, f"unite:{mole.pk}", **seen)
    assert answer.status_code == 409
    assert "One story" in answer.content.decode()
    mole.refresh_from_db()
    assert mole.leads_to == quay


def test_nobody_else_sees_the_queue(client, two, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader", password="kept-for-tests"))
    pair = WorksAlike.objects.get()
    assert client.get(reverse("desk-copies")).status_code == 404
    assert client.get(reverse("desk-both", args=[pair.pk])).status_code == 404
    assert say(client, "different").status_code == 404


def test_the_queue_asks_the_database_the_same_however_long_it_is(archivist, two, django_assert_max_num_queries):
    for seed in range(10, 16):
        for site in ("pier", "dock"):
            bridge.keep(a_story(f"{site}/{seed}", "".join(paragraphs(seed)), title=f"Story {seed}"))
    looking.look()
    assert WorksAlike.objects.count() == 7
    with django_assert_max_num_queries(14):
        archivist.get(reverse("desk-copies"))


def test_damaged_sketches_are_made_anew(two, tmp_path):
    (tmp_path / looking.SKETCHES).write_bytes(b"not a database at all, not by far" * 200)
    assert looking.look()
    assert WorksAlike.objects.filter(found=True).count() == 1


def test_two_who_compare_at_once_do_not_disturb_each_other(two, tmp_path):
    with looking.alone(tmp_path / "copies.lock") as mine:
        assert mine
        assert not looking.look()


def test_what_a_rescue_suspects_leads_to_both_side_by_side(archivist):
    said = Finding(code="duplicate.suspected", where="the work", evidence="mole/1")
    bridge.keep(a_story("quay/1", "".join(paragraphs(1)), title="One", findings=(said,)))
    bridge.keep(a_story("mole/1", "".join(paragraphs(2)), title="Other", name="bea"))
    looking.look()
    pair = looking.waiting(WorksAlike).get()
    assert pair.reasons == ["The rescue took them for the same.", "But other words."]
    page = archivist.get(reverse("desk-one") + "?code=duplicate.suspected").content.decode()
    assert reverse("desk-both", args=[pair.pk]) in page


def test_what_was_found_on_a_work_that_leads_elsewhere_waits_no_more(archivist):
    bodies = "".join(paragraphs(1))
    quay = bridge.keep(a_story("quay/1", bodies))
    bridge.keep(a_story("mole/1", bodies, findings=(Finding(code="title.guess", where="title"),)))
    looking.look()
    assert "Titles that were guessed" in archivist.get(reverse("desk")).content.decode()
    say(archivist, f"keep:{quay.pk}")
    assert "Titles that were guessed" not in archivist.get(reverse("desk")).content.decode()
    assert "All settled" in archivist.get(reverse("desk-one")).content.decode()


def test_a_text_that_breaks_off_is_completed_and_what_was_said_of_it_is_settled(archivist):
    """The copy of which more is known stays, although it has fewer words; undone, all is as it was."""
    text = paragraphs(7)
    torn = "".join(text[:20]) + text[20][:70].removesuffix("</p>") + "</p>"
    said = (Finding(code="text.truncated"), Finding(code="words.fewer"))
    known = {"summary": "<p>A crossing.</p>", "stated_words": 560, "findings": said}
    quay = bridge.keep(a_story("quay/7", torn, **known))
    quay.chapters.update(truncated=True)
    bridge.keep(a_story("reader/7", "".join(text)))
    looking.look()
    pair = WorksAlike.objects.get()
    page = archivist.get(reverse("desk-both", args=[pair.pk]))
    assert page.context["stays"] == quay
    assert "breaks off here" in page.content.decode()
    archivist.post(reverse("desk-say-works", args=[pair.pk]), {"said": f"unite:{quay.pk}"})
    chapter = quay.chapters.select_related("current").get()
    assert (chapter.truncated, text[20] in chapter.current.body) == (False, True)
    assert {row.state for row in quay.findings.all()} == {"fixed"}
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    chapter = quay.chapters.select_related("current").get()
    assert (chapter.truncated, chapter.current.body) == (True, torn)
    assert {row.state for row in quay.findings.all()} == {"open"}


def test_what_its_author_removes_goes_with_its_copies_and_no_undoing_brings_them_back(archivist, two, client):
    quay, mole = two
    pair = WorksAlike.objects.get()
    archivist.post(reverse("desk-say-works", args=[pair.pk]), {"said": f"keep:{quay.pk}"})
    consent.remove(Work.objects.get(pk=quay.pk))
    archivist.post(reverse("desk-undo", args=[Decision.objects.get(verb="same-work").ref]))
    gone = Work.objects.get(pk=mole.pk)
    assert gone.visibility == Visibility.REMOVED
    client.logout()
    answer = client.get(gone.get_absolute_url())
    assert answer.status_code == 410
    assert b"removed" in answer.content

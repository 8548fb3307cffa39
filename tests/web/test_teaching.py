"""An archivist teaches from one page: sees what a rule changes, applies it, takes it back; all without scripts."""

import dataclasses
import re
from html import unescape

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.urls import reverse

import odd
from storykeep.model.story import Credit, Story
from storykeep.rescue import pipeline
from storykeep.site.desk import looking, taking_in
from storykeep.site.desk.models import Decision, WorksAlike
from storykeep.site.works import bridge
from storykeep.site.works.models import EditedField, Work

pytestmark = pytest.mark.django_db
CARDS = odd.archive("cards", 6)


@pytest.fixture(scope="module")
def rescued(tmp_path_factory):
    folder = tmp_path_factory.mktemp("taught")
    for page in CARDS:
        path = folder / "lantern" / page.capture.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.data)
    return folder


@pytest.fixture
def works(rescued, tmp_path, settings):
    """The works of a rescue in the site, before anything was taught: {path: Work}."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "storykeep.sqlite3").touch()
    settings.HOUSE = dataclasses.replace(site_settings.HOUSE, data=data)
    settings.ORIGINALS = data / "originals"
    pipeline.rescue(rescued / "lantern", data)
    with pipeline.opened(rescued / "lantern", data) as place:
        taking_in.put_into_site(place, "members", lambda _stage, _done, _total: None)
    return works_by_path()


def works_by_path():
    return {work.captures.get().path: work for work in Work.objects.filter(captures__isnull=False)}


@pytest.fixture
def archivist(client):
    client.force_login(get_user_model().objects.create_superuser("mara", password="kept-for-tests"))
    return client


def look(client, work, **given):
    page = client.get(reverse("desk-teach", args=[work.ref]), given)
    assert page.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def teach(client, work, **given):
    return client.post(reverse("desk-teach", args=[work.ref]), given, follow=True)


def first(works):
    return works[CARDS[0].capture.path]


def test_nobody_else_can_teach(client, works, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader", password="kept-for-tests"))
    assert client.get(reverse("desk-teach", args=[first(works).ref])).status_code == 404
    assert teach(client, first(works), field="title", value=CARDS[0].title).status_code == 404
    assert client.get(reverse("desk-taught")).status_code == 404


def test_a_work_leads_to_its_page_line_by_line(archivist, works):
    shown = archivist.get(reverse("desk-work", args=[first(works).ref])).content.decode()
    assert reverse("desk-teach", args=[first(works).ref]) in shown
    said = look(archivist, first(works))
    for words in ("Piece", CARDS[0].title, "What is right on this page"):
        assert words in said


def test_the_rule_and_what_it_changes_are_shown_before_anything_changes(archivist, works):
    said = look(archivist, first(works), field="title", value=CARDS[0].title)
    assert "Title: the line after “Piece”; 6 of 6 pages like it have that place." in said
    assert "6 pages looked at: the rule touches 6, and changes 6." in said
    assert CARDS[5].title in said
    assert {work.title for work in Work.objects.all()} == {"The Lantern Room"}
    assert not Decision.objects.exists()


def test_a_line_that_is_ticked_is_as_good_as_typing(archivist, works):
    page = archivist.get(reverse("desk-teach", args=[first(works).ref])).content.decode()
    number = re.search(rf'value="(\d+)" aria-label="last[^>]*></td><td dir="auto">{CARDS[0].title}</td>', page)[1]
    said = look(archivist, first(works), field="title", first=number)
    assert "Title: the line after “Piece”" in said


def test_applying_mends_all_works_and_undoing_brings_everything_back(archivist, works):
    teach(archivist, first(works), field="title", value=CARDS[0].title)
    assert {path: work.title for path, work in works_by_path().items()} == {p.capture.path: p.title for p in CARDS}
    decision = Decision.objects.get()
    assert decision.words.startswith("Taught: Title: the line after “Piece”")
    assert decision.words in unescape(archivist.get(reverse("desk-taught")).content.decode())
    archivist.post(reverse("desk-undo", args=[decision.ref]))
    decision.refresh_from_db()
    assert decision.undone_at
    assert {work.title for work in works_by_path().values()} == {"The Lantern Room"}
    assert {work.pk for work in works_by_path().values()} == {work.pk for work in works.values()}


def test_after_teaching_works_and_people_are_compared_anew(archivist, works):
    bridge.keep(
        Story(key="quay/1", title=CARDS[0].title, archive="Quay", credits=(Credit(name=CARDS[0].author),)), "members"
    )
    teach(archivist, first(works), field="author", value=CARDS[0].author)
    teach(archivist, first(works), field="title", value=CARDS[0].title)
    pairs = looking.waiting(WorksAlike)
    assert [{pair.one.key, pair.other.key} for pair in pairs] == [{"quay/1", Work.objects.get(pk=first(works).pk).key}]


def test_what_a_person_set_by_hand_still_stands(archivist, works):
    mine = works[CARDS[3].capture.path]
    mine.title = "As I Remember It"
    mine.save()
    EditedField.objects.create(work=mine, field="title", by=get_user_model().objects.get())
    teach(archivist, first(works), field="title", value=CARDS[0].title)
    found = works_by_path()
    assert found[CARDS[3].capture.path].title == "As I Remember It"
    assert found[CARDS[4].capture.path].title == CARDS[4].title


def test_a_value_that_is_not_on_the_page_is_said_to_be_missing(archivist, works):
    assert "doesn’t stand on this page" in look(archivist, first(works), field="title", value="Nobody’s Title")


def test_teaching_the_same_twice_changes_nothing(archivist, works):
    teach(archivist, first(works), field="title", value=CARDS[0].title)
    again = teach(archivist, first(works), field="title", value=CARDS[0].title)
    assert "taught already" in again.content.decode()

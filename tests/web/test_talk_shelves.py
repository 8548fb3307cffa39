"""Shelves: what members keep, and who sees it."""

import pytest
from django.urls import reverse

from storykeep.site.accounts.leaving import erase
from storykeep.site.talk.belongings import export
from storykeep.site.talk.models import Kept, Shelf
from storykeep.site.works.models import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(works):
    return works["public"]


def keep(browser, work=None, **given):
    return browser.post(reverse("keep") + (f"?work={work.ref}" if work else ""), given)


def number(work):
    return Work.objects.get(pk=work.pk).shelves_count


def seen(browser, user):
    answer = browser.get(reverse("shelves-of", args=[user.ref]))
    return answer.content.decode() if answer.status_code == 200 else ""


def test_a_work_is_kept_once_with_note_tags_and_a_shelf(cast, story):
    for note in ("Read again", "Read again in winter"):
        keep(cast.browsers["member"], story, note=note, words="calm, harbour, calm", shelf="Winter")
    row = Kept.objects.get()
    assert (row.note, row.tags, [each.name for each in row.shelves.all()]) == (
        "Read again in winter", ["calm", "harbour"], ["Winter"],
    )  # fmt: skip


def test_private_is_private_and_public_is_counted(cast, story):
    keep(cast.browsers["member"], story, note="For me")
    assert number(story) == 0
    assert "For me" not in seen(cast.browsers["visitor"], cast.users["member"])
    row = Kept.objects.get()
    cast.browsers["member"].post(reverse("kept", args=[row.ref]), {"note": "For all", "public": "on"})
    assert number(story) == 1
    assert "For all" in seen(cast.browsers["visitor"], cast.users["member"])
    assert "on 1 public shelf" in cast.browsers["visitor"].get(story.get_absolute_url()).content.decode()
    cast.browsers["member"].post(reverse("kept", args=[row.ref]), {"delete": "1"})
    assert number(story) == 0


def test_nobody_learns_of_a_work_by_somebody_elses_shelf(cast, works):
    keep(cast.browsers["archivist"], works["hidden"], note="Quiet", public="on")
    assert seen(cast.browsers["archivist"], cast.users["archivist"])
    assert not seen(cast.browsers["visitor"], cast.users["archivist"])
    assert keep(cast.browsers["member"], works["hidden"]).status_code == 404


@pytest.mark.parametrize(
    ("address", "kept"),
    [("https://else.example/1", True), ("javascript:alert(1)", False), ("ftp://else.example", False)],
)
def test_works_from_elsewhere(cast, address, kept):
    keep(cast.browsers["member"], title="Far away", author="Somebody", address=address)
    assert Kept.objects.exists() is kept


def test_shelves_of_others_are_not_there(cast, story):
    member = cast.browsers["member"]
    member.post(reverse("my-shelves"), {"name": "Mine"})
    shelf = Shelf.objects.get()
    assert "stands" in member.get(shelf.get_absolute_url()).content.decode()
    assert cast.browsers["author"].get(shelf.get_absolute_url()).status_code == 404
    assert cast.browsers["author"].post(reverse("shelf-edit", args=[shelf.ref]), {"delete": "1"}).status_code == 404
    assert "already" in member.post(reverse("my-shelves"), {"name": "Mine"}).content.decode()
    keep(cast.browsers["author"], story, shelves=str(shelf.pk))
    assert not shelf.kept.exists()


def test_what_is_kept_goes_along_and_goes_away(cast, story):
    keep(cast.browsers["member"], story, note="Take me along", public="on")
    user = cast.users["member"]
    assert "Take me along" in dict(export(user))["shelves.json"].decode()
    erase(user, {})
    assert not Kept.objects.exists()
    assert number(story) == 0

"""What becomes of an author's works when the account is closed for good."""

import io
import zipfile

import pytest
from django.utils import timezone

from storykeep.site.accounts import leaving
from storykeep.site.accounts.models import Leaving, User
from storykeep.site.works.models import Person, Visibility, Work

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def browser(cast, works):
    author = cast.users["author"]
    author.set_password(PASSWORD)
    author.save()
    found = cast.browsers["visitor"]
    found.post("/account/login/", {"login": "author", "password": PASSWORD})
    return found


def leave(browser, **choices):
    browser.post("/account/leave/", {"sure": "on", **choices})
    Leaving.objects.update(ends_at=timezone.now())
    leaving.erase_due()


def test_an_author_is_asked_about_each_work_that_readers_have(browser, works):
    page = browser.get("/account/leave/").content.decode()
    assert "What shall become of your works?" in page
    assert "A public harbour" in page
    assert "A draft harbour" not in page
    assert "Works of the old archive" in browser.get("/account/").content.decode()


def test_everything_of_mine_has_my_works_to_read_and_to_bring_into_another_archive(browser, works):
    from storykeep.model.bundle import loads

    answer = browser.post("/account/everything/")
    zipped = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    answer.close()
    names = [name for name in zipped.namelist() if name.startswith("works/a-")]
    refs = {works[visibility].ref for visibility in ("public", "members", "draft")}
    assert names
    assert {name.split("/")[1].rpartition("-")[2] for name in names} == refs
    assert {name.rpartition(".")[2] for name in names} == {"json", "jsonl", "epub", "html"}
    assert "A draft harbour" in zipped.read("index.html").decode()
    assert "Bring in your own works" in zipped.read("README.txt").decode()
    story = loads(zipped.read(f"works/a-draft-harbour-{works['draft'].ref}/story.json"))
    assert (story.title, story.credits[0].name) == ("A draft harbour", "Ada Vane")


def test_works_stay_under_the_name_when_nothing_else_was_said(browser, works, client):
    leave(browser)
    page = client.get(works["public"].get_absolute_url())
    assert "Ada Vane" in page.content.decode()
    assert Person.objects.get(name="Ada Vane").account is None


def test_a_name_under_which_nothing_is_left_is_forgotten(browser, works, client):
    Person.objects.filter(name="Ada Vane").update(bio="<p>I live at the quay.</p>", sites=["http://ada.example/"])
    Work.objects.filter(pk=works["hidden"].pk).delete()
    leave(browser, **{"all-claims": "remove"})
    assert not Person.objects.filter(name="Ada Vane").exists()
    former = Person.objects.get(name="a former member")
    assert (former.bio, former.sites, former.account) == ("", [], None)
    assert "quay" not in client.get(former.get_absolute_url()).content.decode()


def test_each_work_goes_its_own_way(browser, works, client):
    public, members = works["public"], works["members"]
    leave(browser, **{"all-claims": "orphan", f"choice-claims-{members.ref}": "remove"})
    page = client.get(public.get_absolute_url()).content.decode()
    assert "Ada Vane" not in page
    assert "orphaned" in page
    members.refresh_from_db()
    assert members.visibility == Visibility.REMOVED
    assert client.get(members.get_absolute_url()).status_code == 410


def test_nothing_happens_to_works_before_the_week_is_over(browser, works, client):
    browser.post("/account/leave/", {"sure": "on", "all-claims": "remove"})
    assert client.get(works["public"].get_absolute_url()).status_code == 200
    leaving.turn_round(User.objects.get(username="author"))
    assert Leaving.objects.count() == 0


def test_a_work_of_two_stays_with_the_other_one(browser, works, cast, client):
    work = works["public"]
    other = Person.objects.create(key="wren", slug="wren", name="Wren Hale", account=cast.users["member"])
    work.credits.create(person=other, name="Wren Hale", place=1)
    leave(browser, **{"all-claims": "remove"})
    page = client.get(work.get_absolute_url()).content.decode()
    assert "Wren Hale" in page
    assert "Ada Vane" not in page


def test_drafts_go_with_the_account(browser, works):
    leave(browser)
    assert Work.objects.get(pk=works["draft"].pk).visibility == Visibility.REMOVED

"""A draft for its first readers: through their own door only, and what they say is for its writers alone."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from moonlit import PEOPLE
from storykeep.site.accounts import leaving
from storykeep.site.search import indexing
from storykeep.site.works.models import Person, Visibility, Work
from storykeep.site.writing import first_readers
from storykeep.site.writing.models import FirstReader, Remark

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(works):
    return works["draft"]


@pytest.fixture
def desk(cast, draft):
    """The page on which the author of the draft looks after its first readers."""
    address = f"/write/works/{draft.ref}/first-readers"
    return lambda **sent: cast.browsers["author"].post(address, sent, follow=True).content.decode()


def door(reader):
    return f"/write/drafts/{reader.ref}"


def test_a_named_account_reads_the_draft_and_leaves_a_note_that_its_writers_see(cast, draft, desk):
    desk(name="member")
    reader, member = FirstReader.objects.get(), cast.browsers["member"]
    assert door(reader) in member.get("/write").content.decode()
    shown = member.get(door(reader))
    assert "Lantern draft 1." in shown.content.decode()
    assert shown["X-Robots-Tag"] == "noindex, noarchive"
    member.post(door(reader), {"chapter": "2", "note": "1", "words": "A lovely <b>lamp</b>."})
    assert "A lovely &lt;b&gt;lamp" in desk()
    assert "Lantern draft 2." in desk()
    assert "A lovely" in member.get(f"{door(reader)}?chapter=2").content.decode()
    desk(done=Remark.objects.get().ref)
    assert "A lovely" not in desk()


@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_one_who_is_asked_finds_the_draft(cast, draft, desk, who):
    desk(name="member")
    reader = FirstReader.objects.get()
    expected = {"member": 200, "visitor": 302}.get(who, 404)
    assert cast.browsers[who].get(door(reader)).status_code == expected


def test_being_asked_makes_a_draft_readable_nowhere_else(cast, draft, desk):
    desk(name="member")
    indexing.catch_up()
    member = cast.browsers["member"]
    address = draft.get_absolute_url()
    forms = ("", "/plain", "/print", "/whole", ".epub", ".json", ".txt", "/2")
    assert {member.get(f"{address}{form}").status_code for form in forms} <= {404}
    for page in ("/", "/newest", "/titles", "/search?q=lantern", "/sitemap-1.xml", "/feeds/newest", "/random"):
        answer = member.get(page, follow=True)
        assert "A draft harbour" not in answer.content.decode(), page
    assert member.get(f"/write/works/{draft.ref}").status_code == 404
    assert member.get(f"/write/works/{draft.ref}/first-readers").status_code == 404


def test_a_link_opens_it_without_an_account_until_its_day_is_over(draft, desk):
    desk(link="yes", name="Bo", days="3")
    reader = FirstReader.objects.get()
    address, somebody = first_readers.link(reader), Client()
    assert address in desk()
    assert "Lantern draft 1." in somebody.get(address).content.decode()
    somebody.post(address, {"chapter": "1", "note": "1", "words": "From afar."})
    assert "From afar." in desk()
    FirstReader.objects.update(ends_at=timezone.now() - dt.timedelta(seconds=1))
    assert somebody.get(address).status_code == 404
    assert somebody.post(address, {"chapter": "1", "note": "1", "words": "Late."}).status_code == 404
    assert "the link ended" in desk()


@pytest.mark.parametrize("token", ["x", "abc:def:ghi", "a" * 2000, "\u202e", "%00"])
def test_a_made_up_link_opens_nothing(db, token):
    assert Client().get(f"/drafts/{token}").status_code == 404


def test_the_ref_of_an_account_s_door_is_no_link(draft, desk):
    desk(name="member")
    assert Client().get(first_readers.link(FirstReader.objects.get())).status_code == 404


def test_a_door_that_is_taken_back_is_closed_and_the_notes_stay(cast, draft, desk):
    desk(name="member")
    reader = FirstReader.objects.get()
    cast.browsers["member"].post(door(reader), {"chapter": "1", "note": "1", "words": "So far."})
    desk(end=reader.ref)
    assert cast.browsers["member"].get(door(reader)).status_code == 404
    assert "So far." in desk()
    desk(name="member")
    assert FirstReader.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("visibility", [Visibility.TRASH, Visibility.REMOVED, Visibility.HIDDEN, Visibility.LED])
def test_what_is_gone_is_gone_for_first_readers_too(cast, draft, desk, visibility):
    desk(name="member")
    reader = FirstReader.objects.get()
    Work.objects.filter(pk=draft.pk).update(visibility=visibility)
    assert cast.browsers["member"].get(door(reader)).status_code == 404


def test_when_its_writer_is_leaving_the_link_opens_nothing(cast, draft, desk):
    desk(link="yes")
    address = first_readers.link(FirstReader.objects.get())
    leaving.leave(cast.users["author"], {})
    assert Client().get(address).status_code == 404


def test_a_reader_who_left_is_nameless_and_reads_no_more(cast, draft, desk):
    desk(name="member")
    cast.browsers["member"].post(door(FirstReader.objects.get()), {"chapter": "1", "note": "1", "words": "Bye."})
    leaving.erase(cast.users["member"], {})
    assert "Somebody who left" in desk()
    assert list(first_readers.open_now()) == []


def test_who_is_blocked_by_somebody_can_not_ask_them(cast, draft, desk):
    from storykeep.site.talk.models import Block

    Block.objects.create(owner=cast.users["member"], whom=cast.users["author"])
    assert "can be asked" in desk(name="member")
    assert not FirstReader.objects.exists()


@pytest.mark.parametrize(
    "sent", [{"note": "9999"}, {"note": "x"}, {"note": "-1"}, {"words": " "}, {"words": "x" * 6000}]
)
def test_odd_notes_are_told_and_not_kept(cast, draft, desk, sent):
    desk(name="member")
    browser, reader = cast.browsers["member"], FirstReader.objects.get()
    answer = browser.post(door(reader), {"chapter": "1", "note": "1", "words": "Words.", **sent}, follow=True)
    assert answer.status_code == 200
    assert not Remark.objects.exists()


def test_a_co_author_sees_the_notes_and_a_stranger_closes_no_door(cast, draft, desk):
    desk(name="member")
    reader = FirstReader.objects.get()
    cast.browsers["member"].post(door(reader), {"chapter": "1", "note": "1", "words": "For both."})
    address = f"/write/works/{draft.ref}/first-readers"
    assert cast.browsers["host"].post(address, {"end": reader.ref}).status_code == 404
    second = Person.objects.create(key="pen/h", slug="hale", name="Hale", account=cast.users["host"])
    draft.credits.create(person=second, name="Hale", place=1)
    assert "For both." in cast.browsers["host"].get(address).content.decode()


def test_a_draft_of_many_paragraphs_costs_no_more(cast, draft, desk, django_assert_max_num_queries):
    desk(name="member")
    row = first_readers.newest(draft)[0]
    row.current.body = "".join(f"<p>Line {n}.</p>" for n in range(300))
    row.current.save()
    with django_assert_max_num_queries(20):
        cast.browsers["member"].get(door(FirstReader.objects.get()))

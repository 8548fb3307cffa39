"""Works that are given to somebody: told once they can be read, refused, taken again, or not wanted at all."""

import dataclasses

import pytest

from storykeep.site.accounts import outgoing
from storykeep.site.works.bridge import story_of
from storykeep.site.works.models import Person, Relation, Visibility, Work
from storykeep.site.works.tied import Gift, GiveNothing
from storykeep.site.writing import giving
from storykeep.site.writing.of_work import WorkSheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings, mailoutbox):
    """An archive that sends mail: gives the letters that went out by now."""
    settings.HOUSE = dataclasses.replace(settings.HOUSE, mail="smtp://localhost")

    def delivered():
        outgoing.send_due()
        return mailoutbox

    return delivered


@pytest.fixture
def given(cast, works):
    """Give a work of the cast's author to whomever is named."""

    def give(names, work=works["public"]):
        WorkSheet(work, cast.users["author"]).write({}, {"gift_to": names})
        return work

    return give


def page(cast, work, who="visitor"):
    return cast.browsers[who].get(work.get_absolute_url()).content.decode()


def test_a_gift_stands_at_the_work_and_among_ones_gifts(cast, given):
    work = given("member\nSomebody far away")
    assert "A gift for" in page(cast, work)
    assert "Somebody far away" in page(cast, work)
    mine = cast.browsers["member"].get("/gifts").content.decode()
    assert "A public harbour" in mine
    assert "Ada Vane" in mine
    assert Gift.objects.count() == 1
    assert "/gifts" in cast.browsers["member"].get("/account/").content.decode()


def test_a_gift_that_is_refused_is_named_nowhere_and_can_be_taken_again(cast, given):
    work, browser = given("member"), cast.browsers["member"]
    ref = Gift.objects.get().ref
    browser.post("/gifts", {"refuse": ref})
    assert "A gift for" not in page(cast, work)
    assert story_of(Work.objects.get(pk=work.pk)).relations == ()
    epub = cast.browsers["visitor"].get(f"{work.get_absolute_url()}.txt")
    assert "A gift for" not in b"".join(epub.streaming_content).decode()
    assert "Where you would rather not be named" in browser.get("/gifts").content.decode()
    browser.post("/gifts", {"take": ref})
    assert "A gift for" in page(cast, work)


def test_what_was_refused_is_not_given_again(cast, given):
    work = given("member")
    cast.browsers["member"].post("/gifts", {"refuse": Gift.objects.get().ref})
    given("")
    given("MEMBER")
    assert "A gift for" not in page(cast, work)
    assert "would rather not be named" in giving.remarks(work)


def test_nobody_answers_for_somebody_else(cast, given):
    work = given("member")
    ref = Gift.objects.get().ref
    assert cast.browsers["archivist"].post("/gifts", {"refuse": ref}).status_code == 404
    assert cast.browsers["visitor"].post("/gifts", {"refuse": ref}).status_code == 401
    assert "A gift for" in page(cast, work)


def test_a_draft_is_told_to_nobody_before_it_can_be_read(cast, works, given, post):
    draft = given("member", works["draft"])
    assert giving.tell_due() == 0
    assert "A draft harbour" not in cast.browsers["member"].get("/gifts").content.decode()
    Work.objects.filter(pk=draft.pk).update(visibility=Visibility.PUBLIC)
    assert giving.tell_due() == 1
    assert giving.tell_due() == 0
    assert post()[0].to == ["member@example.org"]
    assert "by Ada Vane" in post()[0].body
    assert "author" not in post()[0].body


def test_its_giver_is_told_gently(cast, given, post):
    given("member")
    giving.answer(Gift.objects.get(), "refused")
    assert post()[0].to == ["author@example.org"]
    assert "says nothing about your work" in post()[0].body


@pytest.mark.parametrize("why", ["setting", "block", "avoided"])
def test_who_takes_no_gifts_is_given_none(cast, given, why):
    from storykeep.site.search.models import Avoided
    from storykeep.site.talk.models import Block

    member, author = cast.users["member"], cast.users["author"]
    if why == "setting":
        cast.browsers["member"].post("/gifts", {"setting": "yes", "none": "yes"})
        assert GiveNothing.objects.get().account == member
    elif why == "block":
        Block.objects.create(owner=member, whom=author)
    else:
        Avoided.objects.create(account=member, person=Person.objects.get(name="Ada Vane"))
    work = given("member\nBo")
    shown = page(cast, work)
    assert "Bo" in shown
    assert "<bdi>member</bdi>" not in shown
    assert "A public harbour" not in cast.browsers["member"].get("/gifts").content.decode()


def test_a_gift_by_a_pen_name_is_a_gift_to_its_owner(cast, given):
    Person.objects.create(key="pen/w", slug="wren", name="Wrén", folded="wren", account=cast.users["member"])
    given("WREN")
    assert Gift.objects.get().account == cast.users["member"]


def test_who_left_is_not_named_where_they_would_rather_not_be(cast, given):
    from storykeep.site.accounts import leaving

    work = given("member")
    cast.browsers["member"].post("/gifts", {"refuse": Gift.objects.get().ref})
    leaving.erase(cast.users["member"], {})
    assert "A gift for" not in page(cast, work)


def test_the_page_of_gifts_costs_the_same_for_many(cast, works, given, django_assert_max_num_queries):
    for each in ("public", "members", "draft"):
        given("member", works[each])
    with django_assert_max_num_queries(20):
        cast.browsers["member"].get("/gifts")


@pytest.mark.parametrize("odd", ["//", "http://[", "javascript:alert(1)", "a" * 3000, "\u202e", "<b>x</b>", "%"])
def test_odd_names_and_addresses_do_no_harm(cast, given, odd):
    work = given(odd)
    shown = page(cast, work)
    assert "<b>x</b>" not in shown
    assert 'href="javascript' not in shown
    assert Relation.objects.get().gift is None

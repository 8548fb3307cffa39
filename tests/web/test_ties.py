"""Ties between works: the other work leads back when its author says so, and nothing hidden is named."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moonlit import PEOPLE, SEEN_BY, VISIBILITIES, story
from storykeep.model import story as m
from storykeep.site.works import bridge, ties
from storykeep.site.works.models import Person, Relation, Visibility, Work
from storykeep.site.works.tied import Echo, Led
from storykeep.site.writing import leading, publishing
from storykeep.site.writing.of_work import WorkSheet
from storykeep.site.writing.ties import parted

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(cast, works):
    """A public work of the cast's member."""
    work = bridge.keep(story(50, "The answer", credits=(m.Credit(name="Wren Hale"),)))
    Person.objects.filter(name="Wren Hale").update(account=cast.users["member"])
    return Work.objects.get(pk=work.pk)


def tie(user, work, field, to):
    WorkSheet(work, user).write({}, {field: to if isinstance(to, str) else to.get_absolute_url()})


def page(cast, work, who="visitor"):
    return cast.browsers[who].get(work.get_absolute_url()).content.decode()


def say(browser, verb):
    row = Relation.objects.exclude(to=None).get()
    return browser.post("/write/ties", {verb: f"{row.work.ref}:{row.to.ref}:{row.kind}"})


@pytest.mark.parametrize(
    "how",
    [
        ("sequel_of", "Sequel to", "Followed by"),
        ("inspired_by", "Inspired by", "Inspired"),
        ("translation_of", "Translation of", "Translations"),
    ],
)
def test_the_other_work_leads_back_once_its_author_says_yes_and_no_longer_when_they_say_no(cast, works, other, how):
    field, forth, back = how
    mine, author = works["public"], cast.browsers["author"]
    tie(cast.users["member"], other, field, mine)
    assert f"<dt>{forth}</dt>" in page(cast, other)
    assert "The answer" not in page(cast, mine)
    assert "The answer" in author.get("/write/ties").content.decode()
    say(author, "show")
    assert f"<dt>{back}</dt>" in page(cast, mine)
    assert "The answer by Wren Hale" in page(cast, mine)
    say(author, "decline")
    assert "The answer" not in page(cast, mine)
    assert f"<dt>{forth}</dt>" in page(cast, other)


def test_a_sequel_by_the_same_author_is_shown_at_once_and_can_be_taken_away(cast, works):
    tie(cast.users["author"], works["members"], "sequel_of", works["public"])
    assert "A members harbour" in page(cast, works["public"], "member")
    assert "A members harbour" not in page(cast, works["public"])
    assert Echo.objects.count() == 0
    say(cast.browsers["author"], "decline")
    assert "A members harbour" not in page(cast, works["public"], "member")


def test_works_of_one_rescued_author_lead_back_without_an_account(db, cast):
    first = bridge.keep(story(1, "First"))
    bridge.keep_all(
        [story(2, "Second", relations=(m.Relation(kind=m.RelationKind.SEQUEL_OF, target="First", key=first.key),))]
    )
    assert "Followed by" in page(cast, first)


def test_only_its_author_answers(cast, works, other):
    tie(cast.users["member"], other, "sequel_of", works["public"])
    assert [say(cast.browsers[who], "show").status_code for who in ("member", "archivist", "visitor")] == [
        404,
        404,
        401,
    ]
    assert cast.browsers["author"].post("/write/ties", {"show": "x:y:gift-to"}).status_code == 404
    assert Echo.objects.get().answer == Led.ASKED


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_learns_of_a_work_that_they_may_not_see(cast, works, who):
    """The author's public work is tied to one of each visibility, and each of them to it."""
    public, user = works["public"], cast.users["author"]
    for each in VISIBILITIES[1:]:
        Relation.objects.create(work=public, kind="inspired-by", target="", to=works[each])
        Relation.objects.create(work=works[each], kind="sequel-of", target="", to=public)
    Work.objects.update(rescued=False)
    shown = page(cast, public, who)
    copies = [cast.browsers[who].get(f"{public.get_absolute_url()}.{suffix}") for suffix in ("json", "html", "txt")]
    copied = [b"".join(answer.streaming_content).decode() for answer in copies]
    for each in VISIBILITIES[1:]:
        assert (works[each].ref in shown) == (each in SEEN_BY[who])
        assert not any(f"A {each} harbour" in text for text in copied)
    assert user.is_authenticated


def test_the_title_of_ones_own_draft_is_not_written_down(cast, works):
    tie(cast.users["author"], works["public"], "sequel_of", works["draft"])
    assert Relation.objects.get().target == ""
    assert "A draft harbour" not in page(cast, works["public"])
    assert "A draft harbour" in page(cast, works["public"], "author")


def test_a_copy_is_another_one_when_a_tied_work_is_hidden(cast, works):
    tie(cast.users["author"], works["members"], "sequel_of", works["public"])
    Work.objects.update(rescued=False)
    address, browser = f"{works['members'].get_absolute_url()}.json", cast.browsers["member"]
    first = browser.get(address)
    first.close()
    Work.objects.filter(pk=works["public"].pk).update(visibility="hidden")
    again = browser.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "A public harbour" not in b"".join(again.streaming_content).decode()


def test_a_work_comes_neither_after_itself_nor_after_its_sequel(cast, works):
    author, (first, second) = cast.users["author"], (works["public"], works["members"])
    tie(author, second, "sequel_of", first)
    tie(author, first, "sequel_of", second)
    told = " ".join(each.words for each in publishing.missing(first))
    assert "comes after this work already" in told
    tie(author, first, "sequel_of", first)
    assert "can’t be tied to itself" in " ".join(each.words for each in publishing.missing(first))
    tie(author, first, "sequel_of", "An older tale")
    assert "tied" not in " ".join(each.words for each in publishing.missing(first))


def test_a_circle_is_not_told_of_somebody_elses_draft(cast, works, other):
    Work.objects.filter(pk=other.pk).update(visibility=Visibility.DRAFT)
    other.refresh_from_db()
    tie(cast.users["member"], other, "sequel_of", works["public"])
    Relation.objects.create(work=works["public"], kind="sequel-of", target="", to=other)
    assert "The answer" not in " ".join(each.words for each in publishing.missing(works["public"]))


@pytest.mark.parametrize(
    ("typed", "words", "address"),
    [
        ("A tale https://a.example/t", "A tale", "https://a.example/t"),
        ("Either/Or", "Either/Or", ""),
        ("x javascript:alert(1)//y", "x javascript:alert(1)//y", ""),
        ("http://[", "http://[", ""),
        ("//a.example/t", "//a.example/t", ""),
        ("data:text/html,x/y", "data:text/html,x/y", ""),
    ],
)
def test_only_what_may_be_followed_is_an_address(typed, words, address):
    assert parted(typed) == (words, address)


def test_an_address_elsewhere_is_shown_as_one(cast, works):
    tie(cast.users["author"], works["public"], "inspired_by", "A tale https://www.old.example/t")
    shown = page(cast, works["public"])
    assert 'href="https://www.old.example/t" rel="external nofollow noopener"' in shown
    assert "at old.example" in shown


def test_an_address_of_another_archive_is_not_one_of_ours(cast, works, settings):
    settings.HOUSE = dataclasses.replace(settings.HOUSE, origin="https://ours.example")
    path = works["members"].get_absolute_url()
    tie(cast.users["author"], works["public"], "inspired_by", f"https://theirs.example{path}")
    assert Relation.objects.get().to is None
    tie(cast.users["author"], works["public"], "inspired_by", f"https://ours.example{path}")
    assert Relation.objects.get().to == works["members"]


def test_who_said_no_is_not_asked_again(cast, works, other):
    tie(cast.users["member"], other, "sequel_of", works["public"])
    say(cast.browsers["author"], "decline")
    tie(cast.users["member"], other, "sequel_of", "")
    tie(cast.users["member"], other, "sequel_of", works["public"])
    assert list(leading.asked_of(cast.users["author"])) == []
    assert leading.tell_due() == 0


def test_who_is_avoided_does_not_ask(cast, works, other):
    from storykeep.site.search.models import Avoided

    tie(cast.users["member"], other, "sequel_of", works["public"])
    Avoided.objects.create(account=cast.users["author"], person=Person.objects.get(name="Wren Hale"))
    assert "The answer" not in cast.browsers["author"].get("/write/ties").content.decode()


def test_many_ties_cost_as_much_as_one(cast, works):
    def price():
        with CaptureQueriesContext(connection) as asked:
            cast.browsers["member"].get(works["public"].get_absolute_url())
        return len(asked)

    def add(number):
        sequel = bridge.keep(story(number, f"Sequel {number}"))
        Relation.objects.create(work=sequel, kind="sequel-of", target="", to=works["public"])

    add(60)
    price()
    one = price()
    for number in range(61, 70):
        add(number)
    assert price() == one
    assert len(ties.back(cast.users["member"], works["public"])) == 10

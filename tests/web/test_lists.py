"""Lists of works: deep pages, what strangers put into addresses, and what each list costs."""

import html as entities
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moonlit import story
from storykeep.model import story as m
from storykeep.site.reading import deep
from storykeep.site.reading.models import Opened
from storykeep.site.search import asking, indexing
from storykeep.site.talk.models import Kudo
from storykeep.site.works import bridge
from storykeep.site.works.models import Series, Work

pytestmark = pytest.mark.django_db


def titles(html):
    return re.findall(r'<h3><a href="/works/[^"]*"[^>]*><bdi>([^<]*)</bdi>', html)


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def keep(count, first=1, **more):
    made = [
        story(
            number, f"Tale {number:03}", published=f"20{number // 12:02}-{number % 12 + 1:02}-05",
            chapters=(m.Chapter(key="1", body=f"<p>{'tide ' * number}</p>"),), **more,
        )
        for number in range(first, first + count)
    ]  # fmt: skip
    bridge.keep_all(made)
    indexing.catch_up()


# ── deep pages
@pytest.fixture
def shallow(monkeypatch):
    """The engine turns to the sixth page of two works, and no further."""
    monkeypatch.setattr(asking.answer, "__defaults__", (*asking.answer.__defaults__[:-1], 2))
    for place in (asking, deep):
        monkeypatch.setattr(place, "DEEPEST", 10)


@pytest.mark.parametrize("order", ["", "?order=updated", "?order=posted", "?order=longest", "?order=shortest"])
def test_a_list_by_date_or_length_goes_on_to_its_end(client, shallow, order):
    keep(40)
    address, seen, asked = f"/updated{order}", [], 0
    while address:
        html = read(client, address)
        seen += titles(html)
        later = re.search(r'rel="next" href="([^"]*)">', html)
        address, asked = later and entities.unescape(later[1]), asked + 1
        assert asked < 60, "walking in circles"
    assert set(seen) == {f"Tale {n:03}" for n in range(1, 41)}
    assert len(seen) < 50


def test_the_last_page_that_can_be_turned_to_says_how_to_go_on(client, shallow):
    keep(30)
    html = read(client, "/updated?page=6")
    assert "The first 10 of 30 end here. The list goes on below." in html
    assert "On, from 5 " in html
    html = read(client, "/updated?order=title&page=6")
    assert "Narrow the list to see the others, or order it by date or by length" in html
    assert 'rel="next"' not in html


# ── what strangers ask
@pytest.mark.shared
def test_every_hostile_search_gets_a_page(client, shared):
    keep(3)
    for case in json.loads((shared / "data/other/hostile_queries.json").read_text("utf-8")):
        typed = case["input"] if isinstance(case, dict) else case
        for address in ("/search", "/search/suggest", "/search/names", "/tags/suggest"):
            assert client.get(address, {"q": typed}).status_code in {200, 400}, (address, typed[:60])


@pytest.mark.parametrize("typed", ["(" * 2000, "a" * 100_000 + "!", "/(a+)+$/", '"' * 999, "*", "-", "a\0b"])
def test_no_search_is_read_as_a_pattern(client, typed):
    keep(3)
    assert client.get("/search", {"q": typed}).status_code in {200, 400}
    assert client.get("/new", {"q": typed}).status_code in {200, 400}


@pytest.mark.parametrize(
    "query",
    ["page=99999999", "page=-1", "page=NaN", "size=1000000000", "page=2&page=1", "page[]=2", "first=99999999",
     "page=1e3", "page=٣", "page=" + "9" * 500, "order[]=title", "words[from]=3", "words=1&words=2"],
)  # fmt: skip
def test_pages_and_sizes_that_nobody_offered_are_clamped(client, query):
    keep(3)
    answer = client.get(f"/new?{query}", follow=True)
    assert answer.status_code == 200
    assert len(titles(answer.content.decode())) <= asking.PAGE


def test_three_hundred_filters_are_capped_and_told(client):
    keep(2, tags=tuple(m.Tag(kind="mood", name=f"Mood {n}") for n in range(50)))
    html = read(client, "/new?" + "&".join(f"with=mood:mood-{n}" for n in range(50)))
    assert "narrowed by 40 tags at most; the others (10) were left out" in html
    many = "&".join(f"with=mood:none-{n}&not=mood:never-{n}&lang=x{n}&by=p{n}&series=s{n}" for n in range(300))
    answer = client.get(f"/new?{many}")
    assert answer.status_code in {200, 400}
    assert len(answer.content) < 300_000
    assert client.get("/new?" + "&".join(f"x{n}=1" for n in range(5000))).status_code == 400


def test_hidden_tags_leak_through_no_count_and_no_suggestion(cast):
    secret = bridge.keep(story(1, "Veiled Matter", tags=(m.Tag(kind="mood", name="Umbrageous"),)))
    Work.objects.filter(pk=secret.pk).update(visibility="hidden")
    keep(2, first=2, tags=(m.Tag(kind="mood", name="Calm"),))
    indexing.rebuild()
    asked = ["/", "/new", "/browse", "/browse/mood", "/new?more=mood", "/search?q=umbrageous", "/new?q=umbrageous",
             "/search/suggest?q=umbrag", "/search/names?q=umbrag", "/new?more=mood&form=json&find=umbrag",
             "/titles", "/titles/V", "/new?with=mood:calm", "/feed/new"]  # fmt: skip
    for who in ("visitor", "member"):
        for address in asked:
            html = cast.browsers[who].get(address).content.decode()
            assert "Umbrageous" not in html, (who, address)
            assert "Veiled Matter" not in html, (who, address)
        assert cast.browsers[who].get("/browse/mood/umbrageous").status_code == 404
        assert "Umbrageous" not in read(cast.browsers[who], "/new?with=mood:umbrageous")


# ── what lists cost
def cost(client, address):
    with CaptureQueriesContext(connection) as seen:
        read(client, address)
    return len(seen)


def test_a_series_costs_the_same_for_few_and_for_many(client):
    places = (m.SeriesPlace(title="Harbour", position=1),)
    keep(2, series=places)
    address = Series.objects.get().get_absolute_url()
    read(client, address)
    few = cost(client, address)
    keep(15, first=3, series=places)
    read(client, address)
    assert cost(client, address) == few
    assert len(titles(read(client, address))) == 17


def test_the_reading_log_costs_the_same_for_few_and_for_many(cast):
    member = cast.browsers["member"]
    keep(16)
    works = list(Work.objects.all())
    account = cast.users["member"]
    Opened.objects.bulk_create([Opened(account=account, work=work) for work in works[:2]])
    read(member, "/reading-log")
    few = cost(member, "/reading-log")
    Opened.objects.bulk_create([Opened(account=account, work=work) for work in works[2:]])
    assert cost(member, "/reading-log") == few


def test_lists_are_ordered_by_what_readers_say_of_works(client):
    keep(3)
    for field, order in (("kudos_count", "kudos"), ("comments_count", "comments"), ("shelves_count", "shelves")):
        Work.objects.update(kudos_count=0, comments_count=0, shelves_count=0)
        Work.objects.filter(title="Tale 002").update(**{field: 9})
        Work.objects.filter(title="Tale 003").update(**{field: 4})
        indexing.rebuild()
        assert titles(read(client, f"/new?order={order}")) == ["Tale 002", "Tale 003", "Tale 001"]
        assert titles(read(client, f"/search?q=tide+sort:{order}")) == ["Tale 002", "Tale 003", "Tale 001"]


def test_lists_tell_where_kudos_were_given(cast):
    keep(3)
    works = {work.title: work for work in Work.objects.all()}
    account, member = cast.users["member"], cast.browsers["member"]
    for title, part in (("Tale 001", 0), ("Tale 002", 0), ("Tale 002", 7)):
        Kudo.objects.create(work=works[title], part=part, who=f"a{account.pk}", account=account)
    Opened.objects.create(account=account, work=works["Tale 002"])
    html = read(member, "/new")
    assert html.count("Kudos given") == 1
    assert html.count("Read · kudos given") == 1
    assert "udos given" not in read(cast.browsers["author"], "/new")
    member.post("/reading-log", {"off": ""})
    assert "udos given" not in read(member, "/new")

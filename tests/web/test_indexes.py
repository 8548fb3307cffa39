"""The indexes from A to Z: every line once, whatever the script and however long the list is."""

import html as entities
import re
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storykeep.site.reading import alphabet
from storykeep.site.reading.views import lists
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works import sorting
from storykeep.site.works.models import Credit, Person, Series, SeriesPlace, Visibility, Work, WorkTag
from storykeep.text.fold import fold

pytestmark = pytest.mark.django_db


def shelve(titles, visibility=Visibility.PUBLIC):
    ordered = [(title, sorting.sort_title(title)) for title in titles]
    first = Work.objects.count()
    rows = [
        Work(key=f"w{first + n}", title=title or None, sort_title=by, letter=sorting.letter(by), visibility=visibility)
        for n, (title, by) in enumerate(ordered)
    ]
    return Work.objects.bulk_create(rows)


def lines(html):
    index = re.search(r'<div class="index">.*?</div>', html, re.DOTALL)
    found = re.findall(r'<li><a href="[^"]*"[^>]*><bdi>([^<]*)</bdi>', index[0]) if index else []
    return [entities.unescape(each) for each in found]


def way(html, rel):
    found = re.search(rf'rel="{rel}" href="([^"]*)"', html)
    return found and entities.unescape(found[1])


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def walked(client, address, rel="next"):
    """The lines of each page from ``address`` on."""
    pages = []
    while address:
        html = page(client, address)
        pages.append((address, lines(html)))
        address = way(html, rel)
        assert len(pages) < 500, "walking in circles"
    return pages


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(lists, "WHOLE_INDEX", 3)
    monkeypatch.setattr(lists, "PER_PAGE", 4)


MANY = ["Barn", "Bee", "Bell", "Bell", "Bell", "Bell", "Bell", "Bell", "Bell", "Bell", "Bone", "Bow", "Box", "The Bud"]


def test_every_title_of_a_letter_is_met_once_forwards_and_backwards(client, short_pages):
    shelve(MANY)
    shelve(["Ash", "Cove"])
    forwards = walked(client, "/titles/B")
    assert [line for _, some in forwards for line in some] == MANY
    assert all(len(some) <= 4 for _, some in forwards)
    backwards = walked(client, forwards[-1][0], "prev")
    assert [some for _, some in reversed(backwards)][-1] == forwards[-1][1]
    assert {line for _, some in backwards for line in some} == set(MANY)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("abñЖ漢 ", max_size=3), min_size=1, max_size=30), st.integers(1, 5))
def test_stretches_part_any_list_without_loss(db, titles, most):
    Work.objects.all().delete()
    shelve([f"q{title}" for title in titles])
    rows, at, found, starts = Work.objects.all(), alphabet.TOP, [], []
    while at is not None:
        part = alphabet.stretch(rows, "sort_title", at, most)
        starts.append((at, part.earlier))
        found += [row.pk for row in part.rows]
        at = part.later
    assert sorted(found) == sorted(Work.objects.values_list("pk", flat=True))
    assert len(found) == len(set(found))
    assert starts[0][1] is None
    for (before, _), (_, earlier) in pairwise(starts):
        assert alphabet.stretch(rows, "sort_title", earlier, most).rows == (
            alphabet.stretch(rows, "sort_title", before, most).rows
        )


def test_titles_without_a_name_have_pages_too(client, short_pages):
    shelve([""] * 11)
    assert sum(len(some) for _, some in walked(client, "/titles/0-9")) == 11


@pytest.mark.parametrize(
    ("title", "letter"),
    [
        ("Émigré", "E"), ("Łódź", "L"), ("Ørsted", "O"), ("Война", "В"), ("Όνειρο", "Ο"), ("שיר", "ש"), ("قمر", "ق"),
        ("東京の夜", "漢"), ("カメラ", "か"), ("がらす", "か"), ("나무", "ㄴ"), ("까치", "ㄱ"), ("7 Days", "0-9"),
        ("★", "0-9"), ("“The Quoted”", "Q"), ("हिमालय", "ह"),
    ],
)  # fmt: skip
def test_every_script_has_its_place(client, title, letter):
    shelve([title, "Zebra"])
    assert lines(page(client, f"/titles/{quote(letter)}")) == [title]
    assert f"#letter-{letter}" in page(client, "/titles") or f"/titles/{quote(letter)}" in page(client, "/titles")


def test_names_that_stand_apart_but_under_one_letter_are_all_there(client):
    works = shelve(["One", "Two", "Three"])
    for name, work in zip(["“Zed”", "Abe", "Zoe"], works, strict=True):
        folded = fold(name)
        letter = sorting.letter(sorting.sort_title(name))
        person = Person.objects.create(key=name, slug=name.lower(), name=name, folded=folded, letter=letter)
        Credit.objects.create(work=work, person=person, name=name)
    assert sorted(lines(page(client, "/authors"))) == ["Abe", "Zoe", "“Zed”"]


def test_a_large_letter_has_sections_that_lead_into_it(client, short_pages):
    shelve([f"B{vowel}{n}" for vowel in "aeiou" for n in range(6)])
    html = page(client, "/titles/B")
    sections = re.search(r'aria-label="Sections".*?</nav>', html, re.DOTALL)[0]
    ways = [entities.unescape(each) for each in re.findall(r'href="([^"]*)"', sections)]
    assert [lines(page(client, each))[0] for each in ways] == ["Ba0", "Be0", "Bi0", "Bo0", "Bu0"]
    assert 'aria-current="true"><bdi>Bo</bdi>' in page(client, "/titles/B?from=bo2")


@pytest.mark.parametrize(
    "query",
    ["from=zzz", "skip=99999999", "skip=-1", "skip=NaN", "from=%00", "from=b&skip=1e9", "from=" + "b" * 9999,
     "from=b&from=c", "from[]=b", "page=99999999", "from=%F0%9F%98%80", "from=%EF%BF%BF", "skip=999999"],
)  # fmt: skip
def test_any_place_in_an_index_answers_at_once(client, short_pages, query):
    shelve(MANY)
    assert client.get(f"/titles/B?{query}", follow=True).status_code == 200


def test_no_index_names_what_a_reader_may_not_see(client, short_pages):
    shelve(MANY)
    shelve(["Beneath", "Quill"], Visibility.HIDDEN)
    assert "Beneath" not in {line for _, some in walked(client, "/titles/B") for line in some}
    assert client.get("/titles/Q").status_code == 404
    assert "Q</a>" not in page(client, "/titles")


def many_of_each(count):
    works = shelve([f"B{n:03}" for n in range(count)])
    kind, _ = TagKind.objects.get_or_create(key="mood", defaults={"name": "Moods"})
    for n, work in enumerate(works):
        name = f"b{work.pk:05}"
        person = Person.objects.create(key=name, slug=name, name=name, folded=name, letter="B")
        Credit.objects.create(work=work, person=person, name=name)
        series = Series.objects.create(key=name, title=name, sort_title=name)
        SeriesPlace.objects.create(work=work, series=series, position=n)
        WorkTag.objects.create(work=work, tag=Tag.objects.create(kind=kind, name=name, uses=1))


@pytest.mark.parametrize(
    "address",
    [
        "/titles/B",
        "/titles/B?from=b",
        "/authors/under/B?from=b",
        "/series/under/B?from=b",
        "/browse/mood/under/B?from=b",
    ],
)
def test_a_page_of_an_index_costs_the_same_however_long_it_is(client, address, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(lists, "WHOLE_INDEX", 3)
    monkeypatch.setattr(lists, "PER_PAGE", 6)
    from storykeep.site.search import indexing

    many_of_each(14)
    indexing.rebuild()
    page(client, address)
    asked = []
    for more in (0, 30):
        many_of_each(more)
        indexing.rebuild()
        asked.append(queries(client, address))
        assert len(lines(page(client, address))) == 6
    assert asked[0] == asked[1]


def queries(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        page(client, address)
    return len(seen)

"""Reads: who may see what is decided in one place, and no page asks more questions because there is more to show."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moonlit import PEOPLE, SEEN_BY, story
from storykeep.model import story as m
from storykeep.site.reading import queries as indexes
from storykeep.site.reading.alphabet import TOP, letters, stretch
from storykeep.site.search import naming
from storykeep.site.tags.models import Tag
from storykeep.site.works import bridge, queries
from storykeep.site.works.models import Person, Series, Work

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
LISTS = {
    "titles": indexes.titles,
    "newest": lambda user: queries.listing(queries.readable_by(user)).order_by("-added_at"),
    "people": indexes.people,
    "all_series": indexes.all_series,
}


def full(number: int) -> m.Story:
    """A story with everything that lists show."""
    return story(
        number,
        f"Tale {number}",
        credits=(m.Credit(name=f"Author {number}"), m.Credit(name="Ada Vane")),
        tags=(m.Tag(kind="mood", name=f"Mood {number}", parent="Moods"), m.Tag(kind="place", name="Quay")),
        series=(m.SeriesPlace(title=f"Series {number}", position=1),),
        published="2003-07-14",
    )


def cost(read) -> int:
    with CaptureQueriesContext(connection) as asked:
        for row in read(NOBODY):
            touch(row)
    return len(asked)


def touch(row) -> None:
    """Use what a list uses of each row."""
    assert row.get_absolute_url()
    if isinstance(row, Work):
        assert [credit.name for credit in row.author_credits]
        assert all(each.tag.kind.name for each in getattr(row, "shown_tags", ()))
        assert all(place.series.title for place in getattr(row, "shown_series", ()))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_few_and_for_many(name, db):
    bridge.keep_all(full(n) for n in (1, 2))
    few = cost(LISTS[name])
    bridge.keep_all(full(n) for n in range(3, 15))
    assert cost(LISTS[name]) == few <= 6


def test_a_work_page_costs_the_same_whatever_is_on_it(db):
    def price(work):
        with CaptureQueriesContext(connection) as asked:
            page = queries.work_page(NOBODY, work.ref)
            shown = [note.body for note in page.work_notes] + [chapter.title for chapter in page.chapter_list]
            assert len(shown) == page.chapter_count
            texts = queries.chapter_texts(page)
            assert all(text.current.html and text.notes.all() is not None for text in texts)
        return len(asked)

    chapters = tuple(m.Chapter(key=str(n), body="<p>Words.</p>", notes=(m.Note(body="<p>N</p>"),)) for n in range(30))
    small, large = bridge.keep(full(1)), bridge.keep(story(2, "Long", chapters=chapters, tags=full(9).tags))
    assert price(large) <= price(small) <= 14


@pytest.mark.parametrize("who", PEOPLE)
def test_one_function_decides_who_sees_what(cast, works, who):
    seen = set(queries.readable_by(cast.users[who]).values_list("visibility", flat=True))
    assert seen == SEEN_BY[who]


@pytest.mark.parametrize("who", PEOPLE)
def test_every_read_starts_from_it(cast, works, who):
    user, seen = cast.users[who], SEEN_BY[who]
    titles = {f"A {visibility} harbour" for visibility in seen}
    assert {work.title for work in indexes.titles(user)} == titles
    ada = queries.person_page(user, "ada-vane")
    assert indexes.works_by(user, [ada.pk]) == {ada.pk: len(seen)}
    assert list(indexes.people(user)) == [ada]
    assert dict(letters(indexes.titles(user))) == count_letters(titles)
    calm = Tag.objects.get(name="Calm")
    assert naming.counted(user, [calm.pk]) == {calm.pk: len(seen)}
    assert {series.title for series in indexes.all_series(user)} == {f"Series {visibility}" for visibility in seen}
    for visibility, work in works.items():
        assert bool(queries.work_page(user, work.ref)) == (visibility in seen)
        series = work.series_places.get().series
        assert bool(queries.series_page(user, series.ref)) == (visibility in seen)


def count_letters(titles):
    from collections import Counter

    from storykeep.site.works.sorting import letter, sort_title

    return Counter(letter(sort_title(title)) for title in titles)


def test_a_person_of_hidden_works_only_does_not_exist_for_readers(cast):
    work = bridge.keep(story(1, "Secret", credits=(m.Credit(name="Hidden Hand"),)))
    Work.objects.filter(pk=work.pk).update(visibility="hidden")
    assert queries.person_page(NOBODY, "hidden-hand") is None
    assert queries.person_page(cast.users["archivist"], "hidden-hand")
    assert list(indexes.people(NOBODY)) == []


def test_a_sequel_of_a_hidden_work_does_not_name_its_address(db):
    first = bridge.keep(story(1, "First"))
    relation = m.Relation(kind=m.RelationKind.SEQUEL_OF, target="First", key=first.key)
    bridge.keep_all([story(2, "Second", relations=(relation,))])
    second = Work.objects.get(title="Second")
    assert queries.work_page(NOBODY, second.ref).shown_relations[0].to == first
    Work.objects.filter(pk=first.pk).update(visibility="hidden")
    assert queries.work_page(NOBODY, second.ref).shown_relations[0].to is None


def test_works_of_a_series_come_in_reading_order_those_of_unknown_place_last(db):
    for number, position in ((1, 0), (2, 2), (3, 1)):
        bridge.keep(story(number, f"Part {number}", series=(m.SeriesPlace(title="S", position=position),)))
    found = queries.works_in(NOBODY, Series.objects.get())
    assert [work.title for work in found] == ["Part 3", "Part 2", "Part 1"]


def test_titles_stand_where_readers_look_for_them(db):
    titles = ["The Émigré", "“Apple”", "An Odd Day", "7 Days", "…and then", "Étude", "Zoo"]
    for number, title in enumerate(titles):
        bridge.keep(story(number, title))
    assert [work.title for work in stretch(indexes.titles(NOBODY), "sort_title", TOP, 50).rows] == [
        "7 Days", "…and then", "“Apple”", "The Émigré", "Étude", "An Odd Day", "Zoo"
    ]  # fmt: skip
    assert set(indexes.titles(NOBODY).filter(letter="E").values_list("title", flat=True)) == {"The Émigré", "Étude"}
    assert indexes.titles(NOBODY).get(letter="#").title == "7 Days"


def test_tags_under_a_tag_count_once_for_each_work(db):
    tags = (m.Tag(kind="place", name="Attic", parent="House"), m.Tag(kind="place", name="Cellar", parent="House"))
    bridge.keep(story(1, "Both", tags=tags))
    bridge.keep(story(2, "One", tags=tags[:1]))
    house = Tag.objects.get(name="House")
    assert naming.counted(NOBODY, [house.pk]) == {house.pk: 2}


def test_a_circle_of_tags_does_no_harm(db):
    bridge.keep(story(1, "One", tags=(m.Tag(kind="place", name="Attic", parent="House"),)))
    attic, house = Tag.objects.get(name="Attic"), Tag.objects.get(name="House")
    house.parents.add(attic)
    assert naming.counted(NOBODY, [house.pk]) == {house.pk: 1}


def test_an_author_known_by_name_first_and_by_key_later_is_one_person(db):
    bridge.keep(story(1, "One"))
    person = bridge.keep(m.Person(key="moonlit/authors/7", name="Ada Vane", bio="<p>Writes.</p>"))
    assert Person.objects.get() == person
    bridge.keep(story(2, "Two", credits=(m.Credit(name="Ada Vane", person="moonlit/authors/7"),)))
    bridge.keep(story(3, "Three"))
    assert set(person.credits.values_list("work__title", flat=True)) == {"One", "Two", "Three"}

"""Search: what readers find, what they never find, and that nothing they type breaks it."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given, settings
from hypothesis import strategies as st

from moonlit import PEOPLE, SEEN_BY, story
from storykeep.model import story as m
from storykeep.site.search import indexing
from storykeep.site.search.asking import ask, reader_for
from storykeep.site.search.contract import Order, Question
from storykeep.site.search.terms import terms
from storykeep.site.works import bridge
from storykeep.site.works.models import Change, Work

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def found(typed, user=NOBODY, **more):
    return [each.work.title for each in ask(user, typed, **more).works]


@pytest.fixture
def library(db):
    """A few stories in the index."""
    stories = [
        story(1, "The Lighthouse", summary="<p>A keeper waits.</p>", tags=(m.Tag(kind="pairing", name="Ada/Bee"),)),
        story(
            2,
            "Storm",
            credits=(m.Credit(name="Zoë Brontë"),),
            chapters=chapters("Rain fell.", "The far shore was dark."),
        ),
        story(3, "Café Noir", chapters=chapters("She didn’t say naïve things. The storm and the far-off shore.")),
        story(4, "東京の夜", language="ja", chapters=chapters("東京の夜は静かだった。")),
    ]
    bridge.keep_all(stories)
    indexing.catch_up()


def chapters(*texts):
    return tuple(m.Chapter(key=str(n), title=f"Part {n}", body=f"<p>{text}</p>") for n, text in enumerate(texts, 1))


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("lighthouse", ["The Lighthouse"]),
        ("keeper", ["The Lighthouse"]),
        ("LIGHT*", ["The Lighthouse"]),
        ("cafe", ["Café Noir"]),
        ("Café", ["Café Noir"]),
        ("NAIVE", ["Café Noir"]),
        ("didnt", ["Café Noir"]),
        ("didn't", ["Café Noir"]),
        ("bronte", ["Storm"]),
        ("author:zoe", ["Storm"]),
        ("title:zoe", []),
        ('"far shore"', ["Storm"]),
        ('"far off shore"', ["Café Noir"]),
        ("pairing:bee", ["The Lighthouse"]),
        ('pairing:"Ada/Bee"', ["The Lighthouse"]),
        ("pairing:be*", ["The Lighthouse"]),
        ("tag:ada", ["The Lighthouse"]),
        ("東京", ["東京の夜"]),
        ("静か", ["東京の夜"]),
        ("storm -rain", ["Café Noir"]),
        ("language:ja", ["東京の夜"]),
        ("words:>1000", []),
        ("chapters:2", ["Storm"]),
        ("nowhere", []),
    ],
)
def test_words_find_works(library, typed, titles):
    assert found(typed) == titles


def test_a_word_in_the_title_counts_more_than_one_in_the_text(library):
    assert found("storm") == ["Storm", "Café Noir"]
    assert set(found("lighthouse OR noir")) == {"The Lighthouse", "Café Noir"}


def test_the_words_around_are_shown_with_the_chapter_in_which_they_stand(library):
    (hit,) = ask(NOBODY, '"far shore"').works
    assert hit.snippet == "The <mark>far shore</mark> was dark."
    assert hit.chapter.place == 2


def test_marks_fall_on_words_as_they_are_written(library):
    (hit,) = ask(NOBODY, "didn't naive").works
    assert "<mark>didn’t</mark> say <mark>naïve</mark>" in hit.snippet


def test_marks_fall_on_words_of_scripts_without_spaces(library):
    (hit,) = ask(NOBODY, "静かだった").works
    assert hit.snippet == "東京の夜は<mark>静かだった</mark>。"


def test_marks_fall_on_inflected_forms_where_a_host_wants_them_found(db, settings):
    settings.STEMMING = ("en",)
    body = "<p>She’d walked; nobody walks “walking”.</p>"
    bridge.keep(story(1, "Roads", language="en", chapters=(m.Chapter(key="1", body=body),)))
    indexing.catch_up()
    (hit,) = ask(NOBODY, "walk").works
    assert hit.snippet == ("She’d <mark>walked</mark>; nobody <mark>walks</mark> “<mark>walking</mark>”.")


def test_an_inflected_form_leads_to_the_chapter_in_which_it_stands(db, settings):
    settings.STEMMING = ("en",)
    parts = chapters("Nobody moved.", "Rain fell.", "They were walking home.", "They walked on.")
    bridge.keep(story(1, "Roads", language="en", summary="<p>A long way.</p>", chapters=parts))
    indexing.catch_up()
    (hit,) = ask(NOBODY, "walks").works
    assert (hit.chapter.place, hit.snippet) == (3, "They were <mark>walking</mark> home.")


def test_words_around_are_safe_html(db):
    body = "<p>5 &lt; 6 &amp; he said &lt;script&gt;lantern&lt;/script&gt;</p>"
    bridge.keep(story(1, "Odd", chapters=(m.Chapter(key="1", body=body),)))
    indexing.catch_up()
    (hit,) = ask(NOBODY, "lantern").works
    assert hit.snippet == "5 &lt; 6 &amp; he said &lt;script&gt;<mark>lantern</mark>&lt;/script&gt;"


@pytest.mark.parametrize("who", PEOPLE)
def test_a_reader_finds_what_the_reader_may_see_and_counts_agree(cast, works, who):
    indexing.catch_up()
    answer = ask(cast.users[who], "harbour")
    assert {each.work.visibility for each in answer.works} == SEEN_BY[who]
    assert answer.total == len(SEEN_BY[who])


@pytest.mark.parametrize("who", PEOPLE)
def test_counts_suggestions_and_likeness_keep_to_what_may_be_seen(cast, works, who):
    indexing.catch_up()
    engine, reader = indexing.engine(), reader_for(cast.users[who])
    tags = {tag.name: tag.pk for work in works.values() for tag in work.tags.all()}
    counts = engine.facets(Question(reader=reader), kinds=["mood"]).tags
    assert counts[tags["Calm"]] == len(SEEN_BY[who])
    assert (counts.get(tags["Mood hidden"], 0) == 1) == ("hidden" in SEEN_BY[who])
    assert bool(engine.suggest("hidd", reader)) == ("hidden" in SEEN_BY[who])
    alike = set(engine.more_like_this(works["public"].pk, reader))
    assert alike <= {works[v].pk for v in SEEN_BY[who]}


def test_a_work_that_was_hidden_a_moment_ago_is_not_found_though_the_index_is_behind(library):
    Work.objects.filter(title="Storm").update(visibility="hidden")
    assert found("rain") == []


def test_a_changed_work_is_found_by_its_new_words_and_not_by_its_old_ones(library):
    bridge.keep(story(2, "Gale", chapters=chapters("Hail fell.")))
    assert indexing.catch_up() == 1
    assert found("gale hail") == ["Gale"]
    assert found("rain") == []


def test_a_deleted_work_leaves_the_index(library):
    from storykeep.site.works import changes

    work = Work.objects.get(title="Storm")
    changes.record([work.pk])
    work.delete()
    indexing.catch_up()
    assert indexing.verify().good
    assert indexing.engine().search(Question()).total == 3


def test_a_lost_index_is_made_anew_when_the_archive_opens(library, settings, tmp_path):
    settings.INDEX = tmp_path / "elsewhere"
    assert found("lighthouse") == []
    assert indexing.open_index() == 4
    assert found("lighthouse") == ["The Lighthouse"]
    assert Change.objects.count() == 0


def test_verify_names_what_differs(library):
    first, second, *_ = Work.objects.order_by("pk")
    Work.objects.filter(pk=first.pk).update(version=99)
    gone = second.pk
    second.delete()
    new = bridge.keep(story(9, "New"))
    checked = indexing.verify()
    assert (checked.missing, checked.stale, checked.surplus) == ((new.pk,), (first.pk,), (gone,))
    assert indexing.rebuild() == 4
    assert indexing.verify().good


def test_a_damaged_index_is_replaced(tmp_path, db):
    from storykeep.site.search.embedded import Embedded
    from storykeep.site.search.embedded.schema import VERSION

    folder = tmp_path / "broken" / f"tantivy-{VERSION}" / "g1"
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text("{")
    assert Embedded(tmp_path / "broken").search(Question()).total == 0


def test_the_longest_and_the_newest_come_first_when_asked(library):
    longest = found("-nothing", order=Order.LONGEST)
    assert longest[0] == "Café Noir"
    assert found("-nothing", order=Order.NEWEST)[-1] == "The Lighthouse"


def test_choosing_a_broader_tag_finds_what_is_under_it(db):
    bridge.keep(story(1, "Under", tags=(m.Tag(kind="place", name="Attic", parent="House"),)))
    indexing.catch_up()
    from storykeep.site.tags.models import Tag

    house = Tag.objects.get(name="House")
    assert found("", tags=[house.pk]) == ["Under"]
    assert found("place:house") == ["Under"]


def test_the_reader_is_told_what_was_understood(library):
    answer = ask(NOBODY, "smell:storm -rain")
    assert answer.said == "Works with “smell” and “storm”, but without “rain”."
    assert answer.remarks == ("There is no place called “smell”; it was looked for as a word.",)


def test_pages_behind_the_last_are_empty_and_no_error(library):
    assert found("storm", page=10**9) == []
    assert found("storm", page=-3) == ["Storm", "Café Noir"]


@pytest.mark.shared
def test_no_hostile_query_is_an_error_or_finds_more_than_may_be_seen(shared, cast, works):
    indexing.catch_up()
    for case in json.loads((shared / "data/other/hostile_queries.json").read_text("utf-8")):
        answer = ask(NOBODY, case["input"])
        assert {each.work.visibility for each in answer.works} <= {"public"}, case["id"]


def test_a_search_needs_the_same_number_of_queries_for_few_and_many_works(library, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        ask(NOBODY, "lighthouse")
    bridge.keep_all(story(n, f"Storm {n}") for n in range(20, 35))
    indexing.catch_up()
    with django_assert_max_num_queries(8):
        assert len(ask(NOBODY, "storm").works) == 17


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="abZ'’ʼ`_-1 \n“”—é東京のß½.,\u0301\u00a0…‘Ωﬁ", max_size=40))
def test_words_beside_those_of_other_scripts_have_the_terms_that_they_have_alone(text):
    alone = [term for word in text.split() for term in terms(word)]
    assert terms(text) == alone
    assert terms(f"{text} é") == [*alone, "e"]

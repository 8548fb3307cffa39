"""What tags are: kinds and their rules, synonyms, broader ones, what choosing a tag finds, what forms are offered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moonlit import story
from storykeep.model import story as m
from storykeep.site.tags import favourites, presets, rules
from storykeep.site.tags.models import OldName, Tag, TagKind
from storykeep.site.tags.queries import ids_over, ids_under, under
from storykeep.site.works import bridge
from storykeep.site.works.models import Visibility, Work, WorkTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return TagKind.objects.create(key="theme", name="Themes")


def tag(kind, name, *parents, **given):
    made = Tag.objects.create(kind=kind, name=name, **given)
    made.parents.set(parents)
    return made


def kept(number, *tags, visibility=Visibility.PUBLIC):
    work = bridge.keep(story(number, f"Story {number}", tags=tuple(m.Tag(kind=kind, name=name) for kind, name in tags)))
    Work.objects.filter(pk=work.pk).update(visibility=visibility)
    return work


def test_choosing_a_tag_finds_its_synonyms_and_all_under_it(kind):
    sea = tag(kind, "Sea")
    storm = tag(kind, "Storms", sea)
    gale = tag(kind, "Gales", storm)
    wind = tag(kind, "Wind", synonym_of=gale)
    tag(kind, "Land")
    assert ids_under(sea.pk) == {sea.pk, storm.pk, gale.pk, wind.pk}
    assert ids_under(wind.pk) == {gale.pk, wind.pk}
    assert ids_under() == set()
    assert set(Tag.objects.filter(pk__in=under(storm.pk)).values_list("name", flat=True)) == {"Storms", "Gales", "Wind"}
    assert ids_over([wind.pk]) == {wind.pk: tuple(sorted((gale.pk, storm.pk, sea.pk)))}


def test_a_circle_that_somebody_put_into_the_database_ends(kind):
    first, second = tag(kind, "One"), tag(kind, "Two")
    first.parents.add(second)
    second.parents.add(first)
    assert ids_under(first.pk) == {first.pk, second.pk}
    assert ids_over([first.pk]) == {first.pk: (first.pk, second.pk)}


def test_works_under_a_nested_tag_are_on_the_page_of_the_broader_one(client):
    kept(1, ("theme", "Gales"))
    kept(2, ("theme", "Wind"))
    sea = tag(TagKind.objects.get(key="theme"), "Sea")
    gale = Tag.objects.get(name="Gales")
    gale.parents.add(sea)
    Tag.objects.filter(name="Wind").update(synonym_of=gale)
    page = client.get("/browse/theme/sea").content.decode()
    assert "Story 1" in page
    assert "Story 2" in page


def test_an_old_address_of_a_tag_leads_on_and_no_browser_keeps_it(client):
    kept(1, ("theme", "Gales"))
    gales = Tag.objects.get(name="Gales")
    other = TagKind.objects.create(key="mood", name="Moods")
    OldName.objects.create(kind=other, name="Gale", slug="gale", tag=gales)
    answer = client.get("/browse/mood/gale")
    assert (answer.status_code, answer["Location"]) == (301, "/browse/theme/gales")
    assert "no-cache" in answer["Cache-Control"]


def test_a_rescue_finds_a_renamed_tag_by_its_old_name():
    kept(1, ("theme", "Gales"))
    gales = Tag.objects.get(name="Gales")
    OldName.objects.create(kind=gales.kind, name="Gale force", slug="gale-force", tag=gales)
    kept(2, ("theme", "Gale force"))
    assert Tag.objects.count() == 1
    assert gales.works.count() == 2


def test_uses_follow_the_works():
    kept(1, ("theme", "Gales"), ("theme", "Sea"))
    kept(2, ("theme", "Gales"))
    assert dict(Tag.objects.values_list("name", "uses")) == {"Gales": 2, "Sea": 1}
    kept(1, ("theme", "Gales"))
    assert dict(Tag.objects.values_list("name", "uses")) == {"Gales": 2, "Sea": 0}


def test_the_order_of_tags_is_kept_and_shown_primary_first(client):
    work = kept(1, ("pairing", "Zoe/Ann"), ("pairing", "Ann/Ben"))
    assert [each.tag.name for each in WorkTag.objects.filter(work=work)] == ["Zoe/Ann", "Ann/Ben"]
    page = client.get(work.get_absolute_url(), follow=True).content.decode()
    assert page.index("Zoe/Ann") < page.index("Ann/Ben")


@pytest.mark.parametrize("code", list(presets.PRESETS))
def test_each_preset_makes_kinds_that_can_be_used_at_once(code):
    made = presets.apply(code)
    assert made
    for one in made:
        assert one.open or one.tags.exists(), one.key
    assert presets.apply(code) == []


def test_all_about_spike_has_two_kinds_of_pairings_and_its_own_ratings():
    presets.apply("all-about-spike")
    assert dict(TagKind.objects.values_list("key", "ties")).items() >= {"pairing": "/", "friendship": "&"}.items()
    assert set(TagKind.objects.get(key="rating").tags.values_list("name", flat=True)) == set(presets.FILM_RATINGS)


def test_the_rules_of_a_kind_are_told_in_sentences():
    presets.apply("many-fandoms")
    assert set(rules.problems({})) == {"rating"}
    assert rules.problems({"rating": ["teen"], "fandom": ["Anything"]}) == {}
    wrong = rules.problems(
        {"rating": ["Teen", "Mature"], "genre": ["Polka"], "nonsense": ["x"], "keyword": ["a" * 151]}
    )
    assert set(wrong) == {"rating", "genre", "nonsense", "keyword"}
    assert "Polka" in wrong["genre"][0]


# ── what forms are offered
def offered(client, **asked):
    return [each["name"] for each in client.get("/tags/suggest", asked).json()["tags"]]


def test_a_form_is_offered_tags_for_what_is_typed(client):
    kept(1, ("theme", "Café noir"), ("theme", "Cats"), ("pairing", "Cara/Tom"))
    kept(2, ("theme", "Cats"), ("theme", "Big cats"))
    assert offered(client, kind="theme", q="CA") == ["Cats", "Café noir", "Big cats"]
    assert offered(client, q="cafe") == ["Café noir"]
    assert offered(client, kind="theme", q="caffe noir") == ["Café noir"]
    assert offered(client, kind="pairing", q="tom") == ["Cara/Tom"]
    assert offered(client, kind="theme", q="zzzz") == []
    (cats,) = (each for each in client.get("/tags/suggest?q=cats&kind=theme").json()["tags"] if each["name"] == "Cats")
    assert cats["count"] == 2


def test_a_synonym_offers_its_canonical_tag_and_odd_input_no_error(client):
    kept(1, ("theme", "Felines"))
    felines = Tag.objects.get()
    tag(felines.kind, "Cats", synonym_of=felines)
    assert offered(client, q="cat") == ["Felines"]
    for odd in ("\0", "%", "_", "'", '"', "\\", "a" * 5000, "🙂", "{{7*7}}"):
        assert client.get("/tags/suggest", {"q": odd, "kind": odd}).status_code == 200


@pytest.mark.parametrize("who", ["visitor", "member", "author", "archivist", "host"])
def test_nobody_is_offered_a_tag_of_works_that_are_not_theirs_to_see(cast, works, who):
    seen = {"visitor": {"public"}, "member": {"public", "members"}, "author": {"public", "members", "draft"}}
    wanted = seen.get(who, {"public", "members", "draft", "hidden"})
    assert set(offered(cast.browsers[who], kind="mood", q="mood")) == {f"Mood {visibility}" for visibility in wanted}


def test_offers_cost_the_same_however_many_tags_there_are(client, django_assert_max_num_queries):
    kept(1, ("theme", "Cat"))
    offered(client, q="ca")  # the index takes the work in
    with CaptureQueriesContext(connection) as queries:
        offered(client, q="ca")
    few = len(queries)
    kept(2, *(("theme", f"Cat {number}") for number in range(40)))
    offered(client, q="ca")
    with django_assert_max_num_queries(few):
        assert len(offered(client, q="ca")) == 10


# ── favourites
def test_a_member_keeps_favourites_and_finds_them_on_the_first_page(cast):
    kept(1, ("theme", "Gales"))
    browser, path = cast.browsers["member"], "/browse/theme/gales"
    assert "Keep as a favourite" in browser.get(path).content.decode()
    browser.post(f"{path}/favourite", {"keep": "1"})
    browser.post(f"{path}/favourite", {"keep": "1"})
    for page in ("/", "/browse"):
        assert "Your favourites" in browser.get(page).content.decode()
        assert "Your favourites" not in cast.browsers["author"].get(page).content.decode()
    assert "let it go" in browser.get(path).content.decode()
    browser.post(f"{path}/favourite", {"keep": ""})
    assert "Your favourites" not in browser.get("/").content.decode()


def test_a_favourite_follows_its_tag_into_another(cast):
    kept(1, ("theme", "Gales"), ("theme", "Storms"))
    gales, storms = Tag.objects.get(name="Gales"), Tag.objects.get(name="Storms")
    favourites.keep(cast.users["member"], gales)
    Tag.objects.filter(pk=gales.pk).update(synonym_of=storms)
    assert favourites.favourites_of(cast.users["member"]) == [storms]
    favourites.let_go(cast.users["member"], storms)
    assert favourites.favourites_of(cast.users["member"]) == []


def test_visitors_have_no_favourites_and_what_is_not_seen_can_not_be_kept(cast, works, client):
    hidden = "/browse/mood/mood-hidden/favourite"
    for who in ("member", "author"):
        assert cast.browsers[who].post(hidden, {"keep": "1"}).status_code == 404
    answer = client.post("/browse/mood/calm/favourite", {"keep": "1"})
    assert answer["Location"].startswith("/account/login/")
    assert "favourite" not in client.get("/browse/mood/calm").content.decode().lower()


def test_there_is_an_end_to_favourites(cast, monkeypatch):
    monkeypatch.setattr(favourites, "MOST", 1)
    kept(1, ("theme", "Gales"), ("theme", "Storms"))
    cast.browsers["member"].post("/browse/theme/gales/favourite", {"keep": "1"})
    answer = cast.browsers["member"].post("/browse/theme/storms/favourite", {"keep": "1"}, follow=True)
    assert "Let one go" in answer.content.decode()


# ── odd names
@pytest.mark.parametrize("name", ["é" * 10_000, "***", "Z̸̢͠a̵͔͘l̶̰͌g̷̩̓o̴" * 300, "\u202etxet", "=1+1", " x "])
def test_a_rescued_tag_may_be_called_anything_and_is_one_tag(client, name):
    kept(1, ("theme", name))
    kept(2, ("theme", name), ("theme", name + "!"))
    tag = Tag.objects.get(name=name)
    assert tag.uses == 2
    assert client.get(tag.get_absolute_url()).status_code == 200
    assert client.get("/tags/suggest", {"q": name[:50], "kind": "theme"}).status_code == 200

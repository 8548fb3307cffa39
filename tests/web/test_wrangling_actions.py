"""What wranglers do to tags, and that each of it can be undone: nothing is lost, no circle comes about."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from moonlit import story
from storykeep.model import story as m
from storykeep.model.errors import Conflict, UsageError
from storykeep.site.search import indexing
from storykeep.site.search.asking import ask
from storykeep.site.tags.models import Favourite, OldName, Tag, TagKind
from storykeep.site.tags.queries import ids_under
from storykeep.site.works import bridge, retagged
from storykeep.site.works.models import Change
from storykeep.site.wrangling import actions, effects, turning, verbs
from storykeep.site.wrangling.models import Altered, Apart

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return TagKind.objects.create(key="theme", name="Themes")


@pytest.fixture
def other():
    return TagKind.objects.create(key="mood", name="Moods")


def tag(kind, name, *parents, **given):
    made = Tag.objects.create(kind=kind, name=name, **given)
    made.parents.set(parents)
    return made


def do(verb, *args, **given):
    return actions.do(None, verb.__name__, lambda sheet: verb(sheet, *args, **given))


def state():
    """Everything that wranglers change, by what it means."""
    fields = ("pk", "kind", "name", "slug", "folded", "synonym_of", "joint", "settled")
    return (
        set(Tag.objects.values_list(*fields)),
        set(Tag.parents.through.objects.values_list("from_tag", "to_tag")),
        set(OldName.objects.values_list("kind", "name", "slug", "tag")),
        set(Apart.objects.values_list("first", "second")),
    )


def test_a_merge_hands_over_synonyms_and_links_and_is_undone(kind):
    sea, weather = tag(kind, "Sea"), tag(kind, "Weather")
    storm, tempest, gale = tag(kind, "Storms", sea), tag(kind, "Tempests", weather), tag(kind, "Gales")
    gale.parents.add(tempest)
    squall = tag(kind, "Squalls", synonym_of=tempest)
    before = state()
    action = do(verbs.merge, [tempest.pk], storm.pk)
    assert action.words == "“Tempests” merged into “Storms”"
    assert set(storm.synonyms.all()) == {tempest, squall}
    assert set(storm.parents.all()) == {sea, weather}
    assert set(gale.parents.all()) == {storm}
    assert ids_under(weather.pk) == {weather.pk, storm.pk, tempest.pk, squall.pk, gale.pk}
    turning.undo(action, None)
    assert state() == before
    turning.redo(action, None)
    assert set(storm.synonyms.all()) == {tempest, squall}


def test_a_merge_into_a_synonym_goes_to_its_canonical_tag(kind):
    storm = tag(kind, "Storms")
    gale, wind = tag(kind, "Gales", synonym_of=storm), tag(kind, "Wind")
    do(verbs.merge, [wind.pk], gale.pk)
    wind.refresh_from_db()
    assert wind.synonym_of == storm


def test_merging_what_stands_directly_under_the_other_drops_the_link(kind):
    sea = tag(kind, "Sea")
    storm = tag(kind, "Storms", sea)
    action = do(verbs.merge, [sea.pk], storm.pk)
    assert set(storm.synonyms.all()) == {sea}
    assert not storm.parents.exists()
    turning.undo(action, None)
    assert set(storm.parents.all()) == {sea}


def test_a_merge_that_would_make_a_circle_is_refused_and_says_what_to_do(kind):
    sea = tag(kind, "Sea")
    storm = tag(kind, "Storms", sea)
    gale = tag(kind, "Gales", storm)
    before = state()
    with pytest.raises(Conflict, match="Take one out"):
        do(verbs.merge, [sea.pk], gale.pk)
    assert state() == before


def test_no_tag_stands_under_itself(kind):
    sea = tag(kind, "Sea")
    storm = tag(kind, "Storms", sea)
    gale = tag(kind, "Gales", storm)
    for under in (gale, storm, sea):
        with pytest.raises(Conflict):
            do(verbs.nest, [sea.pk], under.pk)
    synonym = tag(kind, "Wind", synonym_of=gale)
    with pytest.raises(Conflict, match="is a synonym"):
        do(verbs.nest, [synonym.pk], sea.pk)


def test_a_renamed_tag_keeps_its_old_address_and_gets_it_back(kind, client):
    bridge.keep(story(1, "One", tags=(m.Tag(kind="theme", name="Gales"),)))
    gale = Tag.objects.get(name="Gales")
    action = do(verbs.rename, gale.pk, "  Strong   winds ")
    gale.refresh_from_db()
    assert (gale.name, gale.slug, gale.folded) == ("Strong winds", "strong-winds", "strong winds")
    assert client.get("/browse/theme/gales")["Location"] == "/browse/theme/strong-winds"
    again = do(verbs.rename, gale.pk, "Gales")
    gale.refresh_from_db()
    assert gale.slug == "gales"
    with pytest.raises(Conflict, match="“Strong winds” renamed to “Gales”"):
        turning.undo(action, None)
    turning.undo(again, None)
    turning.undo(action, None)
    assert not OldName.objects.exists()


def test_a_name_that_is_taken_is_refused_and_odd_names_too(kind):
    gale = tag(kind, "Gales")
    tag(kind, "Storms")
    with pytest.raises(Conflict, match="Merge"):
        do(verbs.rename, gale.pk, "Storms")
    for odd in ("", "  \n", "\0", "x" * 151):
        with pytest.raises(UsageError):
            do(verbs.rename, gale.pk, odd)
    do(verbs.rename, gale.pk, "GALES\0 at\nsea")
    gale.refresh_from_db()
    assert gale.name == "GALES at sea"


def test_a_move_takes_synonyms_along_and_meets_its_twin(kind, other, client):
    bridge.keep(story(1, "One", tags=(m.Tag(kind="theme", name="Calm"),)))
    calm, quiet = Tag.objects.get(name="Calm"), tag(kind, "Quiet", synonym_of=Tag.objects.get(name="Calm"))
    before = state()
    action = do(verbs.move, [calm.pk], other)
    assert set(other.tags.all()) == {calm, quiet}
    assert client.get("/browse/theme/calm")["Location"] == "/browse/mood/calm"
    turning.undo(action, None)
    assert state() == before
    twin = tag(other, "Calm")
    do(verbs.move, [calm.pk], other)
    calm.refresh_from_db()
    assert calm.synonym_of == twin


def test_a_split_tag_is_found_by_its_parts_and_offered_to_nobody(kind, other, client):
    bridge.keep(story(1, "One", tags=(m.Tag(kind="theme", name="Angst, rain"),)))
    both = Tag.objects.get()
    before = state()
    action = do(verbs.split, both.pk, [(kind, "Rain"), (other, "Angst")])
    rain, angst = Tag.objects.get(name="Rain"), Tag.objects.get(name="Angst")
    assert angst.kind == other
    assert both.pk in ids_under(rain.pk) & ids_under(angst.pk)
    assert "One" in client.get("/browse/theme/rain").content.decode()
    assert "Angst, rain" not in client.get("/browse/theme").content.decode()
    turning.undo(action, None)
    assert state() == before
    with pytest.raises(UsageError):
        do(verbs.split, both.pk, [(kind, "Rain")])


def test_synonyms_stand_for_themselves_again(kind):
    gale = tag(kind, "Gales")
    wind = tag(kind, "Wind", synonym_of=gale)
    do(verbs.separate, [wind.pk])
    wind.refresh_from_db()
    assert wind.synonym_of is None
    with pytest.raises(Conflict):
        do(verbs.separate, [wind.pk])


def test_only_what_nothing_uses_can_be_removed_and_comes_back(kind, cast):
    sea, gale = tag(kind, "Sea"), tag(kind, "Gales")
    gale.parents.add(sea)
    with pytest.raises(Conflict, match="is used"):
        do(verbs.remove, [sea.pk])
    Favourite.objects.create(account=cast.users["member"], tag=gale)
    with pytest.raises(Conflict, match="by members"):
        do(verbs.remove, [gale.pk])
    Favourite.objects.all().delete()
    do(verbs.rename, gale.pk, "Winds")
    before = state()
    action = do(verbs.remove, [gale.pk])
    assert not Tag.objects.filter(pk=gale.pk).exists()
    turning.undo(action, None)
    assert state() == before


def test_undoing_goes_past_later_actions_that_touch_something_else(kind):
    one, two, three = tag(kind, "One"), tag(kind, "Two"), tag(kind, "Three")
    first = do(verbs.merge, [one.pk], two.pk)
    do(verbs.rename, three.pk, "Third")
    do(verbs.rename, one.pk, "First")
    turning.undo(first, None)
    one.refresh_from_db()
    assert (one.name, one.synonym_of) == ("First", None)
    with pytest.raises(UsageError, match="already"):
        turning.undo(first, None)


def test_undoing_what_later_actions_build_on_is_refused_and_names_them(kind):
    one, two, three = tag(kind, "One"), tag(kind, "Two"), tag(kind, "Three")
    first = do(verbs.merge, [one.pk], two.pk)
    second = do(verbs.merge, [two.pk], three.pk)
    with pytest.raises(Conflict, match="“Two” merged into “Three”"):
        turning.undo(first, None)
    turning.undo(second, None)
    turning.undo(first, None)
    assert not Tag.objects.exclude(synonym_of=None).exists()


def test_undoing_never_makes_a_circle(kind):
    sea = tag(kind, "Sea")
    storm = tag(kind, "Storms", sea)
    first = do(verbs.take_out, [storm.pk], sea.pk)
    do(verbs.nest, [sea.pk], storm.pk)
    before = state()
    with pytest.raises(Conflict, match="under each other"):
        turning.undo(first, None)
    assert state() == before


def test_undoing_leaves_a_new_tag_that_works_use_by_now(kind):
    action = do(verbs.make, kind, "Tides")
    bridge.keep(story(1, "One", tags=(m.Tag(kind="theme", name="Tides"),)))
    assert turning.undo(action, None) == 1
    assert Tag.objects.get().uses == 1


def test_undoing_a_new_tag_under_which_another_stands_is_refused(kind):
    action = do(verbs.make, kind, "Tides")
    do(verbs.nest, [tag(kind, "Ebb").pk], Tag.objects.get(name="Tides").pk)
    with pytest.raises(Conflict):
        turning.undo(action, None)
    assert Tag.objects.filter(name="Tides").exists()


def test_the_effect_is_told_and_nothing_is_changed(kind):
    for number in range(3):
        bridge.keep(story(number, f"Story {number}", tags=(m.Tag(kind="theme", name="Gale" if number else "Gales"),)))
    gale, gales = Tag.objects.get(name="Gale"), Tag.objects.get(name="Gales")
    before = state()
    told = effects.effect(lambda sheet: verbs.merge(sheet, [gale.pk], gales.pk))
    assert (told.words, told.works) == ("“Gale” merged into “Gales”", 2)
    assert [(each.old, each.new) for each in told.moved] == [("/browse/theme/gale", "/browse/theme/gales")]
    assert state() == before
    assert not Altered.objects.exists()


def test_works_are_indexed_anew_in_the_background(kind):
    for number in range(3):
        name = "Gale" if number else "Tides"
        bridge.keep(story(number, f"Story {number}", tags=(m.Tag(kind="theme", name=name),)))
    indexing.catch_up()
    sea = tag(kind, "Sea")
    do(verbs.nest, [Tag.objects.get(name="Gale").pk], sea.pk)
    assert not Change.objects.exists()
    assert retagged.spread() == 2
    assert set(Change.objects.values_list("work", flat=True)) == set(
        Tag.objects.get(name="Gale").works.values_list("pk", flat=True)
    )


def test_the_search_finds_works_under_a_new_broader_tag(kind):
    bridge.keep(story(1, "One", tags=(m.Tag(kind="theme", name="Gale"),)))
    indexing.catch_up()
    action = do(verbs.nest, [Tag.objects.get(name="Gale").pk], tag(kind, "Sea").pk)
    indexing.catch_up()
    assert ask(None, "theme:sea").total == 1
    turning.undo(action, None)
    indexing.catch_up()
    assert ask(None, "theme:sea").total == 0


def test_works_are_gone_through_in_batches(kind, monkeypatch):
    monkeypatch.setattr(retagged, "WORKS_AT_ONCE", 2)
    for number in range(5):
        bridge.keep(story(number, f"Story {number}", tags=(m.Tag(kind="theme", name="Gale"),)))
    indexing.catch_up()
    do(verbs.rename, Tag.objects.get().pk, "Gales")
    assert retagged.spread_some() == 2
    assert retagged.spread() == 3
    assert Change.objects.count() == 5


# ── whatever wranglers do
VERBS = "merge nest take_out separate rename move split whole settle make remove apart".split()
EXAMPLES = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes where each step asks a database
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@EXAMPLES
@given(data=st.data())
def test_whatever_is_done_can_be_undone_and_no_circle_comes_about(data, transactional_cleanup):
    with transactional_cleanup():
        first = TagKind.objects.create(key="theme", name="Themes")
        kinds = [first, TagKind.objects.create(key="mood", name="Moods")]
        for number in range(6):
            tag(kinds[number % 2], f"Tag {number}")
        states, done = [state()], []
        for _ in range(data.draw(st.integers(1, 10))):
            action = anything(data, kinds)
            if action:
                done.append(action)
                states.append(state())
            whatever_happens_holds()
        for action in reversed(done):
            assert state() == states.pop()
            turning.undo(action, None)
            whatever_happens_holds()
        assert state() == states.pop()


@EXAMPLES
@given(data=st.data())
def test_undoing_and_doing_again_in_any_order_keeps_tags_sound(data, transactional_cleanup):
    with transactional_cleanup():
        kinds = [TagKind.objects.create(key="theme", name="Themes")]
        for number in range(5):
            tag(kinds[0], f"Tag {number}")
        done = [action for _ in range(8) if (action := anything(data, kinds))]
        for action in data.draw(st.permutations(done + done)):
            action.refresh_from_db()
            turn = turning.redo if action.undone_at else turning.undo
            before = state()
            try:
                turn(action, None)
            except Conflict:
                assert state() == before
            whatever_happens_holds()


@pytest.fixture
def transactional_cleanup():
    """Each example of a property begins with an empty database."""
    from contextlib import contextmanager

    from django.db import transaction

    class Over(Exception):
        pass

    @contextmanager
    def clean():
        try:
            with transaction.atomic():
                yield
                raise Over  # noqa: TRY301 — the way to roll back
        except Over:
            pass

    return clean


def anything(data, kinds):
    """Do something that a wrangler might; None where it was refused."""
    ids = list(Tag.objects.order_by("pk").values_list("pk", flat=True)) or [0]
    some = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True))
    one = data.draw(st.sampled_from(ids))
    kind = data.draw(st.sampled_from(kinds))
    name = f"Tag {data.draw(st.integers(0, 9))}"
    verb = data.draw(st.sampled_from(VERBS))
    args = {
        "merge": (some, one), "nest": (some, one), "take_out": (some, one), "separate": (some,), "rename": (one, name),
        "move": (some, kind), "split": (one, [(kind, name), (kind, "Tag 10")]), "whole": (some,), "settle": (some,),
        "make": (kind, name), "remove": (some,), "apart": ([(some[0], one)] if some[0] != one else [],),
    }[verb]  # fmt: skip
    before = state()
    try:
        from django.db import transaction

        with transaction.atomic():
            return do(getattr(verbs, verb), *args)
    except (Conflict, UsageError):
        assert state() == before
        return None


def whatever_happens_holds():
    """No circles, no synonyms of synonyms, nothing under or over a synonym, no address twice."""
    links = set(Tag.parents.through.objects.values_list("from_tag", "to_tag"))
    over = {tag: {tag} for tag in Tag.objects.values_list("pk", flat=True)}
    assert not any(child == parent for child, parent in links)
    for _ in over:
        for child, parent in links:
            over[child] |= over[parent]
    assert not any(child in over[parent] for child, parent in links)
    synonyms = dict(Tag.objects.exclude(synonym_of=None).values_list("pk", "synonym_of"))
    assert not set(synonyms) & set(synonyms.values())
    assert not set(synonyms) & {tag for link in links for tag in link}

"""Stories become rows and come back as they were; what a person has edited stays."""

import contextlib
import dataclasses

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storykeep.model import story as m
from storykeep.model.provenance import Evidence, Finding
from storykeep.site.reading.kinds import counted_kinds
from storykeep.site.search import indexing
from storykeep.site.works import bridge, keeping_stories
from storykeep.site.works.models import Change, EditedField, Revision, Work

pytestmark = pytest.mark.django_db

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
NUMBER = st.integers(0, 2**40)
BODIES = st.sampled_from(
    [
        "",
        "<p>She said <em>no</em>.</p>",
        '<p>One</p><hr class="scene"><p>Two</p>',
        '<p>Yes.</p><hr class="gap gap-reply"><p>Isn’t it?</p>',
        '<div class="lines">Roses<br>red</div>',
    ]
)
SPECIAL = {"body": BODIES, "summary": BODIES, "bio": BODIES, "answer": BODIES, "description": BODIES}


def records(kind):
    """Return a strategy for any record of the model, from its type hints."""
    import typing

    hints = typing.get_type_hints(kind)
    fields = {f.name: SPECIAL[f.name] if f.name in SPECIAL else values(hints[f.name]) for f in dataclasses.fields(kind)}
    return st.builds(kind, **fields)


def values(hint):
    import enum
    import typing

    if typing.get_origin(hint) is tuple:
        return st.lists(values(typing.get_args(hint)[0]), max_size=2).map(tuple)
    if hint in (str, int, bool, float):
        simple = {str: WORDS, int: NUMBER, bool: st.booleans(), float: st.floats(0, 1, allow_subnormal=False)}
        return simple[hint]
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    if dataclasses.is_dataclass(hint):
        return records(hint)
    return st.none() | values(next(part for part in typing.get_args(hint) if part is not type(None)))


@contextlib.contextmanager
def forgotten():
    """Take back what one example wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


slow = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking through a database takes minutes
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@slow
@given(records(m.Story))
def test_a_story_comes_back_as_it_was_kept(story):
    with forgotten():
        again = bridge.story_of(Work.objects.get(pk=bridge.keep(story).pk))
    for field in dataclasses.fields(m.Story):
        assert getattr(again, field.name) == getattr(story, field.name), field.name


@slow
@given(records(m.Person))
def test_a_person_comes_back_as_kept(person):
    with forgotten():
        assert bridge.person_of(bridge.keep(person)) == person


@slow
@given(records(m.Series))
def test_a_series_comes_back_as_kept(series):
    with forgotten():
        assert bridge.series_of(bridge.keep(series)) == series


@slow
@given(records(m.Page))
def test_a_page_comes_back_as_kept(page):
    with forgotten():
        assert bridge.page_of(bridge.keep(page)) == page


def test_the_archive_comes_back_as_kept():
    archive = m.Archive(name="Moonlit", slogan="Tales", tag_kinds=(m.TagKind(key="pairing", name="Pairings"),))
    assert bridge.archive_of(bridge.keep(archive)) == archive


STORY = m.Story(
    key="moonlit/fic/7",
    title="Lanterns",
    archive="Moonlit",
    credits=(m.Credit(name="Ada"),),
    chapters=(m.Chapter(key="1", title="One", body="<p>It was late.</p>"),),
    findings=(Finding(code="title.doubt", where="line 1"), Finding(code="gap.reply", where="line 9")),
    evidence=(Evidence(field="title", rule="heading", quote="Lanterns"),),
)


def test_keeping_the_same_story_again_changes_nothing():
    first = bridge.keep(STORY)
    again = bridge.keep(STORY)
    assert (again.pk, again.version, again.changed_at) == (first.pk, first.version, first.changed_at)
    assert Revision.objects.count() == 1
    assert Change.objects.count() == 1


def test_a_new_text_of_a_chapter_is_a_new_revision_and_the_old_one_stays():
    work = bridge.keep(STORY)
    chapter = dataclasses.replace(STORY.chapters[0], body="<p>It was very late.</p>")
    bridge.keep(dataclasses.replace(STORY, chapters=(chapter,)))
    bodies = work.chapters.get().revisions.order_by("number").values_list("body", flat=True)
    assert list(bodies) == ["<p>It was late.</p>", "<p>It was very late.</p>"]
    assert work.chapters.get().current.number == 2


def test_what_a_person_has_edited_stays_when_a_rescue_runs_again():
    work = bridge.keep(STORY)
    work.title = "The Lanterns"
    work.save()
    chapter = work.chapters.get()
    keeping_stories.revise(chapter, "<p>It was late, and cold.</p>", reason="edited")
    for field in ("title", "credits", "chapters.1.body"):
        EditedField.objects.create(work=work, field=field)
    changed = dataclasses.replace(STORY, title="LANTERNS", summary="<p>Light.</p>", credits=(m.Credit(name="ada"),))
    story = bridge.story_of(bridge.keep(changed))
    assert (story.title, story.summary, story.authors) == ("The Lanterns", "<p>Light.</p>", ("Ada",))
    assert story.chapters[0].body == "<p>It was late, and cold.</p>"


def test_a_settled_finding_stays_settled_and_an_open_one_goes_when_it_is_seen_no_more():
    work = bridge.keep(STORY)
    work.findings.filter(code="title.doubt").update(state="accepted")
    bridge.keep(dataclasses.replace(STORY, findings=(), summary="<p>New.</p>"))
    assert list(work.findings.values_list("code", "current")) == [("title.doubt", False)]
    bridge.keep(STORY)
    assert dict(work.findings.values_list("code", "state")) == {"title.doubt": "accepted", "gap.reply": "open"}


def test_a_hostile_bundle_is_cleaned_on_its_way_in():
    bad = '<p onclick="x()">Hi<script>alert(1)</script><img src=x onerror=alert(1)></p>'
    hostile = dataclasses.replace(
        STORY, summary=bad, chapters=(m.Chapter(key="1", body=bad),), reviews=(m.Review(key="r", body=bad),)
    )
    work = bridge.keep(hostile)
    for html in (work.summary, work.chapters.get().current.html, work.reviews.get().body):
        assert "Hi" in html
        assert "script" not in html
        assert "onclick" not in html
        assert "onerror" not in html


def test_what_no_database_stores_does_not_stop_a_story():
    story = bridge.story_of(bridge.keep(dataclasses.replace(STORY, title="Lan\0terns \ud800")))
    assert story.title == "Lanterns ?"


def test_a_gap_is_shown_as_quiet_words_and_a_picture_from_elsewhere_is_not_fetched():
    body = '<p>Yes.</p><hr class="gap gap-reply"><p><img src="http://tracker.example/x.gif" alt="a moon"></p>'
    html = (
        bridge.keep(dataclasses.replace(STORY, chapters=(m.Chapter(key="1", body=body),))).chapters.get().current.html
    )
    assert "[a line is missing in the surviving copy]" in html
    assert "tracker.example" not in html
    assert "a moon" in html


def test_two_spellings_of_a_tag_that_differ_in_accents_or_case_are_one_for_readers():
    bridge.keep(dataclasses.replace(STORY, tags=(m.Tag(kind="mood", name="Rêverie"),)))
    bridge.keep(dataclasses.replace(STORY, key="moonlit/fic/8", tags=(m.Tag(kind="mood", name="reverie"),)))
    indexing.catch_up()
    (kind,) = counted_kinds(AnonymousUser(), 6)
    assert [(each.words, each.count) for each in kind.tags] == [("Rêverie", 2)]


def test_a_sequel_finds_the_work_that_it_follows():
    first = bridge.keep(dataclasses.replace(STORY, addresses=("http://www.moonlit.example/fic.html?id=7",)))
    sequel = m.Relation(
        kind=m.RelationKind.SEQUEL_OF, target="Lanterns", address="http://moonlit.example/plainfic.html?id=7"
    )
    bridge.keep_all([dataclasses.replace(STORY, key="moonlit/fic/9", relations=(sequel,))])
    assert Work.objects.get(key="moonlit/fic/9").relations.get().to == first


def test_a_stricter_sanitiser_cleans_what_came_in_before_it(monkeypatch):
    from storykeep.site.works import recleaning
    from storykeep.text import sanitise

    work = bridge.keep(dataclasses.replace(STORY, summary="<p>Hi</p>", notes=(m.Note(body="<p>N</p>"),)))
    assert recleaning.reclean() == 0
    real = sanitise.clean
    monkeypatch.setattr(sanitise, "VERSION", sanitise.VERSION + 1)
    monkeypatch.setattr(sanitise, "clean", lambda html: real(html.replace("late", "early").replace("Hi", "Ho")))
    assert recleaning.reclean() == 1
    work.refresh_from_db()
    text = work.chapters.get().current
    assert (work.summary, text.body, text.sanitiser) == ("<p>Ho</p>", "<p>It was early.</p>", sanitise.VERSION)
    assert work.chapters.get().revisions.count() == 2
    assert recleaning.reclean() == 0

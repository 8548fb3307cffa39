"""Stories become rows and come back as they were; what a person has edited stays."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storykeep.model import story as m
from storykeep.site.works import bridge
from storykeep.site.works.models import Work

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


slow = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@slow
@given(records(m.Story))
def test_a_story_comes_back_as_it_was_kept(story):
    Work.objects.all().delete()
    again = bridge.story_of(Work.objects.get(pk=bridge.keep(story).pk))
    for field in dataclasses.fields(m.Story):
        assert getattr(again, field.name) == getattr(story, field.name), field.name


@slow
@given(records(m.Person))
def test_a_person_comes_back_as_kept(person):
    assert bridge.person_of(bridge.keep(person)) == person


@slow
@given(records(m.Series))
def test_a_series_comes_back_as_kept(series):
    assert bridge.series_of(bridge.keep(series)) == series


@slow
@given(records(m.Page))
def test_a_page_comes_back_as_kept(page):
    assert bridge.page_of(bridge.keep(page)) == page


def test_the_archive_comes_back_as_kept():
    archive = m.Archive(name="Moonlit", slogan="Tales", tag_kinds=(m.TagKind(key="pairing", name="Pairings"),))
    assert bridge.archive_of(bridge.keep(archive)) == archive

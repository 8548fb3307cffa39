"""Two wranglers at once: no circle comes about, nothing is done twice."""

import pytest

from at_once import in_threads
from storykeep.model.errors import Conflict, UsageError
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.wrangling import actions, turning, verbs
from storykeep.site.wrangling.models import Action

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Do all ``deeds`` at the same moment; return what each raised, or None.

    On SQLite one after another: it lets one write at a time, and the tests' database is one connection's own.
    """
    said = [None] * len(deeds)

    def run(number):
        try:
            deeds[number]()
        except (Conflict, UsageError) as error:
            said[number] = error

    in_threads([lambda number=number: run(number) for number in range(len(deeds))])
    return said


def test_two_who_nest_each_other_at_once_make_no_circle():
    kind = TagKind.objects.create(key="theme", name="Themes")
    for number in range(6):
        one, two = (Tag.objects.create(kind=kind, name=f"{name} {number}") for name in ("Sea", "Storm"))
        said = at_once(*(nesting(*pair) for pair in ((one, two), (two, one))))
        assert sum(each is not None for each in said) == 1
        assert Tag.parents.through.objects.filter(from_tag__in=(one, two)).count() == 1


def nesting(tag, under):
    return lambda: actions.do(None, "nest", lambda sheet: verbs.nest(sheet, [tag.pk], under.pk))


def test_an_action_is_undone_once_by_two_who_undo_it_at_once():
    kind = TagKind.objects.create(key="theme", name="Themes")
    one, two = (Tag.objects.create(kind=kind, name=name) for name in ("Sea", "Storm"))
    action = actions.do(None, "merge", lambda sheet: verbs.merge(sheet, [one.pk], two.pk))
    said = at_once(*[lambda: turning.undo(action, None)] * 2)
    assert sum(each is not None for each in said) == 1
    assert not Tag.objects.exclude(synonym_of=None).exists()
    assert Action.objects.exclude(undone_at=None).count() == 1


def test_writers_go_on_while_a_wrangler_is_at_it():
    kind = TagKind.objects.create(key="theme", name="Themes")
    one, two = (Tag.objects.create(kind=kind, name=name) for name in ("Sea", "Storm"))

    def slow(sheet):
        in_threads([lambda: Tag.objects.create(kind=kind, name="Gales")])
        return verbs.merge(sheet, [one.pk], two.pk)

    actions.do(None, "merge", slow)
    assert Tag.objects.filter(name="Gales").exists()

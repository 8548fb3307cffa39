"""The works before and after one in its series: in the order of the series' page, and only those that one may read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moonlit import story
from storykeep.model import story as m
from storykeep.site.works import bridge, queries, series_steps
from storykeep.site.works.models import Series, Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(cast):
    """A series of six: three with numbers (two of them with the same), three of unknown place; one more series."""
    found = []
    for number, position in enumerate((1, 2, 2, 0, 0, 3), start=1):
        places = [m.SeriesPlace(title="Lamps", position=position)]
        places += [m.SeriesPlace(title="Tides", position=9 - number)] if number in {1, 2} else []
        found.append(bridge.keep(story(number, f"Part {number}", series=tuple(places))))
    return found


def walk(user):
    """Return the titles in the order in which the steps lead from one to the next, and back again."""
    lamps = Series.objects.get(title="Lamps")
    works = {work.pk: work for work in queries.works_in(user, lamps)}
    steps = {pk: next(s for s in series_steps.around(user, w) if s[0].series == lamps) for pk, w in works.items()}
    first = next(pk for pk, (_, before, _after) in steps.items() if before is None)
    order = [first]
    while steps[order[-1]][2]:
        order.append(steps[order[-1]][2].pk)
    assert [steps[pk][1] and steps[pk][1].pk for pk in order] == [None, *order[:-1]]
    return order, [work.pk for work in queries.works_in(user, lamps)]


def test_the_steps_lead_through_a_series_in_its_own_order(cast, parts):
    order, listed = walk(cast.users["visitor"])
    assert order == listed
    assert len(order) == 6


@pytest.mark.parametrize("hidden", ["members", "draft", "hidden", "removed", "trash"])
def test_what_one_may_not_read_is_stepped_over(cast, parts, hidden):
    Work.objects.filter(pk=parts[1].pk).update(visibility=hidden)
    order, listed = walk(cast.users["visitor"])
    assert order == listed
    page = cast.browsers["visitor"].get(parts[0].get_absolute_url()).content.decode()
    assert "Part 2" not in page
    assert "Part 3" in page


def test_each_series_has_its_own_steps_at_the_end_of_a_work(cast, parts):
    page = cast.browsers["visitor"].get(parts[0].get_absolute_url()).content.decode()
    assert 'aria-label="The series Lamps"' in page
    assert 'aria-label="The series Tides"' in page
    assert "Before it: </span><bdi>Part 2" in page


def test_many_works_in_many_series_cost_as_much_as_one(cast, parts):
    def price(work):
        with CaptureQueriesContext(connection) as asked:
            series_steps.around(cast.users["member"], work)
        return len(asked)

    price(parts[0])  # who asks is known from now on
    assert {price(work) for work in parts} == {2}

"""Authors see how their works are read: as plots, as tables, as a file; and nothing about anybody else's."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from storykeep.site.readership.models import Day, Visit, Way
from storykeep.site.search.models import SavedSearch
from storykeep.site.statistics import few, spans
from storykeep.site.statistics.measures import MEASURES
from storykeep.site.statistics.plots import nice, plot
from storykeep.site.talk.models import Comment, Kept, Kudo
from storykeep.site.works.models import Credit, Work

TODAY = dt.date(2026, 3, 31)


def today() -> dt.date:
    return timezone.now().astimezone(dt.UTC).date()


@pytest.fixture
def read(works):
    """The public work was read five times a week ago and three times today; the members' one three times last year."""
    Day.objects.create(work=works["public"], day=today() - dt.timedelta(days=7), way=Way.READ, readers=5)
    Day.objects.create(work=works["members"], day=today() - dt.timedelta(days=400), way=Way.READ, readers=3)
    for digest in ("a", "b", "c", "d"):  # the fourth is not told yet
        Visit.objects.create(work=works["public"], day=today(), way=Way.READ, digest=digest)
    Day.objects.create(work=works["public"], day=today() - dt.timedelta(days=7), way=Way.TAKEN, readers=1)
    return works


def page(browser, name="statistics", *args, **given):
    answer = browser.get(reverse(name, args=args), given)
    assert answer.status_code == 200
    return html.fromstring(answer.content)


def words(element) -> str:
    return " ".join(element.text_content().split())


def total(tree, key: str) -> int:
    return int(words(tree.get_element_by_id(f"plot-{key}").find_class("number")[0]))


# ── what an author sees
def test_readers_of_days_gone_by_and_of_today_are_one_plot(read, cast):
    tree = page(cast.browsers["author"])
    assert total(tree, "readers") == 8
    assert total(tree, "downloads") == 1
    drawn = tree.xpath("//svg[@class='columns']")[0]
    assert len(drawn.findall("rect")) == 2
    assert "8 in all, most in" in drawn.get("aria-label")
    table = tree.xpath("//figure[1]//tbody/tr")
    assert len(table) == 30
    assert words(table[-1].find("td")) == "3"


def test_a_longer_stretch_shows_what_was_earlier(read, cast):
    assert total(page(cast.browsers["author"], span="year"), "readers") == 8
    tree = page(cast.browsers["author"], span="all")
    assert total(tree, "readers") == 11
    assert [words(each.find("th")) for each in tree.xpath("//figure[1]//tbody/tr")][-1] == str(today().year)


def test_works_stand_in_the_order_of_their_readers(read, cast):
    lines = page(cast.browsers["author"], span="all").xpath("//ol[@class='by-work']/li")
    assert words(lines[0]).startswith("A public harbour")
    assert "8 readers, 1 download" in words(lines[0])
    assert "3 readers" in words(lines[1])


def test_one_work_has_a_page_of_its_own(read, cast):
    tree = page(cast.browsers["author"], "statistics-work", read["members"].ref, span="all")
    assert total(tree, "readers") == 3


def test_reads_that_the_old_archive_counted_are_told_apart(read, cast):
    Work.objects.filter(pk=read["public"].pk).update(reads=1234)
    assert "read 1234 times before it came here" in words(page(cast.browsers["author"]))
    assert total(page(cast.browsers["author"]), "readers") == 8


def test_the_file_has_every_number(read, cast):
    Work.objects.filter(pk=read["public"].pk).update(title="=1+1")
    answer = cast.browsers["author"].get(reverse("statistics-csv"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert sum(int(row["number"]) for row in rows if row["what"] == "readers") == 11
    assert {row["work"] for row in rows} == {"'=1+1", "A members harbour"}


@pytest.mark.parametrize("given", [{"span": "century"}, {"by": "money"}, {"span": ["all", "year"]}, {"span": "\0"}])
def test_what_is_not_offered_is_the_usual_page(read, cast, given):
    assert cast.browsers["author"].get(reverse("statistics"), given).status_code == 200


def test_kudos_comments_and_shelves_are_counted_and_nobody_is_named(read, cast):
    work, member = read["public"], cast.users["member"]
    Kudo.objects.create(work=work, who=f"a{member.pk}", account=member)
    Comment.objects.create(work=work, account=member, request="1", body="<p>Well.</p>")
    Comment.objects.create(work=work, account=cast.users["author"], request="2", by_author=True)
    Comment.objects.create(work=work, name="X", request="3", state="spam")
    Kept.objects.create(account=member, work=work)
    Kept.objects.update(at=timezone.now() - dt.timedelta(days=2))
    tree = page(cast.browsers["author"])
    assert [total(tree, key) for key in ("kudos", "comments", "shelves")] == [1, 1, 1]
    assert "8 readers, 1 download, 1 kudo, 1 comment, 1 shelf" in words(tree.xpath("//ol[@class='by-work']/li")[0])
    assert "member" not in words(tree.xpath("//main")[0]).lower().replace("members", "")


def test_those_who_follow_are_a_number(read, cast):
    person = cast.users["author"].people.get()
    SavedSearch.objects.create(account=cast.users["member"], name="a", address=person.get_absolute_url())
    SavedSearch.objects.create(account=cast.users["member"], name="b", address=f"{person.get_absolute_url()}?lang=en")
    SavedSearch.objects.create(account=cast.users["archivist"], name="c", address=f"{person.get_absolute_url()}-other")
    assert "follows your page" not in words(page(cast.browsers["author"]))  # those of today are told later
    SavedSearch.objects.update(made_at=timezone.now() - dt.timedelta(days=1))
    tree = page(cast.browsers["author"])
    assert "1 member follows your page" in words(tree)
    assert total(tree, "followers") == 1
    rows = csv.DictReader(io.StringIO(cast.browsers["author"].get(reverse("statistics-csv")).content.decode()))
    assert [(row["work"], row["number"]) for row in rows if row["what"] == "followers"] == [("", "1")]


# ── who
def test_nobody_sees_the_numbers_of_works_that_are_not_theirs(read, cast):
    for person in ("member", "archivist", "host"):
        browser = cast.browsers[person]
        assert browser.get(reverse("statistics-work", args=[read["public"].ref])).status_code == 404
        assert "Your name stands under no work yet" in words(page(browser))
        assert len(browser.get(reverse("statistics-csv")).content.splitlines()) == 1


def test_the_number_of_queries_does_not_grow_with_works(read, cast, django_assert_max_num_queries):
    browser = cast.browsers["author"]
    url = reverse("statistics")
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    with CaptureQueriesContext(connection) as few_lines:
        browser.get(reverse("statistics-csv"))
    author = read["public"].credits.first()
    made = Work.objects.bulk_create([Work(key=f"more-{number}", title=f"More {number}") for number in range(500)])
    Credit.objects.bulk_create(
        [Credit(work=work, person=author.person, name=author.name, role=author.role) for work in made]
    )
    Day.objects.bulk_create([Day(work=work, day=today() - dt.timedelta(days=3), readers=4) for work in made])
    with django_assert_max_num_queries(len(few)):
        html = browser.get(url).content.decode()
    assert "And 403 more: the file below has all of them." in html
    with django_assert_max_num_queries(len(few_lines)):
        browser.get(reverse("statistics-csv"))


# ── small numbers
def test_today_grows_in_steps_so_that_nobody_sees_a_single_reader_come(works, cast):
    seen = []
    for number in range(7):
        Visit.objects.create(work=works["public"], day=today(), way=Way.READ, digest=str(number))
        seen.append(total(page(cast.browsers["author"]), "readers"))
    assert seen == [0, 0, 3, 3, 3, 6, 6]


def test_a_day_with_one_or_two_readers_does_not_say_which(works, cast):
    for ago, readers in ((3, 1), (4, 2), (5, 3)):
        Day.objects.create(work=works["public"], day=today() - dt.timedelta(days=ago), way=Way.READ, readers=readers)
    tree = page(cast.browsers["author"])
    told = [words(cell) for cell in tree.xpath("//figure[1]//tbody//td")]
    assert (told.count("1 or 2"), told.count("3"), total(tree, "readers")) == (2, 1, 6)
    heights = {each.get("height") for each in tree.xpath("//svg[@class='columns'][1]/rect")}
    assert heights == {"50%", "75%"}
    rows = list(csv.DictReader(io.StringIO(cast.browsers["author"].get(reverse("statistics-csv")).content.decode())))
    assert sum(int(row["number"]) for row in rows) == 6
    assert all(int(row["number"]) >= 3 or row["day (UTC)"].endswith("other days") for row in rows)


def test_what_everybody_sees_is_told_as_it_is(works, cast):
    Kudo.objects.create(work=works["public"], who="g1")
    assert total(page(cast.browsers["author"]), "kudos") == 1
    assert few.in_steps({}, today()) == {}


def test_a_shelf_of_today_is_told_later(works, cast):
    Kept.objects.create(work=works["public"], account=cast.users["member"])
    assert total(page(cast.browsers["author"]), "shelves") == 0


@pytest.mark.parametrize(
    ("at", "day"), [("2026-03-01T23:59:59.9", "2026-03-01"), ("2026-03-02T00:00:00", "2026-03-02")]
)
def test_a_day_ends_at_midnight_utc(works, cast, at, day):
    Kudo.objects.create(work=works["public"], who="g1")
    Kudo.objects.update(at=dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC))
    rows = csv.DictReader(io.StringIO(cast.browsers["author"].get(reverse("statistics-csv")).content.decode()))
    assert [row["day (UTC)"] for row in rows] == [day]


# ── spans and plots
def test_thirty_days_end_today_over_the_end_of_a_month():
    span = spans.days(dt.date(2026, 3, 1))
    assert (span.first, span.last, len(span.bars)) == (dt.date(2026, 1, 31), dt.date(2026, 3, 1), 30)
    assert span.at(dt.date(2026, 2, 1)) == 1
    assert span.at(dt.date(2026, 1, 30)) is None


def test_twelve_months_are_whole_months():
    span = spans.months(dt.date(2026, 1, 31))
    assert span.first == dt.date(2025, 2, 1)
    assert span.last == dt.date(2026, 1, 31)
    assert span.at(dt.date(2025, 12, 31)) == 10


def test_years_are_two_at_least_and_thirty_at_most():
    assert len(spans.years(TODAY, TODAY).bars) == 2
    assert len(spans.years(TODAY, dt.date(1970, 1, 1)).bars) == 30


def test_no_bar_is_higher_than_its_plot_and_none_lies_beside_it():
    drawn = plot(MEASURES[0], spans.days(TODAY), [*range(30)])
    assert nice(29) == drawn.ticks[0] == 40
    for column in drawn.columns:
        assert 0 <= float(column.y[:-1]) <= 100
        assert float(column.x[:-1]) + float(column.width[:-1]) <= 100
        assert float(column.y[:-1]) + float(column.height[:-1]) == pytest.approx(100, abs=0.01)


def test_nothing_at_all_is_said_in_words():
    assert plot(MEASURES[0], spans.days(TODAY), [0] * 30).said.endswith(": none.")

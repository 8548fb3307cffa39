"""How many read a work is counted; who they were is not kept."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from storykeep.site.readership import counting, totals
from storykeep.site.readership.models import Day, Visit, Way
from storykeep.site.search.indexing import catch_up
from storykeep.site.works import changes
from storykeep.site.works.models import Change, Work

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TODAY = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def nobody_waits():
    counting.waiting.clear()
    counting.known_secrets.clear()


@pytest.fixture
def story(works):
    return works["public"]


def opens(story, *, address: str = "203.0.113.7", browser: str = BROWSER, client: Client | None = None, **headers):
    given = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": browser, **headers}
    answer = (client or Client()).get(story.get_absolute_url(), **given)
    assert answer.status_code == 200


def seen() -> int:
    counting.write()
    return Visit.objects.filter(way=Way.READ).count()


def test_one_reader_counts_once_a_day_whatever_they_open(story):
    for _ in range(3):
        opens(story)
    Client().get(reverse("whole", args=[story.ref, story.slug]), REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT=BROWSER)
    assert seen() == 1
    opens(story)
    assert seen() == 1


def test_other_addresses_and_other_browsers_are_other_readers(story):
    opens(story)
    opens(story, address="203.0.113.8")
    opens(story, browser=BROWSER.replace("140", "141"))
    assert seen() == 3


def test_a_member_is_one_reader_on_all_devices(story, cast):
    opens(story, client=cast.browsers["member"])
    opens(story, client=cast.browsers["member"], address="198.51.100.2", browser="Another/1.0 browser")
    assert seen() == 1


@pytest.mark.parametrize("name", ["Googlebot/2.1", "curl/8.5", "python-requests/2.31", "GPTBot/1.0", "Feedly", ""])
def test_machines_are_no_readers(story, name):
    opens(story, browser=name)
    assert seen() == 0


def test_what_a_browser_fetches_ahead_is_not_read(story):
    opens(story, HTTP_SEC_PURPOSE="prefetch")
    assert seen() == 0


def test_authors_do_not_count_at_their_own_works(story, cast):
    opens(story, client=cast.browsers["author"])
    assert seen() == 0


def test_nobody_counts_at_what_they_may_not_see(works):
    answer = Client().get(works["hidden"].get_absolute_url(), HTTP_USER_AGENT=BROWSER)
    assert answer.status_code == 404
    assert seen() == 0


def test_nobody_counts_at_a_draft_or_what_is_hidden(works, cast):
    for name in ("draft", "hidden"):
        opens(works[name], client=cast.browsers["archivist"])
    assert seen() == 0


def test_downloads_count_by_themselves(story):
    Client().get(reverse("download", args=[story.ref, story.slug, "txt"]), HTTP_USER_AGENT=BROWSER)
    counting.write()
    assert list(Visit.objects.values_list("way", flat=True)) == [Way.TAKEN]


def test_nothing_kept_tells_who_somebody_is_or_that_one_reader_read_two_works(works, cast):
    for name in ("public", "members"):
        opens(works[name], client=cast.browsers["member"])
    counting.write()
    digests = list(Visit.objects.values_list("digest", flat=True))
    assert len(digests) == len(set(digests)) == 2
    kept = {field.name for field in Visit._meta.get_fields()}
    assert kept == {"id", "work", "day", "way", "digest", "counted"}


def test_a_day_that_is_over_becomes_a_number_and_its_visitors_go(story):
    for number in range(3):
        Visit.objects.create(work=story, day=TODAY, way=Way.READ, digest=str(number))
    assert counting.close(TODAY) == 0  # it is not over yet
    assert counting.close(TODAY + dt.timedelta(days=1)) == 1
    assert not Visit.objects.exists()
    Visit.objects.create(work=story, day=TODAY, way=Way.READ, digest="late")
    counting.close(TODAY + dt.timedelta(days=1))
    counting.close(TODAY + dt.timedelta(days=1))
    assert Day.objects.get().readers == 4


def test_a_work_that_went_meanwhile_stops_nothing(works, cast):
    opens(works["public"])
    opens(works["members"], client=cast.browsers["member"])
    works["public"].delete()
    assert seen() == 1
    assert not counting.waiting


# ── the number at the work
def read_here(story) -> int:
    return Work.objects.get(pk=story.pk).read_here


def visits(story, number: int, *, day: dt.date = TODAY, way: str = Way.READ):
    rows = [Visit(work=story, day=day, way=way, digest=f"{way}{each}") for each in range(number)]
    Visit.objects.bulk_create(rows, ignore_conflicts=True)


def test_readers_are_added_to_the_number_of_their_work_once_and_by_threes(story):
    seen_at_the_work = []
    for last in range(1, 8):
        opens(story, address=f"203.0.113.{last}")
        opens(story, address="203.0.113.1")
        counting.write()
        assert read_here(story) == (last - 1) // 3 * 3  # nothing of it while a reader waits
        totals.take_in()
        seen_at_the_work.append(read_here(story))
    assert seen_at_the_work == [0, 0, 3, 3, 3, 6, 6]
    assert totals.take_in() == 0
    tomorrow = timezone.now().astimezone(dt.UTC).date() + dt.timedelta(days=1)
    counting.close(tomorrow)
    assert (read_here(story), Day.objects.get().readers) == (7, 7)


def test_a_day_that_is_over_changes_no_number(story):
    visits(story, 3)
    visits(story, 2, way=Way.TAKEN)
    counting.close(TODAY + dt.timedelta(days=1))
    assert (read_here(story), Day.objects.get(way=Way.READ).readers, Visit.objects.count()) == (3, 3, 0)
    counting.close(TODAY + dt.timedelta(days=1))
    assert read_here(story) == 3


def test_a_thousand_readers_of_one_work_put_it_up_for_the_index_once(story):
    Change.objects.all().delete()
    visits(story, 1000)
    totals.take_in()
    changes.gather()
    assert (read_here(story), Change.objects.count()) == (1000, 1)
    Visit.objects.create(work=story, day=TODAY, way=Way.READ, digest="one more")
    totals.take_in()
    assert (read_here(story), changes.gather()) == (1001, 0)  # one more among a thousand changes no order …
    counting.close(TODAY + dt.timedelta(days=1))
    assert changes.gather() == 1  # … until the day is over


def test_most_read_counts_the_living_and_those_of_the_old_archive(works):
    made = [
        Work.objects.create(key=title, title=title, reads=old)
        for title, old in (("Old", 5), ("New", 0), ("Both", 3), ("None", 0))
    ]
    changes.record(work.pk for work in made)
    catch_up()
    visits(made[1], 7)
    visits(made[2], 3)
    totals.take_in()
    changes.gather()
    catch_up()
    there = Client().get("/search", {"order": "reads"}).content.decode()
    assert sorted(("New", "Both", "Old", "None"), key=lambda title: there.index(f"<bdi>{title}</bdi>")) == [
        "New", "Both", "Old", "None",
    ]  # fmt: skip
    assert there.index("<li>7 readers</li>") < there.index("<li>6 readers</li>") < there.index("<li>5 readers</li>")


def test_taking_in_asks_the_same_however_many_works_were_read(story, django_assert_max_num_queries):
    for number in range(50):
        visits(Work.objects.create(key=f"w{number}", title=f"W {number}"), 3)
    with django_assert_max_num_queries(12):
        assert totals.take_in() == 150

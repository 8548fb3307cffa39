"""Figures about a large archive are counted for the first reader, and then in the background."""

from types import SimpleNamespace

import pytest

from storykeep.site.reading import clock, queries
from storykeep.site.reading import remembered as figures
from storykeep.site.search.contract import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def threads(monkeypatch):
    """The counts that were begun in the background; each waits until the test lets it happen."""
    begun = []

    class Waiting:
        def __init__(self, target, args, **_):
            self.start = lambda: begun.append(lambda: target(*args))

    monkeypatch.setattr(figures, "threading", SimpleNamespace(Thread=Waiting))  # the engine's own threads go on
    monkeypatch.setattr(figures, "_kept", type(figures._kept)())
    monkeypatch.setattr(figures.connection, "close", lambda: None)
    return begun


def test_a_small_archive_is_counted_each_time(threads):
    counts = iter(range(9))
    assert [figures.remembered("words", Reader(), 10, lambda: next(counts)) for _ in range(3)] == [0, 1, 2]


def test_nobody_waits_for_a_large_archive_to_be_counted_anew(threads, monkeypatch):
    counts = iter(range(9))

    def ask(account=0):
        return figures.remembered("words", Reader(account=account), figures.LARGE, lambda: next(counts))

    assert [ask(), ask()] == [0, 0]
    assert ask(3) == 1
    monkeypatch.setattr(figures, "WHILE", -1)
    figures.keep(("words", Reader()), 0)
    monkeypatch.setattr(figures, "WHILE", 300)
    assert [ask(), ask()] == [0, 0]
    assert len(threads) == 1
    threads[0]()
    assert ask() == 2


def test_a_large_archive_has_all_its_pages(client, works, threads, monkeypatch):
    monkeypatch.setattr(figures, "LARGE", 0)
    for _ in range(2):
        for address in ("/", "/titles", "/authors", "/series", "/browse/mood", "/titles/P", "/authors/under/A"):
            assert client.get(address).status_code == 200, address


def test_members_who_see_the_same_share_a_count_and_others_do_not(cast, works):
    alike = {who: figures.reader_alike(cast.users[who]) for who in ("member", "author", "archivist", "host")}
    assert alike["member"].account == figures.ANY_MEMBER
    assert alike["archivist"] == alike["host"]
    assert alike["author"].account == cast.users["author"].pk
    for who, reader in alike.items():
        assert figures.works_of(reader) == queries.titles(cast.users[who]).count(), who


def test_the_letters_of_a_large_archive_are_counted_before_a_visitor_asks(works, threads, monkeypatch, client):
    monkeypatch.setattr(clock, "LARGE", 1)
    monkeypatch.setattr(figures, "LARGE", 1)
    clock.count_ahead()
    monkeypatch.setattr("storykeep.site.reading.views.lists.letters_of", lambda _: pytest.fail("counted anew"))
    for address in ("/titles", "/authors", "/series"):
        assert client.get(address).status_code == 200, address

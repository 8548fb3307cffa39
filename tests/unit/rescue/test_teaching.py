"""A rule in a finished rescue: what it would change, what it changes, and that undoing it leaves nothing."""

import pytest

import odd
from storykeep.model.errors import UsageError
from storykeep.rescue import teaching
from storykeep.rescue.pipeline import rescue

CARDS, LEDGER = odd.archive("cards", 6), odd.archive("ledger", 5)


@pytest.fixture
def brought(tmp_path):
    folder = tmp_path / "lantern"
    for page in (*CARDS, *LEDGER):
        path = folder / page.capture.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.data)
    return folder


@pytest.fixture
def data(tmp_path, brought):
    rescue(brought, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def place(data):
    with teaching.opened_rescue(data, "lantern") as place:
        yield place


def everything(place):
    """All records and findings of a rescue, byte by byte."""
    query = "SELECT kind, key, place, origin, digest, facts, body FROM records ORDER BY kind, key"
    findings = "SELECT stage, owner, code, place, evidence, suggestion FROM findings ORDER BY stage, owner, code, place"
    return [tuple(row) for each in (query, findings) for row in place.journal.db.execute(each)]


def titles(place):
    return {story.title for story in place.journal.records("story")}


def a_rule(place, field="title", page=CARDS[2]):
    return teaching.learn(place, page.capture.sha256, field, getattr(page, field))[0].rule


def test_a_preview_shows_every_page_that_changes_and_changes_nothing(place):
    before = everything(place)
    looks = list(teaching.preview(place, a_rule(place)))
    assert len(looks) == 11
    changed = {look.capture.path: look.difference.changes for look in looks if look.difference}
    assert set(changed) == {page.capture.path for page in CARDS}
    assert ("title", "The Lantern Room", CARDS[0].title) in changed[CARDS[0].capture.path]
    assert looks[0].capture.path == CARDS[2].capture.path
    assert everything(place) == before


def test_a_preview_looks_at_no_more_pages_than_it_may(place):
    assert len(list(teaching.preview(place, a_rule(place), looked=4))) == 4


def test_a_rule_that_is_applied_mends_all_works_of_its_template(place):
    for field in ("title", "author", "notes"):
        teaching.apply(place, a_rule(place, field))
    stories = {story.title: story for story in place.journal.records("story")}
    for page in CARDS:
        assert stories[page.title].authors == (page.author,)
        assert page.notes in stories[page.title].notes[0].body


def test_undoing_leaves_everything_as_it_was_byte_by_byte(place):
    before = everything(place)
    rules = []
    for field in ("title", "author", "notes"):
        rules.append(a_rule(place, field))
        teaching.apply(place, rules[-1])
    assert everything(place) != before
    for rule in rules:
        teaching.undo(place, rule)
    assert everything(place) == before
    assert place.journal.get("rules") == ""


def test_applying_twice_is_applying_once(place):
    rule = a_rule(place)
    teaching.apply(place, rule)
    once, round_ = everything(place), place.journal.get("round")
    teaching.apply(place, rule)
    assert everything(place) == once
    assert place.journal.get("round") == round_


def test_a_later_run_of_the_rescue_keeps_to_the_rules(data, brought):
    with teaching.opened_rescue(data, "lantern") as place:
        teaching.apply(place, a_rule(place))
        taught = everything(place)
    rescue(brought, data)
    with teaching.opened_rescue(data, "lantern") as place:
        assert everything(place) == taught
        assert CARDS[4].title in titles(place)


def test_a_page_that_comes_later_is_read_by_the_rules(data, brought):
    with teaching.opened_rescue(data, "lantern") as place:
        teaching.apply(place, a_rule(place))
    late = odd.archive("cards", 9)[8]
    (brought / late.capture.path).write_bytes(late.data)
    rescue(brought, data)
    with teaching.opened_rescue(data, "lantern") as place:
        assert late.title in titles(place)


def test_rules_that_wait_are_applied_by_the_next_run(data, brought):
    with teaching.opened_rescue(data, "lantern") as place:
        teaching.keep_for_later(place, (a_rule(place),))
        assert CARDS[0].title not in titles(place)
    rescue(brought, data)
    with teaching.opened_rescue(data, "lantern") as place:
        assert {page.title for page in CARDS} <= titles(place)


def test_the_rescue_of_a_page_is_found_and_one_that_is_gone_is_said_to_be(data):
    assert teaching.rescue_of(data, CARDS[0].capture.sha256) == "lantern"
    assert teaching.rescue_of(data, "0" * 64) == ""
    with pytest.raises(UsageError, match="no longer here"), teaching.opened_rescue(data, "../elsewhere"):
        pass


def test_a_page_that_is_none_teaches_nothing(place):
    with pytest.raises(UsageError, match="came from a database"):
        teaching.learn(place, "0" * 64, "title", "Salt")


def test_the_lines_of_a_page_are_those_that_a_rule_sees(place):
    lines = [text for _, text in teaching.lines(place, CARDS[0].capture.sha256)]
    assert {"Piece", CARDS[0].title, CARDS[0].author} <= set(lines)

"""The search language reads whatever is typed, and says what it understood."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.query.explain import explain
from storykeep.query.parse import MOST_WORDS, parse
from storykeep.query.tree import EVERYTHING, All, Any, Dates, Is, Not, Number, Words


def word(text, field="", *, prefix=False):
    return Words((text,), field, prefix=prefix)


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("storm", word("storm")),
        ("storm lighthouse", All((word("storm"), word("lighthouse")))),
        ("storm AND lighthouse", All((word("storm"), word("lighthouse")))),
        ('"the far shore"', Words(("the", "far", "shore"))),
        ("“the far shore”", Words(("the", "far", "shore"))),
        ("storm -ship", All((word("storm"), Not(word("ship"))))),
        ("storm NOT ship", All((word("storm"), Not(word("ship"))))),
        ("storm OR gale", Any((word("storm"), word("gale")))),
        ("a b OR c", Any((All((word("a"), word("b"))), word("c")))),
        ("a (b OR c)", All((word("a"), Any((word("b"), word("c")))))),
        ("-(a OR b)", Not(Any((word("a"), word("b"))))),
        ("lantern*", word("lantern", prefix=True)),
        ("title:harbour", word("harbour", "title")),
        ("Title:Harbour", word("Harbour", "title")),
        ("by:vane", word("vane", "author")),
        ('title:"old harbour"', Words(("old", "harbour"), "title")),
        ("title:(old OR new)", Any((word("old", "title"), word("new", "title")))),
        ("-title:harbour", Not(word("harbour", "title"))),
        ("title:-harbour", Not(word("harbour", "title"))),
        ("pairing:Spike/Buffy", word("Spike/Buffy", "pairing")),
        ("words:1000-5000", Number("words", 1000, 5000)),
        ("words:5,000-1,000", Number("words", 1000, 5000)),
        ("words:>20k", Number("words", 20001, None)),
        ("words:<=500", Number("words", None, 500)),
        ("well-known", word("well-known")),
        ("don't", word("don't")),
        ("storm storm", word("storm")),
        ("--storm", word("storm")),
        ("orange OR", word("orange")),
        ("OR orange", word("orange")),
        ("(storm", word("storm")),
        ("storm)", word("storm")),
        ('"storm', word("storm")),
    ],
)
def test_what_is_typed_is_understood(typed, tree):
    assert parse(typed, ["pairing"]).tree == tree


@pytest.mark.parametrize(
    "typed", ["", "  ", '"', '""', "***", "-", "()", "((()))", "OR", "AND OR NOT", "…", "title:", "?!"]
)
def test_what_says_nothing_asks_for_nothing(typed):
    tree = parse(typed).tree
    assert tree == EVERYTHING or isinstance(tree, Words)


def test_a_place_that_does_not_exist_is_looked_for_as_words_and_the_reader_is_told():
    query = parse("smell:roses")
    assert query.tree == All((word("smell"), word("roses")))
    assert query.remarks == ("There is no place called “smell”; it was looked for as a word.",)


def test_a_web_address_is_words():
    assert parse("http://example.org/fic.html").tree != EVERYTHING


def test_a_query_of_a_thousand_words_is_cut_and_the_reader_is_told():
    query = parse(" ".join(f"w{n}" for n in range(900)))
    assert len(query.tree.inner) == MOST_WORDS
    assert "Only the first 32 words were looked for." in query.remarks


def test_brackets_without_end_do_no_harm():
    assert "Brackets are read 8 deep." in parse("(" * 500 + "storm").remarks


TODAY = date(2010, 3, 20)


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("updated:2003", Dates("updated", "2003", "2003")),
        ("posted:2003-05..2004", Dates("posted", "2003-05", "2004")),
        ("posted:2004-2003", Dates("posted", "2003", "2004")),
        ("posted:>2003", Dates("posted", "2004", None)),
        ("posted:<2003-01", Dates("posted", None, "2002-12")),
        ("posted:>2003-12-31", Dates("posted", "2004-01-01", None)),
        ("published:before 2003/5/1", Dates("posted", None, "2003-04-30")),
        ("updated:since 2003", Dates("updated", "2003", None)),
        ('updated:"last 2 weeks"', Dates("updated", "2010-03-06", None)),
        ("updated:last 2 weeks", Dates("updated", "2010-03-06", None)),
        ("updated:last-2-weeks", Dates("updated", "2010-03-06", None)),
        ("updated:2w", Dates("updated", "2010-03-06", None)),
        ("updated:<7 days", Dates("updated", "2010-03-13", None)),
        ("updated:>1 year", Dates("updated", None, "2009-03-20")),
        ("updated:1-2 weeks", Dates("updated", "2010-03-06", "2010-03-13")),
        ("updated:this year", Dates("updated", "2010", None)),
        ("added:yesterday", Dates("added", "2010-03-19", "2010-03-19")),
        ("updated:today storm", All((Dates("updated", "2010-03-20", "2010-03-20"), word("storm")))),
        ("is:complete", Is("complete")),
        ("crossover:no", Is("crossover", wanted=False)),
        ("words>1000", Number("words", 1001, None)),
        ("words:1000 - 5000", Number("words", 1000, 5000)),
        ("hits:>3", Number("reads", 4, None)),
        ("title：嵐", word("嵐", "title")),
        ("「夜の街」", word("夜の街")),
        ("夜*", word("夜", prefix=True)),
        ("i <3 u", All((word("i"), word("3"), word("u")))),
    ],
)
def test_numbers_dates_and_states_are_understood(typed, tree):
    query = parse(typed, today=TODAY)
    assert (query.tree, query.remarks) == (tree, ())


@pytest.mark.parametrize(
    ("typed", "order"),
    [("sort:words", "longest"), ("sort:<words", "shortest"), ("sort:title ascending", "title"), ("sort:hits", "reads")],
)
def test_an_order_is_no_condition(typed, order):
    assert parse(f"storm {typed}").order == order
    assert parse(f"storm {typed}").tree == word("storm")


@pytest.mark.parametrize(
    ("typed", "remark"),
    [
        ("sort:colour", "There is no order called “colour”"),
        ("updated:2003-02-31", "“updated:” wants a date"),
        ("words:many", "“words:” wants a number"),
        ("complete:perhaps", "“complete:” knows complete:yes or complete:no"),
        ("a*", "A beginning needs 2 letters"),
        ("col*r", "A star stands for the end of a word only."),
        ('"storm', "A quotation has no end"),
        ("storm)", "A bracket has no partner"),
    ],
)
def test_what_makes_no_sense_is_told_and_the_rest_is_used(typed, remark):
    query = parse(f"{typed} lantern")
    assert any(said.startswith(remark) for said in query.remarks)
    assert "lantern" in explain(query.tree)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200) | st.text('ab"-()OR NT:*|&', max_size=60))
def test_nothing_that_can_be_typed_is_an_error(typed):
    query = parse(typed, ["pairing"])
    assert explain(query.tree).endswith(".")
    assert parse(typed, ["pairing"]) == query


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("storm", "Works with “storm”."),
        ("storm OR gale", "Works with “storm” or “gale”."),
        ("a (b OR c d)", "Works with “a” and (“b” or (“c” and “d”))."),
        ("-ship", "All works without “ship”."),
        ("lantern* by:vane", "Works with a word that begins with “lantern…” and “vane” among the authors."),
        ("pairing:x", "Works with “x” among the pairings."),
        ("words:>=2000", "Works with at least 2,000 words."),
        ("kudos:>10", "Works with at least 11 kudos."),
        ("bookmarks:1 comments:<3", "Works with 1 shelf and at most 2 comments."),
        ("", "All works."),
    ],
)
def test_the_reader_is_told_what_was_understood(typed, said):
    assert explain(parse(typed, ["pairing"]).tree, {"pairing": "Pairings"}) == said


@pytest.mark.shared
def test_hostile_queries_are_read_without_an_error(shared):
    for case in json.loads((shared / "data/other/hostile_queries.json").read_text("utf-8")):
        assert explain(parse(case["input"]).tree).endswith("."), case["id"]

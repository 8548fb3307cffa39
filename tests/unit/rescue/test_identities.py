"""Who may be the same person: by what they share, never by chance, and never with certainty from a name alone."""

import pytest

from storykeep.rescue.identities import Somebody, likenesses


def pair(one, other, ours=None, theirs=None):
    """Return how sure it is that two names are one person, and why; what else is known of them is given by field."""
    people = [Somebody(id=1, name=one, **ours or {}), Somebody(id=2, name=other, **theirs or {})]
    found = likenesses(people)
    return (found[0].confidence, found[0].reasons) if found else (0, ())


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Zoë Marchetti", "Zoe Marchetti", "written differently"),
        ("Old_Inkwell", "old inkwell", "written differently"),
        ("Mary Harrow", "Harrow, Mary", "another order"),
        ("J. Underhill", "Jane Underhill", "may be short for"),
        ("tessellate", "tesselate", "One letter"),
        ("quillon9", "quillon", "another number"),
        ("nightheron", "nightheronfic", "begin alike"),
    ],
)  # fmt: skip
def test_spellings_of_a_name_are_likely(one, other, reason):
    sure, reasons = pair(one, other)
    assert 0.4 <= sure < 0.9
    assert reason in " ".join(reasons)


@pytest.mark.parametrize(("one", "other"), [("Ann Harrow", "Bea Harrow"), ("Anna", "Hanna"), ("jen", "ben"), ("", "")])
def test_names_that_only_look_alike_are_not_proposed(one, other):
    assert pair(one, other) == (0, ())


def test_a_short_name_is_many_peoples():
    assert pair("Anna", "anna")[0] < pair("Annabel Stark", "annabel stark")[0]


def test_an_address_makes_it_almost_certain_whatever_the_names():
    shared = {"ways": frozenset({"digest"})}
    assert pair("Ebb", "Tidewater", shared, shared) == (0.95, ("The same e-mail address.",))


def test_a_pen_name_that_one_of_them_tells_is_a_reason():
    assert pair("Ebb", "Tidewater", {"names": ("Tidewater",)})[1] == ("One names the other as a pen name.",)


def test_those_who_wrote_together_are_two():
    both = {"works": frozenset({7})}
    assert pair("Mary Harrow", "Harrow, Mary", both, both) == (0, ())


def test_those_whom_two_accounts_claimed_are_two():
    shared = frozenset({"digest"})
    assert pair("Ebb", "Ebb", {"ways": shared, "account": 1}, {"ways": shared, "account": 2}) == (0, ())


def test_the_same_story_under_two_names_is_a_reason_but_not_for_its_two_authors():
    people = [
        Somebody(id=1, name="Orla Keane", works=frozenset({10})),
        Somebody(id=2, name="quillon", works=frozenset({10})),
        Somebody(id=3, name="Orla Keane", works=frozenset({20})),
        Somebody(id=4, name="q. illon", works=frozenset({20})),
    ]
    found = {(each.one, each.other) for each in likenesses(people, [(10, 20)])}
    assert found == {(1, 3), (2, 4)}


def test_a_name_that_a_whole_crowd_shares_makes_no_crowd_of_pairs():
    people = [Somebody(id=number, name=f"Person Of Letters {number:03}") for number in range(300)]
    assert len(likenesses(people)) < 1500

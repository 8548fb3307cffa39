"""What one copy lost comes back from another that kept it, in its place, and nothing is decided in silence."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.text.blocks import Block
from storykeep.text.collate import Witness, collate, same_text

SCENE = Block("scene_break", "")
GAP = Block("gap", "", kind="unknown")
WORDS = [
    "the",
    "lamp",
    "was",
    "lit",
    "and",
    "she",
    "went",
    "down",
    "to",
    "the",
    "harbour",
    "where",
    "no",
    "ship",
    "had",
    "come",
    "since",
    "autumn",
]


def p(text, *italics):
    html = text
    for run in italics:
        html = html.replace(run, f"<em>{run}</em>")
    return Block("p", text, tuple(italics), html)


def story(seed, size=60):
    """A text with dialogue, repeated short replies and scene breaks, as stories have them."""
    dice = random.Random(seed)
    lines = []
    for number in range(size):
        kind = dice.random()
        if kind < 0.15:
            lines.append(p(dice.choice(["“No.”", "“Yes.”", "“What?”", "He nodded."])))
        elif kind < 0.2 and lines and lines[-1] != SCENE:
            lines.append(SCENE)
        else:
            words = dice.choices(WORDS, k=dice.randint(4, 40))
            lines.append(p(f"{number}. " + " ".join(words).capitalize() + "."))
    return tuple(lines)


def texts(blocks):
    return [block.text or "***" for block in blocks if block.type != "gap"]


@given(st.integers(0, 10**6), st.sets(st.integers(0, 59), max_size=25))
@settings(max_examples=60, deadline=None)
def test_every_line_deleted_from_one_copy_is_restored_in_its_place(seed, lost):
    whole = story(seed)
    damaged = tuple(block for number, block in enumerate(whole) if number not in lost)
    collation = collate(Witness("a", damaged), [Witness("b", whole)])
    assert texts(collation.blocks) == texts(whole)
    assert not [v for v in collation.variants if v.code == "collate.differs"]
    assert {v.witness for v in collation.variants} <= {"b"}


@given(st.integers(0, 10**6), st.sets(st.integers(0, 59), max_size=12), st.sets(st.integers(0, 59), max_size=12))
@settings(max_examples=60, deadline=None)
def test_two_damaged_copies_never_put_a_line_in_a_wrong_place(seed, lost_here, lost_there):
    whole = story(seed)
    here = tuple(block for number, block in enumerate(whole) if number not in lost_here)
    there = tuple(block for number, block in enumerate(whole) if number not in lost_there)
    found = texts(collate(Witness("a", here), [Witness("b", there)]).blocks)
    rest = iter(texts(whole))
    assert all(line in rest for line in found)  # the order of the original, with no line that it hasn't


def test_of_two_copies_that_each_lost_a_twentieth_nearly_all_comes_back_and_nothing_in_a_wrong_place():
    """What stays out stood beside a line that the other copy had lost: nothing tells which of the two came first."""
    kept = come = 0
    for seed in range(40):
        dice, whole = random.Random(seed * 7 + 1), story(seed, 110)
        here, there = ({at for at in range(110) if dice.random() < 0.05} for _ in "ab")
        ours, theirs = (tuple(block for at, block in enumerate(whole) if at not in lost) for lost in (here, there))
        found = texts(collate(Witness("a", ours), [Witness("b", theirs)]).blocks)
        rest = iter(texts(whole))
        assert all(line in rest for line in found), seed
        kept, come = kept + 110 - len(here & there), come + len(found)
    assert come >= 0.99 * kept


def test_a_third_copy_settles_the_order_of_two_others():
    one, two, three, four = (p(f"Paragraph number {word}.") for word in ("one", "two", "three", "four"))
    here = Witness("a", (one, two, four))
    there = Witness("b", (one, three, four))
    alone = collate(here, [there])
    assert texts(alone.blocks) == texts((one, two, four))
    assert [v.code for v in alone.variants] == ["collate.differs"]
    both = collate(here, [there, Witness("c", (one, two, three, four))])
    assert texts(both.blocks) == texts((one, two, three, four))


def test_a_gap_is_filled_and_says_by_whom():
    question, answer, after = p("“Are you coming?”"), p("“Perhaps.”"), p("She closed the door behind her.")
    collation = collate(Witness("a", (question, GAP, after)), [Witness("b", (question, answer, after))])
    assert texts(collation.blocks) == texts((question, answer, after))
    (variant,) = collation.variants
    assert (variant.code, variant.witness, variant.block) == ("collate.restored", "b", 1)


def test_a_gap_stays_where_no_copy_helps():
    base = Witness("a", (p("One paragraph."), GAP, p("And another.")))
    assert collate(base, [Witness("b", (p("One paragraph."), p("And another.")))]).blocks == base.blocks


def test_italics_come_back_without_the_other_copys_straight_quotes():
    ours = p("“I don’t want to,” she said. “Not now.”")
    theirs = p('"I don\'t want to," she said. "Not now."', "want", "Not now")
    collation = collate(Witness("a", (ours,)), [Witness("b", (theirs,))])
    assert collation.blocks[0].html == "“I don’t <em>want</em> to,” she said. “<em>Not now</em>.”"
    assert collation.blocks[0].italics == ("want", "Not now")
    assert collation.variants[0].code == "collate.italics"


def test_a_copy_that_breaks_off_goes_on_as_the_other_one_does():
    whole = (p("He had been a boilerman. He had never taught anyone anything."), p("And out they went."))
    torn = (p("He had been a boilerman. He had never taught anyone an"),)
    mended = collate(Witness("a", torn), [Witness("b", whole)])
    assert texts(mended.blocks) == texts(whole)
    assert [(place.code, place.witness) for place in mended.places] == [
        ("collate.ending", "b"),
        ("collate.restored", "b"),
    ]
    assert mended.variants[0].base == torn[0].text
    other = collate(Witness("b", whole), [Witness("a", torn)])
    assert (texts(other.blocks), other.variants) == (texts(whole), ())


def test_a_last_sentence_that_one_copy_has_more_is_a_matter_of_choice():
    short = (p("He had been a boilerman, and he had never taught anyone anything."),)
    long = (p("He had been a boilerman, and he had never taught anyone anything. But he knew how it goes."),)
    assert [place.code for place in collate(Witness("a", short), [Witness("b", long)]).places] == ["collate.differs"]


def test_accents_come_from_the_copy_that_kept_them():
    collation = collate(Witness("a", (p("The cafe of Zoe."),)), [Witness("b", (p("The café of Zoë."),))])
    assert texts(collation.blocks) == ["The café of Zoë."]
    assert collation.variants[0].base == "The cafe of Zoe."


def test_where_words_differ_an_archivist_chooses():
    ours = p("She had seven lamps to light before the dark came down on the hill.")
    theirs = p("She had eleven lamps to light before the dark came down on the hill.")
    collation = collate(Witness("a", (ours,)), [Witness("b", (theirs,))])
    assert collation.blocks == (ours,)
    assert collation.variants[0].code == "collate.differs"
    assert "eleven" in collation.variants[0].reading


def test_paragraphs_joined_in_one_copy_are_not_doubled():
    first = "He went down to the water and looked for a long time at the boats that were left."
    second = "Then he went home."
    joined = Witness("a", (p("Before it all."), p(f"{first} {second}"), p("After it all.")))
    apart = Witness("b", (p("Before it all."), p(first), p(second), p("After it all.")))
    assert texts(collate(joined, [apart]).blocks) == texts(joined.blocks)


@pytest.mark.parametrize("others", [[], [Witness("b", ())], [Witness("b", (GAP,))]])
def test_without_another_copy_nothing_changes(others):
    base = Witness("a", story(1))
    assert collate(base, others).blocks == base.blocks


def test_copies_are_known_by_their_words():
    whole = story(7)
    assert same_text(whole, whole[10:40]) > 0.9
    assert same_text(whole, tuple(p("Something else altogether stands here now.") for _ in range(20))) == 0

"""Two works that are one story give back to each other what they lost, however they are divided into chapters."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.model.story import Chapter
from storykeep.rescue.united import news, united

WORDS = "lantern harbour quiet keeper ferry salted morning heron window river letter stone shutter oar tide".split()
ENDINGS = ["", "s", "ly", "ing", "ed", "ward"]


def lines(seed, count=40):
    dice = random.Random(seed)
    return [f"<p>{' '.join(dice.choice(WORDS) + dice.choice(ENDINGS) for _ in range(12))}.</p>" for _ in range(count)]


def chapters(*bodies, prefix=""):
    return [
        Chapter(key=f"{prefix}{n}", body="".join(each), captures=(f"{prefix or 'a'}" * 64,))
        for n, each in enumerate(bodies, 1)
    ]


def joined(parts):
    return [line for part in parts for line in part]


def texts(found):
    return [chapter.body for chapter in found.chapters]


@given(st.integers(0, 10**6), st.sets(st.integers(0, 39), max_size=12))
@settings(deadline=None, max_examples=40)
def test_whatever_one_work_lost_comes_back_in_its_place(seed, lost):
    whole = lines(seed)
    torn = [line for number, line in enumerate(whole) if number not in lost]
    other = lines(seed + 1)
    found = united(chapters(torn, other), chapters(whole, other, prefix="b"))
    assert texts(found) == ["".join(whole), "".join(other)]
    assert not found.missing


@given(st.integers(0, 10**6), st.sets(st.integers(2, 37), max_size=10), st.integers(0, 2))
@settings(deadline=None, max_examples=30)
def test_a_work_in_one_piece_gives_back_lines_and_whole_chapters(seed, lost, gone):
    three = [lines(seed + number) for number in range(3)]
    kept = [each for number, each in enumerate(three) if number != gone]
    torn = [line for number, line in enumerate(kept[0]) if number not in lost]
    found = united(chapters(torn, kept[1]), chapters(joined(three), prefix="b"))
    assert texts(found) == ["".join(each) for each in kept]
    (missing,) = found.missing
    assert missing.chapter.body == "".join(three[gone])
    assert missing.after == ["", "1", "2"][gone]


def test_chapters_give_back_to_a_work_in_one_piece():
    three = [lines(number) for number in range(3)]
    torn = [line for number, line in enumerate(joined(three)) if number not in (7, 50, 51, 111)]
    found = united(chapters(torn), chapters(*three, prefix="b"))
    assert texts(found) == ["".join(joined(three))]


def test_lines_that_were_lost_between_two_chapters_are_no_chapter():
    one, two = lines(1), lines(2)
    found = united(chapters(one[:-2], two[2:]), chapters(one + two, prefix="b"))
    assert found.missing == ()
    assert texts(found) == ["".join(one[:-2]), "".join(two[2:])]


def test_another_story_gives_nothing():
    found = united(chapters(lines(1)), chapters(lines(2), prefix="b"))
    assert texts(found) == ["".join(lines(1))]
    assert found.missing == ()


def test_each_line_names_the_copy_that_kept_it():
    whole = lines(1)
    ours = chapters(whole[:10] + whole[12:])
    (after,) = united(ours, chapters(whole, prefix="b")).chapters
    assert {said.witness for said in news(ours[0], after)} == {"b" * 64}
    assert [said.code for said in news(ours[0], after)] == ["collate.restored"] * 2

"""What is missing in a plain text is found by the text's own spacing, and told only where it can be told."""

import pytest

from storykeep.model.provenance import GapKind
from storykeep.text.gaps import find, separator

TALK = "\n\n".join(f"“Line {number},” she said." for number in range(4)) + "\n\n"
TALE = "\n\n".join(f"She walked on, past the house number {number}." for number in range(4)) + "\n\n"


def kinds(text: str) -> list[tuple[int, str]]:
    return [(gap.line, gap.kind.value) for gap in find(text)]


def test_a_text_without_unusual_spacing_has_no_gaps():
    assert find(TALK + TALE) == ()
    assert find(TALE.replace("\n\n", "\n\n\n")) == ()
    assert find(TALE.replace("\n\n", "\n")) == ()
    assert find("") == find("\n\n\n") == find("One line.") == ()


def test_a_reply_is_missing_between_two_turns():
    text = TALK + "“Go on, then.”\n\n\n“I will. You’ll see.”\n\n“Good.”"
    assert kinds(text) == [(9, "reply")]
    assert find(text)[0].after == 5


def test_an_answer_needs_somebody_who_asks():
    assert kinds(TALE + "He turned at the door.\n\n\n“Yes, love?”\n\n" + TALE) == [(9, "reply")]


def test_narration_on_both_sides_stays_undetermined():
    assert kinds(TALE + "Give me breath.\n\n\nSo we walk out, right?\n\n" + TALE) == [(9, "unknown")]


def test_a_new_scene_is_told_by_its_first_words():
    assert kinds(TALE + "He slept.\n\n\nThe next morning it rained.\n\n" + TALE) == [(9, "scene-break")]
    assert kinds(TALE + "He slept.\n\n\nThree weeks later they met again.\n\n" + TALE) == [(9, "scene-break")]


def test_two_lines_can_be_missing_in_one_place():
    text = TALK + "“Come here.”\n\n\n\nThere is a quiet place in every house.\n\n" + TALE
    assert kinds(text) == [(9, "unknown"), (9, "scene-break")]
    assert {gap.after for gap in find(text)} == {5}


def test_many_missing_lines_are_one_gap():
    assert kinds(TALE + "One." + "\n" * 9 + "Two.\n\n" + TALE) == [(9, "unknown")]


def test_the_text_is_its_own_measure():
    double = TALE.replace("\n\n", "\n\n\n")
    assert separator(double) == 2
    assert kinds(double + "One.\n\n\n\n\nTwo.\n\n\n" + double) == [(13, "unknown")]


@pytest.mark.parametrize(
    "line",
    [
        "Visit my web site at",
        "More stories are on my site at .",
        "Feedback:",
        "E-mail:",
        "Send feedback to",
        "Please write to me at <>",
        "reviews:",
    ],
)
def test_an_address_that_was_cut_out_leaves_its_words(line):
    assert kinds(TALE + line) == [(9, "address")]


@pytest.mark.parametrize(
    "line",
    [
        "They met at the site at noon.",
        "“What are you looking at?”",
        "He had nobody to write to.",
        "She said: nothing.",
        "There was a page in the archive.",
        "Feedback: always welcome!",
        "He read the reviews.",
    ],
)
def test_ordinary_words_are_no_cut_out_address(line):
    assert [kind for _, kind in kinds(TALE + line) if kind == "address"] == []


def test_an_end_with_too_much_space_is_told_where_other_lines_are_missing_too():
    hole = "One.\n\n\nTwo.\n\n"
    assert kinds(TALE + hole + "The last line.\n\n\n") == [(9, "unknown"), (14, "tail")]
    assert kinds(TALE + "The last line.\n\n\n") == []


def test_spaces_in_blank_lines_are_no_words():
    assert kinds(TALE + "One.\n \n\t\nTwo.\n\n" + TALE) == [(9, "unknown")]


@pytest.mark.shared
def test_the_seed(shared):
    text = next((shared / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    assert kinds(text) == [
        (14, "unknown"),
        (25, "unknown"),
        (92, "reply"),
        (117, "reply"),
        (124, "unknown"),
        (124, "scene-break"),
        (132, "reply"),
        (135, "reply"),
        (174, "reply"),
        (179, "reply"),
        (192, "tail"),
    ]
    assert all(gap.confidence < 0.8 for gap in find(text))
    assert {gap.kind for gap in find(text)} <= set(GapKind)

"""Every repair can be taken back, alone or together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storykeep.model.provenance import Step, StepMismatch, apply, undo, without

WORDS = st.text("ab‘’ ", max_size=5)


@st.composite
def text_and_steps(draw):
    text = now = draw(st.text("abc “”", max_size=30))
    steps = []
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(now)))
        end = draw(st.integers(at, min(len(now), at + 4)))
        step = Step(code="t", at=at, before=now[at:end], after=draw(WORDS))
        steps.append(step)
        now = apply(now, [step])
    return text, tuple(steps)


@given(text_and_steps())
def test_undo_gives_back_every_letter(case):
    text, steps = case
    assert undo(apply(text, steps), steps) == text


@given(text_and_steps(), st.data())
def test_any_step_can_be_left_out(case, data):
    text, steps = case
    off = frozenset(data.draw(st.sets(st.integers(0, max(len(steps) - 1, 0)))))
    remaining = without(steps, off)
    assert undo(apply(text, remaining), remaining) == text
    assert without(steps, frozenset()) == steps


def test_leaving_one_out_keeps_the_others_in_place():
    text = "“Run‘ and ‘til then"
    steps = (Step(code="a", at=4, before="‘", after="”"), Step(code="b", at=10, before="‘", after="’"))
    assert apply(text, without(steps, frozenset({0}))) == "“Run‘ and ’til then"


def test_a_step_that_does_not_fit_says_so():
    with pytest.raises(StepMismatch, match="expected 'x' at 0"):
        apply("abc", [Step(code="t", at=0, before="x", after="y")])

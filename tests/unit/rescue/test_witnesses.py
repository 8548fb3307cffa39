"""A chapter takes from its other copies what it lost, and every bit of that can be taken back."""

import random

from storykeep.model.provenance import Gap, GapKind, apply, undo, without
from storykeep.model.story import Chapter
from storykeep.rescue.witnesses import collated, findings, is_copy
from storykeep.text.blocks import blocks
from storykeep.text.sanitise import clean

LINES = [
    "<p>The ferry left without anybody on it, and the harbour master wrote that down in his book.</p>",
    "<p>“Nobody?”</p>",
    "<p>“Nobody,” he said, and underlined it <em>twice</em>, which he had never done before.</p>",
    '<hr class="scene">',
    "<p>In the morning it came back, low in the water, as if it carried all of us home again.</p>",
    '<div class="lines">Dear Anna,<br>we are well.<br>The boat is not.</div>',
    "<blockquote><p>A notice on the door said that the office would be closed until further notice.</p></blockquote>",
    "<p>She read it three times &amp; went home by the other road, past the mill and the burnt trees.</p>",
]


def chapter(lines, name, **more):
    return Chapter(key="1", body=clean("\n".join(lines)), captures=(name,), **more)


def said(body):
    return [(block.type, block.text) for block in blocks(body)]


def test_whatever_one_copy_lost_comes_back_as_steps():
    for seed in range(60):
        lost = set(random.Random(seed).sample(range(len(LINES)), 2))
        base = chapter([line for n, line in enumerate(LINES) if n not in lost], "aaa")
        whole = collated(base, [chapter(LINES, "bbb")])
        assert said(whole.body) == said(clean("\n".join(LINES))), lost
        assert undo(whole.body, whole.steps) == base.body
        assert clean(whole.body) == whole.body
        assert whole.captures == ("aaa", "bbb")


def test_one_restoration_can_be_taken_back_alone():
    base = chapter([LINES[0], LINES[2], LINES[4], LINES[7]], "aaa")
    whole = collated(base, [chapter(LINES, "bbb")])
    first = without(whole.steps, frozenset({0}))
    assert "“Nobody?”" not in apply(base.body, first)
    assert "Dear Anna" in apply(base.body, first)


def test_a_gap_that_was_filled_is_gone_and_the_other_one_stays():
    gap = '<hr class="gap gap-reply">'
    base = chapter(
        [LINES[0], gap, LINES[2], LINES[4], gap, LINES[7]],
        "aaa",
        gaps=(Gap(kind=GapKind.REPLY, after=1, line=3), Gap(kind=GapKind.REPLY, after=4, line=9)),
    )
    whole = collated(base, [chapter([LINES[0], LINES[1], LINES[2], LINES[4], LINES[7]], "bbb")])
    assert [gap.line for gap in whole.gaps] == [9]
    assert whole.body.count("<hr") == 1
    assert undo(whole.body, whole.steps) == base.body


def test_italics_come_back():
    base = chapter([line.replace("<em>", "").replace("</em>", "") for line in LINES], "aaa")
    whole = collated(base, [chapter(LINES, "bbb")])
    assert "<em>twice</em>" in whole.body
    assert [step.code for step in whole.steps] == ["collate.italics"]


def test_another_story_is_no_copy():
    other = chapter(["<p>Quite another tale begins here, with a dog, a ladder and no sea at all in it.</p>"] * 3, "ccc")
    base = chapter(LINES, "aaa")
    assert not is_copy(base, other)
    assert collated(base, [other]) == base


def test_what_differs_is_a_finding_and_nothing_is_changed():
    base = chapter(LINES, "aaa")
    other = chapter([line.replace("three times", "four times") for line in LINES], "bbb")
    whole = collated(base, [other])
    assert whole.body == base.body
    (finding,) = findings(whole, "chapter 1")
    assert finding.code == "collate.differs"
    assert "four times" in finding.evidence

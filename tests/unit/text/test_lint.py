"""The lint names what an archivist should look at, and keeps quiet about good stories."""

import re
from pathlib import Path

import pytest

import storykeep.text
from storykeep.model.story import Chapter, Credit, Story
from storykeep.text.lint import CODES, look_at_body, look_at_story, meaning

GOOD = "".join(f"<p>“Line {number},” she said, and it’s the café again.</p>" for number in range(6))


def codes(body: str) -> list[str]:
    return [finding.code for finding in look_at_body(body)]


def test_a_good_story_has_nothing_to_say():
    story = Story(key="a", title="Salt", credits=(Credit(name="Wren"),), chapters=(Chapter(key="1", body=GOOD),))
    assert look_at_story(story) == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<p>The caf\ufffd.</p>", "encoding.lost"),
        ("<p>It\x92s.</p>", "encoding.controls"),
        ("<p>\ue012.</p>", "encoding.private-use"),
        ("<p>Ã©tÃ© â€™.</p>", "encoding.mojibake"),
        (GOOD + "<p>“Never closed.</p><p>She left.</p>", "quotes.unclosed"),
        (GOOD + "<p>Never opened,” she said.</p>", "quotes.unopened"),
        (GOOD + '<p>"Straight," she said.</p>', "quotes.mixed"),
        ("<p>`Odd,' she said.</p>", "quotes.backtick"),
        ('<p>a.</p><hr class="gap gap-reply"><p>b.</p>', "gap.reply"),
        ("<p>" + "and so it went on " * 5 + "</p>", "text.truncated"),
        ("", "chapter.empty"),
        ("<p>" + "word. " * 3_000 + "</p>", "chapter.one-paragraph"),
        ("<p>" + "word. " * 50_000 + "</p><p>" + "word. " * 50_000 + "</p>", "chapter.long"),
        ("<p>Write to wren@lantern.org.</p>", "privacy.email"),
        ("<p>Write to wren (at) lantern (dot) org.</p>", "privacy.email"),
        ("<p>Call (0151) 496-0123.</p>", "privacy.phone"),
        ("<p>From 203.0.113.9.</p>", "privacy.ip"),
        ("<p>She &lt;i&gt;knew&lt;/i&gt;.</p>", "markup.tags-as-text"),
        ("<p>She [i]knew[/i].</p>", "markup.bbcode"),
        ('<p>x <img alt="a map" src="https://example.org/a.png">.</p>', "markup.outside-picture"),
        ('<p>x <img alt="" src="a.png">.</p>', "markup.picture-without-words"),
        ('<p><a href="fic2.html">Next</a>.</p>', "markup.dead-link"),
    ],
)
def test_what_the_lint_sees(body, code):
    assert code in codes(body)


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        "<p>“A long speech.</p><p>“That goes on,” she said.</p><p>“Yes.”</p>",
        "<p>Room 1205, 12-14 High Street, 2003-07-14, page 123.</p>",
        "<p>Version 1.2.3 of 10.000 words. 555 of them.</p>",
        "<p>She waited [in vain] for the &lt;g&gt;.</p>",
        '<p><a href="https://example.org/">x</a> <a href="#s-1">1</a>.</p>',
        "<p>The End</p>",
        "<p>“Why—”</p>",
    ],
)
def test_what_the_lint_leaves_alone(body):
    assert codes(body) == []


def test_a_work_as_a_whole():
    chapters = (Chapter(key="1", label="Chapter 1", body=GOOD), Chapter(key="3", label="Chapter 3", body=GOOD))
    found = {finding.code: finding for finding in look_at_story(Story(key="x", stated_words=5_000, chapters=chapters))}
    assert {"title.missing", "author.missing", "chapter.missing", "chapter.twice", "words.fewer"} <= set(found)
    assert "chapter 2" in found["chapter.missing"].where
    assert "5,000" in found["words.fewer"].evidence


def test_findings_say_where_and_what_next():
    story = Story(
        key="x", title="T", credits=(Credit(name="W"),), chapters=(Chapter(key="1", body="<p>a@b.example.org.</p>"),)
    )
    (finding,) = look_at_story(story)
    assert finding.where == "chapter 1, block 1"
    assert finding.suggestion


def test_every_code_of_this_room_is_registered_with_a_sentence():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(storykeep.text.__path__[0]).rglob("*.py"))
    used = set(re.findall(r'code="([a-z]+\.[a-z-]+)"', source)) | set(re.findall(r'"(repair\.[a-z-]+)"', source))
    assert used - set(CODES) - {code for code in used if code.startswith("collate.")} == set()
    assert all(meaning(code).endswith(".") for code in CODES)

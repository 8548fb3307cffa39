"""No text takes long, however it is made. A function that is not linear would hang on these."""

import pytest

from storykeep.text.blocks import blocks
from storykeep.text.decode import decode
from storykeep.text.fold import fold
from storykeep.text.gaps import find
from storykeep.text.lint import look_at_body
from storykeep.text.markup import parse, plain
from storykeep.text.repair import repair
from storykeep.text.typography import emphasise, from_entry, is_scene_break, mark_scene_breaks, to_html
from storykeep.text.words import count

N = 20_000
NASTY = {
    "stars": "*" * N + "a",
    "starred words": "*a " * N,
    "underscores": "_a" * N,
    "slashes": "/a /b" * N,
    "spaces": "a" + " " * N + "b",
    "newlines": "a" + " \n" * N + "b",
    "quotes": "“" * N,
    "open quotes": "a “b " * N,
    "apostrophes": "‘til " * N,
    "single quotes": "‘a’" * N,
    "backslashes": "\\" * N + "'",
    "question marks": "don?t/" * N,
    "mail codes": "=92" * N,
    "digits": "1," * N + "a",
    "ampersands": "&amp;" * N,
    "references": "&#8217;" * N,
    "mojibake": "Ã©t â€™ " * (N // 4),
    "mojibake in one word": "Ã©â€™" * (N // 4),
    "accents": "été " * N,
    "misread": "donít " * (N // 8),
    "breaks": "<br>" * N + "b",
    "inner breaks": "<p>a" + "<br>" * N + "b</p>",
    "tags": "<b></i>" * N,
    "open tags": "<a <a " * N,
    "angles": "<" * N,
    "addresses": "a@b." * N,
    "phone numbers": "123-" * N,
    "brackets": "[b" * N,
    "pictures": "<img " * N,
    "hyphens": "a-" * N,
    "combining": "a" + "\u0301" * N,
    "han": "漢" * N,
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_every_function_is_linear(text):
    assert repair(text).text
    assert isinstance(plain(text), str)
    assert count(text) >= 0
    assert fold(text)
    assert len(find(text)) < N
    assert parse(text) is not None
    assert emphasise(text)
    assert isinstance(from_entry(text) + to_html(text), str)
    assert not is_scene_break(text)
    assert mark_scene_breaks(text)
    assert blocks(f"<p>{text}</p>") is not None
    assert look_at_body(f"<p>{text}</p>") is not None
    assert decode(text.encode("utf-16")).text


@pytest.mark.parametrize("line", ["*" * 59 + "a", "-x" * 29 + "a", "~o~" * 19 + "a", " *" * 29 + "a", "_~" * 29 + "é"])
def test_a_line_of_marks_is_judged_at_once(line):
    assert not is_scene_break(line)

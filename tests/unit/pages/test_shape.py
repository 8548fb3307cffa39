"""What repeats on an archive's pages is furniture; the shape says so in words and can be kept as JSON."""

import json

import pytest

from storykeep.model.errors import BadBundle
from storykeep.model.provenance import Capture
from storykeep.sources.pages import read
from storykeep.sources.pages.shape import Learner, Shape

STORIES = {
    "salt": ("Salt and Signal", "Wren Hallow", "The boots were wet again. She put them by the stove and did not look."),
    "tin": ("Tin Parade", "moth", "They wanted six hundred soldiers by Christmas, and Pavo had made a hundred drums."),
    "kettle": ("Kettle Song", "Ella Vane", "The kettle had been singing for some time, and neither of them got up."),
    "coats": (
        "Two Coats",
        "Wen Asher",
        "There were two coats on the hook and three people in the hall, all of them cold.",
    ),
}
PAGE = """<html><head><title>Ferry Stories - {title}</title></head><body><table><tr><td class=left>
Our sponsor this week is the harbour master, who reads all of them<br>Poll: bow or stern?</td><td class=mid>
<h2>{title}</h2><p>by {name}</p><p>Crossings leave from the north slip on the hour, weather and temper allowing.</p>
<p>{words}</p><p>{words} So they said.</p><p>“No,” said the sea, {n} times.</p></td></tr></table></body></html>"""


def pages():
    return {
        key: PAGE.format(title=title, name=name, words=words, n=number).encode()
        for number, (key, (title, name, words)) in enumerate(STORIES.items())
    }


def learned(order=sorted):
    learner = Learner()
    for key in order(pages()):
        learner.see(pages()[key], Capture(sha256=key, path=f"{key}.html"))
    return learner.shape()


def test_repeating_lines_are_left_out_and_stories_stay():
    shape = learned()
    for key, data in pages().items():
        title, name, words = STORIES[key]
        story = read(data, Capture(sha256=key, path=f"{key}.html"), shape=shape).story
        assert story.title == title
        assert story.authors == (name,)
        assert "Crossings leave" not in story.chapters[0].body
        assert "sponsor" not in story.chapters[0].body
        assert "“No,” said the sea" in story.chapters[0].body
        assert words in story.chapters[0].body
        assert story.archive == "Ferry Stories"


def test_the_shape_is_told_in_words_and_the_same_in_any_order():
    shape = learned()
    assert shape == learned(lambda keys: sorted(keys, reverse=True))
    told = "\n".join(shape.explain())
    assert "calls itself “Ferry Stories”" in told
    assert "on 4 of 4 pages" in told


def test_it_can_be_kept_as_json():
    shape = learned()
    assert Shape.from_plain(json.loads(json.dumps(shape.to_plain()))) == shape
    with pytest.raises(BadBundle):
        Shape.from_plain({"pages": 3})


def test_two_pages_teach_nothing():
    learner = Learner()
    for key in ("salt", "tin"):
        learner.see(pages()[key], Capture(sha256=key, path=f"{key}.html"))
    assert learner.shape() == Shape(pages=2)


def test_chapters_of_one_work_do_not_make_its_title_furniture():
    learner = Learner()
    for number in range(1, 6):
        data = PAGE.format(title="Salt and Signal", name="Wren", words=f"Chapter {number} of it was wet.", n=number)
        learner.see(data.encode(), Capture(sha256=str(number), path=f"salt{number}.html"))
    assert "saltandsignal" not in learner.shape().repeated

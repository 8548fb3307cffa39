"""What readers said below a story tells nothing of the story itself."""

from storykeep.model.provenance import Capture
from storykeep.sources.pages import read

PAGE = b"""<html><body><div id="pagetitle"><a href="viewstory.php?sid=8">Salt</a> by
<a href="viewuser.php?uid=6">Wren</a></div><div id="story"><p>The tide had been going out since before breakfast, and
nobody in the house had said a word about it yet, not one.</p><p>They had all seen it, and nobody knew what to do, so
they put on their boots and went down to the quay to ask.</p></div>
<div class="listbox"><div class="content"><span class="label">Reviewer: </span>kit <span class="label">Date: </span>
02/04/08 <span class="label">Title: </span>Chapter 2<br><p>Oh I loved it so.</p></div></div></body></html>"""


def test_a_reviews_date_is_not_the_storys():
    story = read(PAGE, Capture(sha256="0" * 64, path="a.html", address="", size=len(PAGE))).story
    assert (story.title, story.published) == ("Salt", "")

"""The chapter that a page's own menu shows as chosen is the one being read."""

from storykeep.model.provenance import Capture
from storykeep.sources.pages import read

PAGE = b"""<html><body><h2>Never the Hat</h2><p>by Ella Vane</p><form>
<select name="chapter"><option value="1">1. Rule One
<option value="2" selected>2. Rule Two</select></form><hr><p>They lay in the ditch and looked at the hat, which sat in
the middle of the road under its one light.</p><p>It looked like any other hat, the way a mousetrap looks like cheese,
and neither of them said so.</p></body></html>"""


def test_the_chosen_entry_names_the_chapter():
    reading = read(PAGE, Capture(sha256="0" * 64, path="a.html", address="", size=len(PAGE)))
    (chapter,) = reading.story.chapters
    assert (chapter.title, reading.place) == ("Rule Two", 2)

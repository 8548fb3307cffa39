"""The heads of 181 hand-made pages above the same story: title and names are found, and the story stays whole."""

import json
from pathlib import Path

import pytest

from storykeep.model.provenance import Capture
from storykeep.sources.pages import read
from storykeep.text.blocks import blocks

HEADS = json.loads((Path(__file__).resolve().parents[2] / "fixtures" / "pages" / "heads.json").read_text("utf-8"))
STORY = """<p>The kettle had been singing for some time before either of them would admit to hearing it.</p>
<p>“You could get that,” said Ro.</p>
<p>“I could.” Nobody moved. Outside, the snow went on doing what it had been doing since Tuesday, which was
<i>falling</i>, and doing it with a thoroughness that Ro had begun to take personally.</p>
<p>“It was my turn last time. I have had so many turns that I am practically a wheel.”</p>
<p align=center>***</p>
<p>In the end the kettle boiled dry, and they drank milk.</p>
<p>“We should call the story something,” said Lin, later, in the dark.</p>"""
BROKEN = "<br><br>" + STORY.replace("</p>\n", "<br><br>\n").replace("<p>", "").replace("</p>", "<br>")


def letters(words):
    return "".join(sign for sign in words.casefold() if sign.isalnum())


@pytest.mark.parametrize("story", [STORY, BROKEN], ids=["paragraphs", "breaks"])
@pytest.mark.parametrize("page", HEADS, ids=[str(number) for number in range(len(HEADS))])
def test_a_head(page, story):
    head = f"<html><head><title>{page['title_tag']}</title></head><body>{page['head']}"
    html = f"{head}\n{story}\n{page['tail']}</body></html>"
    found = read(html.encode(), Capture(sha256="0" * 64, path="page.html")).story
    assert letters(found.title or "") == letters(page["title"])
    assert letters(", ".join(found.authors)) == letters(page["authors"])
    told = [block.text for block in blocks(found.chapters[0].body) if block.type == "p"]
    assert told[0].startswith("The kettle had been singing")
    assert told[-1].startswith("“We should call the story something,”")

"""What stands above a story is found in many shapes; and what belongs to the story stays in it."""

import pytest

from storykeep.model.provenance import Capture
from storykeep.sources.pages import read
from storykeep.sources.pages.chapters import heading, mark, menu_items
from storykeep.sources.pages.dates import iso
from storykeep.sources.pages.labels import parse
from storykeep.sources.pages.names import authors, byline, tidy

BODY = """<p>The kettle had been singing for some time before either of them would admit to hearing it.</p>
<p>“You could get that,” said Ro.</p>
<p>“I could.” Nobody moved. Outside, the snow went on doing what it had been doing since Tuesday, which was falling,
and doing it with a thoroughness that Ro had begun to take personally.</p>
<p>“It’s your turn,” said Lin.</p>
<p>In the end the kettle boiled dry, and they drank milk.</p>"""


def reading(head, tag="", tail="", body=BODY):
    html = f"<html><head><title>{tag}</title></head><body>{head}{body}{tail}</body></html>"
    return read(html.encode(), Capture(sha256="0" * 64, path="page.html"))


HEADS = [
    ("<h1>Kettle Song</h1><p>by Ella Vane</p>", "Kettle Song"),
    ("<h1>Ella's Stories</h1><h2>Kettle Song</h2><h3>by Ella Vane</h3>", "Ella's Stories"),
    ("<p><b>Title:</b> Kettle Song<br><b>Author:</b> Ella Vane<br><b>Rating:</b> G</p>", "New Page 3"),
    ("<p>Author: Ella Vane</p><p>Title: Kettle Song</p>", "fic"),
    ("<pre>TITLE:  Kettle Song\nAUTHOR: Ella Vane &lt;e@v.example&gt;\n</pre>", "kettle.txt"),
    ("<table><tr><td>Title</td><td>Kettle Song</td></tr><tr><td>Author</td><td>Ella Vane</td></tr></table>", "Story"),
    ("<b>Kettle Song</b>, by Ella Vane. PG. Ro/Lin.<br><br>", "Fiction"),
    ("<center>~ Kettle Song ~<br>by<br>Ella Vane</center>", "milk"),
    ("<h2>Kettle Song</h2><a href='profile.php?u=3'>Ella Vane</a>", "Winter"),
    ("<div class=title>Kettle Song</div><div class=byline>Ella Vane</div>", ""),
    ("<h1><img src=k.gif alt='Kettle Song by Ella Vane'></h1>", "Winter Tales"),
    ("<h2>Kettle Song</h2><h3>Chapter Three: Milk</h3><p>Ella Vane</p>", "Kettle Song, Chapter 3"),
    ("<a href='/'>Winter</a> &gt; <a href='/s'>Stories</a> &gt; Kettle Song<p>Contributed by Ella Vane</p>", "Winter"),
    ("<h2>Kettle Song</h2><h4>(or, How Not to Freeze)</h4><p>a winter story by Ella Vane</p>", "x"),
    ("<h3>Kettle Song (Ro/Lin, PG-13)</h3><p>By: <a href='mailto:e@v.example'>Ella Vane</a></p>", "Index of /fic"),
]


@pytest.mark.parametrize(("head", "tag"), HEADS, ids=range(len(HEADS)))
def test_title_and_author(head, tag):
    story = reading(head, tag).story
    assert (story.title, story.authors) == ("Kettle Song", ("Ella Vane",))
    assert "kettle had been singing" in story.chapters[0].body
    assert "Ella" not in story.chapters[0].body


def test_each_field_tells_why_it_is_so():
    story = reading("<h1>Kettle Song</h1><p>by Ella Vane</p><p>Rating: PG</p>", "Kettle Song").story
    why = {item.field: item for item in story.evidence}
    assert why["title"].confidence > 0.9
    assert why["title"].quote == "Kettle Song"
    assert why["authors.0"].rule == "head.byline"
    assert [tag.name for tag in story.tags if tag.kind == "rating"] == ["PG"]


def test_a_title_that_is_not_there_is_not_invented():
    story = reading("", "Untitled Document").story
    assert story.title is None
    assert story.authors == ()
    assert {"title.missing", "author.missing"} <= {finding.code for finding in story.findings}


def test_the_page_makers_name_is_no_author():
    html = "<html><head><meta name=author content='Webmistress Lou'><title>k</title></head><body>" + BODY
    story = read(html.encode(), Capture(sha256="0" * 64)).story
    assert story.authors == ()


def test_a_letter_and_a_catalogue_card_in_the_story_stay_in_the_story():
    letter = "<p>From: Ro<br>To: Lin<br>Subject: milk</p>" + BODY
    assert "Subject: milk" in reading("<h1>Kettle Song</h1><p>by Ella Vane</p>", body=letter).story.chapters[0].body
    card = "<p>Title: Pearls, and How to Keep Them. Returned: never.</p>" + BODY
    story = reading("<h1>Kettle Song</h1><p>by Ella Vane</p>", body=card).story
    assert story.title == "Kettle Song"
    assert "How to Keep Them" in story.chapters[0].body


def test_notes_above_and_below_are_notes():
    head = "<h1>Kettle Song</h1><p>by Ella Vane</p><p>Author's Notes: For <i>Moss</i>, who lent me a coat.</p><hr>"
    story = reading(head, tail="<p>The End</p><p>Nine, because ten felt greedy.</p><p><a href=x>Home</a></p>").story
    assert [note.label for note in story.notes] == ["Author's Notes"]
    assert "<em>Moss</em>" in story.notes[0].body
    assert "ten felt greedy" in story.chapters[0].notes[-1].body
    assert "End" not in story.chapters[0].body


def test_end_notes_are_never_taken_for_the_head():
    short = "<p><b>A/N:</b> Thanks!</p><hr><p>It rained.</p><p>It rained more.</p><p><b>A/N:</b> More soon.</p>"
    story = reading("<h1>Rain</h1><p>by Ella Vane</p>", body=short).story
    assert "It rained." in story.chapters[0].body
    assert "More soon" in story.chapters[0].notes[-1].body


def test_addresses_go_to_the_claim_store_only():
    found = reading(
        "<p>Title: Kettle Song<br>Author: Ella Vane<br>E-mail: ella@v.example<br>Feedback: ella@v.example</p>"
    )
    assert {contact.email for contact in found.contacts} == {"ella@v.example"}
    assert "@" not in str(found.story)


def test_several_chapters_on_one_page_are_told_apart():
    body = f"<h3>Part One: Snow</h3>{BODY}<h3>Part Two: Milk</h3>{BODY}"
    chapters = reading("<h1>Kettle Song</h1><p>by Ella Vane</p>", body=body).story.chapters
    assert [(chapter.label, chapter.title) for chapter in chapters] == [("Part One", "Snow"), ("Part Two", "Milk")]


def test_a_copy_that_breaks_off_says_so():
    html = (
        f"<html><title>Kettle Song</title><body><h1>Kettle Song</h1>by Ella Vane{BODY}<p>And then the sea came up the"
    )
    story = read(html.encode(), Capture(sha256="0" * 64)).story
    assert story.chapters[0].truncated
    assert story.chapters[0].body.endswith('<hr class="gap gap-tail">')
    assert "text.truncated" in {finding.code for finding in story.findings}


LABELS = {
    "Rating: PG": [("rating", "PG")],
    "DISCLAIMER I own nothing.": [("disclaimer", "I own nothing.")],
    "<strong>Rating</strong> PG": [("rating", "PG")],
    "Title - Salt": [("title", "Salt")],
    "Categories: Lantern Characters: Ilse, Marrow": [("category", "Lantern"), ("characters", "Ilse, Marrow")],
    "Summary: She goes. Rating: R": [("summary", "She goes."), ("rating", "R")],
    "PG-13": [("rating", "PG-13")],
    "G · 400 words · complete": [("rating", "G"), ("words", "400 words"), ("completed", "complete")],
    "She said: no": [],
    "“Rated: R,” he said.": [],
    "Note to self: run": [],
    "Subject: milk": [],
    "T.": [],
}


@pytest.mark.parametrize(("line", "wanted"), LABELS.items(), ids=LABELS)
def test_labels(line, wanted):
    assert [(label.field, label.text) for label in parse(line)] == wanted


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("by Kalima", "Kalima"),
        ("Written by: Old_Inkwell on January 9th, 2005", "Old_Inkwell"),
        ("A Winter fanfic by jen", "jen"),
        ("Story by Ella Vane, beta by Moss", "Ella Vane"),
        ("by Wren Hallow (wren@hallow.example)", "Wren Hallow"),
        ("Beta'd by Zoë", ""),
        ("by the river he sat down and wept, thinking of the ships that had not come.", ""),
    ],
)
def test_bylines(line, name):
    assert byline(line) == name


def test_names_keep_their_odd_shapes_and_lose_what_is_stuck_to_them():
    assert tidy("M. Okonkwo-Reyes") == "M. Okonkwo-Reyes"
    assert tidy("Zoë Marchetti [Contact]") == "Zoë Marchetti"
    assert authors("Ella Vane, Moss and Ro Fan") == ("Ella Vane", "Moss", "Ro Fan")
    assert authors("Old_Inkwell") == ("Old_Inkwell",)


def test_chapter_headings_part_marks_and_menus():
    assert heading("Part 13 - Family Business").title == "Family Business"
    assert heading("Epilogue").label == "Epilogue"
    assert heading("Chapter and verse, thought Ilse.") is None
    assert heading("Part of me wanted to.") is None
    assert (mark("Salt (2/?)").title, mark("Salt (2/?)").number) == ("Salt", 2)
    assert mark("1984").number == 0
    assert menu_items("Chapter: 1  2  3") == ("1", "2", "3")
    assert menu_items("Chapter 1") == ()


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("09 Jan 2005", "2005-01-09"),
        ("14/10/03", "2003-10-14"),
        ("04-17-05", "2005-04-17"),
        ("spring 2003", "2003"),
        ("?", ""),
    ],
)
def test_dates_are_as_precise_as_they_are(words, date):
    assert iso(words) == date

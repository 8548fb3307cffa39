"""Pages become works: which belong together, in which order, with which text and which title."""

from dataclasses import replace

import pytest

from storykeep.model.provenance import Capture, Evidence, apply, undo
from storykeep.model.story import Chapter, Credit, Story, Tag
from storykeep.rescue import merge
from storykeep.rescue.divide import divide
from storykeep.rescue.fields import Mention
from storykeep.rescue.order import contents, number_of
from storykeep.rescue.people import People, person_key
from storykeep.sources.pages.reading import Link, PageReading, PageRole
from storykeep.text import repair

HOST = "http://old.example"
TEXTS = [
    [f"The {what} {number} came in late on the {day}, and nobody on it would say why." for number in range(8)]
    for what, day in (("ferry", "Monday"), ("heron", "Tuesday"), ("lamplighter", "Friday"), ("bell", "Sunday"))
]


def body(*chapters, italic=False):
    texts = [text for chapter in chapters for text in TEXTS[chapter]]
    return "".join(f"<p>{'<em>' + text[:9] + '</em>' + text[9:] if italic else text}</p>" for text in texts)


def page(name, *, text="", **said):
    """Return the reading of a page: what it said of title, authors (``by``), label, place, list of chapters …"""
    title, sure = said.get("title", "The Wall"), said.get("sure", 0.9)
    capture = Capture(sha256=name, path=name, address=f"{HOST}/{name}")
    story = Story(
        key="x",
        title=title,
        credits=tuple(Credit(name=each) for each in said.get("by", ("Ada",))),
        chapters=(Chapter(key="1", label=said.get("label", ""), body=text),),
        evidence=(Evidence(field="title", rule="t", confidence=sure),) if title else (),
    )
    return PageReading(
        capture=capture,
        platform="heuristic",
        role=said.get("role", PageRole.CHAPTER),
        story=story,
        work=said.get("work", "fic/1"),
        place=said.get("place", 0),
        chapter_links=said.get("links", ()),
    )


def story(*pages, mentions=()):
    (made,) = merge.stories(pages, "old/fic/1", "Old", mentions)
    return made


def codes(made):
    return [finding.code for finding in made.findings]


def links(*names):
    return tuple(Link(label=label, address=f"{HOST}/{name}") for label, name in names)


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("Chapter 12", 12), ("Part IV - Rain", 4), ("Prologue: Dice", 0), ("Epilogue", 10_000),
        ("2b", 2.02), ("(3/7)", 3),
        ("Chapter Eleven", 11), ("The Second Part", 2), ("XII", 12), ("7.", 7), ("7 Days", None), ("I Can Not", None),
        ("Rain", None), ("", None), ("Mix", None),
    ],
)  # fmt: skip
def test_a_label_says_where_a_chapter_stands(label, number):
    assert number_of(label) == number


def test_lists_that_each_leave_out_their_own_page_make_one():
    one, two, three = links(("1", "a"), ("2", "b"), ("3", "c"))
    assert contents([(two, three), (one, three), (one, two)]) == (one, two, three)


def test_chapters_stand_in_the_order_of_the_works_own_list_not_of_row_numbers():
    toc = links(("1", "fic?id=1"), ("2", "chapter?expid=9"), ("3", "chapter?expid=4"))
    made = story(
        page("chapter?expid=4", text=body(2), links=toc),
        page("chapter?expid=9", text=body(1), links=toc),
        page("fic?id=1", text=body(0), links=toc, role=PageRole.WHOLE),
    )
    assert [chapter.body for chapter in made.chapters] == [body(0), body(1), body(2)]
    assert [chapter.key for chapter in made.chapters] == ["1", "2", "3"]
    assert not {"chapter.order", "chapter.missing"} & set(codes(made))


def test_without_a_list_labels_and_numbers_say_the_order():
    made = story(
        page("z", text=body(3), label="Epilogue"),
        page("y", text=body(1), place=1),
        page("x", text=body(2), label="Part Two"),
        page("w", text=body(0), label="Prologue"),
    )
    assert [chapter.label for chapter in made.chapters] == ["Prologue", "", "Part Two", "Epilogue"]


def test_a_chapter_of_which_nothing_says_where_it_stands_is_put_last_and_named():
    made = story(page("a", text=body(0), place=1), page("b", text=body(1)), page("c", text=body(2), place=2))
    assert [chapter.body for chapter in made.chapters] == [body(0), body(2), body(1)]
    assert "chapter.order" in codes(made)


def test_a_chapter_that_only_the_list_names_is_missing():
    toc = links(("1", "a"), ("2", "b"), ("3", "c"))
    made = story(page("a", text=body(0), links=toc), page("c", text=body(2), links=toc))
    assert made.chapters_planned == 3
    missing = [finding for finding in made.findings if finding.code == "chapter.missing"]
    assert [(finding.where, finding.evidence) for finding in missing] == [("2", f"{HOST}/b")]


def test_two_texts_for_one_place_are_both_kept():
    made = story(page("a", text=body(0), place=1), page("b", text=body(1), place=1))
    assert [chapter.body for chapter in made.chapters] == [body(0), body(1)]
    assert "chapter.twice" in codes(made)


def test_the_whole_copy_with_italics_stands_and_names_the_others():
    plain = page("plain", text=body(0), role=PageRole.WHOLE)
    slanted = page("fic", text=body(0, italic=True), role=PageRole.WHOLE)
    cut = page("cut", text=body(0)[:200], role=PageRole.WHOLE)
    made = story(plain, cut, slanted)
    (chapter,) = made.chapters
    assert chapter.body == body(0, italic=True)
    assert chapter.captures == ("fic", "plain", "cut")
    assert [capture.sha256 for capture in made.captures] == ["fic", "plain", "cut"]


def test_a_line_lost_in_one_copy_is_given_back_by_another():
    lost = body(0).replace(f"<p>{TEXTS[0][3]}</p>", "")
    made = story(
        page("a", text=lost.replace("Monday", "<em>Monday</em>"), role=PageRole.WHOLE),
        page("b", text=body(0), role=PageRole.WHOLE),
    )
    assert TEXTS[0][3] in made.chapters[0].body or "Monday" in made.chapters[0].body
    assert made.chapters[0].body.count("<p>") == 8


def test_a_print_version_fills_in_the_chapter_that_no_page_has():
    toc = links(("1", "a"), ("2", "b"), ("3", "c"))
    made = story(
        page("a", text=body(0), links=toc, label="Chapter 1"),
        page("c", text=body(2), links=toc, label="Chapter 3"),
        page("print", text=body(0, 1, 2), role=PageRole.WHOLE),
    )
    assert [chapter.body for chapter in made.chapters] == [body(0), body(1), body(2)]
    assert "chapter.missing" not in codes(made)


def test_a_long_text_is_divided_at_its_headings_and_each_part_can_be_undone_by_itself():
    texts = [body(number).replace("nobody", "nobodyâ€™s") for number in range(3)]
    saved = "".join(f"<h3>Chapter {number + 1}: The {'ABC'[number]}</h3>{text}" for number, text in enumerate(texts))
    repaired = repair.repair(saved)
    whole = Chapter(key="1", body=repaired.text, steps=repaired.steps)
    known = [Chapter(key=str(n), body=body(n).replace("nobody", "nobody’s")) for n in (0, 2)]
    parts = divide(whole, known)
    assert [part.known for part in parts] == [0, None, 1]
    assert (parts[1].chapter.label, parts[1].chapter.title) == ("Chapter 2", "The B")
    for number, part in enumerate(parts):
        was = undo(part.chapter.body, part.chapter.steps)
        assert was == texts[number]
        assert apply(was, part.chapter.steps) == part.chapter.body


def test_a_long_text_that_shares_nothing_is_not_divided():
    assert divide(Chapter(key="1", body=body(0)), [Chapter(key="2", body=body(3))]) == ()


def test_the_title_comes_from_where_it_is_stated_most_surely():
    made = story(
        page("a", text=body(0), place=1, title="Chapter the First", sure=0.4),
        page("b", text=body(1), place=2, title="The Wall", sure=0.9),
        page("c", text=body(2), place=3, title=None),
    )
    assert made.title == "The Wall"
    assert [(each.rule, each.capture) for each in made.evidence if each.field == "title"] == [("t", "b")]


def test_a_title_lost_everywhere_stays_lost():
    assert story(page("a", text=body(0), title=None)).title is None


def test_all_authors_of_a_work_are_named():
    made = story(page("a", text=body(0), place=1, by=("Ada",)), page("b", text=body(1), place=2, by=("Ada", "Wren")))
    assert made.authors == ("Ada", "Wren")


def listed(**values):
    return Mention(Story(key="fic/1", **values), "list")


def test_lists_fill_in_what_the_pages_lost_and_say_so():
    mention = listed(
        title="The Wall", credits=(Credit(name="Ada"),), summary="<p>Rain.</p>", tags=(Tag(kind="rating", name="PG"),)
    )
    made = story(page("a", text=body(0), title=None, by=()), mentions=[mention])
    assert (made.title, made.authors, made.summary) == ("The Wall", ("Ada",), "<p>Rain.</p>")
    assert made.tags == (Tag(kind="rating", name="PG"),)
    assert {each.field for each in made.evidence if each.rule == "list"} >= {"title", "authors.0", "summary", "tags"}


def test_a_list_that_says_another_title_is_a_finding():
    made = story(page("a", text=body(0)), mentions=[listed(title="The Wail")])
    assert made.title == "The Wall"
    assert "title.differs" in codes(made)


@pytest.mark.parametrize(("stated", "code"), [(400, "words.fewer"), (20, "words.more"), (118, None), (130, None)])
def test_stated_words_are_compared_with_what_is_there(stated, code):
    made = story(page("a", text=body(0)), mentions=[listed(stated_words=stated)])
    assert [each for each in codes(made) if each.startswith("words.")] == ([code] if code else [])


def test_texts_that_share_only_a_title_are_two_works():
    one = page("a.txt", text=body(0), role=PageRole.WHOLE, work="")
    other = page("b.txt", text=body(1), role=PageRole.WHOLE, work="")
    copy = page("c.txt", text=body(0), role=PageRole.WHOLE, work="")
    made = list(merge.stories([one, other, copy], "old/a", "Old", ()))
    assert [(each.key, len(each.captures)) for each in made] == [("old/a", 2), ("old/a-2", 1)]


def test_addresses_of_chapters_lead_to_chapters_and_that_of_the_work_to_the_work():
    made = story(
        page("print", text=body(0, 1), role=PageRole.WHOLE),
        page("a", text=body(0), place=1, label="Chapter 1"),
        page("b", text=body(1), place=2, label="Chapter 2"),
    )
    assert made.addresses == (f"{HOST}/print",)
    assert [chapter.addresses for chapter in made.chapters] == [(f"{HOST}/a",), (f"{HOST}/b",)]


def test_people_are_brought_together_by_name_and_every_spelling_is_kept():
    people = People()
    for names in (("Zoë M.", "zero"), ("zoë m.",), ("Zoë M.",)):
        made = people.credited(Story(key="k", archive="Old", credits=tuple(Credit(name=name) for name in names)))
        assert all(credit.person for credit in made.credits)
    persons = {person.name: person for person in people.persons()}
    assert set(persons) == {"Zoë M.", "zero"}
    assert persons["Zoë M."].names == ("zoë m.",)


def test_names_without_a_letter_are_not_one_person():
    keys = {person_key("Old", name) for name in ("***", "~*~", "!", "Untitled")}
    assert len(keys) == 4
    assert replace(Story(key="k")).key == "k"

"""Two people write at once: whatever they do, no word that somebody wrote and nobody took away is lost."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.site.works.models import Work
from storykeep.site.writing import drafts, inviting, names, queries, revisions
from storykeep.site.writing.differences import compare
from storykeep.site.writing.entry import body, source
from storykeep.site.writing.merge import merge
from storykeep.site.writing.paragraphs import join, split, tidy
from storykeep.site.writing.revisions import Sent, save


def text(*paragraphs):
    return join([f"<p>{words}</p>" for words in paragraphs])


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        (("a", "b", "c"), ("A", "b", "c"), ("a", "b", "C"), ("A", "b", "C")),
        (("a", "b"), ("a", "b", "mine"), ("theirs", "a", "b"), ("theirs", "a", "b", "mine")),
        (("a", "b", "c"), ("a", "c"), ("a", "b", "c", "d"), ("a", "c", "d")),
        (("a",), ("same",), ("same",), ("same",)),
        ((), ("first",), (), ("first",)),
    ],
)
def test_changes_in_different_places_are_brought_together(base, mine, theirs, expected):
    found = merge(text(*base), text(*mine), text(*theirs))
    assert (found.body, found.conflicts) == (text(*expected), ())


def test_both_versions_of_a_paragraph_stand_in_the_text_and_are_told():
    found = merge(text("a", "b", "c"), text("a", "mine", "c"), text("a", "theirs", "c"))
    assert found.body == text("a", "theirs", "mine", "c")
    assert [(each.theirs, each.mine) for each in found.conflicts] == [(text("theirs"), text("mine"))]


def test_a_paragraph_that_one_changed_and_the_other_took_away_stays():
    found = merge(text("a", "b", "c"), text("a", "c"), text("a", "b, and more", "c"))
    assert found.body == text("a", "b, and more", "c")
    assert found.conflicts


class Writer:
    """Somebody who types at random, with a text of their own and the version that it was made from."""

    def __init__(self, number, rng):
        self.number, self.rng, self.count = number, rng, 0
        self.base, self.blocks = 0, []
        self.wrote, self.took = set(), set()

    def edit(self):
        act = self.rng.choice(["add", "add", "change", "change", "take", "move"])
        at = self.rng.randrange(len(self.blocks) + 1)
        if act == "add" or not self.blocks:
            self.blocks.insert(at, f"<p>{self.word()}</p>")
            return
        at %= len(self.blocks)
        if act == "change":
            self.blocks[at] = self.blocks[at].replace("</p>", f" {self.word()}</p>")
        elif act == "take":
            self.took |= words(self.blocks.pop(at))
        else:
            self.blocks.insert(self.rng.randrange(len(self.blocks)), self.blocks.pop(at))

    def word(self):
        self.count += 1
        word = f"w{self.number}x{self.count}"
        self.wrote.add(word)
        return word


def words(html):
    return set(html.replace("<p>", " ").replace("</p>", " ").split())


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_an_hour_of_two_writers_loses_nothing(seed):
    rng = random.Random(seed)
    versions = [""]
    writers = [Writer(number, rng) for number in (1, 2)]
    for _ in range(150):
        writer = rng.choice(writers)
        for _ in range(rng.randrange(1, 4)):
            writer.edit()
        if rng.random() < 0.5:
            versions.append(merge(versions[writer.base], join(writer.blocks), versions[-1]).body)
            writer.base, writer.blocks = len(versions) - 1, split(versions[-1])
    for writer in writers:
        versions.append(merge(versions[writer.base], join(writer.blocks), versions[-1]).body)
    wrote = writers[0].wrote | writers[1].wrote
    took = writers[0].took | writers[1].took
    assert wrote - took <= words(versions[-1])


# ── the same at the desk
@pytest.fixture
def chapter(cast):
    return queries.chapters_of(drafts.begin(cast.users["author"], "merging"))[0]


def test_two_tabs_never_overwrite_one_another(cast, chapter):
    user = cast.users["author"]
    first = save(chapter, Sent(body=text("a", "b"), by=user)).now
    one = save(chapter, Sent(body=text("a, one", "b"), by=user, base=first.pk))
    two = save(chapter, Sent(body=text("a", "b, two"), by=user, base=first.pk))
    assert not one.merged
    assert two.merged
    assert two.now.body == text("a, one", "b, two")
    assert two.mine.body == text("a", "b, two")


def test_a_request_that_is_sent_again_counts_once(cast, chapter):
    sent = Sent(body=text("once"), by=cast.users["author"], request="r1")
    first, again = save(chapter, sent), save(chapter, sent)
    assert first.now == again.now
    assert chapter.revisions.count() == 1


def test_a_page_that_is_sent_again_with_another_text_is_kept(cast, chapter):
    user = cast.users["author"]
    save(chapter, Sent(body=text("once"), by=user, request="r1"))
    found = save(chapter, Sent(body=text("twice"), by=user, request="r1"))
    assert {"once", "twice"} <= words(found.now.body)


def test_conflicts_are_settled_one_by_one_and_block_publishing_until_then(cast, chapter):
    user, author = cast.users["author"], cast.browsers["author"]
    Work.objects.update(title="Two", language="en")
    base = save(chapter, Sent(body=text("a", "b"), by=user)).now
    save(chapter, Sent(body=text("a1", "b"), by=user, base=base.pk))
    save(chapter, Sent(body=text("a2", "b"), by=user, base=base.pk))
    address = f"/write/works/{chapter.work.ref}/chapters/{chapter.ref}/conflicts"
    page = author.get(address).content.decode()
    assert "<p>a1</p>" in page
    assert "<p>a2</p>" in page
    assert author.post(f"/write/works/{chapter.work.ref}/publication").status_code == 422
    author.post(address, {"place": "0", "keep": "mine"})
    now = queries.head(queries.chapter_of(chapter.work, chapter.ref))
    assert (now.body, now.conflicts) == (text("a2", "b"), None)
    assert author.post(f"/write/works/{chapter.work.ref}/publication").status_code == 302


def test_a_conflict_is_still_told_while_somebody_types_elsewhere(cast, chapter):
    user = cast.users["author"]
    base = save(chapter, Sent(body=text("a", "b"), by=user)).now
    save(chapter, Sent(body=text("a1", "b"), by=user, base=base.pk))
    now = save(chapter, Sent(body=text("a2", "b"), by=user, base=base.pk)).now
    later = save(chapter, Sent(body=now.body + "\n<p>c</p>", by=user, base=now.pk)).now
    assert later.conflicts == now.conflicts


def test_what_was_brought_back_leaves_the_later_text_in_the_history(cast, chapter):
    user = cast.users["author"]
    first = save(chapter, Sent(body=text("first"), by=user)).now
    second = save(chapter, Sent(body=text("second"), by=user, base=first.pk)).now
    revisions.restore(chapter, first, user)
    now = queries.head(queries.chapter_of(chapter.work, chapter.ref))
    assert (now.body, now.how) == (text("first"), revisions.RESTORED)
    assert second in chapter.revisions.all()


def test_an_archivists_correction_reaches_the_text_that_its_author_is_working_on(cast, chapter):
    from storykeep.site.works.keeping_stories import revise
    from storykeep.site.writing import publishing

    user = cast.users["author"]
    Work.objects.update(title="Two", language="en")
    first = save(chapter, Sent(body=text("a", "teh lamp"), by=user)).now
    publishing.publish(chapter.work)
    save(chapter, Sent(body=text("a, and more", "teh lamp"), by=user, base=first.pk))
    revise(queries.chapter_of(chapter.work, chapter.ref), text("a", "the lamp"), by=cast.users["archivist"])
    now = save(chapter, Sent(body=text("a, and more", "teh lamp", "c"), by=user, base=first.pk + 1)).now
    assert now.body == text("a, and more", "the lamp", "c")


def test_a_draft_that_an_archivist_corrected_is_published_with_the_correction(cast, chapter):
    from storykeep.site.works.keeping_stories import revise
    from storykeep.site.writing import publishing

    user = cast.users["author"]
    Work.objects.update(title="Two", language="en")
    first = save(chapter, Sent(body=text("a", "teh lamp"), by=user)).now
    revisions.show(revisions.locked(chapter))
    save(chapter, Sent(body=text("a, and more", "teh lamp"), by=user, base=first.pk, how=revisions.AUTO))
    revise(queries.chapter_of(chapter.work, chapter.ref), text("a", "the lamp"), by=cast.users["archivist"])
    assert publishing.publish(chapter.work) == []
    assert queries.chapter_of(chapter.work, chapter.ref).current.body == text("a, and more", "the lamp")


HOSTILE = tidy('<p title="</p><p><img src=x onerror=alert(1)>">One</p>')


def test_what_stands_in_a_value_is_never_taken_for_a_tag(cast, chapter):
    from storykeep.text import sanitise

    assert split(HOSTILE) == [HOSTILE]
    user = cast.users["author"]
    base = save(chapter, Sent(body=join([HOSTILE, text("b")]), by=user)).now
    save(chapter, Sent(body=join([text("b1"), HOSTILE]), by=user, base=base.pk))
    now = save(chapter, Sent(body=text("b2"), by=user, base=base.pk)).now
    assert sanitise.clean(now.body) == now.body
    assert "<img" not in now.body.replace(HOSTILE, "")
    for line in compare(base.body, now.body):
        assert "<img" not in line.html.replace(HOSTILE, "").replace('title="</p><p><img', "")


def test_a_form_that_was_opened_before_somebody_else_saved_leads_to_both_texts(cast, chapter):
    browser, address = cast.browsers["author"], f"/write/works/{chapter.work.ref}"
    base = save(chapter, Sent(body=text("a", "b"), by=cast.users["author"])).now
    browser.post(address, {"body": "a first\n\nb", "entry": "light", "base": base.pk, "was": '{"title": ""}'})
    answer = browser.post(address, {"body": "a second\n\nb", "entry": "light", "base": base.pk, "was": '{"title": ""}'})
    page = browser.get(answer["Location"]).content.decode()
    assert answer["Location"].endswith("/conflicts")
    assert "<p>a first</p>" in page
    assert "<p>a second</p>" in page


# ── comparing
def test_a_comparison_marks_words_and_folds_what_is_the_same():
    before = text(*[f"line {n}" for n in range(30)], "The sea was grey.")
    after = text(*[f"line {n}" for n in range(30)], "The sea was <em>green</em>.")
    found = compare(before, after)
    assert [line.kind for line in found] == ["folded", "same", "changed"]
    assert found[-1].html == "<p>The sea was <del>grey</del><em><ins>green</ins></em>.</p>"


# ── typing without the editor
PIECES = st.sampled_from(
    ["She said", " & ", "<em>no</em>", "<br>", "1 &lt; 2", "灯", " ", "<strong>x</strong>", "* * *"]
)
BLOCKS = st.one_of(
    st.lists(PIECES, min_size=1, max_size=5).map(lambda parts: f"<p>{''.join(parts)}</p>"),
    st.sampled_from(
        [
            '<hr class="scene">',
            "<blockquote><p>So.</p></blockquote>",
            '<p class="align-center">C</p>',
            "<ul><li>a</li></ul>",
        ]
    ),
)


@given(st.lists(BLOCKS, max_size=6))
@settings(max_examples=120, deadline=None)
def test_a_text_that_is_opened_and_saved_unchanged_stays_the_same(blocks):
    kept = tidy("\n".join(blocks))
    assert body(source(kept, "light"), "light") == kept
    assert body(source(kept, "html"), "html") == kept


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("One\ntwo", "<p>One<br>two</p>"),
        ("One\r\n\r\ntwo", "<p>One</p>\n<p>two</p>"),
        ("One\n\n\n\ntwo", "<p>One</p>\n<p>two</p>"),
        ("a\n\n* * *\n\nb", '<p>a</p>\n<hr class="scene">\n<p>b</p>'),
        ("I <3 you & me", "<p>I &lt;3 you &amp; me</p>"),
        ("<i>one\n\ntwo</i>", "<p><i>one</i></p>\n<p><i>two</i></p>"),
        ("<blockquote>a\n\nb</blockquote>after", "<blockquote><p>a</p>\n<p>b</p></blockquote>\n<p>after</p>"),
    ],
)
def test_newlines_make_lines_and_paragraphs(typed, expected):
    assert body(typed, "light") == expected


def test_markdown_keeps_single_newlines_as_lines_and_footnotes():
    found = body("One *two*\nthree\n\n---\n\nNote.[^1]\n\n[^1]: Said so.", "markdown")
    assert "<p>One <em>two</em><br>" in found
    assert "<hr" in found
    assert "Said so." in found
    assert "*two*" in source(body("One *two*", "markdown"), "markdown")


def test_paragraphs_that_all_changed_are_compared_in_steps_that_do_not_multiply():
    """A thousand new paragraphs for a thousand old ones: each is looked for among the next ones only."""
    from storykeep.site.writing.differences import NEAR, partners

    old = [f"<p>w{n} x{n} y{n}</p>" for n in range(NEAR + 2)]
    assert partners(old, ["<p>nothing alike here</p>", old[NEAR - 1]]) == [None, NEAR - 1]
    assert partners(old, ["<p>quite other words stand in this one</p>"]) == [None]
    assert partners(old, [old[NEAR]]) == [None]


def test_one_paragraph_of_a_whole_book_is_told_as_gone_and_new_where_all_of_it_changed():
    from storykeep.site.writing.differences import marked

    old, new = (" ".join(f"{mark}{n}" for n in range(9_000)) for mark in "ab")
    assert marked(f"<p>{old}</p>", f"<p>{new}</p>") == f"<p><del>{old}</del><ins>{new}</ins></p>"
    changed = f"<p>{old.replace('a4500', 'changed')}</p>"
    assert "<del>a4500</del><ins>changed</ins>" in marked(f"<p>{old}</p>", changed)


# ── the same through the pages
class Tab:
    """A page of the chapter, open in a writer's browser: it saves by itself and by hand, is reloaded, settles."""

    def __init__(self, number, browser, address, rng):
        self.writer, self.browser, self.address, self.rng = Writer(number, rng), browser, address, rng
        self.load()

    def load(self):
        """Open the page again, as after a restart. What was typed and not sent is taken for sent by hand."""
        page = self.browser.get(self.address).content.decode()
        self.base = re.search(r'name="base" value="(\d*)"', page)[1]
        self.writer.blocks = split(re.search(r"<template data-body>(.*?)</template>", page, re.DOTALL)[1])

    def save(self, *, auto, twice=False):
        sent = {
            "body": join(self.writer.blocks),
            "base": self.base,
            "entry": "html",
            "was": "{}",
            "request": self.mark(),
        }
        for _ in range(2 if twice else 1):
            answer = self.browser.post(
                self.address, sent | ({"auto": "1"} if auto else {}), headers={"Accept": "application/json"}
            )
        kept = answer.json()
        self.base = str(kept.get("base", self.base))
        if "body" in kept:
            self.writer.blocks = split(kept["body"])

    def mark(self):
        return f"tab{self.writer.number}x{self.rng.random()}"

    def settle(self):
        """Keep both texts of a place where two wrote at once: nothing is thrown away by that."""
        self.browser.post(f"{self.address}/conflicts", {"place": "0", "keep": "both"})


@pytest.mark.parametrize("seed", range(2))
def test_an_hour_of_two_writers_in_three_tabs_loses_nothing(cast, chapter, seed):
    rng = random.Random(seed)
    work = chapter.work
    inviting.accept(inviting.invite(work, cast.users["author"], "member", "author"), names.usual(cast.users["member"]))
    address = f"/write/works/{work.ref}/chapters/{chapter.ref}"
    browsers = (cast.browsers["author"], cast.browsers["member"], cast.browsers["author"])
    tabs = [Tab(number, browser, address, rng) for number, browser in enumerate(browsers)]
    for _ in range(40):
        tab = rng.choice(tabs)
        for _ in range(rng.randrange(1, 4)):
            tab.writer.edit()
        act = rng.choice(["", "", "auto", "auto", "hand", "twice", "reload", "settle", "restore"])
        if act:
            tab.save(auto=act == "auto", twice=act == "twice")
        if act == "reload":
            tab.load()
        if act == "settle":
            tab.settle()
        if act == "restore":  # and back again: an older text comes, the newest is brought back out of the history
            newest = queries.head(queries.chapter_of(work, chapter.ref))
            for number in (chapter.revisions.order_by("number").first().number, newest.number):
                tab.browser.post(f"{address}/history/restored", {"number": number})
            tab.load()
    for tab in tabs:
        tab.save(auto=False)
    wrote = set().union(*(tab.writer.wrote for tab in tabs))
    took = set().union(*(tab.writer.took for tab in tabs))
    assert wrote - took <= words(queries.head(queries.chapter_of(work, chapter.ref)).body)
    assert chapter.revisions.filter(how=revisions.MERGED).exists()

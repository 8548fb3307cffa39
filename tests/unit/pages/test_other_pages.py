"""Lists, authors' pages, reviews, news: no stories, and read for what they tell of stories."""

from storykeep.model.provenance import Capture
from storykeep.sources.pages import read
from storykeep.sources.pages.reading import PageRole


def reading(html, path="page.html", address=""):
    return read(html.encode(), Capture(sha256="0" * 64, path=path, address=address))


LIST = """<html><head><title>Stories by title</title></head><body><h2>Stories</h2>
<p><a href="fic.html?id=1"><b>Still Water</b></a> by <a href="auth.html?au=4">jen</a><br>She waits. It rains.<br>
Post-Grave, Rated R, Spike/Buffy, 2,537 words.</p>
<p><a href="fic.html?id=2"><b>Tin</b></a> by <a href="auth.html?au=5">zero</a><br>Drums.<br>Rated G, 412 words.</p>
<p><a href="fic.html?id=3"><b>Salt</b></a> by <a href="auth.html?au=4">jen</a><br>Boots.<br>
Rated PG, Dana &amp; Teo, 90 words.</p>
</body></html>"""


def test_a_list_tells_of_every_work():
    found = reading(LIST, address="http://x.example/list.html")
    assert found.role is PageRole.LISTING
    first, second, third = found.listed
    assert (first.title, first.authors, first.key) == ("Still Water", ("jen",), "fic/1")
    assert "She waits." in first.summary
    assert {(tag.kind, tag.name) for tag in first.tags} == {
        ("timeline", "Post-Grave"),
        ("rating", "R"),
        ("pairing", "Spike/Buffy"),
    }
    assert (first.stated_words, second.stated_words, third.stated_words) == (2537, 412, 90)
    assert first.addresses == ("http://x.example/fic.html?id=1",)


def test_an_authors_page_has_works_and_an_interview():
    html = """<html><head><title>jen</title></head><body><h2>jen</h2><h3>Stories by jen</h3>
<p><a href="fic.html?id=1"><b>Still Water</b></a><br>She waits.<br>Rated R, 2,537 words.</p><hr>
<p><b>What made you start to write?</b></p><p>A long bus ride, and <i>no</i> book.</p>
<p><b>Who reads you first?</b></p><p>The cat.</p></body></html>"""
    found = reading(html, address="http://x.example/auth.html?au=4")
    assert found.role is PageRole.PERSON
    assert (found.person.name, found.person.key) == ("jen", "auth/4")
    assert [answer.question for answer in found.person.interview] == [
        "What made you start to write?",
        "Who reads you first?",
    ]
    assert "<em>no</em>" in found.person.interview[0].answer
    assert found.listed[0].authors == ("jen",)


def test_reviews_belong_to_their_work():
    html = """<html><head><title>Reviews of Tin</title></head><body><h2>Reviews of Tin</h2>
<div class="review"><b>quay</b> <span>21 March 2001</span><br>I could have stood anything but that.</div>
<div class="review"><b>moth</b> <span>25 March 2001</span><br>Drums!</div>
<a href="fic.html?id=2">Back to the story</a></body></html>"""
    found = reading(html)
    assert (found.role, found.work) == (PageRole.REVIEWS, "fic/2")
    assert [(r.name, r.date) for r in found.story.reviews] == [("quay", "2001-03-21"), ("moth", "2001-03-25")]
    assert "stood anything" in found.story.reviews[0].body


def test_comments_of_the_automated_archive():
    html = """<html><body><div class="form"><table class="form"><tr><td>From: quaybird (q@b.example)
Date: 5 May 2005</td><td>Lovely.</td></tr></table></div></body></html>"""
    found = reading(html, path="archive/2/lamp1_cmt.html")
    assert (found.role, found.work) == (PageRole.REVIEWS, "archive/2/lamp1")
    assert [(r.name, r.date) for r in found.story.reviews] == [("quaybird", "2005-05-05")]


def test_news_and_rules_are_no_stories():
    page = "<html><head><title>{0} - Ferry</title></head><body><h2>{0}</h2><p>{1}</p></body></html>"
    assert reading(page.format("News", "We have moved. Mind the gap.")).role is PageRole.NEWS
    assert reading(page.format("Submission guidelines", "Be kind to editors.")).role is PageRole.OTHER


def test_a_story_beside_which_others_are_named_is_a_story():
    side = "".join(f"<a href='fic.html?id={n}'>Other {n}</a><br>" for n in range(5))
    prose = "<p>It rained on the harbour, and nobody had thought to bring the boats in before dark fell.</p>" * 12
    html = f"<html><body><div class=latest>{side}</div><h1>Rain</h1><p>by Wren Hallow</p>{prose}</body></html>"
    found = reading(html)
    assert found.role is PageRole.WHOLE
    assert found.story.title == "Rain"

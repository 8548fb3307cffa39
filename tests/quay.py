"""A small archive for the tests of pages: every kind of page, and the words that once broke one."""

from __future__ import annotations

from django.conf import settings

from storykeep.model.provenance import Capture, Gap, GapKind, Step
from storykeep.model.story import (
    Answer,
    Archive,
    Chapter,
    Credit,
    Note,
    NoteKind,
    Page,
    PageKind,
    Person,
    Relation,
    RelationKind,
    Review,
    Role,
    Series,
    SeriesPlace,
    Status,
    Story,
    Tag,
    TagKind,
)
from storykeep.rescue.originals import Originals
from storykeep.site.search import indexing
from storykeep.site.works import bridge
from storykeep.site.works.models import Visibility, Work

HOSTILE = "<script>alert(1)</script>{{7*7}}“\u202eevil" + "x" * 300 + "z\u0301\u0302\u0303" * 40
OLD_PAGE = b"""<html><body bgcolor=black onload="alert(1)"><script>alert(2)</script>
<img src="http://tracker.example/x.gif"><h1>Slack Tide</h1>
<p>He said it\x92ll do, \x91cause it must.</p></body></html>"""
LONG = (
    "It was the sort of evening on which a person might reasonably expect to be told something, and Ilse had been told "
    "nothing at all, which is why she was standing on the quay in the rain with a lamp in one hand and in the other a "
    "letter that she could not read, since it was in Portuguese."
)
SOME = "".join(
    f"<p>Wave {number} came in, looked about, and went out again without a word.</p>" for number in range(28)
)
EVERY_SHAPE = f"""<p>{LONG}</p><p>“Well,” said the rain. <em>The sea is <i>not</i> a metaphor.</em></p>
<hr class="scene"><p>Afterwards.</p>
<div class="lines">Dear Ilse,<br>the boat is blue.</div><blockquote><p>A quotation.</p></blockquote>
<p class="align-center">centred</p><ul><li>a list</li></ul><h3>A heading</h3><p>H<sub>2</sub>O, <small>small</small>,
<span class="small-caps">Caps</span>, <a href="https://example.org/">a link</a>.</p><pre>  a  b</pre>
<table><tr><th>Tide</th><td>0.31</td></tr></table><p><ruby>漢<rt>かん</rt></ruby></p><hr class="gap gap-reply">
<p>After the gap.</p><p>مرحبا بك في الأرشيف.</p>{SOME}"""


def build() -> dict[str, Work]:
    """Fill the archive; return its works by a short name."""
    keep_texts()
    keep_people()
    works = {
        "shapes": bridge.keep(shapes()),
        "tide": bridge.keep(tide()),
        "letter": bridge.keep(letter()),
        "lost": bridge.keep(lost()),
        "hostile": bridge.keep(hostile()),
        "members": seen_by(bridge.keep(plain_one("members-only", "For Members")), Visibility.MEMBERS),
        "hidden": seen_by(bridge.keep(plain_one("hidden", "Hidden Story")), Visibility.HIDDEN),
    }
    indexing.catch_up()  # as the site does within a second
    return works


def seen_by(work: Work, who: Visibility) -> Work:
    work.visibility = who
    work.save()
    return work


def keep_texts() -> None:
    kinds = (TagKind(key="rating", name="Ratings"), TagKind(key="pairing", name="Pairings"))
    words = "<p>Stories from one harbour.</p>"
    bridge.keep(
        Archive(name="The Quay", slogan="Stories from one harbour", description=words, language="en", tag_kinds=kinds)
    )
    bridge.keep(
        Page(key="n1", kind=PageKind.NEWS, title="We are back", body="<p>After many years.</p>", date="2026-01-05")
    )
    bridge.keep(Page(key="p1", kind=PageKind.POLICY, title="How stories are chosen", body="<p>Slowly.</p>"))
    bridge.keep(Page(key="a1", kind=PageKind.ABOUT, title="About the quay", body="<p>It is wet.</p>"))
    bridge.keep(Page(key="f1", kind=PageKind.FOOTER, body="<p>All stories belong to those who wrote them.</p>"))


def keep_people() -> None:
    answers = (Answer(question="When did you begin?", answer="<p>At low water.</p>"),)
    sites = ("http://www.ilse.example/", "javascript:alert(1)")
    bridge.keep(
        Person(key="ilse", name="Ilse Marrow", names=("imarrow",), sites=sites, bio="<p>Writes.</p>", interview=answers)
    )
    bridge.keep(Series(key="harbour", title="Harbour Stories", summary="<p>Two of them.</p>"))


def shapes() -> Story:
    return Story(
        key="quay/shapes",
        title="Every Shape of Paragraph",
        archive="The Quay",
        credits=(
            Credit(name="Ilse Marrow", person="ilse"),
            Credit(name="zero"),
            Credit(name="Ana", role=Role.TRANSLATOR),
        ),
        summary="<p>A page with everything that an author ever typed.</p>",
        notes=(
            Note(kind=NoteKind.WARNING, body="<p>Weather.</p>"),
            Note(kind=NoteKind.EPIGRAPH, body='<div class="lines">The tide<br>comes in.</div>'),
            Note(kind=NoteKind.AFTER, body="<p>Thank you for reading.</p>"),
        ),
        tags=(Tag(kind="rating", name="PG-13"), Tag(kind="pairing", name="Ilse/Marrow")),
        language="en",
        status=Status.IN_PROGRESS,
        chapters_planned=5,
        published="2003-07-14",
        series=(SeriesPlace(title="Harbour Stories", position=2, key="harbour"),),
        relations=(Relation(kind=RelationKind.SEQUEL_OF, target="Slack Tide"),),
        reviews=(Review(key="1", name="tess", date="2004-02-01", body="<p>Lovely.</p>"),),
        chapters=(
            Chapter(
                key="1", label="Prologue", title="Dice", body=EVERY_SHAPE, gaps=(Gap(kind=GapKind.REPLY, after=11),)
            ),
            Chapter(
                key="2",
                label="Chapter 2",
                title="Rope",
                body=SOME,
                published="2003-08-01",
                notes=(Note(body="<p>Sorry.</p>"),),
            ),
            Chapter(key="3", body="<p>“The end,” said nobody.</p>", truncated=True),
        ),
    )


def tide() -> Story:
    sha = Originals(settings.ORIGINALS).keep(OLD_PAGE)
    body = "<p>He said it’ll do, ’cause it must.</p>" + SOME
    step = Step(code="repair.elision", at=body.index("’cause"), before="‘", after="’", reason="an elision")
    page = Capture(
        sha256=sha,
        path="site/fic7.html",
        address="http://quay.example/fic.html?id=7",
        media_type="text/html",
        size=len(OLD_PAGE),
    )
    return Story(
        key="quay/tide",
        title="Slack Tide",
        archive="The Quay",
        credits=(Credit(name="Ilse Marrow", person="ilse"),),
        summary="<p>A short one about a lantern.</p>",
        tags=(Tag(kind="rating", name="G"),),
        language="en",
        status=Status.COMPLETE,
        published="2001",
        series=(SeriesPlace(title="Harbour Stories", position=1, key="harbour"),),
        chapters=(Chapter(key="1", body=body, steps=(step,), captures=(sha,)),),
        captures=(page,),
    )


def letter() -> Story:
    words = "<p>הים היה שקט באותו בוקר.</p><p>Dear Ilse, she wrote.</p><p>ואז חזרה לעברית.</p>"
    return Story(
        key="quay/letter",
        title="מכתב",
        credits=(Credit(name="נועה"),),
        language="he",
        chapters=(Chapter(key="1", body=words),),
    )


def lost() -> Story:
    return Story(key="quay/lost", title=None, credits=(Credit(name="zero"),), chapters=(Chapter(key="1", body=SOME),))


def hostile() -> Story:
    return Story(
        key="quay/hostile",
        title=HOSTILE,
        credits=(Credit(name=HOSTILE),),
        tags=(Tag(kind="pairing", name=HOSTILE),),
        chapters=(Chapter(key="1", title=HOSTILE, body="<p>Only the labels are wild.</p>"),),
    )


def plain_one(key: str, title: str) -> Story:
    return Story(
        key=f"quay/{key}",
        title=title,
        credits=(Credit(name="Nobody Else"),),
        chapters=(Chapter(key="1", body="<p>Secret.</p>"),),
    )

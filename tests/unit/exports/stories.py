"""Stories of our own writing for the exports: plain ones, rich ones, and ones made to break e-readers."""

from __future__ import annotations

import io

from PIL import Image as Pillow

from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture, Gap, GapKind, Step, Variant
from storykeep.model.story import (
    Chapter,
    Credit,
    Image,
    Note,
    NoteKind,
    Relation,
    RelationKind,
    Role,
    SeriesPlace,
    Status,
    Story,
    Tag,
    WorkKind,
)
from storykeep.text.sanitise import clean


def picture(kind: str = "PNG", colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (12, 8), colour).save(out, kind)
    return out.getvalue()


PNG, JPEG, GIF, WEBP = (picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP"))
BROKEN = PNG[:30] + b"\0" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><circle r="4"/></svg>'
STORE = {sha256(data): data for data in (PNG, JPEG, GIF, WEBP, BROKEN, SVG)}


def one(body: str, *, key: str = "a", **fields) -> Story:
    """A story of one chapter; its body is cleaned as everything is that comes in."""
    fields.setdefault("title", "The Lamp")
    fields.setdefault("language", "en")
    return Story(key=key, chapters=(Chapter(key="1", body=clean(body)),), **fields)


PLAIN = one(
    "<p>The lamp was out when she came down.</p><p>It had <em>never</em> been out before.</p>"
    '<hr class="scene"><p>“Who was here?” said Ines. Nobody said a word.</p>',
    credits=(Credit(name="Orla Finch"),),
)

RICH = Story(
    key="lanterns/12",
    title="Salt & <Light>",
    archive="The Lantern Room",
    credits=(
        Credit(name="Orla Finch"),
        Credit(name="zero"),
        Credit(name="María Ñúñez", role=Role.TRANSLATOR),
        Credit(name="bee", role=Role.BETA),
    ),
    summary="<p>A keeper, a boat, a <em>debt</em>.</p>",
    notes=(
        Note(kind=NoteKind.EPIGRAPH, body="<p>“Keep a light in the window.”</p>"),
        Note(kind=NoteKind.BEFORE, label="Author's Notes:", body="<p>Written in one night.</p>"),
        Note(kind=NoteKind.WARNING, body="<p>The sea takes somebody.</p>"),
        Note(kind=NoteKind.AFTER, body="<p>Thank you for reading.</p>"),
    ),
    tags=(
        Tag(kind="rating", name="PG-13"),
        Tag(kind="pairing", name='Ines/"The Keeper" & co.'),
        Tag(kind="pairing", name="Ines & Tomas"),
        Tag(kind="time-line", name="Before <1911>"),
        Tag(kind="genre", name="PG-13"),
    ),
    language="English",
    status=Status.COMPLETE,
    written="2001",
    published="2003-07-14",
    updated="2004-01-02",
    stated_words=12345,
    chapters_planned=5,
    series=(SeriesPlace(title="Tides & Lamps", position=2), SeriesPlace(title="Standalone")),
    relations=(
        Relation(kind=RelationKind.SEQUEL_OF, target="Low Water"),
        Relation(kind=RelationKind.GIFT_TO, target="bee"),
    ),
    addresses=("http://lanterns.example/story.php?id=12&view=all", "http://www.lanterns.example/12"),
    captures=(
        Capture(sha256="a" * 64, path="site/12.html", captured_at="2006-03-04T05:06:07Z"),
        Capture(sha256="b" * 64, address="http://lanterns.example/story.php?id=12"),
    ),
    chapters=(
        Chapter(
            key="1",
            label="Prologue",
            title="Dice",
            published="2003-07-14",
            rating="G",
            summary="<p>They play for the boat.</p>",
            notes=(
                Note(body=clean('<p>For bee. See <a href="#end">below</a>.</p>')),
                Note(kind=NoteKind.AFTER, label="Notes", body='<p id="s-end">1. A game of three dice.</p>'),
            ),
            body="<p>They threw.</p>",
            steps=(
                Step(code="repair.quotes", at=0, before="”", after="“"),
                Step(code="repair.mojibake", at=4, before="Ã©", after="é"),
                Step(code="something.else", at=9, before="x", after="y"),
            ),
            addresses=('http://lanterns.example/story.php?id=12&chapter="1"',),
        ),
        Chapter(
            key="2",
            label="2",
            body='<p>“Six.”</p><hr class="gap gap-reply"><p>“Then it is yours.”</p>',
            gaps=(Gap(kind=GapKind.REPLY, after=1),),
            apparatus=(
                Variant(code="collate.restored", block=2, witness="b" * 64, reading="“Then it is yours.”"),
                Variant(code="collate.differs", block=0, witness="b" * 64, reading="“Seven.”", base="“Six.”"),
            ),
            credits=(Credit(name="zero"),),
        ),
        Chapter(key="3", body='<p>The tide had turned and</p><hr class="gap gap-tail">', truncated=True),
        Chapter(key="4", title="Chapter 4: Ebb", label="Chapter 4", body="<p>And so</p>", truncated=True),
    ),
)

FOOTNOTES = one(
    '<p>The lamp<sup><a href="#fn1" id="r1">1</a></sup> and the boat<a href="#fn2" id="r2">[2]</a>; '
    '<a href="#part2">go on to part two</a>, <a href="#nowhere">or not</a>.</p><h3 id="part2">Part two</h3>'
    '<ol><li id="fn1">A paraffin lamp. <a href="#r1">↩</a></li></ol>'
    '<p><a name="fn2"></a>2. Clinker built. <a href="#r2">back</a></p>'
    '<p id="fn1">A second note of that name.</p><p id="1 2&quot;3">odd</p><p>See <a href="#1 2&quot;3">odd</a></p>'
)

VERSE = one(
    '<p>She sang:</p><div class="lines">The lamp is low,<br>the <em>tide</em> is slow,<br>'
    "and a line that is so long that it will not fit between the margins of anybody’s letter, ever</div>"
    '<div class="lines"><p>Second<br>verse</p><p>Third</p></div><pre>  keep\n    the   spaces</pre>'
    '<blockquote class="letter"><p>Dear Ines,</p><p>Come home.</p></blockquote>',
    kind=WorkKind.POEM,
)

CJK = Story(
    key="cjk",
    title="灯台守の娘",
    language="ja",
    credits=(Credit(name="山田はな"),),
    chapters=(
        Chapter(
            key="1",
            title="第一章",
            body="<p>「灯りが消えている」と彼女は言った。<ruby>灯台<rp>(</rp><rt>とうだい</rt><rp>)</rp></ruby>の明かりは、"
            "もう百年のあいだ一度も消えたことがなかったのに、その夜だけは真っ暗だった、そして誰も何も言わなかった。</p>"
            '<p lang="zh">灯塔的灯从来没有灭过。</p>',
        ),
    ),
)

ARABIC = Story(
    key="ar",
    title="حارسة المنارة",
    language="ar",
    credits=(Credit(name="سلمى"),),
    tags=(Tag(kind="النوع", name="حكاية"),),
    chapters=(
        Chapter(
            key="1",
            body='<p>كان الضوء <em>مطفأ</em> حين نزلت. <span dir="ltr" lang="en">“Who?”</span></p>'
            '<p dir="rtl">لم يقل أحد شيئا.</p><p><bdo dir="rtl">abc</bdo> <bdo>def</bdo> <bdi>x</bdi></p>',
        ),
        Chapter(key="2", label="الفصل الثاني", body="<ul><li>واحد</li><li>اثنان</li></ul>"),
    ),
)

HOSTILE = Story(
    key="../../etc\x00/passwd",
    title="\x00\x0b<script>alert(1)</script> {{7*7}} \u202egnp.exe \ufffe ]]>",
    archive="A\x1fB & <c>",
    credits=(Credit(name='"><img src=x onerror=alert(1)>'), Credit(name="\u0000"), Credit(name="  ")),
    summary=clean("<p onclick=x()>see <a href='javascript:alert(1)'>this</a></p>"),
    tags=(Tag(kind="<b>", name="--> ]]> & \x08"), Tag(kind="", name=" ")),
    language="us",
    direction="sideways",
    published="2003-02-31",
    updated="last summer",
    written="9999-12",
    series=(SeriesPlace(title="<i>", position=3), SeriesPlace(title=" ")),
    addresses=("javascript:alert(1)", "not a url at all \x07"),
    captures=(Capture(sha256="<&>", path="\x00../../x", captured_at="soon"),),
    chapters=(
        Chapter(
            key="\x00",
            title="]]> <!-- -- -->",
            label="\ud800",
            addresses=("http://[broken/",),
            body=clean(
                "<p>--><style>p{}</style><svg onload=x><p>in svg</p></svg><math><mi>x</mi></math>"
                "<p id=a><p id=a><p id='1'><a href='data:text/html,x'>d</a> <a href='//host/x'>s</a> "
                "<a href='http://a b/'>sp</a> <a href='http://ex.example/%zz?q=<>&amp;\"[]^`{|}'>odd</a> "
                "<a href='http://münchen.example/ü'>idn</a> <a href='http://1.2.3.999/'>ip</a> "
                "<a href='mailto:x y'>m</a> <a href='mailto:a@b.example?subject=hi there'>m</a> "
                "<a href='http://-bad-.example/'>h</a> <a href='http://my_page.example/'>u</a> "
                "<a href='http://x.example:99999/'>port</a> "
                "<a href='file:///etc/passwd'>f</a> <a href='HTTP://OK.example'>ok</a> <a href=''>e</a>"
                "<img src='http://x.example/a.png' width='50%' height=20 alt='A \"b\"'><img src='file:///x'>"
                "\x00\x01\x0b\x0c\x1f\x7f\x80\x93quoted\x94 \ufffe\uffff\ufdd0 &#0;&#1;&#x80;&#xFFFE;&#xD800;"
                "&#1114112;</p>"
            ),
        ),
    ),
)

DIRTY = one(
    "<center><font size=7 color=red><b>TITLE</b></font></center><p>One<br><br>two<em><p>three</p><p>four</em> five"
    "<ul>loose<li>a<ul><p>inner</p></ul><li><p>b<table><tr><td>c<td align=right>d<tr><th scope=col>e</table></ul>"
    "<dl><dd>meaning first<dt>term<dd>x</dl><dl><dt>t<dt>u<dd>v<p>w</p></dl><table><td>x</table>"
    "<table><caption><p>cap</p></caption><tr></tr></table><table></table><table><tr><td colspan=0 rowspan=-3>q</table>"
    "<a href=http://one.example/>out<a href=http://two.example/>in</a></a><a href=http://x.example>"
    "<p>block link</p></a>"
    "<b><div>bold <i>block</div> after</i></b><span><blockquote>q<span>s<p>p</span></blockquote></span>"
    "<h1>One</h1><h2>Two <p>in heading</p></h2><h6>six<hr></h6><pre>pre<p>para</p></pre>"
    "<ruby>only base</ruby><ruby><rt>only reading</rt></ruby><rt>stray</rt><ruby>a<rt>b<rt>c</ruby>"
    "<details>no summary</details><details>x<summary>late</summary></details><details><summary>ok"
    "</summary><p>y</details>"
    "<figure><p>f</p><figcaption>cap</figcaption><p>g</p></figure><figure><figcaption>c</figcaption></figure>"
    "<ol start=x reversed type=z><li value=y>1<ol start=3 type=a><li value=7>2</ol></ol><li>stray item<dt>stray term"
    "<td>stray cell</td><tr><td>stray row</td></tr><blink>b</blink><marquee>m</marquee><acronym>a</acronym><tt>t</tt>"
    "<big>big</big><strike>s</strike><address>ad<p>dress</p></address><nobr>n</nobr><o:p>word</o:p><time>now</time>"
    "<q cite='javascript:x'>q</q><ins datetime=x><p>ins</p></ins><del>d</del><abbr title='x'>y</abbr><wbr><hr><hr>"
    "<p></p><p>&nbsp;</p><em></em><em> </em><li></li><span lang='en_US'>l</span><span lang='klingon!'>k</span>"
    "<p class='comment sidebar align-center x1'>c</p><col><colgroup><col span=2></colgroup>"
)

DEEP = one("<blockquote><em>" * 90 + "down" + "</em></blockquote>" * 90 + "<p>up</p>" + "<font><i>" * 300 + "x")

PICTURES = Story(
    key="art",
    title="Six Pictures",
    language="en",
    kind=WorkKind.ART,
    images=(
        Image(sha256=sha256(JPEG), address="http://a.example/cover.jpg", alt="A lamp & a boat"),
        Image(address="http://a.example/lost.jpg", alt=""),
    ),
    chapters=(
        Chapter(
            key="1",
            body=clean(
                '<p><img src="pics/1.png" width="120" height="80"> <img src="http://a.example/2.gif" alt="waves"></p>'
                '<p><img src="gone.jpg" alt="the keeper"><img src="broken.png"><img src="evil.svg"></p>'
                f'<figure><img src="/media/{sha256(WEBP)}.webp"><figcaption>The boat</figcaption></figure>'
                '<img src="pics/1.png">'
            ),
            images=(
                Image(sha256=sha256(PNG), address="pics/1.png", alt="the lamp"),
                Image(sha256=sha256(GIF), address="http://a.example/2.gif"),
                Image(sha256=sha256(BROKEN), address="broken.png"),
                Image(sha256=sha256(SVG), address="evil.svg", alt="a circle"),
            ),
        ),
        Chapter(key="2", body='<p><img src="pics/1.png"></p>'),
    ),
)

EMPTY = Story(key="none")
BLANK = Story(key="blank", title="  ", chapters=(Chapter(key="1"), Chapter(key="2", body=clean("  <p> </p>"))))
LONG = Story(
    key="long",
    title="A Hundred Days",
    language="en",
    chapters=tuple(
        Chapter(key=str(n), label=f"Day {n}", body=f'<p id="s-x">It rained on day {n}.</p><p><a href="#s-x">up</a></p>')
        for n in range(1, 101)
    ),
)

STORIES = {
    "plain": PLAIN,
    "rich": RICH,
    "footnotes": FOOTNOTES,
    "verse": VERSE,
    "cjk": CJK,
    "arabic": ARABIC,
    "hostile": HOSTILE,
    "dirty": DIRTY,
    "deep": DEEP,
    "pictures": PICTURES,
    "empty": EMPTY,
    "blank": BLANK,
    "long": LONG,
}

"""A body is seen as a reader sees it: paragraphs, verse, breaks, gaps and headings in order."""

from storykeep.text.blocks import Block, blocks, to_html


def test_every_kind_of_block():
    body = (
        '<h3>One</h3><p>She <em>knew</em>.</p><hr class="scene"><blockquote><p>A letter</p></blockquote>'
        '<div class="lines">Roses<br><i>are</i> red</div><hr class="gap gap-reply"><ul><li>a</li><li>b</li></ul>'
    )
    assert [(block.type, block.text, block.italics, block.kind) for block in blocks(body)] == [
        ("heading", "One", (), "h3"),
        ("p", "She knew.", ("knew",), ""),
        ("scene_break", "", (), ""),
        ("p", "A letter", (), ""),
        ("lines", "Roses\nare red", ("are",), ""),
        ("gap", "", (), "reply"),
        ("p", "a", (), ""),
        ("p", "b", (), ""),
    ]


def test_italics_are_runs_in_order_and_nested_ones_are_one():
    (block,) = blocks("<p><i>One <em>two</em></i> three <cite>four</cite> <b>five</b></p>")
    assert block.italics == ("One two", "four")
    assert block.html == "<i>One <em>two</em></i> three <cite>four</cite> <b>five</b>"


def test_line_breaks_stay_in_paragraphs_and_at_their_edges_they_go():
    (block,) = blocks("<p><br>One<br>two<br></p>")
    assert (block.text, block.html) == ("One\ntwo", "One<br>two")


def test_verbatim_text_keeps_its_spaces():
    (block,) = blocks("<pre>a\n  b\n</pre>")
    assert (block.type, block.text) == ("lines", "a\n  b")


def test_words_outside_of_blocks_are_blocks():
    assert [block.text for block in blocks("one<p>two</p>three<table><tr><td>four</td><td>five</td></tr></table>")] == [
        "one",
        "two",
        "three",
        "four",
        "five",
    ]


def test_empty_blocks_and_pictures_alone_are_none():
    assert blocks('<p></p><p>\n</p><p><img src="a" alt=""></p>') == ()
    assert blocks("") == ()


def test_lines_hold_paragraphs_as_lines():
    (block,) = blocks('<div class="lines"><p>a</p><p>b</p>c</div>')
    assert (block.type, block.text) == ("lines", "a\nb\nc")


def test_back_to_html():
    body = (
        '<h2>One</h2>\n<p>She <em>knew</em> &lt;3.</p>\n<hr class="scene">\n<div class="lines">a<br>b</div>\n'
        '<hr class="gap gap-tail">'
    )
    assert to_html(blocks(body)) == body
    assert to_html([Block("p", "a < b\nc"), Block("gap", "")]) == '<p>a &lt; b<br>c</p>\n<hr class="gap gap-unknown">'

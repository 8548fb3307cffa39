"""Addresses of people leave the text, also those that were spelled out; sentences that only look alike stay."""

import gzip

import pytest

from storykeep.sources.efiction.tables import columns_of
from storykeep.sources.efiction.textfiles import TextFiles, text_of
from storykeep.sources.privacy import MASK, addresses, masked, masked_story

SPELLED = [
    "wren (at) tower dot net",
    "Wren [AT] Tower [DOT] net",
    "wren AT tower DOT net",
    "wrenATtowerDOTnet",
    "wren{at}tower{dot}net",
    "wren @ tower.net",
    "wren&#64;tower.net",
]
ANNOUNCED = ["Email: wren at tower.net", "<b>E-mail:</b> wren at tower.net", "From: Wren (wren at tower.net)"]
SENTENCES = [
    "Look at me.com, she said.",
    "The sequel is hosted at geocities.com now.",
    "Find me at fanfiction.net!",
    "She stood at the dot com.",
    "He looked at polka dot is fine",
    "THE BATTLE WAS DOTTED WITH NETS",
]


@pytest.mark.parametrize("written", SPELLED)
def test_a_spelled_out_address_is_an_address(written):
    assert masked(f"Praise to {written}!") == f"Praise to {MASK}!"
    assert addresses(written) == ("wren@tower.net",)
    body, kept = masked_story(f"<p>Feedback: {written}</p><p>He came home.</p>")
    assert "ower" not in body
    assert kept == ()


@pytest.mark.parametrize("written", ANNOUNCED)
def test_an_announced_address_needs_no_sign(written):
    assert "tower" not in masked(written)
    assert addresses(written) == ("wren@tower.net",)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentences_stay(sentence):
    assert masked(sentence) == sentence
    assert masked_story(f"<p>{sentence}</p>") == (f"<p>{sentence}</p>", ())


def test_a_packed_chapter_is_found_and_unpacked(tmp_path):
    (tmp_path / "stories" / "2").mkdir(parents=True)
    (tmp_path / "stories" / "2" / "101.txt.gz").write_bytes(gzip.compress(b"The lamp went out."))
    found = TextFiles(tmp_path, "stories").find("101", ("2",))
    assert found is not None
    assert text_of(found) == b"The lamp went out."


def test_the_only_column_of_names_is_not_shown_when_it_is_that_of_real_names():
    rest = (b"a@b.org", b"", b"", b"", b"2004-01-01 10:00:00", b"0", b"0" * 32)
    real = [(b"1", b"Anna Quill", *rest), (b"2", b"", *rest), (b"3", b"Bea Marrow", *rest)]
    assert "penname" not in columns_of("authors", real)
    pens = [(b"1", b"quillfeather", *rest), (b"2", b"marrow_b", *rest), (b"3", b"Wren", *rest)]
    assert columns_of("authors", pens)[1] == "penname"


@pytest.mark.parametrize("piece", ["a at ", "aATb", "a at b dot ", "a.", "email: ", "aATbDOT"])
def test_looking_for_addresses_ends(piece):
    text = piece * 30_000
    assert masked(text) == text

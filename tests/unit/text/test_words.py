"""Words are counted as people count them, and folded as readers type them."""

import pytest

from storykeep.text.fold import fold
from storykeep.text.words import count, minutes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("“…” — * * *", 0),
        ("Don’t look up.", 3),
        ("a well-known e-mail", 3),
        ("3,000 words at 12:30", 4),
        ("one--two—three", 3),
        ("the 90s, 4th, B2B", 4),
        ("<p>One</p><p>two<br>three</p>", 3),
        ("<p>so<em>me</em>thing</p>", 1),
        ("&lt;3 you", 2),
        ("日本語です。", 5),
        ("漢字 and kana", 4),
        ("Привет, мир", 2),
        ("naïve cafe\u0301", 2),
        ("हिन्दी भाषा", 2),
        ("한국어 문장", 2),
    ],
)
def test_words_are_counted(text, words):
    assert count(text) == words


def test_reading_time():
    assert [minutes(words) for words in (0, 1, 238, 2_380)] == [0, 1, 1, 10]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Café", "cafe"),
        ("Straße", "STRASSE"),
        ("Ægir", "aegir"),
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("don’t", "don't"),
        ("“Yes”", '"yes"'),
        ("Ｆｕｌｌ", "full"),
        ("ﬁancée", "fiancee"),
        ("İstanbul", "istanbul"),
        ("Þórr", "thorr"),
        ("e\u0301", "é"),
        ("super\u00adcali", "supercali"),
        ("well–known", "well-known"),
        ("½", "1⁄2"),
    ],
)
def test_what_readers_type_finds_what_writers_wrote(written, typed):
    assert fold(written) == fold(typed)


@pytest.mark.parametrize("text", ["日本語", "Привет", "plain words", "", "한국어"])
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_folding_keeps_what_differs():
    assert len({fold(word) for word in ("ship", "shop", "sheep")}) == 3

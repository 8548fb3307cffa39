"""Bytes become text: what is declared is heard, what is there decides."""

import codecs

import pytest

from storykeep.model.provenance import Severity
from storykeep.text import charsets
from storykeep.text.decode import decode

ENGLISH = "She didn’t turn. “I know,” she said—softly. “It’s the café by the quay… isn’t it?” A naïve smile – gone. "
FRENCH = "« Où étais-tu ? » demanda-t-elle. L’été dernier, déjà, un garçon rêvait de la forêt. "
GERMAN = "„Das ist schön“, sagte sie. „Öffne die Tür!“ Er ging über die Straße, süß und größer. "
SPANISH = "«¿Dónde estás?», preguntó María. ¡Aquí! El corazón del niño, mañana. "
POLISH = "„Idź już” – powiedziała łagodnie. Był późny wieczór, światło gasło, żółty kot spał. "
CZECH = "„Pojď sem,“ řekla tiše. Když přišel domů, bylo už pozdě. Příliš žluťoučký kůň. "
RUSSIAN = "Он посмотрел на неё и сказал: пойдём домой. Была тёмная ночь, и никто не ответил. "
GREEK = "Η νύχτα ήταν σκοτεινή και κανείς δεν απάντησε. Πάμε σπίτι, είπε. "
HEBREW = "היא אמרה בשקט: בוא נלך הביתה. הלילה היה חשוך ואיש לא ענה. "
JAPANESE = "彼女は静かに言った。「もう帰ろう」と。夜は暗く、誰も答えなかった。カタカナもある。"
CHINESE = "她轻轻地说：“我们回家吧。”夜很黑，没有人回答，只有风。"
TAIWANESE = "她輕輕地說：「我們回家吧。」夜很黑，沒有人回答，只有風。"
KOREAN = "그녀는 조용히 말했다. “집에 가자.” 밤은 어두웠고 아무도 대답하지 않았다."
TURKISH = "Işık söndü, çocuk ağladı. Güneş doğdu, şehir uyandı. "


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (ENGLISH, "utf-8", ""),
        (ENGLISH, "utf-8", "iso-8859-1"),
        (ENGLISH, "cp1252", ""),
        (ENGLISH, "cp1252", "iso-8859-1"),
        (ENGLISH, "cp1252", "utf-8"),
        (ENGLISH, "cp1252", "shift_jis"),
        (ENGLISH, "mac_roman", ""),
        (ENGLISH, "mac_roman", "iso-8859-1"),
        (FRENCH, "cp1252", ""),
        (FRENCH, "mac_roman", "macintosh"),
        (GERMAN, "cp1252", ""),
        (SPANISH, "cp1252", ""),
        (POLISH, "cp1250", ""),
        (POLISH, "cp1250", "windows-1250"),
        (CZECH, "cp1250", ""),
        (CZECH, "cp1250", "windows-1250"),
        (RUSSIAN, "cp1251", ""),
        (RUSSIAN, "koi8-r", ""),
        (RUSSIAN, "cp1251", "koi8-r"),
        (RUSSIAN, "cp866", "ibm866"),
        (GREEK, "cp1253", ""),
        (HEBREW, "cp1255", ""),
        (JAPANESE, "cp932", ""),
        (JAPANESE, "cp932", "iso-8859-1"),
        (JAPANESE, "euc_jp", ""),
        (JAPANESE, "iso2022_jp", ""),
        (CHINESE, "gb18030", ""),
        (TAIWANESE, "big5", ""),
        (TAIWANESE, "big5", "big5"),
        (KOREAN, "cp949", ""),
        (TURKISH, "cp1254", "iso-8859-9"),
        (ENGLISH, "utf-16-le", ""),
        (ENGLISH, "utf-16-be", ""),
        (ENGLISH, "utf-16", ""),
        (JAPANESE, "utf-16-le", "utf-16"),
        ("café", "cp1252", ""),
        ("it’s", "cp1252", ""),
        ("Books » Ninth Lantern", "cp1252", "iso-8859-1"),
        ("Books » Ninth Lantern", "cp1252", ""),
    ],
)
def test_a_text_is_read_in_its_own_encoding(text, codec, declared):
    assert decode(text.encode(codec), declared=declared).text == text
    assert decode((text * 6).encode(codec), declared=declared).text == text * 6


def test_words_pasted_from_another_encoding_are_read_run_by_run():
    found = decode(ENGLISH.encode() + FRENCH.encode("cp1252"), declared="utf-8")
    assert found.text == ENGLISH + FRENCH
    assert found.encoding == "utf-8+windows-1252"
    assert "encoding.mixed" in [finding.code for finding in found.findings]


def test_the_page_itself_may_say_what_it_is():
    head = b'<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1250">'
    found = decode(head + CZECH.encode("cp1250"))
    assert found.encoding == "windows-1250"
    assert found.evidence[0] == "the page says windows-1250"


def test_a_label_that_lies_is_named():
    codes = [finding.code for finding in decode(RUSSIAN.encode("cp1251"), declared="koi8-r").findings]
    assert codes == ["encoding.wrong-label"]


def test_utf_7_is_never_honoured():
    found = decode(b"+ADw-script+AD4-", declared="utf-7")
    assert found.text == "+ADw-script+AD4-"
    assert [finding.code for finding in found.findings] == ["encoding.unknown-label"]


def test_bytes_that_are_no_characters_are_told_and_dropped():
    found = decode(b"a\x00b\x07c")
    assert found.text == "abc"
    assert [(finding.code, finding.evidence) for finding in found.findings] == [("encoding.controls", "2 characters")]


def test_a_file_that_breaks_off_inside_a_character_says_so():
    found = decode("a naïve café".encode()[:-1])
    assert (found.text, found.encoding) == ("a naïve caf\ufffd", "utf-8")
    assert found.findings[0].severity is Severity.LOSS


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\xff\xfe", b"\x81\x8d\x9d", b"\xc0\xbcscript", bytes(range(256)), b"\x1b$B"]
)
def test_any_bytes_are_read(data):
    found = decode(data)
    assert "<" not in found.text or b"<" in data
    assert 0 <= found.confidence <= 1
    assert found.evidence


def test_newlines_become_one_kind():
    assert decode(b"a\r\nb\rc\n").text == "a\nb\nc\n"


def test_a_byte_order_mark_is_no_text():
    assert decode(codecs.BOM_UTF8 + b"Still").text == "Still"


def test_every_charset_has_a_codec():
    for name, codec in charsets.CODECS.items():
        assert codecs.lookup(codec)
        assert charsets.canonical(name) == name

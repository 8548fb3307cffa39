"""Letters that were read with the wrong table come back, and good letters stay."""

import json
import re
from pathlib import Path

import django
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.model.provenance import apply, undo, without
from storykeep.text.repair import FAMILIES, repair

GOOD = "She said, “I’ve been to the café—naïve as I am—and it’s ‘closed’…”"


def misread(text: str, wrote: str, read: str) -> str:
    return text.encode(wrote).decode(read)


# -- in the wild: what old archives serve

WILD = [
    ("I donâ€™t know,â€\x9d she said.", "I don’t know,” she said."),
    ("Itâ\x80\x99s cold", "It’s cold"),
    ("â€œYes,â€ she said. â€œNoâ€¦â€", "“Yes,” she said. “No…”"),
    ("â€œYes,â€? she said.", "“Yes,” she said."),
    ("ÔÇ£I donÔÇÖt know,ÔÇØ she said.", "“I don’t know,” she said."),
    ("⌠I don▓t know,■ she said.", "“I don’t know,” she said."),
    ("the cafй in Brйtagne, naпve", "the café in Brétagne, naïve"),
    ("the cafÃ© at the corner", "the café at the corner"),
    ("â€œWait,â€\x9d he said â€” and stopped.", "“Wait,” he said — and stopped."),
    ("It\x92s \x93fine\x94\x85", "It’s “fine”…"),
    ("naÃƒÂ¯ve", "naïve"),
    (
        "the mooré ship said nothing; Iím tired and he didnít care",
        "the mooré ship said nothing; I’m tired and he didn’t care",
    ),
    ("Iím here. ďDonít go,Ē she said.", "I’m here. “Don’t go,” she said."),
    ("I donÕt know. ÒHello,Ó she said.", "I don’t know. “Hello,” she said."),
    ("itÆs late and I donÆt care", "it’s late and I don’t care"),
    ("so naďve, so voilŕ", "so naïve, so voilà"),
    ("Iím sure itís dÈj‡-vu, isnít it", "I’m sure it’s déjà-vu, isn’t it"),
    ("It was ÔŅĹ here, and Iím sure itís gone", "It was \ufffd here, and I’m sure it’s gone"),
]


@pytest.mark.parametrize(("damaged", "mended"), WILD)
def test_letters_come_back(damaged, mended):
    found = repair(damaged)
    assert found.text == mended
    assert undo(found.text, found.steps) == damaged


# -- made: every pair of tables


@pytest.mark.parametrize(
    ("wrote", "read"),
    [
        ("utf-8", "latin-1"),
        ("utf-8", "mac_roman"),
        ("cp1252", "latin-1"),
        ("utf-8", "cp850"),
        ("utf-8", "cp437"),
        ("utf-8", "mac_latin2"),
        ("cp1252", "cp437"),
        ("cp1252", "koi8_r"),
        ("cp1252", "mac_cyrillic"),
        ("cp1252", "mac_latin2"),
        ("cp1252", "mac_roman"),
        ("mac_roman", "cp1252"),
    ],
)
def test_pairs_of_tables(wrote, read):
    text = "“I’m sure,” he said. “You don’t know… It’s late—go.” She’d gone. They’re here."
    damaged = misread(text, wrote, read)
    assert damaged != text
    assert repair(damaged).text == text


def test_utf_8_read_as_windows_once_twice_and_three_times():
    damaged = "It’s the café"
    for _ in range(3):
        damaged = damaged.encode().decode("latin-1")
        assert repair(damaged).text == "It’s the café"


def test_only_the_damaged_run_changes():
    found = repair("The café is closed. The cafÃ© is open.")
    assert found.text == "The café is closed. The café is open."
    assert [(step.before, step.after) for step in found.steps] == [("Ã©", "é")]
    assert "Ã©" in found.steps[0].reason


def test_a_page_may_hold_a_real_accent_beside_a_wrong_one():
    found = repair("María saw that he didnít care. Iím sure, said Íñigo, itís over.")
    assert found.text == "María saw that he didn’t care. I’m sure, said Íñigo, it’s over."


# -- negative: good text stays as it is

GOOD_TEXTS = [
    GOOD,
    "« Mon Dieu », fit-elle. « Ôtez ça ! » Élise, là-bas, où ? L’été, déjà. “Ôtez-vous de là.”",
    "„Das ist schön“, sagte sie. „Öffne die Tür!“ Ärger, Übermut, süß.",
    "—¿Dónde estás? —preguntó María—. ¡Aquí! Año nuevo. Él habló con mamá. Íñigo.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy. Její síla. Ím.",
    "Zażółć gęślą jaźń. „Idź już” — powiedziała. Ćma.",
    "”Hej”, sade hon. ”Kom in.” Å, så vackert! Ågot och Åsa.",
    "SÃO PAULO. “AMANHÔ, disse João. Não, mãe.",
    "“VOILÀ!” “CAFÉ” “OLÉ” DÉJÀ VU",
    "İstanbul’da güzel bir gün. Işık. Ağaç.",
    "Þórr gekk til Þingvalla. Ðrá. Æsir.",
    "Москва — столица. «Да», сказал он.",
    "Ελλάδα. Η νύχτα.",
    "日本語「はい」。カタカナ",
    "한국어 문장입니다.",
    "שלום עולם. مرحبا بالعالم.",
    "3×4 ÷ 2 §3 ©2004 ½ ° µ ¶ † ‡ ™ €",
    "Hawai‘i and O‘ahu, and Qur’an.",
    "👩\u200d❤️\u200d👩 and ♥ and ☺",
    "Ã is a letter, and so is Â. Ångström used Å.",
    "naïve coöperation, façade, señor, piñata, crème brûlée",
    "He wrote Ó Súilbhéara, Ò and Õ on the slate.",
    "Tiếng Việt không khó lắm.",
    "Łódź, Ørsted, Œuvre, Ægir",
    "C’est à la mode, là, à Paris, à deux pas. Il pensait à elle, à tout cela, à rien.",
    "È vero? È così. Non è più là, e ciò che è stato è stato.",
    "Tá sé fuar. An é sin é? Á bhfuil. Ó, a Mháire, ní hé.",
    "Yn ôl yr hen wr, ac yn ôl eto, yn ôl ac yn ôl.",
    "Caràcter vàlid, d’usuari, què és això?",
    "Použijte prosím postup. Její síla, s použitím, od dítěte.",
    "Så är det. Å ena sidan, å andra sidan. Ö är en ö.",
    "Ő az. Ó, te! És ő is, meg én is, e nélkül.",
    "Él dijo que sí; ella, que no. Ó esto ó aquello.",
    "Não é, à noite, às vezes. À tarde é. Só há um.",
    "Bir gün, çok eski. Öyle mi? İşte böyle.",
]


@pytest.mark.parametrize("text", GOOD_TEXTS)
def test_good_letters_stay(text):
    found = repair(text)
    assert found.text == text
    assert found.steps == ()


def test_good_letters_of_many_languages_in_one_text_stay():
    text = "\n\n".join(GOOD_TEXTS)
    assert repair(text).text == text


def test_good_letters_of_a_hundred_languages_stay():
    """The translations that Django brings along are good text in every alphabet that people write stories in."""
    catalogues = list(Path(django.__file__).parent.glob("conf/locale/*/LC_MESSAGES/django.po"))
    assert len(catalogues) > 80
    for catalogue in catalogues:
        source = catalogue.read_text(encoding="utf-8")
        text = "\n\n".join(re.findall(r'^(?:msgstr(?:\[\d\])? )?"(.+)"$', source, re.MULTILINE))
        found = [step for step in repair(text).steps if step.code == "repair.mojibake"]
        assert found == [], catalogue.parent.parent.name


# -- what a repair is


@pytest.mark.parametrize(("damaged", "mended"), WILD)
def test_mending_twice_is_mending_once(damaged, mended):
    assert repair(mended).steps == ()


def test_tags_and_attributes_are_never_touched():
    source = '<p title="cafÃ©">cafÃ© <a href="x?q=donâ€™t">donâ€™t</a></p>'
    found = repair(source)
    assert found.text == '<p title="cafÃ©">café <a href="x?q=donâ€™t">don’t</a></p>'
    assert undo(found.text, found.steps) == source


def test_references_are_read_as_the_characters_that_they_are():
    source = "<p>&#226;&#8364;&#339;Caf&Atilde;&copy;&#226;&#8364;&#157;, &lsquo;til &lt;3 o&rsquo;clock &amp; on</p>"
    found = repair(source)
    assert found.text == "<p>“Café”, ’til &lt;3 o&rsquo;clock &amp; on</p>"
    assert undo(found.text, found.steps) == source


_SOUP = [
    "<p>",
    "</p>",
    "<i>",
    "<br>",
    "don",
    "‘til ",
    "“",
    "”",
    "—",
    "â€™",
    "Ã©",
    "&rsquo;",
    "&amp;#8217;",
    "\\'",
    "don?t ",
    "=92",
    " ",
    "\n\n",
    "I",
    "ím ",
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(_SOUP), max_size=25).map("".join))
def test_any_repair_can_be_undone_and_leaves_the_tags(source):
    found = repair(source)
    assert undo(found.text, found.steps) == source
    assert re.findall(r"<[^<>]*>", found.text) == re.findall(r"<[^<>]*>", source)
    for number in range(len(found.steps)):
        apply(source, without(found.steps, frozenset({number})))


def test_no_repair_makes_a_tag():
    source = "<p>Ã€ À¼scriptÀ¾ donâ€™t</p>"
    assert repair(source).text.count("<") == source.count("<")


def test_families_can_be_turned_off():
    damaged = "I donâ€™t know, ‘cause it\\'s late, don?t you"
    assert repair(damaged, off=frozenset(FAMILIES)).text == damaged
    assert "â€™" in repair(damaged, off=frozenset({"mojibake"})).text
    assert "‘cause" in repair(damaged, off=frozenset({"repair.elision"})).text


def test_lost_characters_are_told():
    found = repair("The caf\ufffd is closed")
    assert [finding.code for finding in found.findings] == ["encoding.lost"]


# ftfy says U+FFFD where a closing quotation mark lost its last byte; what stands before it tells which mark it was.
BETTER = {"Lossy decoding can have plain ASCII question marks, as well"}


@pytest.mark.shared
def test_mojibake_of_the_public_collections(shared):
    for name in ("in-the-wild", "language-names"):
        cases = json.loads((shared / "data" / "mojibake" / f"{name}.json").read_text(encoding="utf-8"))
        wrong = [
            case["label"]
            for case in cases
            if case["label"] not in BETTER
            and repair(case["original"], off=frozenset({"quotes", "elision", "slashes", "entities"})).text
            != case.get("fixed-encoding", case["fixed"])
        ]
        assert wrong == []

"""Quotation marks and apostrophes that stand the wrong way are turned, and those of every good text stay."""

import pytest

from storykeep.model.provenance import undo
from storykeep.text.repair import repair

TALK = "“Where have you been?” she asked.\n\n“Out,” he said. “Walking.”\n\n“In this?”\n\n“In this.”\n\n"


def mended(text: str) -> str:
    found = repair(text)
    assert undo(found.text, found.steps) == text
    return found.text


# -- quotes: in the wild


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("“I only thought—“ her voice broke.", "“I only thought—” her voice broke."),
        ("“I only thought—“", "“I only thought—”"),
        ("“Are you sure?“", "“Are you sure?”"),
        ("“Well –“ he began.", "“Well –” he began."),
        ('"Come in,” she said.', "“Come in,” she said."),
        ('“Come in," she said.', "“Come in,” she said."),
        ("”Come in,” she said.", "“Come in,” she said."),
        ("Of course I did,” she said.", "“Of course I did,” she said."),
        ("What? That’s not what I meant—“", "“What? That’s not what I meant—”"),
        ("“It's late.”", "“It’s late.”"),
    ],
)
def test_a_mark_that_is_wrong_is_turned(damaged, whole):
    rest = TALK + "It’s late, and it isn’t warm, and they’re cold, and we’re not. That’s that. Don’t.\n\n"
    assert mended(rest + damaged) == rest + whole
    assert mended(rest + whole) == rest + whole


def test_quotes_are_mended_across_inline_tags():
    html = "<p>“One,” she said. “Two.”</p><p>“Three,” he said.</p><p>“I <em>thought</em>—“</p>"
    assert mended(html) == html.replace("—“", "—”")


def test_a_proposed_mark_is_a_step_of_little_confidence():
    found = repair(TALK + "Of course I did,” she said.")
    assert [(step.code, step.before, step.after) for step in found.steps] == [("repair.quote-missing", "", "“")]
    assert found.steps[0].confidence < 0.7


# -- quotes: negative


@pytest.mark.parametrize(
    "text",
    [
        "„Ja“, sagte sie. „Nein“, sagte er. „Doch!“",
        "”Hej”, sade hon. ”Kom”, sade han. ”Ja.”",
        "« Oui », dit-elle. « Non », dit-il. “ Peut-être ”, dit l’autre.",
        "»Ja«, sagte sie. »Nein«, sagte er.",
        "“A long speech that goes on.\n\n“And on in the next paragraph.\n\n“And ends here,” he said. “So.”",
        "“A speech.\n\nWhose second paragraph did not open,” he said. “And “one” more.”",
        "“She said ‘never’ and left,” he said. “‘Never,’ she said.”",
        "‘I know,’ he said. ‘So do I,’ she said. ‘“Hamlet” is long.’",
        "“The “inner” and the “outer” ring,” he said.",
        "“Is it—” “It is.” “Oh.”",
        "He is 6'2\" and she 5'4\", “tall” as they say, “very tall” indeed.",
        "“Go,” she said. (“Stay,” he thought.) “—and never—” “What?”",
        '"Straight," she said. "And straight again," he said. “One curly.”',
        "The word “love”, the word “hate”: both “four letters”.",
    ],
)
def test_marks_of_a_good_text_stay(text):
    found = repair(text)
    assert found.text == text
    assert found.steps == ()


def test_where_words_before_the_closer_tell_nothing_is_added():
    text = TALK + "She nodded. Yes, it was true,” she said, “and “both” knew."
    assert "repair.quote-missing" not in [step.code for step in repair(text).steps]


# -- elisions: in the wild


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("Wait ‘til tomorrow, ‘cause it’s late.", "Wait ’til tomorrow, ’cause it’s late."),
        ("‘Bout time she came", "’Bout time she came"),
        ("“—‘fraid not,” he said.", "“—’fraid not,” he said."),
        ("Get ‘em, and give ‘er the keys", "Get ’em, and give ’er the keys"),
        ("rock ‘n’ roll and rock ‘n roll", "rock ’n’ roll and rock ’n roll"),
        ("‘Twas the night, ‘tis said", "’Twas the night, ’tis said"),
        ("the ‘80s, the summer of ‘69", "the ’80s, the summer of ’69"),
        ("I don‘t know that she‘ll come", "I don’t know that she’ll come"),
        ("‘Ello, luv. ‘Ave a seat", "’Ello, luv. ’Ave a seat"),
        ("the runnin’ and the ‘round and about", "the runnin’ and the ’round and about"),
        ("<p>Wait <i>‘til</i> dawn</p>", "<p>Wait <i>’til</i> dawn</p>"),
    ],
)
def test_an_apostrophe_that_opens_is_turned(damaged, whole):
    assert mended(damaged) == whole
    assert repair(whole).steps == ()


# -- elisions: negative


@pytest.mark.parametrize(
    "text",
    [
        "‘Bout time,’ he said.",
        "‘Til death do us part’ was carved there.",
        "‘Round here we wait,’ she said. ‘Cause and effect,’ he said.",
        "The word ‘cause’ and the word ‘em’ are short.",
        "‘Course not!’ she cried.",
        "She whispered ‘round the corner’ and pointed.",
        "‘Tis pity,’ he read. ‘Twas ever thus.’",
        "‘N’ is a letter.",
        "‘And’ is a word; ‘in’ is one too; ‘is’ as well.",
        "Hawai‘i, O‘ahu",
        "‘We leave at dawn,’ he said. ‘All of us.’",
        "’Til then, ’cause I said so.",
        "The boys’ room and the girls’ room",
        "‘84 Charing Cross Road’ is a book.",
    ],
)
def test_single_quotes_that_open_stay(text):
    found = repair(text)
    assert found.text == text
    assert found.steps == ()


# -- leftovers of old programs


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("She didn\\'t know it\\'s \\\"late\\\"", "She didn't know it's \"late\""),
        ("didn\\\\\\'t", "didn't"),
        ("don?t think it?s over, Anna?s here", "don’t think it’s over, Anna’s here"),
        ("The Lamplighter?s Apprentice", "The Lamplighter’s Apprentice"),
        ("?It?s late,? she said. ?Isn?t it??", "“It’s late,” she said. “Isn’t it?”"),
        ("?No,? he said. I don?t care?", "“No,” he said. I don’t care?"),
        ("I don=92t know. =93Hello,=94 she said.=20\nYes.", "I don’t know. “Hello,” she said.\nYes."),
        ("don=E2=80=99t you=E2=80=A6", "don’t you…"),
        ("the caf&eacute; isn&#8217;t &quot;open&quot;", 'the café isn’t "open"'),
        ("<p>isn&amp;#8217;t &amp;mdash; AT&amp;amp;T</p>", "<p>isn’t — AT&amp;T</p>"),
    ],
)
def test_leftovers_are_resolved(damaged, whole):
    assert mended(damaged) == whole


@pytest.mark.parametrize(
    "text",
    [
        "C:\\temp and a \\ and \\n",
        "What?no. Really?yes. is?it a?b",
        "http://example.org/page?t=1&s=2 and fic.php?id=3",
        "see page?s=2 or list?sort=1",
        "What?? And why?! ?Quién sabe? Who?",
        "E=mc2, x=92, a=20 b, ?q=E9",
        "“Really?” “Sure?” Who?What?",
        "<p>5 &gt; 3 &amp; 2 &lt; 4</p>",
        "Type &lt;b&gt; and &quot;x&quot; for bold",
        "<p>Type &amp;lt;b&amp;gt; and &amp;quot; for bold</p>",
        "http://example.org/?a=1&amp;b=2",
        "He said '\\o/' and left",
    ],
)
def test_what_is_meant_so_stays(text):
    found = repair(text)
    assert found.text == text
    assert found.steps == ()


def test_marks_that_do_not_pair_are_not_guessed():
    assert repair("What?? she said. I don?t know. ?Quién?").text == "What?? she said. I don’t know. ?Quién?"


@pytest.mark.shared
def test_the_seed_balances(shared):
    text = next((shared / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    found = repair(text)
    assert (found.text.count("“"), found.text.count("”")) == (80, 80)
    assert undo(found.text, found.steps) == text
    assert repair(found.text).steps == ()
    places = {}
    for step in found.steps:
        places.setdefault(step.code, set()).add(text.count("\n", 0, step.at) + 1)
    assert places == {
        "repair.elision": {21, 25, 32, 62},
        "repair.quote-direction": {62, 66, 78, 105, 115},
        "repair.quote-missing": {78},
        "repair.quote-straight": {146, 172},
    }

"""Taught rules in words, for the archivist who decides whether they are right."""

from __future__ import annotations

from storykeep.sources.pages.rules import FIELDS, MANY, SPANS, Cut, End, Locator, Rule
from storykeep.sources.pages.spots import RULE, TEXT

_NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_TAGS = {
    "td": "cell", "th": "cell", "div": "box", "p": "paragraph", "font": "words in a font", "a": "link",
    "b": "bold words", "strong": "bold words", "i": "slanted words", "em": "slanted words", "center": "centred line",
    "span": "marked words", "li": "entry", "pre": "typed text", "blockquote": "indented part", "body": "line",
}  # fmt: skip


def sentence(rule: Rule, pages: int, of: int) -> str:
    """Return what a rule says and how many pages bear it out.

    >>> sentence(Rule(field="author", start=Locator(how="label", words="Hand: ")), 41, 43)
    'Author: what follows “Hand:”; 41 of 43 pages like it have that place.'
    """
    what = FIELDS.get(rule.field, rule.field.removeprefix("tag:").capitalize())
    counted = f"{pages} of {of} pages like it have" if of > 1 else "only this page shows"
    ends = _end(rule.end) if rule.field in SPANS and rule.start.how != "inside" else ""
    where = _every(rule.start) if rule.field in MANY else _where(rule.start)
    return f"{what}: {where}{ends}{_cut(rule.cut)}; {counted} that place."


def _where(start: Locator) -> str:
    said = _quoted(start.words)
    if start.how == "label":
        return f"what follows {said}" + (f" in {_place(start.place)}" if _is_named(start.place) else "")
    if start.how == "inside":
        return f"all that stands in the {_ordinal(start.number)} {_place(start.place)}"
    if start.how in ("after", "before"):
        which = "the last " if start.skip == -1 else (f"the {_ordinal(start.skip)} " if start.skip else "")
        anchor = said if start.words else _place(start.place)
        line = "the line" if start.number == 1 else f"the {_ordinal(start.number - 1)} line"
        return f"{line} {start.how} {which}{anchor}"
    if start.place == "title":
        return "the page’s own title, as the browser shows it"
    if start.place == "option chosen":
        return f"the {_ordinal(start.number)} choice that is set in a menu"
    return f"the {_ordinal(start.number)} {_place(start.place) if start.place not in ('', TEXT) else 'line'}"


def _every(start: Locator) -> str:
    if start.how == "line":
        return f"every line that says {_quoted(start.words)}"
    if start.how == "label":
        return f"every line that starts with {_quoted(start.words)}"
    return f"every {_place(start.place)}"


def _cut(cut: Cut) -> str:
    left = f", after {_quoted(cut.left)}" if cut.left else ""
    return left + (f", up to {_quoted(cut.right)}" if cut.right else "")


def _end(end: End) -> str:
    until = _quoted(end.words) if end.words else _place(end.place)
    return {
        "line": ", that line alone",
        "inside": f", to the end of that {_place(end.place)}",
        "blank": ", up to the next empty line",
        "bottom": f", up to {end.number} lines above the bottom" if end.number else ", to the end of the page",
        "before": f", up to {'the last ' if end.number else ''}{until}",
    }[end.how]


def _place(place: str) -> str:
    last = place.rsplit(" > ", 1)[-1]
    tag = last.replace(".", " ").replace("#", " ").replace("[", " ").split(" ", 1)[0]
    own = last[len(tag) :]
    above = f" in {' > '.join(place.split(' > ')[:-1])}" if " > " in place else ""
    return f"{_TAGS.get(tag, tag)}{f' “{own}”' if own else ''}{above}"


def _is_named(place: str) -> bool:
    return any(sign in place for sign in "#.[")


def _quoted(words: str) -> str:
    return "a ruled line" if words == RULE else f"“{words.strip()}”"


def _ordinal(number: int) -> str:
    if number < 0:
        return "last" if number == -1 else f"{_ordinal(-number - 1)} last"
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number + 1}th"

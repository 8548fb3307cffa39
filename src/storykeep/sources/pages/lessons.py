"""Learning from one correction: of all rules that give the right value on that page, the one that holds on most others.

Candidates are made from the places at which the value stands, tried on the page itself (they must give exactly the
value), then on other pages of the same template, where they must give something that could be such a value.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from storykeep.model.errors import InputError, UsageError
from storykeep.model.provenance import Capture
from storykeep.sources.pages import chapters, dates, names
from storykeep.sources.pages.flow import Kind
from storykeep.sources.pages.page import opened
from storykeep.sources.pages.rules import FIELDS, MANY, SPANS, Cut, End, Found, Locator, Rule, addresses_of, container
from storykeep.sources.pages.saying import sentence
from storykeep.sources.pages.shape import place_of
from storykeep.sources.pages.spots import RULE, Sheet, Spot, label_of

KIN = 0.5  # two pages are of one template when they share this much of their marks
COMMON = 0.9  # share of a template's pages that have a mark
MARKS = 12
CLOSE = 0.9  # a rule that does nearly as well and is simpler is the better rule
OFFERED = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """A rule and its support: it gives a plausible value on ``pages`` of ``of`` pages of its template."""

    rule: Rule
    pages: int
    of: int


@dataclass(frozen=True, slots=True)
class _Offer:
    """A candidate: ``rank`` is lower for places that say more."""

    rule: Rule
    rank: float


def learn(
    data: bytes, capture: Capture, name: str, value: str, others: Iterable[tuple[bytes, Capture]] = ()
) -> tuple[Lesson, ...]:
    r"""Return the rules that give ``value`` for the field ``name`` on one page, the best first, at most three.

    ``others`` are pages of the same archive, on which the rules prove themselves. ``value`` is words as they stand on
    the page (HTML for fields of several lines); the words of the first and the last lines are enough for a long text.
    Raises UsageError when the page doesn't have the value, or nothing tells it from its neighbours.

    >>> page = b"Fic: Still Point\nHand: Kalima\n\nHark. She comes.\n"
    >>> learn(page, Capture(sha256=""), "author", "Kalima")[0].rule.start.words
    'Hand: '
    """
    if name not in FIELDS and not name.startswith("tag:"):
        raise UsageError(f"No rule can be taught for “{name}”. Choose one of: {', '.join(FIELDS)}.")
    sheet = Sheet(opened(data, capture))
    template, foreign = _kin(sheet, list(_opened(others, capture)))
    good = [offer for offer in _offers(sheet, name, value) if _holds(offer.rule, sheet, name, value)]
    if not good:
        raise UsageError(f"“{_short(value)}” doesn’t stand on this page in one piece. Mark it as it is printed there.")
    return tuple(_lessons(good, sheet, template, foreign))


def loose(text: str) -> str:
    """Return the letters and figures of a text, by which copies of it are compared.

    >>> loose("“It’s late!” she said.") == loose('"Its late", she said')
    True
    """
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


# --- which pages are of one template --------------------------------------------------------------------------------


def _opened(others: Iterable[tuple[bytes, Capture]], own: Capture) -> Iterator[Sheet]:
    for data, capture in others:
        if capture.sha256 and capture.sha256 == own.sha256:
            continue
        try:
            yield Sheet(opened(data, capture))
        except InputError:
            continue  # what can't be read teaches nothing


def _kin(sheet: Sheet, others: Sequence[Sheet]) -> tuple[list[Sheet], list[Sheet]]:
    """Return the pages that have the same structure as ``sheet``, and the other ones."""
    counts = Counter(mark for each in (sheet, *others) for mark in each.marks)
    shared = frozenset(mark for mark, count in counts.items() if count > 1)
    template: list[Sheet] = []
    foreign: list[Sheet] = []
    for other in others:
        both = len(sheet.marks & other.marks & shared)
        either = len((sheet.marks | other.marks) & shared)
        is_text = (other.page.tree is None) == (sheet.page.tree is None)
        (template if is_text and both >= KIN * either else foreign).append(other)
    return template, foreign


def _marks(sheet: Sheet, template: Sequence[Sheet], foreign: Sequence[Sheet]) -> tuple[str, ...]:
    """Return what tells the template's pages from others, the most telling first."""
    counts = Counter(mark for each in template for mark in each.marks)
    elsewhere = Counter(mark for each in foreign for mark in each.marks)
    common = [mark for mark in sheet.marks if counts[mark] >= COMMON * len(template)]
    if not template:
        common = [mark for mark in sheet.marks if not mark.startswith("line ")]
    ordered = sorted(common, key=lambda mark: (elsewhere[mark], not any(s in mark for s in "#.["), -len(mark), mark))
    return tuple(ordered[:MARKS])


def _folder(sheet: Sheet, rule: Rule, template: Sequence[Sheet], foreign: Sequence[Sheet]) -> str:
    """Return the start of the addresses of the template's pages, when without it the rule would touch other pages."""
    intruders = [addresses_of(each) for each in foreign if rule.fits(each)]
    own = [addresses_of(each) for each in (sheet, *template)]
    if not intruders or not all(own):
        return ""
    start = _common_start(own)
    start = start[: max(start.rfind(sign) for sign in "/?=") + 1]
    return start if start and not any(each.startswith(start) for each in intruders) else ""


def _common_start(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    return first[: next((n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))]


# --- which rule is best ---------------------------------------------------------------------------------------------


def _lessons(
    good: Sequence[_Offer], sheet: Sheet, template: Sequence[Sheet], foreign: Sequence[Sheet]
) -> Iterator[Lesson]:
    fixed = _fixed([sheet, *template])
    scored = [(_score(offer.rule, sheet, template, fixed), offer) for offer in good]
    most = max(score for (score, _), _ in scored)
    close = [each for each in scored if each[0][0] >= CLOSE * most]
    close.sort(key=lambda each: (round(_rank(each[1], fixed), 3), -each[0][0], repr(each[1].rule)))
    marks = _marks(sheet, template, foreign)
    seen: set[tuple[object, ...]] = set()
    for (_, pages), offer in close:
        rule = replace(offer.rule, marks=marks, capture=sheet.page.capture.sha256)
        rule = replace(rule, address=_folder(sheet, rule, template, foreign))
        told = sentence(rule, pages, len(template) + 1)
        if (key := (rule.start, rule.cut.left, rule.cut.right, rule.end.how)) not in seen and len(seen) < OFFERED:
            seen.add(key)
            yield Lesson(replace(rule, words=told), pages, len(template) + 1)


def _rank(offer: _Offer, fixed: frozenset[str]) -> float:
    """Return the rank of an offer: what stands beside words that all pages have stands beside its label."""
    start = offer.rule.start
    beside = start.how in ("after", "before") and start.number == 1 and start.skip == 0 and start.words in fixed
    return offer.rank - 1.3 if beside else offer.rank


def _fixed(sheets: Sequence[Sheet]) -> frozenset[str]:
    """Return the words of the lines that stand on at least half of the pages: labels, headings, furniture."""
    counts = Counter(text for sheet in sheets for text in {spot.text for spot in sheet.lines})
    return frozenset(text for text, count in counts.items() if count >= max(2, len(sheets) / 2))


def _score(rule: Rule, sheet: Sheet, template: Sequence[Sheet], fixed: frozenset[str]) -> tuple[float, int]:
    """Return how well a rule does on its template's pages, and on how many it gives a plausible value."""
    own = rule.value(sheet)
    if own is None:
        return 0.0, 0
    strange = fixed - set(own.text.split("\n"))
    found = [
        (each, got)
        for each in template
        if (got := rule.value(each)) is not None
        and _could_be(rule, each, got)
        and strange.isdisjoint(got.text.split("\n") if rule.field in SPANS else ())
    ]
    pages = 1 + len(found)
    if not _differ(rule, [got.text for _, got in found] + [own.text]):
        return 1.0, 1
    if rule.field == "body" and not _ends_differ([(sheet, own), *found]):
        return 1.0, 1
    above, below = _around(sheet, own, fixed)
    near = [_around(each, got, fixed) for each, got in found]
    labelled = rule.start.how == "label"  # its label is as good as a neighbour above
    neat = sum(max(_weight(above) * (a == above), float(labelled)) + _weight(below) * (b == below) for a, b in near)
    return pages + neat, pages


def _could_be(rule: Rule, sheet: Sheet, found: Found) -> bool:
    if rule.cut.right and rule.field not in MANY | SPANS and not _is_cut(rule, sheet):
        return False
    return PLAUSIBLE.get(rule.field, _is_short)(found, sheet)


def _is_cut(rule: Rule, sheet: Sheet) -> bool:
    spot = rule.start.one(sheet)
    return spot is not None and rule.cut.right in spot.text


def _is_title(found: Found, _: Sheet) -> bool:
    text = found.text
    return len(text) <= 200 and any(map(str.isalnum, text)) and not text.endswith(":") and not names.byline(text)


def _is_name(found: Found, _: Sheet) -> bool:
    text = found.text
    good = len(text) <= 100 and any(map(str.isalnum, text)) and not chapters.heading(text)
    return good and not re.search(r"[a-z]{3}[.!?]\s+[A-Z][a-z]+\s[a-z]|:$", text) and not names.byline(text)


def _is_date(found: Found, _: Sheet) -> bool:
    return bool(dates.iso(found.text))


def _is_number(found: Found, _: Sheet) -> bool:
    return len(found.text) < 60 and bool(chapters.number(found.text) or re.search(r"\d", found.text))


def _is_short(found: Found, _: Sheet) -> bool:
    return 0 < len(found.text) <= 400


def _is_said(found: Found, sheet: Sheet) -> bool:
    total = sum(line.words for line in sheet.page.lines) or 1
    return len(found.text.split()) <= 0.7 * total


def _is_body(found: Found, sheet: Sheet) -> bool:
    total = sum(line.words * (1 - line.linked) for line in sheet.page.lines) or 1
    return len(found.text.split()) >= 0.2 * total and not label_of(found.text)


PLAUSIBLE: dict[str, Callable[[Found, Sheet], bool]] = {
    "title": _is_title,
    "author": _is_name,
    "published": _is_date,
    "updated": _is_date,
    "written": _is_date,
    "chapter.number": _is_number,
    "summary": _is_said,
    "notes": _is_said,
    "after": _is_said,
    "body": _is_body,
    "furniture": lambda _found, _sheet: True,
    "chapters": lambda _found, _sheet: True,
}


def _differ(rule: Rule, texts: Sequence[str]) -> bool:
    """Say whether values differ from page to page as titles and stories do: what is always the same is furniture."""
    if rule.field not in ("title", "body") or len(texts) < 4:
        return True
    return max(Counter(map(loose, texts)).values()) < 0.6 * len(texts)


def _ends_differ(found: Sequence[tuple[Sheet, Found]]) -> bool:
    """Say whether bodies start and end with words of their own: lines that all of them share are furniture."""
    if len(found) < 3:
        return True
    firsts = Counter(loose(got.text.split("\n", 1)[0]) for _, got in found)
    lasts = Counter(loose(got.text.rsplit("\n", 1)[-1]) for _, got in found)
    ends = Counter({key: count for key, count in lasts.items() if key not in ("theend", "fin", "end", "tbc")})
    most = 0.6 * len(found)
    return max(firsts.values()) < most and max(ends.values(), default=0) < most


def _around(sheet: Sheet, found: Found, fixed: frozenset[str]) -> tuple[tuple[str, str] | None, ...]:
    """Return what stands above and below a value: the kind of line, its words only where they are the template's."""
    lines = [spot for spot in sheet.lines if spot.line < found.first]
    later = [spot for spot in sheet.lines if spot.line > found.last]
    return _sort(lines[-1] if lines else None, fixed), _sort(later[0] if later else None, fixed)


def _weight(neighbour: tuple[str, str] | None) -> float:
    """Return how much it says that a value has the same neighbour on another page: much, if that is a label."""
    return 1.0 if neighbour is not None and neighbour[1] else 0.25


def _sort(spot: Spot | None, fixed: frozenset[str]) -> tuple[str, str] | None:
    if spot is None:
        return None
    return (spot.place, spot.text if spot.text in fixed else label_of(spot.text))


# --- candidates -----------------------------------------------------------------------------------------------------


def _offers(sheet: Sheet, name: str, value: str) -> Iterator[_Offer]:
    if name in MANY:
        yield from _many_offers(sheet, name, value)
    elif name in SPANS:
        for first, last, prefix in _ranges(sheet, _plain(value)):
            yield from _span_offers(sheet, name, first, last, prefix)
    if name not in MANY and name != "body":
        yield from _short_offers(sheet, name, _plain(value))


def _holds(rule: Rule, sheet: Sheet, name: str, value: str) -> bool:
    found = rule.value(sheet)
    if found is None:
        return False
    if name in MANY:
        return any(_is_meant(sheet.page.lines[n].text, name, value) for n in rule.everywhere(sheet))
    if name in SPANS:
        wanted, got = loose(_plain(value)), loose(sheet.mended(found.text))
        return got == wanted or (name == "body" and _nearly(wanted, got))
    if name == "chapter.number" and chapters.number(found.text) == _number(value):
        return True
    return _exact(found.text) == _exact(_plain(value))


def _nearly(wanted: str, got: str) -> bool:
    """Say whether a long text is the wanted one: it starts and ends alike, and is about as long."""
    size = min(len(wanted), len(got), 40)
    same_ends = size > 0 and wanted[:size] == got[:size] and wanted[-size:] == got[-size:]
    return same_ends and abs(len(wanted) - len(got)) <= 0.02 * len(wanted) + 8


def _exact(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_SIGNS)).strip().casefold()


_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "…": "."})


def _short_offers(sheet: Sheet, name: str, value: str) -> Iterator[_Offer]:
    for spot in sheet.spots:
        for prefix, suffix in _around_said(sheet, spot.text, name, value):
            for locator, rank, taken in _locators(sheet, spot, prefix):
                for cut, cost in _cuts(prefix[taken:], suffix, spot.text[taken:]):
                    yield _Offer(Rule(field=name, start=locator, cut=cut), rank + cost)


def _around_said(sheet: Sheet, text: str, name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield what stands around a value; a chapter's number may be printed as a word or in Roman figures."""
    if name != "chapter.number" or len(text.split()) <= 12:
        yield from _around_value(sheet, text, value)
    if name == "chapter.number" and chapters.heading(text):
        for word in re.finditer(r"[^\W\d_]+", text):
            if chapters.number(word[0]) == _number(value):
                yield text[: word.start()], text[word.end() :]


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 5 else (chapters.number(value) or -1)


def _around_value(sheet: Sheet, text: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and after ``value`` in ``text``, as printed; at most three times."""
    if len(text) > 3000 or not value.strip():
        return
    plain, wanted = text.translate(_SIGNS).lower(), value.strip().translate(_SIGNS).lower()
    if len(plain) != len(text):
        return
    found = [match.start() for match in re.finditer(re.escape(wanted), plain)][:3]
    for at in found:
        prefix, suffix = text[:at], text[at + len(wanted) :]
        if not (prefix[-1:].isalnum() and wanted[0].isalnum()) and not (suffix[:1].isalnum() and wanted[-1].isalnum()):
            yield prefix, suffix
    if not found and not text.isascii() and (mended := sheet.mended(text)) != text:
        for prefix, suffix in _around_value(sheet, mended, value):
            if text.startswith(prefix) and text.endswith(suffix):
                yield prefix, suffix


def _cuts(prefix: str, suffix: str, text: str) -> Iterator[tuple[Cut, float]]:
    lefts, rights = list(_lefts(prefix)), list(_rights(suffix))
    for (left, a), (right, b) in product(lefts, rights):
        rest = text[len(prefix) :] if left else text
        yield (
            Cut(left=left, left_at=_which(prefix, left), right=right, right_at=_right_at(rest, suffix, right)),
            a + b,
        )


def _which(prefix: str, left: str) -> int:
    return max(prefix.count(left) - 1, 0) if left else 0


def _right_at(rest: str, suffix: str, right: str) -> int:
    """Return which occurrence of ``right`` ends the value: words such as "by" are counted from the end."""
    if not right:
        return 0
    if any(map(str.isalnum, right)) or right.strip()[:1] in "([":
        return -len(re.findall(re.escape(right), suffix))
    return len(re.findall(re.escape(right), rest[: len(rest) - len(suffix)]))


def _lefts(prefix: str) -> Iterator[tuple[str, float]]:
    if not prefix.strip():
        yield "", 0.0
        return
    yield prefix, 0.1 + 0.01 * len(prefix)
    for pattern in (r"\W+$", r"\b\w+\W+$", r"\b\w+\W+\w+\W+$", r"\W\s*\w+\W+$"):
        if (found := re.search(pattern, prefix)) and found[0] != prefix and found[0].strip():
            yield found[0], 0.1 + 0.01 * len(found[0])


def _rights(suffix: str) -> Iterator[tuple[str, float]]:
    if not suffix.strip():
        yield "", 0.0
        return
    yield suffix, 0.1 + 0.02 * len(suffix)
    for pattern in (r"^\W+", r"^\W+\w+\W+", r"^\W+\w+\W+\w+\W+", r"^\W*\w+\W+"):
        if (found := re.match(pattern, suffix)) and found[0] != suffix and found[0].strip():
            yield found[0], 0.1 + 0.01 * len(found[0])


def _locators(sheet: Sheet, spot: Spot, prefix: str) -> Iterator[tuple[Locator, float, int]]:
    """Yield ways to say which spot is meant, each with its rank and how much of ``prefix`` it takes off."""
    label = label_of(spot.text)
    if label and len(label) <= len(prefix) and not spot.inside and spot.line >= 0:
        yield Locator(how="label", place=spot.place, words=label), 0.0, len(label)
        yield Locator(how="label", words=label), 0.1, len(label)
    elif prefix.strip() and len(prefix) <= 40 and not spot.inside and spot.line >= 0:
        long = 0.03 * len(prefix)  # a long one may hold words of this page alone
        yield Locator(how="label", place=spot.place, words=prefix), 0.3 + long, len(prefix)
        yield Locator(how="label", words=prefix), 0.4 + long, len(prefix)
    yield from ((locator, rank, 0) for locator, rank in _by_place(sheet, spot))
    if spot.line >= 0 and not spot.inside:
        yield from ((locator, rank, 0) for locator, rank in _by_neighbour(sheet, spot))


def _by_place(sheet: Sheet, spot: Spot) -> Iterator[tuple[Locator, float]]:
    peers = sheet.places[spot.place]
    number = next(n for n, each in enumerate(peers) if each is spot)
    named = any(sign in spot.place for sign in "#.[")
    base = (1.5 if named else 2.5) + (1.2 if spot.line < 0 else 0.0) + (0.1 if spot.inside else 0.0)
    yield Locator(place=spot.place, number=number), base + 0.15 * min(number, 12)
    back = number - len(peers)
    if len(peers) > 1:
        yield Locator(place=spot.place, number=back), base + 0.3 + 0.15 * min(-back, 12)
    if spot.line >= 0 and not spot.inside and len(sheet.lines) > 1:
        at = sheet.lines.index(spot)
        yield Locator(number=at), 4.0 + 0.1 * min(at, 20)
        yield Locator(number=at - len(sheet.lines)), 4.2 + 0.1 * min(len(sheet.lines) - at, 20)


def _by_neighbour(sheet: Sheet, spot: Spot) -> Iterator[tuple[Locator, float]]:
    at = sheet.lines.index(spot)
    for distance in (1, 2):
        for how, number in (("after", at - distance), ("before", at + distance)):
            if 0 <= number < len(sheet.lines):
                yield from _beside(sheet, number, how, distance)


def _beside(sheet: Sheet, number: int, how: str, distance: int) -> Iterator[tuple[Locator, float]]:
    anchor = sheet.lines[number]
    label = anchor.text if anchor.text == RULE or len(anchor.text) <= 60 else ""
    far = 0.5 * (distance - 1) + (0.3 if how == "before" else 0.0)
    if label:
        skip = sum(spot.text.startswith(label) for spot in sheet.lines[:number])
        rank = 0.5 if re.search(r"[:：]\s*$", label) else (1.8 if label == RULE else 2.2)
        yield Locator(how=how, words=label, skip=skip, number=distance), rank + far + 0.2 * skip
    if (start := label_of(anchor.text)) and start != label:
        skip = sum(spot.text.startswith(start) for spot in sheet.lines[:number])
        yield Locator(how=how, words=start, skip=skip, number=distance), 1.4 + far + 0.2 * skip
    if distance == 1 and anchor.text != RULE:
        peers = [n for n, spot in enumerate(sheet.lines) if spot.place == anchor.place]
        if peers[-1] == number:
            yield Locator(how=how, place=anchor.place, skip=-1, number=1), 2.0 + far
        yield Locator(how=how, place=anchor.place, skip=peers.index(number), number=1), 2.4 + far


def _ranges(sheet: Sheet, value: str) -> Iterator[tuple[int, int, str]]:
    """Yield (first, last, prefix): the lines that hold ``value``, and what stands before it in the first."""
    lines = [(number, line.text) for number, line in enumerate(sheet.page.lines) if line.kind is Kind.TEXT]
    keys = [loose(text if text.isascii() else sheet.mended(text)) for _, text in lines]
    whole, wanted = "".join(keys), loose(value)
    if not wanted:
        return
    starts = [sum(map(len, keys[:n])) for n in range(len(keys))] if len(keys) < 400 else _sums(keys)
    for at, stop in _places(whole, wanted):
        first = max(n for n, start in enumerate(starts) if start <= at and keys[n])
        last = max(n for n, start in enumerate(starts) if start < stop and keys[n])
        prefix = _prefix(lines[first][1], at - starts[first])
        if starts[last] + len(keys[last]) == stop:
            yield lines[first][0], lines[last][0], prefix


def _sums(keys: Sequence[str]) -> list[int]:
    found, total = [], 0
    for key in keys:
        found.append(total)
        total += len(key)
    return found


def _places(whole: str, wanted: str) -> Iterator[tuple[int, int]]:
    found = [match.start() for match in re.finditer(re.escape(wanted), whole)][:3] if len(wanted) < 50_000 else []
    if not found and (at := whole.find(wanted)) >= 0:
        found = [at]
    yield from ((at, at + len(wanted)) for at in found)
    if not found and len(wanted) > 80:
        head, tail = whole.find(wanted[:40]), whole.rfind(wanted[-40:])
        if 0 <= head < tail:
            yield head, tail + 40


def _prefix(text: str, letters: int) -> str:
    """Return the start of a line that holds so many letters and figures, with the signs after them."""
    if letters == 0:
        return ""
    seen = 0
    for number, char in enumerate(text):
        seen += len(loose(char))
        if seen >= letters:
            rest = text[number + 1 :]
            return text[: number + 1] + rest[: len(rest) - len(rest.lstrip(" :.-–—=>)]\u00a0"))]
    return text


def _span_offers(sheet: Sheet, name: str, first: int, last: int, prefix: str) -> Iterator[_Offer]:
    if not prefix:
        yield from _container_offers(sheet, name, first, last)
    spot = next(each for each in sheet.lines if each.line == first)
    ends = [end for end in _ends(sheet, first, last) if name != "body" or end[0].how not in ("line", "blank")]
    for locator, rank, taken in _locators(sheet, spot, prefix):
        left = prefix[taken:]
        for end, cost in ends:
            yield _Offer(Rule(field=name, start=locator, cut=Cut(left=left), end=end), rank + cost + 0.01 * len(left))


def _container_offers(sheet: Sheet, name: str, first: int, last: int) -> Iterator[_Offer]:
    lines = sheet.page.lines
    if sheet.page.tree is None:
        return
    wanted = [n for n in range(first, last + 1) if lines[n].kind is Kind.TEXT]
    for element in (lines[first].element, *lines[first].element.iterancestors()):
        place = place_of(element)
        boxes: dict[object, list[int]] = {}
        for number, line in enumerate(lines):
            if line.kind is Kind.TEXT and (box := container(line, place)) is not None:
                boxes.setdefault(box, []).append(number)
        found = list(boxes.values())
        if wanted in found:
            number = found.index(wanted)
            named = 0.0 if any(sign in place for sign in "#.[") else 1.2
            for which in {number, number - len(found)}:
                rank = 0.6 + named + 0.2 * abs(which) + (0.05 if which < 0 else 0.0)
                yield _Offer(Rule(field=name, start=Locator(how="inside", place=place, number=which)), rank)


def _ends(sheet: Sheet, first: int, last: int) -> Iterator[tuple[End, float]]:
    lines = sheet.page.lines
    if first == last:
        yield End(how="line"), 0.4
    later = [spot for spot in sheet.lines if spot.line > last]
    inner = [spot for spot in sheet.lines if first < spot.line <= last]
    yield End(how="bottom", number=len(later)), 0.2 if not later else 1.0 + 0.1 * min(len(later), 12)
    yield from _ends_before(later, inner)
    yield End(how="blank"), 0.5
    for element in (lines[first].element, *lines[first].element.iterancestors()):
        if sheet.page.tree is not None and element.tag not in ("body", "html"):
            yield End(how="inside", place=place_of(element)), 0.45


def _ends_before(later: Sequence[Spot], inner: Sequence[Spot]) -> Iterator[tuple[End, float]]:
    if not later:
        return
    following = later[0]
    for words, cost in ((following.text, 0.3), (label_of(following.text), 0.2)):
        if words and len(words) <= 80:
            number = -1 if any(spot.text.startswith(words) for spot in inner) else 0
            yield End(how="before", words=words, number=number), cost - (0.2 * number)
    if following.text != RULE and not any(spot.place == following.place for spot in inner):
        yield End(how="before", place=following.place), 0.35


def _many_offers(sheet: Sheet, name: str, value: str) -> Iterator[_Offer]:
    total = sum(line.words for line in sheet.page.lines) or 1
    for spot in sheet.lines:
        if not _is_meant(spot.text, name, value):
            continue
        peers = [each for each in sheet.places[spot.place] if each.line >= 0]
        named = any(sign in spot.place for sign in "#.[") or bool(re.search(r"(?:^| )h[1-6]$", spot.place))
        words = sum(sheet.page.lines[each.line].words for each in peers)
        if named and words <= 0.2 * total and all(sheet.page.lines[each.line].words <= 20 for each in peers):
            yield _Offer(Rule(field=name, start=Locator(place=spot.place)), 1.0)
        if name == "furniture":
            yield _Offer(Rule(field=name, start=Locator(how="line", words=spot.text)), 1.5)
        if label := (label_of(spot.text) or _first_word(spot.text, name)):
            yield _Offer(Rule(field=name, start=Locator(how="label", words=label)), 2.0)
            yield _Offer(Rule(field=name, start=Locator(how="label", place=spot.place, words=label)), 1.8)


def _is_meant(text: str, name: str, value: str) -> bool:
    """Say whether a line is the one that was marked; of a chapter's heading its title is enough."""
    wanted, line = loose(_plain(value)), loose(text)
    return bool(wanted) and (line == wanted or (name == "chapters" and len(line) < 120 and line.endswith(wanted)))


def _first_word(text: str, name: str) -> str:
    found = re.match(r"\W*\w+\s", text)
    return found[0] if found and name == "chapters" and chapters.heading(text) else ""


def _plain(value: str) -> str:
    """Return typed or marked HTML as words, one line for each block."""
    if not re.search(r"</?(?:p|br|div|em|i|b|strong|blockquote|h\d|hr|span|a|li|ul)\b", value):
        return value.strip()
    from storykeep.text.markup import plain  # noqa: PLC0415 — only for marked text

    return plain(value).strip()


def _short(value: str) -> str:
    bare = re.sub(r"\s+", " ", _plain(value))
    return bare if len(bare) <= 60 else f"{bare[:57]}…"

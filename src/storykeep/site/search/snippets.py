"""A few words around what was found, with the found words marked: safe HTML, accents and case no matter."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, pairwise

from storykeep.query.tree import Words
from storykeep.site.search.stems import NO_STEMS, Stems
from storykeep.site.search.terms import runs
from storykeep.text.fold import fold

AROUND = 90  # characters on each side
GAP = re.compile(r'<hr class="gap[^>]*>')
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
INLINE = frozenset(("a", "b", "bdi", "cite", "em", "i", "ins", "q", "s", "small", "span", "strong", "sub", "sup", "u"))
ACCENTED = ((0xC0, 0x250), (0x386, 0x460), (0x1E00, 0x2000), (0x3041, 0x3100), (0xFF66, 0xFFA0))
WORD = re.compile(r"\w+(?:['’ʼ]\w+)*")
ENOUGH = 50  # places of one thing, to choose from


def words_of(html: str) -> str:
    """Return clean ``html`` as one line of text. Fast: only for HTML that our sanitiser wrote."""
    bare = TAG.sub(between, GAP.sub(" … ", html) if "<hr" in html else html)
    return " ".join((entities.unescape(bare) if "&" in bare else bare).split())


def between(tag: re.Match[str]) -> str:
    """Return what stands in the place of a tag."""
    return "" if tag[2] in INLINE else " "


def snippet(html: str, wanted: Iterable[Words], stems: Stems = NO_STEMS, language: str = "") -> str:
    """Return the place in clean ``html`` where most of what is ``wanted`` stands together; "" when nothing does.

    Where ``stems`` know the ``language``, inflected forms of a word are marked, too, as they are found.

    >>> snippet("<p>The <em>Café</em> was shut.</p>", [Words(("cafe",))])
    'The <mark>Café</mark> was shut.'
    >>> snippet("They walked on.", [Words(("walking",))], Stems(("en",)), "en-GB")
    'They <mark>walked</mark> on.'
    """
    text, wanted = words_of(html), tuple(wanted)
    spans = matches(text, wanted)
    if stems.known(language):
        spans = sorted({*spans, *inflected(text, wanted, stems, language)})
    if not spans:
        return ""
    start, end = window(text, spans)
    return ("…" if start else "") + marked(text, start, end, spans) + ("…" if end < len(text) else "")


def matches(text: str, wanted: Iterable[Words]) -> list[tuple[int, int, int]]:
    """Return (start, end, which) of up to 50 places for each thing that is wanted, in the order of the text."""
    found = []
    for which, words in enumerate(wanted):
        pattern = pattern_for(words)
        if pattern:
            for number, match in enumerate(pattern.finditer(text)):
                found.append((match.start(), match.end(), which))
                if number >= ENOUGH:
                    break
    return sorted(found)


def inflected(text: str, wanted: tuple[Words, ...], stems: Stems, language: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, which) of the words in ``text`` that share their stem with a single word that is wanted."""
    sought = {stem: which for which, words in enumerate(wanted) for stem in stem_of(words, stems, language)}
    if not sought:
        return
    places = list(WORD.finditer(text))
    folded = (re.sub(r"\W", "", fold(place[0])) or "-" for place in places)
    found = stems.of_text(language, " ".join(folded)).split(" ")
    at = ((place, sought[stem]) for place, stem in zip(places, found, strict=False) if stem in sought)
    yield from ((place.start(), place.end(), which) for place, which in islice(at, ENOUGH))


def stem_of(words: Words, stems: Stems, language: str) -> list[str]:
    """Return the stem of a single word; none of several side by side, or of a beginning, which are found as written."""
    found = list(runs(" ".join(words.words)))
    if len(found) != 1 or found[0][1] or words.prefix or words.field:
        return []
    return [stems.of_text(language, found[0][0])]


def window(text: str, spans: list[tuple[int, int, int]]) -> tuple[int, int]:
    """Return the stretch around the span that has most different things near it."""
    best, most = spans[0], 0
    for start, end, which in spans:
        near = len({other for s, _, other in spans if start <= s < start + 2 * AROUND})
        if near > most:
            best, most = (start, end, which), near
    start, end = max(0, best[0] - AROUND), min(len(text), best[1] + AROUND * 2)
    start = text.find(" ", start, best[0]) + 1 or start if start else 0
    cut = text.rfind(" ", best[1], end)
    return start, cut if end < len(text) and cut > 0 else end


def marked(text: str, start: int, end: int, spans: list[tuple[int, int, int]]) -> str:
    out, at = [], start
    for s, e, _ in spans:
        if s >= at and e <= end:
            out += [
                entities.escape(text[at:s], quote=False),
                "<mark>",
                entities.escape(text[s:e], quote=False),
                "</mark>",
            ]
            at = e
    return "".join(out) + entities.escape(text[at:end], quote=False)


@lru_cache(maxsize=256)
def pattern_for(words: Words) -> re.Pattern[str] | None:
    """Return a pattern that finds the words whatever their accents, case and apostrophes; None without terms."""
    found = list(runs(" ".join(words.words)))
    if not found:
        return None
    body = spelt(*found[0])
    for (_, before), (run, joined) in pairwise(found):
        body += (r"\W*" if before or joined else r"\W+") + spelt(run, joined)
    start = "" if found[0][1] else r"(?<!\w)"
    end = "" if found[-1][1] else r"\w*" if words.prefix else r"(?!\w)"
    return re.compile(f"{start}{body}{end}", re.IGNORECASE)


def spelt(run: str, joined: bool) -> str:
    """Return a pattern for a folded word; in scripts without spaces signs may stand between the letters."""
    return (r"\W*" if joined else r"['’ʼ]?").join(map(letter, run))


@lru_cache(maxsize=4096)
def letter(plain: str) -> str:
    """Return a pattern for a letter with any accent: itself, what folds to it, and marks behind it."""
    alike = accented().get(plain, "")
    return f"[{re.escape(plain + alike)}][\u0300-\u036f]*" if alike else re.escape(plain)


@lru_cache(maxsize=1)
def accented() -> dict[str, str]:
    """Return for each plain letter the Latin, Greek, Cyrillic and Japanese letters that fold to it."""
    found: dict[str, str] = {}
    for code in (each for first, last in ACCENTED for each in range(first, last)):
        plain = fold(chr(code))
        if len(plain) == 1 and plain != chr(code):
            found[plain] = found.get(plain, "") + chr(code)
    return found

"""The labels of a page become what a story says of itself: tags, series, sequels, and who helped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from storykeep.model.story import Credit, Relation, RelationKind, Role, SeriesPlace, Tag
from storykeep.sources.pages import chapters, names
from storykeep.sources.pages import facts as facts_of
from storykeep.sources.pages.labels import Label

Facts = dict[str, list[Label]]
"""The labels of a page by their field."""
Mended = Callable[[str], str]
"""What repairs plain words, with the page's own words beside them."""
_TAG_KINDS = {
    "fandom": "fandom",
    "category": "category",
    "pairing": "pairing",
    "characters": "character",
    "genre": "genre",
    "warnings": "warning",
    "timeline": "timeline",
    "keywords": "keyword",
    "rating": "rating",
    "challenge": "challenge",
}
_PAIR = re.compile(r"^[^/&]{1,60}(?:/| & )[^/&]{1,60}$")  # "People: Ilse/Marrow" names two who belong together


def betas(facts: Facts, mended: Mended) -> Iterator[Credit]:
    """Yield those who are thanked as beta readers."""
    for label in facts.get("thanks", []):
        if label.label.lower().startswith(("beta", "edited")) and not facts_of.is_prose(label.text):
            for name in names.authors(names.tidy(mended(label.text))):
                yield Credit(name=name, role=Role.BETA)


def tags(facts: Facts, mended: Mended) -> Iterator[Tag]:
    """Yield the tags that the labels name, each once."""
    seen = set()
    for field, kind in _TAG_KINDS.items():
        for label in facts.get(field, []):
            for name in facts_of.names_in(mended(label.text), field):
                tag = Tag(kind="pairing" if kind == "character" and _PAIR.match(name) else kind, name=name)
                if tag not in seen:
                    seen.add(tag)
                    yield tag


def series(facts: Facts, placed: Iterable[tuple[str, int]], mended: Mended) -> Iterator[SeriesPlace]:
    """Yield the places in series: those that the page's software tells, then those of labels."""
    for title, position in placed:
        yield SeriesPlace(title=mended(title), position=position)
    for label in facts.get("series", []):
        text = mended(label.text)
        if text.lower() in facts_of.NOTHING or facts_of.is_prose(text):
            continue
        if said := re.match(r"(?:part|#|no\.?|book)\s*(\d+)\s*(?:of|in|,)\s*(?-i:the\s+)?(.+)", text, re.IGNORECASE):
            yield SeriesPlace(title=said[2].strip(' ."“”'), position=int(said[1]))
        else:
            cut = chapters.mark(text)
            yield SeriesPlace(title=cut.title.strip(' "“”'), position=cut.number)


def relations(facts: Facts, mended: Mended) -> Iterator[Relation]:
    """Yield the works that this one follows, or comes before."""
    for label in facts.get("sequel", []):
        text = re.sub(
            r"^(?:this is )?(?:a )?(?:sequel|follow-?up) (?:to|of)\s+",
            "",
            mended(label.text),
            flags=re.IGNORECASE,
        )
        if (
            text.lower().strip(" .") in facts_of.NOTHING
            or len(text) > 120
            or re.match(r"(?:yes|maybe|coming|possibly|probably)\b", text, re.IGNORECASE)
        ):
            continue
        if label.label.lower() == "sequel" and re.match(r"(?:yes|no|none|maybe)\b", text, re.IGNORECASE):
            continue
        yield Relation(
            kind=RelationKind.PREQUEL_OF if "prequel" in label.label.lower() else RelationKind.SEQUEL_OF,
            target=text.strip(' ."“”'),
        )

"""What stands around a work: its sequels, its translations, what it inspired, its neighbours in a series."""

from __future__ import annotations

from storykeep.exports.language import tag as language_tag
from storykeep.model.story import RelationKind
from storykeep.site.reading.languages import language_name
from storykeep.site.reading.pages import InSeries, Link, Related
from storykeep.site.works import series_steps, ties

LABELS = {
    RelationKind.PREQUEL_OF.value: "Preceded by",
    RelationKind.SEQUEL_OF.value: "Followed by",
    RelationKind.TRANSLATION_OF.value: "Translations",
    RelationKind.INSPIRED_BY.value: "Inspired",
}


def back(user, work) -> tuple[Related, ...]:
    """Return the ways to works that lead to ``work``, as far as its author lets it lead back. 2 queries."""
    found: dict[str, list[Link]] = {}
    for row in ties.back(user, work):
        found.setdefault(LABELS[row.kind], []).append(Link(words=words(row), url=row.work.get_absolute_url()))
    return tuple(Related(label=label, links=tuple(links[: ties.MOST])) for label, links in found.items())


def in_series(user, work) -> tuple[InSeries, ...]:
    """Return the ways to the works around this one in its series, where there are any. 2 queries."""
    return tuple(
        InSeries(
            title=place.series.title,
            url=place.series.get_absolute_url(),
            previous=before and Link(words=str(before), url=before.get_absolute_url()),
            next=after and Link(words=str(after), url=after.get_absolute_url()),
        )
        for place, before, after in series_steps.around(user, work)
        if before or after
    )


def words(row) -> str:
    """Return the title with its authors, and for a translation its language."""
    names = " and ".join(credit.name for credit in row.work.author_credits)
    told = f"{row.work} by {names}" if names else str(row.work)
    translated = row.kind == RelationKind.TRANSLATION_OF.value and language_tag(row.work.language)
    return f"{told} ({language_name(row.work.language)})" if translated else told

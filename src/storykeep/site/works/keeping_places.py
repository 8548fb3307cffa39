"""The archive itself, and its pages that are no stories, become rows."""

from __future__ import annotations

from storykeep.model import bundle
from storykeep.model.identity import slug
from storykeep.model.story import Archive as StoryArchive
from storykeep.model.story import Page
from storykeep.site.base.models import Archive, SitePage
from storykeep.site.tags.models import TagKind
from storykeep.site.tags.naming import rescued_kind
from storykeep.site.works import old_addresses
from storykeep.text import sanitise


def keep_archive(given: StoryArchive) -> Archive:
    """Let the site be the archive that was rescued. A second one that joins adds only its kinds of tags."""
    row = Archive.current()
    if row.origin in ("", given.name):
        row.origin = given.name
        for name in ("name", "slogan", "language", "software", "founded", "closed"):
            if name not in row.edited:
                setattr(row, name, getattr(given, name))
        if "description" not in row.edited:
            row.description = sanitise.clean(given.description)
        row.addresses, row.questionnaire = list(given.addresses), list(given.questionnaire)
        row.tag_kinds = bundle.to_plain(given.tag_kinds)
        row.save()
    keep_kinds(given)
    return row


def keep_kinds(given: StoryArchive) -> None:
    """Make the kinds of tags that the old archive had. What somebody has changed in one stays as it is."""
    there = {kind.key: kind for kind in TagKind.objects.all()}
    for place, kind in enumerate(given.tag_kinds):
        values = {"name": kind.name, "open": kind.open, "many": kind.many, "required": kind.required}
        values |= {"filter": kind.filter, "place": place}
        row = there.get(kind.key) or TagKind(key=kind.key)
        if row.pk is None or as_it_came(row):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()


def as_it_came(row: TagKind) -> bool:
    """Say whether a kind still is as its first work made it."""
    return all(getattr(row, name) == value for name, value in rescued_kind(row.key).items())


def keep_page(given: Page) -> SitePage:
    """Write a page of the archive: news, rules, welcome."""
    row = SitePage.objects.filter(key=given.key).first() or SitePage(key=given.key)
    values = {
        "kind": given.kind.value,
        "title": given.title,
        "body": sanitise.clean(given.body),
        "date": given.date,
        "addresses": list(given.addresses),
    }
    for name, value in values.items():
        if name not in row.edited:
            setattr(row, name, value)
    row.slug = slug(row.title)
    row.save()
    old_addresses.keep(given.addresses, page=row)
    return row

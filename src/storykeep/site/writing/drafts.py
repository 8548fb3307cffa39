"""A work begins, goes into the trash, comes back, and is gone after thirty days."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from storykeep.exports.language import tag as language_tag
from storykeep.model.identity import sha256
from storykeep.model.story import Status
from storykeep.site.base.models import Archive
from storykeep.site.tags import counting
from storykeep.site.works import changes
from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Chapter, Visibility, Work
from storykeep.site.writing import chapters, names
from storykeep.site.writing.of_work import WorkSheet, sign
from storykeep.site.writing.sheets import Typed

DAYS_IN_TRASH = 30


def begin(user, request: str) -> Work:
    """Return the draft that ``request`` began; asked twice, even at the same moment, it is the same one."""
    key = key_of(user, request)
    try:
        return Work.objects.filter(key=key).first() or new(user, key)
    except IntegrityError:
        return Work.objects.get(key=key)


def key_of(user, mark: str) -> str:
    """Return the key of a work that ``user`` began. It stands in copies for everybody, and tells nobody who that is."""
    return f"written/{sha256(f'{settings.SECRET_KEY} {user.ref}/{mark}'.encode())[:24]}"


def new(user, key: str) -> Work:
    with transaction.atomic():
        work = Work.objects.create(
            key=key, title="", visibility=Visibility.DRAFT, archive=Archive.current().name,
            status=Status.COMPLETE.value, language=archive_language(),
        )  # fmt: skip
        sign(work, names.usual(user))
        chapters.add(work)
        finish(work)
    return work


def archive_language() -> str:
    return language_tag(Archive.current().language)


def blank_fields(sheet: WorkSheet) -> Typed:
    """Return what the form of a new work shows, before there is a work."""
    shown = dict.fromkeys(sheet.parts, "")
    given = {"kind": sheet.work.kind, "language": sheet.work.language, "status": Status.COMPLETE.value}
    reading = {"publish_as": sheet.work.publish_as, "comments": sheet.work.comments}
    name = names.chosen(sheet.user)
    return {**shown, **given, **reading, "pen_names": name.slug if name else ""}


def trash(work: Work) -> None:
    """Take a work from its readers; its writers can bring it back for thirty days."""
    with transaction.atomic():
        work.before_trash, work.visibility = work.visibility, Visibility.TRASH
        work.trashed_at, work.publish_at = timezone.now(), None
        finish(work)


def bring_back(work: Work) -> None:
    with transaction.atomic():
        work.visibility, work.before_trash = work.before_trash or Visibility.DRAFT, ""
        work.trashed_at = None
        finish(work)


def gone_after(moment: dt.datetime) -> dt.datetime:
    """Return when what was thrown away at ``moment`` is gone."""
    return moment + dt.timedelta(days=DAYS_IN_TRASH)


def empty_trash() -> int:
    """Delete what has been in the trash for thirty days; return how many works and chapters."""
    before = timezone.now() - dt.timedelta(days=DAYS_IN_TRASH)
    works = Work.objects.filter(visibility=Visibility.TRASH, trashed_at__lt=before, rescued=False)
    old = Chapter.written.filter(trashed_at__lt=before)
    count = old.count()
    old.delete()
    for work in list(works):
        delete(work)
        count += 1
    return count


def delete(work: Work) -> None:
    """Delete a work for good, with all its versions."""
    with transaction.atomic():
        changes.record([work.pk])
        counting.changed(work.work_tags.values_list("tag", flat=True), ())
        work.delete()

"""Whole rows as places of the desk: the archive's texts, its kinds of tags, its own name. Other rooms tell of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from storykeep.model.errors import Conflict
from storykeep.site.base import told
from storykeep.site.desk.models import Decision

PREFIX = "row:"


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row under its name, ``base.sitepage/12``. Its value is its snapshot; None where there is no row."""

    of: str

    @property
    def name(self) -> str:
        return PREFIX + self.of

    @property
    def row(self) -> str:
        found = self.found()
        return str(found) if found else "What this decision changed"

    @property
    def field(self) -> str:
        return "row"

    def found(self) -> models.Model | None:
        label, _, pk = self.of.partition("/")
        return apps.get_model(label).objects.filter(pk=pk).first()

    def read(self) -> dict | None:
        found = self.found()
        return told.snapshot(found) if found else None

    def write(self, value: dict | None) -> None:
        if value is not None:
            told.restore(value)
            return
        found = self.found()
        if found and in_use(found):
            raise Conflict(f"{found} is in use by now, so it stays.")
        if found:
            found.delete()


def in_use(row: models.Model) -> bool:
    """Say whether other rows refer to ``row``; those that are found anew at any time do not count."""
    related = row._meta.related_objects  # noqa: SLF001 — Django's public way to what refers to a model
    kept = [each for each in related if not getattr(each.related_model, "found_anew", False)]
    return any(each.related_model.objects.filter(**{each.field.name: row}).exists() for each in kept)


def log(user, words: str, changes: told.Changes) -> None:
    """Log what another room has changed, so that it can be undone here."""
    entries = [{"place": PREFIX + name, "before": before, "after": after} for name, before, after in changes]
    Decision.objects.create(verb="archive", words=words, changes=entries, by=user)

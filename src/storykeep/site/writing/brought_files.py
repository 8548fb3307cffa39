"""Where the zip of a writer lies between its upload and the day on which it is taken in or forgotten."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from storykeep.site.writing.models import Brought


def path_of(brought: Brought) -> Path:
    folder = settings.HOUSE.data / "brought"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{brought.ref}.zip"


def keep_file(brought: Brought, file) -> None:
    with path_of(brought).open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)


def forget_file(brought: Brought) -> None:
    path_of(brought).unlink(missing_ok=True)

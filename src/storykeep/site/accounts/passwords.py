"""Words that everybody thinks of first here, and that are no password: the archive's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from storykeep.site.base.models import Archive
from storykeep.text.fold import fold

SHORTEST_WORD = 4


class ArchiveWordsValidator:
    """Refuses a password of nothing but the archive's name, its address and its software, with figures around."""

    def validate(self, password, user=None):
        left = bare = letters(password)
        for word in sorted(words(), key=len, reverse=True):
            left = left.replace(word, "")
        if bare and not left:
            raise ValidationError("Anybody who attacks this archive tries its own name first. Choose other words.")

    def get_help_text(self):
        return "It is not made of the archive's own name."


def words() -> set[str]:
    """Return the archive's own words, letters only: its name whole and in parts, its host, its software."""
    name = Archive.current().name
    host = urlsplit(settings.HOUSE.origin).hostname or ""
    found = {letters(each) for each in (name, host, "storykeep", *name.split(), *host.split("."))}
    return {word for word in found if len(word) >= SHORTEST_WORD}


def letters(words: str) -> str:
    return "".join(letter for letter in fold(words) if letter.isalpha())

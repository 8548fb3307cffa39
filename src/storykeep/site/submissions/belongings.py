"""What is kept of what a member sent in."""

from __future__ import annotations

import json
from collections.abc import Iterator

from storykeep.site.accounts.belongings import Belonging
from storykeep.site.submissions.models import Note, Submission, Writer


def export(user) -> Iterator[tuple[str, bytes]]:
    """Yield what ``user`` sent in, and all that was said about it."""
    rows = Submission.objects.filter(sent_by=user).select_related("work").prefetch_related("notes")
    told = [
        {"work": str(row.work), "state": row.state, "notes": [told_of(note) for note in row.notes.all()]}
        for row in rows
    ]
    yield "submissions.json", json.dumps(told, ensure_ascii=False, indent=2).encode()


def told_of(note: Note) -> dict[str, str]:
    return {"at": note.at.isoformat(), "state": note.state, "did": note.deed, "words": note.words}


def erase(user) -> None:
    """Take away what ``user`` said to the archivist, and their invitation. Safe to call twice."""
    Note.objects.filter(by=user, submission__sent_by=user).update(words="")
    Writer.objects.filter(account=user).delete()


BELONGING = Belonging(name="submissions", words="what you sent in", export=export, erase=erase)

"""What is kept of the interviews that a member gave."""

from __future__ import annotations

import json
from collections.abc import Iterator

from storykeep.site.accounts.belongings import Belonging, Page
from storykeep.site.interviews import answering, queries
from storykeep.site.interviews.models import Interview


def export(user) -> Iterator[tuple[str, bytes]]:
    """Yield every interview of ``user``: the answers as typed, and what readers see."""
    told = [
        {
            "name": row.person.name,
            "asked": str(row.questionnaire or ""),
            "answers": [{"question": each.question.words, "typed": each.typed} for each in row.answers.all()],
            "published": row.published,
            "published_at": row.published_at.isoformat() if row.published_at else None,
        }
        for row in queries.exported(user)
    ]
    if told:
        yield "interviews.json", json.dumps(told, ensure_ascii=False, indent=2).encode()


def erase(user) -> None:
    """Take the answers of ``user`` off the pages, and away. What was rescued stays. Safe to call twice."""
    for found in Interview.objects.filter(account=user):
        answering.erase(found)


BELONGING = Belonging(
    name="interviews",
    words="your interviews",
    pages=(Page(words="Interviews", name="write-interviews", about="The archive asks, you answer."),),
    export=export,
    erase=erase,
)

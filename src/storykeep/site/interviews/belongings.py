"""What is kept of the interviews that a member gave."""

from __future__ import annotations

import json
from collections.abc import Iterator

from storykeep.site.accounts.belongings import Belonging, Page, Rows, text
from storykeep.site.interviews import answering, queries
from storykeep.site.interviews.forms import LONGEST
from storykeep.site.interviews.models import Interview, Questionnaire
from storykeep.text.fold import fold

MOST = 200  # interviews, and answers of one


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


def bring(user, rows: Rows) -> Iterator[str]:
    """Put answers back as drafts, where this archive asks the same under the same name, and nothing is answered yet."""
    names = {fold(person.name): person for person in queries.names_of(user)}
    back = missing = 0
    for row in rows("interviews.json")[:MOST]:
        person, asked = names.get(fold(text(row, "name"))), asked_as(text(row, "asked"))
        typed = typed_again(row, asked) if person and asked and queries.may_begin(person, asked) else {}
        if typed and not Interview.objects.filter(person=person, questionnaire=asked).exists():
            answering.save(user, person, asked, typed, {})
            back += 1
        missing += not typed
    if back:
        yield f"Interviews, as drafts: {back}."
    if missing:
        yield f"Interviews that this archive does not ask for: {missing}. Your answers are in the file."


def asked_as(name: str) -> Questionnaire | None:
    return queries.asked_ever().filter(name=name).first()


def typed_again(row: dict[str, object], asked: Questionnaire) -> dict[int, str]:
    """Return what was typed by the number of the question here: questions are known by their words."""
    questions = {fold(each.words): each.pk for each in asked.questions.all()}
    told = row.get("answers")
    answers = [each for each in told[:MOST] if isinstance(each, dict)] if isinstance(told, list) else []
    known = {questions.get(fold(text(each, "question"))): text(each, "typed")[:LONGEST] for each in answers}
    return {number: typed for number, typed in known.items() if number and typed.strip()}


def erase(user) -> None:
    """Take the answers of ``user`` off the pages, and away. What was rescued stays. Safe to call twice."""
    for found in Interview.objects.filter(account=user):
        answering.erase(found)


BELONGING = Belonging(
    name="interviews",
    words="your interviews",
    pages=(Page(words="Interviews", name="write-interviews", about="The archive asks, you answer."),),
    export=export,
    bring=bring,
    erase=erase,
)

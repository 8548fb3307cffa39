"""An author answers: saves a draft, publishes it on their page, takes it back. What was rescued stays beside it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from storykeep.site.interviews.models import Answer, Interview
from storykeep.site.works.models import EditedField, Person
from storykeep.site.writing import entry


def as_html(typed: str) -> str:
    """Return what was typed (paragraphs, or HTML) as clean HTML. Raises TooLarge."""
    return entry.body(typed.strip(), "light")


@transaction.atomic
def save(user, person: Person, typed: Mapping[int, str]) -> Interview:
    """Keep what ``user`` typed, by the number of the question; an empty answer is none."""
    for other in Interview.objects.filter(person=person).exclude(account=user):
        erase(other)
    found, _ = Interview.objects.get_or_create(person=person, defaults={"account": user})
    for question, text in typed.items():
        if text.strip():
            Answer.objects.update_or_create(interview=found, question_id=question, defaults={"typed": text})
        else:
            Answer.objects.filter(interview=found, question_id=question).delete()
    return found


def publish(found: Interview) -> None:
    """Show the answers on the page of their author, before what was rescued."""
    rows = found.answers.select_related("question")
    pairs = [{"question": row.question.words, "answer": as_html(row.typed)} for row in rows]
    show(found, [pair for pair in pairs if pair["answer"]])


def withdraw(found: Interview) -> None:
    """Take the answers off the page. The draft and what was rescued stay."""
    show(found, [])


def erase(found: Interview) -> None:
    """Take the answers off the page, and away. What was rescued stays."""
    withdraw(found)
    found.delete()


def part(person: Person, account) -> None:
    """Erase what ``account`` answered as ``person``: it turned out that they are somebody else."""
    for found in Interview.objects.filter(person=person, account=account):
        erase(found)


@transaction.atomic
def show(found: Interview, pairs: list[dict[str, str]]) -> None:
    """Put ``pairs`` in the place of those that stood there before; a new rescue must not write over them."""
    person = Person.objects.select_for_update().get(pk=found.person_id)
    rescued = [pair for pair in person.interview if pair not in found.published]
    person.interview = pairs + [pair for pair in rescued if pair not in pairs]
    person.save(update_fields=["interview"])
    EditedField.objects.get_or_create(
        person=person, field="interview", defaults={"before": rescued, "by": found.account}
    )
    found.published, found.published_at = pairs, timezone.now() if pairs else None
    found.save()

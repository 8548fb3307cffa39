"""An author answers: saves a draft, publishes it on their page, takes it back. What was rescued stays beside it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from storykeep.site.interviews.models import Answer, Hidden, Interview, Questionnaire
from storykeep.site.works.models import EditedField, Person
from storykeep.site.writing import entry
from storykeep.site.writing.sheets import Typed, reconcile

Pairs = list[dict[str, str]]


def as_html(typed: str) -> str:
    """Return what was typed (paragraphs, or HTML) as clean HTML. Raises TooLarge."""
    return entry.body(typed.strip(), "light")


def as_typed(text: str) -> str:
    """Return an answer as it is kept: as few tags as it needs, whether the editor sent it or a plain field."""
    return entry.source(as_html(text), "light")


# ── the draft
@transaction.atomic
def save(user, person: Person, asked: Questionnaire, typed: Mapping[int, str], was: Typed) -> tuple[Interview, Typed]:
    """Keep what ``user`` typed, by the number of the question; an empty answer is none.

    Return the interview, and what collides with another page of the same author, by the number of the question.
    """
    for other in Interview.objects.filter(person=person).exclude(account=user):
        erase(other)
    found, _ = Interview.objects.get_or_create(person=person, questionnaire=asked, defaults={"account": user})
    Interview.objects.select_for_update().get(pk=found.pk)
    now = dict.fromkeys(map(str, typed), "") | typed_in(found)
    setting, collides = reconcile(was, {str(number): as_typed(text) for number, text in typed.items()}, now)
    for number, text in setting.items():
        if text:
            Answer.objects.update_or_create(interview=found, question_id=int(number), defaults={"typed": text})
        else:
            Answer.objects.filter(interview=found, question_id=int(number)).delete()
    return found, collides


def typed_in(found: Interview | None) -> Typed:
    """Return the answers as they were typed, by the number of the question."""
    rows = Answer.objects.filter(interview=found).values_list("question", "typed") if found else ()
    return {str(question): text for question, text in rows}


def pairs_of(found: Interview) -> Pairs:
    """Return what readers would see if it were published now: what is answered, in the order of the questions."""
    rows = found.answers.select_related("question")
    asked = found.questionnaire.name if found.questionnaire else ""
    pairs = [{"question": row.question.words, "answer": as_html(row.typed), "asked": asked} for row in rows]
    return [pair for pair in pairs if pair["answer"]]


# ── on the page
def publish(found: Interview) -> None:
    """Show the answers on the page of their author, before what was rescued."""
    show(found, pairs_of(found))


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
def show(found: Interview, pairs: Pairs) -> None:
    """Put ``pairs`` in the place of those that stood there before."""
    person = held(found.person_id)
    rescued = rescued_of(person)
    found.published, found.published_at = pairs, timezone.now() if pairs else None
    found.save()
    write(person, rescued, found.account)


# ── an archivist hides one
@transaction.atomic
def hide(person: Person, found: Interview | None, reason: str, by) -> None:
    """Take an interview off the page (without ``found`` the rescued one), and keep it."""
    person = held(person.pk)
    rescued = rescued_of(person)
    pairs, left = ([], rescued) if found else (rescued, [])
    Hidden.objects.get_or_create(person=person, interview=found, defaults={"pairs": pairs, "reason": reason, "by": by})
    write(person, left, by)


@transaction.atomic
def show_again(hidden: Hidden, by) -> None:
    """Put back what was hidden, as its author has it now."""
    person = held(hidden.person_id)
    rescued = rescued_of(person) + ([] if hidden.interview_id else hidden.pairs)
    hidden.delete()
    write(person, rescued, by)


# ── the page itself
def held(person: int) -> Person:
    return Person.objects.select_for_update().get(pk=person)


def rescued_of(person: Person) -> Pairs:
    """Return what stands on the page and did not come from here."""
    here = [
        pair for pairs in Interview.objects.filter(person=person).values_list("published", flat=True) for pair in pairs
    ]
    return [pair for pair in person.interview if pair not in here]


def write(person: Person, rescued: Pairs, by) -> None:
    """Write the page anew: the newest questionnaire first, at last what was rescued; no rescue writes over it."""
    rows = Interview.objects.filter(person=person, hidden=None)
    rows = rows.order_by("-questionnaire__made_at", "-questionnaire")
    pairs = [pair for published in rows.values_list("published", flat=True) for pair in published]
    person.interview = pairs + [pair for pair in rescued if pair not in pairs]
    person.save(update_fields=["interview"])
    EditedField.objects.get_or_create(person=person, field="interview", defaults={"before": rescued, "by": by})

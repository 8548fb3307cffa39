"""Reads: what is asked, one's own answers, who has an interview that somebody may read, what archivists look after."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from storykeep.site.interviews import answering
from storykeep.site.interviews.models import Answer, Hidden, Interview, Question, Questionnaire
from storykeep.site.reading.queries import people, with_words_of_their_own
from storykeep.site.works.models import Person
from storykeep.site.writing.sheets import Typed


# ── for readers
def with_interview(user) -> QuerySet[Person]:
    """Return the people with an interview whose pages ``user`` may read."""
    return with_words_of_their_own(people(user))


# ── for authors
def names_of(user) -> QuerySet[Person]:
    """Return the pen names of ``user``, and those that became another one and have an interview."""
    answered = Interview.objects.filter(person=OuterRef("pk"), account=user)
    rows = user.people.filter(Q(merged_into=None) | Exists(answered))
    return rows.select_related("merged_into").order_by("folded", "pk")


@dataclass(frozen=True, slots=True)
class Sitting:
    """One questionnaire and one pen name: what was answered so far, if anything."""

    person: Person
    questionnaire: Questionnaire
    interview: Interview | None

    @property
    def state(self) -> str:
        if self.interview is None:
            return "not begun"
        if getattr(self.interview, "hidden", None):
            return "hidden by an archivist"
        return "published" if self.interview.published_at else "draft"


def sittings(user) -> list[tuple[Questionnaire, list[Sitting]]]:
    """Return what ``user`` may answer, or has answered, the newest questionnaire first. 3 queries."""
    rows = Interview.objects.filter(account=user).select_related("hidden")
    given = {(row.person_id, row.questionnaire_id): row for row in rows}
    names = list(names_of(user))
    found = [
        (
            each,
            [
                Sitting(name, each, row)
                for name in names
                if (row := given.get((name.pk, each.pk))) or may_begin(name, each)
            ],
        )
        for each in asked_ever()
    ]
    return [(each, lines) for each, lines in found if lines]


def asked_ever() -> QuerySet[Questionnaire]:
    """Return the questionnaires that ask, or asked, anything."""
    return Questionnaire.objects.filter(Exists(Question.objects.filter(questionnaire=OuterRef("pk"))))


def may_begin(person: Person, asked: Questionnaire) -> bool:
    return asked.open and person.merged_into_id is None


def asked_in(asked: Questionnaire, typed: Typed) -> list[tuple[Question, str]]:
    """Return each question that is asked now, and each that was answered, with what was typed. 1 query."""
    rows = Question.objects.filter(Q(retired=False) | Q(pk__in=map(int, typed)), questionnaire=asked)
    return [(row, typed.get(str(row.pk), "")) for row in rows]


# ── for archivists
def questionnaires() -> QuerySet[Questionnaire]:
    """Return all questionnaires with how many questions they ask and how many interviews are published. 1 query."""
    return Questionnaire.objects.annotate(
        asks=Count("questions", filter=Q(questions__retired=False), distinct=True),
        given=Count("interviews", filter=~Q(interviews__published_at=None), distinct=True),
    )


def looked_after() -> QuerySet[Person]:
    """Return everybody who has an interview, shown or hidden."""
    hidden = Hidden.objects.filter(person=OuterRef("pk"))
    rows = Person.objects.annotate(is_hidden=Exists(hidden))
    return rows.filter(~Q(interview=[]) | Q(is_hidden=True)).order_by("-is_hidden", "folded", "pk")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the interview on a person's page: of one questionnaire, or (``key`` 0) what was rescued."""

    key: int
    words: str
    pairs: list[dict[str, str]]
    hidden: Hidden | None


def parts_of(person: Person) -> list[Part]:
    """Return what stands, or stood, on the page of ``person``. 3 queries."""
    rows = Interview.objects.filter(person=person).exclude(published=[]).select_related("questionnaire", "hidden__by")
    found = [
        Part(row.pk, str(row.questionnaire or "Interview"), row.published, getattr(row, "hidden", None)) for row in rows
    ]
    hidden = Hidden.objects.filter(person=person, interview=None).select_related("by").first()
    rescued = hidden.pairs if hidden else answering.rescued_of(person)
    return found + ([Part(0, "From the old archive", rescued, hidden)] if rescued else [])


def exported(user) -> QuerySet[Interview]:
    """Return the interviews of ``user`` with their answers. 2 queries."""
    answers = Prefetch("answers", Answer.objects.select_related("question"))
    rows = Interview.objects.filter(account=user).select_related("person", "questionnaire")
    return rows.prefetch_related(answers).order_by("person__folded", "person", "-questionnaire__made_at", "pk")

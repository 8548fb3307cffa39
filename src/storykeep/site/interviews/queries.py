"""Reads: the questions, one's own answers, and who has an interview that somebody may read."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from storykeep.site.interviews.models import Answer, Interview, Question
from storykeep.site.reading.queries import people
from storykeep.site.works.models import Person
from storykeep.site.writing.queries import pen_names_of


def asked(found: Interview | None) -> list[tuple[Question, str]]:
    """Return each question that is asked now, and each one that was answered, with what was typed. 2 queries."""
    typed = dict(Answer.objects.filter(interview=found).values_list("question", "typed")) if found else {}
    rows = Question.objects.filter(Q(retired=False) | Q(pk__in=typed))
    return [(row, typed.get(row.pk, "")) for row in rows]


def with_interview(user) -> QuerySet[Person]:
    """Return the people with an interview whose pages ``user`` may read."""
    return people(user).exclude(interview=[])


def states(user) -> QuerySet[Person]:
    """Return the pen names of ``user``, and whether each has a draft and a published interview. 1 query."""
    own = Interview.objects.filter(person=OuterRef("pk"), account=user)
    return pen_names_of(user).annotate(begun=Exists(own), shown=Exists(own.exclude(published_at=None)))

"""Works of others that lead to one's own: their authors are asked whether theirs leads back."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from storykeep.model.story import Role
from storykeep.site.accounts import mail, outgoing
from storykeep.site.accounts.models import User
from storykeep.site.search.avoiding import without_avoided
from storykeep.site.works import ties
from storykeep.site.works.models import Credit, Relation, Work
from storykeep.site.works.queries import readable_by, standing
from storykeep.site.works.tied import Echo, Led
from storykeep.site.writing.queries import written_by
from storykeep.site.writing.wanted import wanted

KIND = mail.Kind(key="ties", words="Somebody’s work leads to one of mine, and I am asked whether mine leads back")


def written(user) -> QuerySet[Work]:
    """Return the works about which ``user`` answers: those that they wrote."""
    own = Credit.objects.filter(chapter=None, role=Role.AUTHOR.value, person__account=user)
    return written_by(user).filter(pk__in=own.values("work"))


def of(user) -> QuerySet[Relation]:
    """Return the ties to works of ``user``, whatever they have said to them."""
    return with_both(ties.leading_to(user, written(user)))


def asked_of(user) -> QuerySet[Relation]:
    """Return the ties to works of ``user`` that wait for an answer; none of works that they never want to meet."""
    rows = ties.asking(of(user))
    return standing(rows, without_avoided(readable_by(user), user))


def shown_of(user) -> QuerySet[Relation]:
    return ties.shown_back(of(user))


def declined_of(user) -> QuerySet[Relation]:
    return of(user).filter(ties.answered(Led.DECLINED))


def with_both(rows: QuerySet[Relation]) -> QuerySet[Relation]:
    return rows.select_related("work", "to").order_by("-pk")


def answer(row: Relation, said: str) -> None:
    """Let the work to which ``row`` leads lead back, or not. It can be said anew at any time."""
    values = {"answer": said, "told_at": timezone.now()}
    Echo.objects.update_or_create(work_id=row.work_id, to_id=row.to_id, kind=row.kind, defaults=values)


def bring_in_line(work: Work) -> None:
    """Let the authors of works that ``work`` leads to be asked; forget questions about ties that are no more."""
    rows = Relation.objects.filter(work=work, kind__in=ties.LEADING_BACK).exclude(to=None).exclude(to=work)
    there = set(rows.values_list("to", "kind"))
    for to, kind in rows.exclude(ties.by_its_author()).values_list("to", "kind"):
        Echo.objects.get_or_create(work=work, to_id=to, kind=kind)
    for echo in work.echoes.exclude(answer=Led.DECLINED):  # who said no is not asked again
        if (echo.to_id, echo.kind) not in there:
            echo.delete()


# ── letters
def tell_due() -> int:
    """Write to the authors of works to which others lead that can be read by now; return how many."""
    rows = Echo.objects.filter(told_at=None, answer=Led.ASKED, work__visibility__in=ties.READ)
    return sum(tell(echo) for echo in rows.select_related("work", "to"))


def tell(echo: Echo) -> int:
    """Write to each author of a work once; not to who does not want to hear of who wrote the other one."""
    if not Echo.objects.filter(pk=echo.pk, told_at=None).update(told_at=timezone.now()):
        return 0
    others = [account for account in authors_of(echo.work) if account]
    known = {"echo": echo, "address": mail.origin() + reverse("write-ties")}
    told = [account for account in authors_of(echo.to) if all(wanted(account, by) for by in others)]
    return sum(outgoing.owe(account, KIND.key, "writing/email/led", known, about=echo.ref) for account in told)


def authors_of(work: Work) -> QuerySet[User]:
    rows = Credit.objects.filter(work=work, chapter=None, role=Role.AUTHOR.value).exclude(person__account=None)
    return User.objects.filter(pk__in=rows.values("person__account"))

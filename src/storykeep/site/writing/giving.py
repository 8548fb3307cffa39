"""Works that are given to somebody. Who has an account is told, and may rather not be named: then the name is gone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from storykeep.model.story import Role
from storykeep.site.accounts import mail, outgoing
from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Relation, Work
from storykeep.site.works.queries import listing, readable_by, standing
from storykeep.site.works.tied import Gift, GiveNothing, Taken
from storykeep.site.works.ties import READ
from storykeep.site.writing.wanted import account_called, wanted

KIND = mail.Kind(key="gifts", words="A work is given to me, or somebody would rather not have one of mine")


def give(work: Work, by, name: str) -> Gift | None:
    """Give ``work`` to whoever is called so; None when nobody here is, and the name stands for itself.

    Who said that they would rather not have it has said so for good: giving it again changes nothing.
    """
    account = account_called(name)
    if account is None or account == by:
        return None
    gift = Gift.objects.filter(work=work, account=account).first() or Gift(work=work, account=account, by=by)
    if gift.pk is None or gift.answer == Taken.CLOSED:
        gift.answer = Taken.GIVEN if takes(account, by) else Taken.CLOSED
        gift.save()
    return gift


def takes(account, by) -> bool:
    """Say whether ``account`` takes gifts of ``by``."""
    return wanted(account, by) and not GiveNothing.objects.filter(account=account).exists()


def forget_taken_away(work: Work) -> None:
    """Forget the gifts that ``work`` no longer tells of; what somebody refused stays refused."""
    work.gifts.filter(ties=None).exclude(answer=Taken.REFUSED).delete()


# ── who gets them
def gifts_of(user, answer: str = Taken.GIVEN) -> QuerySet[Gift]:
    """Return the gifts to ``user`` that they may read, the newest first."""
    rows = Gift.objects.filter(Exists(Relation.objects.filter(gift=OuterRef("pk"))), account=user, answer=answer)
    return standing(rows, readable_by(user))


def works_given(user, answer: str = Taken.GIVEN) -> list[Gift]:
    """Return the gifts with their works, as lists show them. 5 queries."""
    gifts = list(gifts_of(user, answer))
    works = {work.pk: work for work in listing(Work.objects.filter(pk__in=[gift.work_id for gift in gifts]))}
    for gift in gifts:
        gift.work = works[gift.work_id]
    return gifts


@transaction.atomic
def answer(gift: Gift, said: str) -> None:
    """Take a gift, or rather not: then the name is no longer shown at the work, and its giver is told."""
    work = Work.objects.select_for_update().get(pk=gift.work_id)
    before, gift.answer = gift.answer, said
    gift.save(update_fields=["answer"])
    finish(work)
    if said == Taken.REFUSED and before == Taken.GIVEN and gift.by:
        tell_refused(gift)


def take_none(user, *, none: bool) -> None:
    """Let nobody give ``user`` a work from now on, or everybody again."""
    if none:
        GiveNothing.objects.get_or_create(account=user)
    else:
        GiveNothing.objects.filter(account=user).delete()


def forget(user) -> None:
    """Forget what was given to ``user``. Where they would rather not be named, they are not named afterwards either."""
    Gift.objects.filter(account=user, answer=Taken.GIVEN).delete()
    GiveNothing.objects.filter(account=user).delete()


# ── what the giver sees
def remarks(work: Work) -> str:
    """Return what became of the gifts that are not shown, in words."""
    rows = Relation.objects.filter(work=work, gift__answer__in=(Taken.REFUSED, Taken.CLOSED)) if work.pk else []
    return " ".join(f"{row.target} would rather not be named here, so readers don’t see the name." for row in rows)


# ── letters
def tell_due() -> int:
    """Write to whom works are given that can be read by now; return how many."""
    rows = Gift.objects.filter(told_at=None, answer=Taken.GIVEN, work__visibility__in=READ)
    return sum(tell(gift) for gift in rows.select_related("work", "account", "by"))


def tell(gift: Gift) -> bool:
    """Write to whom a work is given, once; nothing is sent to who does not want to hear of the giver."""
    first = Gift.objects.filter(pk=gift.pk, told_at=None).update(told_at=timezone.now())
    if not first or not wanted(gift.account, gift.by):
        return False
    known = {
        "gift": gift,
        "by": signed(gift.work),
        "address": mail.origin() + gift.work.get_absolute_url(),
        "gifts": mail.origin() + reverse("gifts"),
    }
    return outgoing.owe(gift.account, KIND.key, "writing/email/given", known, about=gift.ref)


def signed(work: Work) -> str:
    """Return the names under a title: who is behind them is told to nobody."""
    return ", ".join(work.credits.filter(chapter=None, role=Role.AUTHOR.value).values_list("name", flat=True))


def tell_refused(gift: Gift) -> None:
    names = gift.ties.values_list("target", flat=True)
    known = {
        "gift": gift,
        "name": ", ".join(dict.fromkeys(names)),
        "address": mail.origin() + gift.work.get_absolute_url(),
    }
    outgoing.owe(gift.by, KIND.key, "writing/email/refused", known, about=gift.ref)

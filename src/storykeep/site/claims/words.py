"""What somebody who claims a name and the archivist write to one another, where no old address can show who it is."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from storykeep.site.accounts import mail, outgoing
from storykeep.site.accounts.models import User
from storykeep.site.accounts.roles import may
from storykeep.site.claims.models import Claim, ClaimState, Word

LONGEST = 4000  # characters
MOST = 200  # words in one claim
DEED = "work at the desk"


def say(claim: Claim, by: User, text: str) -> bool:
    """Add to the thread of ``claim`` and tell the other side; False when there is nothing to add."""
    text = text.strip()[:LONGEST]
    with transaction.atomic():
        rows = Word.objects.select_for_update().filter(claim=claim)
        last = rows.order_by("-at", "-pk").first()
        if not text or rows.count() >= MOST or (last and last.by_id == by.pk and last.text == text):
            return False
        Word.objects.create(claim=claim, by=by, text=text)
        if by.pk == claim.account_id and claim.state == ClaimState.REFUSED:
            claim.state = ClaimState.ASKED
            claim.save()
    tell(claim, by, text)
    return True


def tell(claim: Claim, by: User, text: str) -> None:
    mine = by.pk == claim.account_id
    for account in archivists() if mine else [claim.account]:
        link = mail.origin() + reverse("desk-claim" if mine else "claim-words", args=[claim.ref])
        outgoing.owe(account, "claim", "claims/email/word", {"claim": claim, "by": by, "text": text, "link": link})


def archivists() -> list[User]:
    staff = User.objects.filter(is_active=True, groups__isnull=False) | User.objects.filter(is_superuser=True)
    return [user for user in staff.distinct() if may(user, DEED)]

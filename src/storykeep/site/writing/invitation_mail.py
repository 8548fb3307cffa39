"""Letters about writing together: to who is asked, and back to who asked."""

from __future__ import annotations

from django.urls import reverse

from storykeep.site.accounts import mail, outgoing
from storykeep.site.writing.giving import signed
from storykeep.site.writing.models import Invitation

KIND = mail.Kind(key="together", words="Somebody asks me to write together, or answers when I asked")


def tell_asked(invitation: Invitation) -> None:
    known = {"invitation": invitation, "by": signed(invitation.work), "address": mail.origin() + reverse("writing")}
    outgoing.owe(invitation.account, KIND.key, "writing/email/asked", known)


def tell_answered(invitation: Invitation) -> None:
    """Write to who asked, while they still have an account."""
    if invitation.by:
        known = {
            "invitation": invitation,
            "address": mail.origin() + reverse("write-people", args=[invitation.work.ref]),
        }
        outgoing.owe(invitation.by, KIND.key, "writing/email/answered", known)

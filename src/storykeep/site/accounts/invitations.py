"""Invitations: a link that lets one person make an account, and which names are free."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import filter_users_by_email
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.accounts import mail, names
from storykeep.site.accounts.models import Invitation, Joining, TakenName, User, Ways
from storykeep.site.accounts.roles import may

joined: list[Callable[[Invitation], None]] = []
"""Called with an invitation by which somebody has just made an account, in the transaction."""
HELD = "invitation"  # where a session keeps the digest of the invitation that its visitor holds


# ── giving
def left(user: User) -> int | None:
    """Return how many more people ``user`` may invite; None for any number."""
    joining = Joining.current()
    if may(user, "invite without limit"):
        return None
    if joining.way == Ways.CLOSED:
        return 0
    given = user.invitations.filter(withdrawn_at=None).exclude(used_at=None, ends_at__lt=timezone.now()).count()
    return max(0, joining.invitations_each - given)


def invite(user: User, email: str = "", note: str = "") -> str:
    """Return the link of a new invitation; it is sent to ``email`` too, if there is one.

    Raises UsageError when ``user`` has none left.
    """
    remaining = left(user)
    if remaining is not None and remaining < 1:
        raise UsageError("You have no invitations left for now.")
    token = secrets.token_urlsafe(18)
    ends = timezone.now() + dt.timedelta(days=Joining.current().days)
    invitation = Invitation.objects.create(digest=digest(token), made_by=user, ends_at=ends, email=email, note=note)
    link = mail.origin() + reverse("invitation", args=[token])
    if email:
        _send(invitation, link)
    return link


def _send(invitation: Invitation, link: str) -> None:
    """Send the link; whoever has an account already is told so, and only they: the sender sees the same page."""
    known = bool(filter_users_by_email(invitation.email))
    template = "invited_member" if known else "invitation"
    context = {"invitation": invitation, "link": link, "by": invitation.made_by}
    get_adapter().send_mail(f"account/email/{template}", invitation.email, context)


def withdraw(invitation: Invitation) -> None:
    invitation.withdrawn_at, invitation.email = timezone.now(), ""
    invitation.save(update_fields=["withdrawn_at", "email"])


# ── using
def open_ones():
    return Invitation.objects.filter(used_at=None, withdrawn_at=None, ends_at__gt=timezone.now())


def of(token: str) -> Invitation | None:
    """Return the invitation behind a link, while it is good."""
    return open_ones().filter(digest=digest(token)).first()


def hold(request, invitation: Invitation) -> None:
    """Let this visitor make an account. An address that the link was mailed to needs no second proof."""
    request.session[HELD] = invitation.digest
    if invitation.email:
        get_adapter(request).stash_verified_email(request, invitation.email)


def held(request) -> Invitation | None:
    kept = request.session.get(HELD)
    return open_ones().filter(digest=kept).first() if kept else None


def use(invitation: Invitation) -> bool:
    """Mark it as used; False when somebody else was faster."""
    return bool(open_ones().filter(pk=invitation.pk).update(used_at=timezone.now(), email=""))


# ── names
def is_taken(name: str, user=None) -> bool:
    """Say whether ``name``, or one that looks like it, belongs or belonged to somebody other than ``user``."""
    own = user.pk if user is not None and user.is_authenticated else None
    if User.objects.filter(Q(likeness=names.likeness(name)) | Q(username__iexact=name)).exclude(pk=own).exists():
        return True
    return (
        TakenName.objects.filter(digest=digest(names.likeness(name)))
        .exclude(account__isnull=False, account=own)
        .exists()
    )


def reserve(name: str, owner: User | None) -> None:
    """Let nobody but ``owner`` have ``name`` from now on."""
    TakenName.objects.update_or_create(digest=digest(names.likeness(name)), defaults={"account": owner})


def digest(words: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"storykeep accounts {words}".encode(), hashlib.sha256).hexdigest()

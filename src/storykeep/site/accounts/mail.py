"""Letters to members: whether there can be any, and who wishes which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of mail that a member may wish or not; ``usual`` is what is true until they say so.

    ``still(user, about)`` is asked when a letter that waited is sent: what it tells may be gone, or hidden from them.
    """

    key: str
    words: str
    usual: bool = True
    still: Callable[[object, str], bool] = lambda _user, _about: True


KINDS: dict[str, Kind] = {}


def offer(kind: Kind) -> None:
    """Let members choose about ``kind`` on their page of mail; a room calls this when it is ready."""
    KINDS[kind.key] = kind


def can_send() -> bool:
    """Say whether this archive has a server for its letters (STORYKEEP_MAIL)."""
    return bool(settings.HOUSE.mail)


def origin() -> str:
    """Return the address that links in letters begin with: the one of the settings, never one of a request."""
    return settings.HOUSE.origin or f"http://localhost:{settings.HOUSE.port}"


def wishes(user, key: str) -> bool:
    """Say whether ``user`` wants mail of this kind."""
    return bool(user.mail_wishes.get(key, KINDS[key].usual))


def may_go(user, key: str) -> bool:
    """Say whether a letter of this kind may go to ``user``: they wish it, have an address, and there is a server."""
    return bool(can_send() and user.email and user.is_active and wishes(user, key))


def tell(user, key: str, template: str, context: dict) -> bool:
    """Write to ``user`` at once, if they wish mail of this kind; say whether a letter went out.

    Where a reader waits for the page, :func:`storykeep.site.accounts.outgoing.owe` is better.
    """
    if not may_go(user, key):
        return False
    get_adapter().send_mail(template, user.email, {"account": user, **context})
    return True


offer(Kind(key="signed-in", words="Somebody signed in to my account with a browser that was not seen before"))

"""Who speaks: a member by their account, a guest by a signed cookie that is good for a quarter of an hour."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import wraps

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from storykeep.site.accounts.guards import for_members
from storykeep.site.talk.models import Comment

COOKIE = "said"
SALT = "storykeep.said"
MINUTES = dt.timedelta(minutes=15)
MOST = 10  # comments that one cookie names


@dataclass(frozen=True, slots=True)
class Speaker:
    """``user`` and, for a guest, the refs of the comments that they have just written."""

    user: object
    refs: frozenset[str] = frozenset()

    @classmethod
    def of(cls, request) -> Speaker:
        return cls(request.user, frozenset() if request.user.is_authenticated else frozenset(lately(request)))

    def wrote(self, comment: Comment) -> bool:
        """Say whether these are their words; of a guest, for some minutes only."""
        if self.user.is_authenticated:
            return comment.account_id == self.user.pk
        return comment.ref in self.refs and comment.account_id is None and timezone.now() - comment.at < MINUTES


def lately(request) -> list[str]:
    """Return the refs in the guest's cookie; none when it is old, or not of our making."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MINUTES)
    except signing.BadSignature:
        return []
    return [str(ref) for ref in found]


def remember(answer, request, comment: Comment):
    """Let a guest change what they have just said, from this browser; members need no cookie."""
    if not request.user.is_authenticated:
        refs = [*lately(request), comment.ref][-MOST:]
        value, path = signing.dumps(refs, salt=SALT), reverse("my-comments").rpartition("/")[0]
        answer.set_cookie(
            COOKIE, value, max_age=MINUTES, path=path, httponly=True, secure=request.is_secure(), samesite="Lax"
        )
    return answer


def for_speakers(view):
    """Let members in, and guests who have just said something; ask all others to sign in."""
    asked = for_members(view)

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        return (view if lately(request) else asked)(request, *args, **kwargs)

    guarded.door = asked.door
    return guarded

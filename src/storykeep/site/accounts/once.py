"""A link that signs somebody in once, for archives without outgoing mail: the first archivist, a lost password."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse

from storykeep.site.accounts.models import User


class OnceTokens(PasswordResetTokenGenerator):
    """Tokens that end with the first sign-in, with a change of the password, and after PASSWORD_RESET_TIMEOUT."""

    key_salt = "storykeep.site.accounts.once"


tokens = OnceTokens()


def link_for(user: User) -> str:
    """Return the address at which ``user`` can sign in once, and choose a new password."""
    origin = settings.HOUSE.origin or f"http://localhost:{settings.HOUSE.port}"
    return origin + reverse("sign_in_once", kwargs={"ref": user.ref, "token": tokens.make_token(user)})


def user_for(ref: str, token: str) -> User | None:
    """Return the account that a link is for, while the link is good."""
    user = User.objects.filter(ref=ref, is_active=True).first()
    return user if user and tokens.check_token(user, token) else None

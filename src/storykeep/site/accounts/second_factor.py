"""The second step at signing in: where its secrets are sealed, and what it is called."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from storykeep.site.base.models import Archive

NAMES = ("My passkey", "My second passkey")


class Adapter(DefaultMFAAdapter):
    """Secrets lie sealed in the database, under a key that lies beside it: a stolen copy alone opens nothing."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This was not accepted. Codes change every half minute, and each works once.",
        "unverified_email": "First show that your e-mail address is yours.",
        "cannot_generate_recovery_codes": "Recovery codes belong to an app or a passkey. Add one of these first.",
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that was sealed with a lost key fits no code, and can be set up anew."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()[:20]).decode()

    def _get_site_name(self) -> str:
        return Archive.current().name

    def get_totp_label(self, user) -> str:
        return user.username

    def _get_user_identifier(self, user) -> str:
        return user.username

    def generate_authenticator_name(self, user, type) -> str:  # noqa: A002 — allauth calls it so
        count = Authenticator.objects.filter(user=user, type=type).count()
        return NAMES[count] if count < len(NAMES) else f"My passkey no. {count + 1}"


def forget(user) -> int:
    """Take every app, passkey and recovery code from ``user``; return how many there were."""
    return Authenticator.objects.filter(user=user).delete()[0]


def _fernet() -> Fernet:
    key = hashlib.sha256(b"storykeep second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))

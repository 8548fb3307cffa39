"""Addresses are sealed, found by digest, and opened only to write to them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from storykeep.model.errors import SettingsError
from storykeep.text.fold import fold


def digest(kind: str, words: str) -> str:
    """Return the keyed digest under which an address or a name is found again; ``kind`` keeps them apart."""
    plain = words.strip().casefold() if kind == "email" else fold(words.strip())
    return hmac.new(_key(b"digest"), f"{kind}:{plain}".encode(), hashlib.sha256).hexdigest()


def seal(email: str) -> bytes:
    return Fernet(base64.urlsafe_b64encode(_key(b"seal"))).encrypt(email.strip().encode())


def unseal(sealed: bytes) -> str:
    """Return the address. Raises SettingsError when it was sealed with another secret key."""
    try:
        return Fernet(base64.urlsafe_b64encode(_key(b"seal"))).decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise SettingsError(
            "The authors' addresses can't be read: the file secret-key is not the one they were sealed with. "
            "Restore it from a backup, or run the rescue again."
        ) from error


def _key(purpose: bytes) -> bytes:
    return hashlib.sha256(b"storykeep claims " + purpose + settings.SECRET_KEY.encode()).digest()

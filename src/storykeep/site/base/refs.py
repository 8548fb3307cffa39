"""Short random ids for addresses, so that nobody can count or enumerate what an archive holds."""

from __future__ import annotations

import secrets

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # no vowels: no words arise; no look-alikes: can be read aloud
LENGTH = 8  # 27⁸ = 282,429,536,481 ids


def new_ref() -> str:
    """Return a new id of eight characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))

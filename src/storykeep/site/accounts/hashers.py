"""How passwords are kept: Argon2, with parameters that a small machine can bear."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2(Argon2PasswordHasher):
    """OWASP's middle way: 46 MiB, one pass. At Django's 100 MiB, a few log-ins exhaust a small server."""

    time_cost = 1
    memory_cost = 47_104  # KiB
    parallelism = 1

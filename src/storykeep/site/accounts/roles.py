"""Roles: what an account may do beyond reading. A role is a group of Django's, by name."""

from __future__ import annotations

from django.contrib.auth.models import Group

from storykeep.model.errors import UsageError
from storykeep.site.accounts.models import User

ROLES = {
    "member": "signs in, and reads what members may read",
    "wrangler": "works at the wrangling desk: merges, renames and nests tags",
    "archivist": "works at the rescue desk: accepts, corrects, hides, writes the archive's own pages",
    "host": "runs the installation, and may do everything",
}


def give(user: User, role: str) -> None:
    """Let ``user`` have ``role``. Raises UsageError for a role that doesn't exist."""
    if role not in ROLES:
        raise UsageError(f"There is no role {role!r}; there are {', '.join(ROLES)}.")
    user.is_superuser = user.is_staff = user.is_superuser or role == "host"
    user.save(update_fields=["is_superuser", "is_staff"])
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    user.__dict__.pop("roles", None)

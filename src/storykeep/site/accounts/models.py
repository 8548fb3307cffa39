"""An account: somebody who signs in. What the account may do comes from its roles."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property

from storykeep.site.base.refs import new_ref


class User(AbstractUser):
    """Somebody with an account. Pen names are people of the archive; an account may have several."""

    id = models.BigAutoField(primary_key=True)
    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    first_name = None
    last_name = None

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of this account's roles (see :mod:`storykeep.site.accounts.roles`)."""
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_archivist(self) -> bool:
        """Whether this account may use the desk: archivists, and the host."""
        return self.is_active and (self.is_superuser or "archivist" in self.roles)

    @property
    def is_wrangler(self) -> bool:
        """Whether this account may use the wrangling desk: wranglers, archivists, and the host."""
        return self.is_archivist or (self.is_active and "wrangler" in self.roles)

    def get_full_name(self):
        return self.username

    def get_short_name(self):
        return self.username

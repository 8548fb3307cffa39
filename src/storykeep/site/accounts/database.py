"""Django's admin: every table as it is, for the host alone, behind the same sign-in as everything else."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.contrib import admin, messages
from django.contrib.admin.apps import AdminConfig
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from storykeep.site.accounts.roles import may

WITHOUT_TRUSTED_TYPES = csp_replace({"require-trusted-types-for": None, "trusted-types": None})  # its jQuery can't


class DatabaseConfig(AdminConfig):
    default_site = "storykeep.site.accounts.database.Database"


class Database(admin.AdminSite):
    """Not there for anybody but a host who signed in with a second step."""

    site_header = site_title = "The database"
    index_title = "Tables"
    site_url = "/desk"

    def has_permission(self, request) -> bool:
        return may(request.user, "see the database")

    def admin_view(self, view, cacheable=False):
        inner = WITHOUT_TRUSTED_TYPES(super().admin_view(view, cacheable))

        def guarded(request, *args, **kwargs):
            if not self.has_permission(request):
                raise Http404
            if not request.user.authenticator_set.exists():
                messages.info(request, "The database opens only to who signs in with a second step. Set one up first.")
                return redirect("mfa_index")
            return inner(request, *args, **kwargs)

        guarded.door = "see the database"
        return guarded

    def login(self, request, extra_context=None):
        """There is one door to this house, and it is not here."""
        if not self.has_permission(request):
            raise Http404
        return redirect("admin:index")

    def logout(self, request, extra_context=None):
        return redirect(reverse("account_logout"))

"""How accounts look in the database's own pages: no password, no secret, nothing that the log must say instead."""

from __future__ import annotations

from django.contrib import admin

from storykeep.site.accounts.models import Deed, Invitation, Joining, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["username", "ref", "date_joined", "is_active", "is_superuser"]
    search_fields = ["username", "email"]
    fields = ["username", "ref", "email", "date_joined", "last_login", "agreed_to", "agreed_at", "erased_at"]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Deed)
class DeedAdmin(admin.ModelAdmin):
    list_display = ["at", "by", "account", "what"]
    readonly_fields = ["at", "by", "account", "what", "reason"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ["ref", "made_by", "made_at", "ends_at", "used_at"]
    exclude = ["digest"]


admin.site.register(Joining)

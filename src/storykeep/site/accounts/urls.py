"""Accounts: the entrance, one's own pages, the second step, and the pages of those who look after accounts."""

from allauth.account import views as allauth
from allauth.mfa.base import views as steps
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.contrib import admin
from django.urls import path, re_path

from storykeep.site.accounts.guards import for_members
from storykeep.site.accounts.views import accounts, entrance, inviting, own, parting

urlpatterns = [
    # the entrance
    path("account/login/", allauth.login, name="account_login"),
    path("account/logout/", allauth.logout, name="account_logout"),
    path("account/signup/", entrance.sign_up, name="account_signup"),
    path("account/inactive/", entrance.shut, name="account_inactive"),
    path("account/code/", allauth.email_verification_sent, name="account_email_verification_sent"),
    path("account/reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("account/password/reset/", entrance.forgotten, name="account_reset_password"),
    path("account/password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/once/<str:ref>/<str:token>/", entrance.sign_in_once, name="sign_in_once"),
    path("account/invitation/<str:token>/", entrance.invitation, name="invitation"),
    path("account/return/", entrance.come_back, name="account_return"),
    path("account/return/<str:token>/", entrance.come_back_by_link, name="account_return_link"),
    # one's own
    path("account/", own.account, name="account"),
    path("account/name/", own.name, name="account_name"),
    path("account/email/", own.address, name="account_email"),
    path("account/password/change/", for_members(allauth.password_change), name="account_change_password"),
    path("account/password/set/", for_members(allauth.password_set), name="account_set_password"),
    path("account/mail/", own.wishes, name="account_mail"),
    path("account/sessions/", own.signed_in, name="account_sessions"),
    path("account/everything/", own.everything, name="account_everything"),
    path("account/everything/<str:ref>", own.parcel, name="account_parcel"),
    path("account/invitations/", inviting.mine, name="account_invitations"),
    path("account/invitations/<str:ref>/withdraw", inviting.withdraw, name="account_withdraw"),
    path("account/leave/", parting.leave, name="account_leave"),
    # the second step
    path("account/second-step/", for_members(steps.index), name="mfa_index"),
    path("account/second-step/ask/", steps.authenticate, name="mfa_authenticate"),
    path("account/second-step/again/", steps.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-step/app/add/", for_members(app.activate_totp), name="mfa_activate_totp"),
    path("account/second-step/app/remove/", for_members(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-step/codes/", for_members(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/second-step/codes/new/",
        for_members(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("account/passkeys/", for_members(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("account/passkeys/add/", for_members(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("account/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/passkeys/<int:pk>/name/", for_members(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", for_members(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    # for those who look after accounts
    path("desk/joining", accounts.joining, name="desk-joining"),
    path("desk/accounts", accounts.accounts, name="desk-accounts"),
    path("desk/accounts/<str:ref>", accounts.account, name="desk-account"),
    path("desk/accounts/<str:ref>/<slug:deed>", accounts.act, name="desk-account-act"),
    path("desk/database/", admin.site.urls),
]

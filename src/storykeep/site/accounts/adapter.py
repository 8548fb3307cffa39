"""Our answers to django-allauth's questions."""

from __future__ import annotations

import time
import unicodedata

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.stages import EmailVerificationStage
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.shortcuts import redirect
from django.urls import reverse

from storykeep.site.accounts import invitations, leaving, mail, names, sessions
from storykeep.site.accounts.models import Joining, Ways
from storykeep.site.base import limits
from storykeep.site.base.models import Archive

MOST_FAILED = 300  # sign-ins of everybody together, in a minute: more is an attack, and costs the machine its memory
FRESH = 300  # seconds after signing in, in which nobody is asked once more
SIGNED_IN = "signed in"  # where a session keeps when that was
WRONG = "The name or the password is not right. Please try again."


class Adapter(DefaultAccountAdapter):
    """Accounts as this archive wants them: by invitation or openly, told nothing about others, in plain words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": "Too many wrong tries. Wait five minutes, then try again.",
        "username_taken": "This name is taken, or looks like one that is. Choose another one.",
        "incorrect_code": "This code is not right, or it is too old.",
        "incorrect_password": "This password is not right.",
        "enter_current_password": "This is not your password of today.",
        "rate_limited": "That was often enough for now. Wait a minute, then try again.",
        "duplicate_email": "This is your address already.",
    }

    # ── who may join
    def is_open_for_signup(self, request) -> bool:
        """Whoever holds an invitation, or a letter to an author, may always make an account."""
        if Joining.current().way == Ways.OPEN or "claiming" in request.session:
            return True
        return invitations.held(request) is not None

    def clean_username(self, username: str, shallow: bool = False) -> str:
        name = names.clean_name(username)
        if not shallow and invitations.is_taken(name, self.request.user if self.request else None):
            raise self.validation_error("username_taken")
        return name

    def clean_email(self, email: str) -> str:
        """Return the address in the one form that is compared: no look-alike signs, the domain as machines write it."""
        local, _, domain = unicodedata.normalize("NFKC", email).strip().rpartition("@")
        try:
            plain = f"{local}@{domain.encode('idna').decode()}".lower()
        except UnicodeError:
            raise ValidationError("This is not an e-mail address.", code="invalid") from None
        validate_email(plain)
        return plain

    # ── signing in
    def pre_authenticate(self, request, **credentials) -> None:
        if limits.reached("failed sign-ins", MOST_FAILED):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request, **credentials):
        """Look at one password once, whoever it is: a second look would tell a stopwatch that there is an account."""
        if "email" in credentials and "username" in credentials:
            known = filter_users_by_email(credentials["email"])
            credentials.pop("username" if known else "email")
        return super().authenticate(request, **credentials)

    def authentication_failed(self, request, **credentials) -> None:
        limits.count("failed sign-ins", 60)

    def get_login_stages(self) -> list[str]:
        ours = f"{__name__}.{AddressStage.__name__}"
        theirs = "allauth.account.stages.EmailVerificationStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def respond_user_inactive(self, request, user):
        """Tell whoever knows the password why the door is shut; one who leaves may turn round."""
        if leaving.is_leaving(user):
            request.session["returning"] = user.ref
            return redirect("account_return")
        request.session["shut out"] = user.suspended_for
        return super().respond_user_inactive(request, user)

    def post_login(self, request, user, **kwargs):
        sessions.begin(request)
        request.session[SIGNED_IN] = int(time.time())
        elsewhere = sessions.is_new_place(request, user)
        answer = super().post_login(request, user, **kwargs)
        if elsewhere and not kwargs.get("signup"):
            mail.tell(user, "signed-in", "account/email/signed_in_elsewhere", {"agent": sessions.browser_of(request)})
        return answer

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Nobody who signed in within the last minutes is asked once more."""
        if time.time() - self.request.session.get(SIGNED_IN, 0) < FRESH:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    # ── letters
    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        super().send_mail(template_prefix, email, {"archive": Archive.current(), "origin": mail.origin(), **context})

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        if mail.can_send():
            super().send_notification_mail(template_prefix, user, context, email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return mail.origin() + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail("account/email/account_already_exists", email, {})


class AddressStage(EmailVerificationStage):
    """Ask for proof of the e-mail address, unless the account has none: archivists made by hand may have none."""

    def handle(self):
        user = self.login.user
        if user and not user.email and not user.emailaddress_set.exists():
            return None, True
        return super().handle()

"""django-allauth's own forms, in the words of this house: a label says what is asked, nothing grey stands inside."""

from __future__ import annotations

from allauth.account import forms as account
from allauth.mfa.base import forms as steps
from allauth.mfa.totp import forms as app
from django.core.validators import MaxLengthValidator

LONGEST_PASSWORD = 1000
LABELS = {
    "email": "E-mail",
    "oldpassword": "Your password of today",
    "password": "Password",
    "password1": "New password",
    "password2": "The same once more",
    "code": "Code",
}


def speak_plainly(form) -> None:
    """Give the fields of ``form`` our labels, and bound what a password may cost."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
        field.label = LABELS.get(name, field.label)
        if "password" in name:
            field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))
        if name == "code":
            field.widget.attrs |= {"inputmode": "text", "autocomplete": "one-time-code", "spellcheck": "false"}


def plainly(form_class):
    """Return ``form_class`` as a class that speaks plainly."""

    class Plain(form_class):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            speak_plainly(self)

    Plain.__name__ = Plain.__qualname__ = form_class.__name__
    return Plain


AddEmailForm = plainly(account.AddEmailForm)
ChangePasswordForm = plainly(account.ChangePasswordForm)
SetPasswordForm = plainly(account.SetPasswordForm)
ResetPasswordForm = plainly(account.ResetPasswordForm)
ResetPasswordKeyForm = plainly(account.ResetPasswordKeyForm)
ReauthenticateForm = plainly(account.ReauthenticateForm)
ConfirmEmailVerificationCodeForm = plainly(account.ConfirmEmailVerificationCodeForm)
AuthenticateForm = plainly(steps.AuthenticateForm)
ReauthenticateByCodeForm = plainly(steps.ReauthenticateForm)
ActivateTOTPForm = plainly(app.ActivateTOTPForm)

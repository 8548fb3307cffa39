"""django-allauth's own forms, in the words of this house: a label says what is asked, nothing grey stands inside."""

from __future__ import annotations

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as steps
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.validators import MaxLengthValidator

LONGEST_PASSWORD = 1000
LONGEST_CREDENTIAL = 50_000
LABELS = {
    "email": "E-mail",
    "oldpassword": "Your password of today",
    "password": "Password",
    "password1": "New password",
    "password2": "The same once more",
    "code": "Code",
}


def speak_plainly(form, **labels: str) -> None:
    """Give the fields of ``form`` our labels, and bound what a password may cost."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
        field.label = {**LABELS, **labels}.get(name, field.label)
        if "password" in name:
            field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))
        if name == "code":
            field.widget.attrs |= {"inputmode": "text", "autocomplete": "one-time-code", "spellcheck": "false"}


def plainly(form_class, **labels: str):
    """Return ``form_class`` as a class that speaks plainly."""

    class Plain(form_class):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            speak_plainly(self, **labels)

    Plain.__name__ = Plain.__qualname__ = form_class.__name__
    return Plain


class CredentialField(forms.JSONField):
    """What a browser says about a passkey."""

    def to_python(self, value):
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):  # a figure without end, a thousand brackets
            raise get_adapter().validation_error("incorrect_code") from None


def suspiciously(form_class):
    """Return a form about passkeys as one that refuses what no browser says, where the library would fall over."""

    class Suspicious(form_class):
        credential = CredentialField(widget=forms.HiddenInput)

        def clean(self):
            return _or_refuse(super().clean)

        def clean_credential(self):
            theirs = getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"])
            return _or_refuse(theirs)

    Suspicious.__name__ = Suspicious.__qualname__ = form_class.__name__
    return Suspicious


def _or_refuse(clean):
    try:
        return clean()
    except (KeyError, ValueError, TypeError, AttributeError, IndexError):
        raise get_adapter().validation_error("incorrect_code") from None


AddWebAuthnForm = suspiciously(passkeys.AddWebAuthnForm)
AuthenticateWebAuthnForm = suspiciously(passkeys.AuthenticateWebAuthnForm)
LoginWebAuthnForm = suspiciously(passkeys.LoginWebAuthnForm)
ReauthenticateWebAuthnForm = suspiciously(passkeys.ReauthenticateWebAuthnForm)
AddEmailForm = plainly(account.AddEmailForm, email="New address")
ChangePasswordForm = plainly(account.ChangePasswordForm)
SetPasswordForm = plainly(account.SetPasswordForm)
ResetPasswordForm = plainly(account.ResetPasswordForm)
ResetPasswordKeyForm = plainly(account.ResetPasswordKeyForm)
ReauthenticateForm = plainly(account.ReauthenticateForm)
ConfirmEmailVerificationCodeForm = plainly(account.ConfirmEmailVerificationCodeForm)
AuthenticateForm = plainly(steps.AuthenticateForm)
ReauthenticateByCodeForm = plainly(steps.ReauthenticateForm)
ActivateTOTPForm = plainly(app.ActivateTOTPForm)

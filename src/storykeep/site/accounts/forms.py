"""What an account's pages ask, and how the answers are checked."""

from __future__ import annotations

import time

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as AllauthLogin
from allauth.account.forms import SignupForm as AllauthSignup
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.utils import timezone

from storykeep.site.accounts import invitations, mail, roles
from storykeep.site.accounts.models import Joining
from storykeep.site.accounts.plain_forms import speak_plainly

QUICKEST = 2  # seconds: nobody fills in the form faster
OPENED = "sign-up opened"


class LoginForm(AllauthLogin):
    """Sign in by name or e-mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        speak_plainly(self)
        self.fields["login"].label = "Name or e-mail"
        self.fields["login"].max_length = 320
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["remember"].label = "Stay signed in on this device"


class SignupForm(AllauthSignup):
    """Make an account: a name, an address if the archive sends mail, a password, and the archive's own statement."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        speak_plainly(self)
        self.fields["username"].label = "Name"
        self.fields["username"].help_text = "How you sign in. Your works can stand under any pen name."
        if mail.can_send():
            self.fields["email"].label = "E-mail"
            self.fields["email"].help_text = "Shown to nobody. We send a code there."
        else:
            del self.fields["email"]
        self.fields["password1"].label = "Password"
        self.fields["password1"].help_text = "Ten letters or more. A sentence that only you would think of is best."
        self.fields["password2"].label = "The same once more"
        self.statement = Joining.current().statement
        if self.statement:
            missing = {"required": "Please tick this, or don't make an account yet."}
            self.fields["agreed"] = forms.BooleanField(label=self.statement, error_messages=missing)
        self.fields["homepage"] = forms.CharField(required=False, label="Leave this empty")

    @property
    def trap(self):
        """The field that only machines fill in, shown to nobody."""
        return self["homepage"]

    def seen(self):
        """The fields that people see, in their order."""
        return [field for field in self.visible_fields() if field.name != "homepage"]

    def clean(self):
        cleaned = super().clean()
        opened = get_adapter().request.session.get(OPENED)
        if opened and time.time() - opened < QUICKEST:
            raise forms.ValidationError("That was very quick. Please press the button once more.")
        return cleaned

    def try_save(self, request):
        """Answer in the same way, and after the same work, whether the address has an account or not."""
        if self.cleaned_data.get("homepage"):
            return None, get_adapter().respond_email_verification_sent(request, None)
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        return super().try_save(request)

    def save(self, request):
        try:
            with transaction.atomic():
                return self._join(request)
        except IntegrityError:  # somebody else took the name in this very moment
            raise ImmediateHttpResponse(redirect("account_signup")) from None

    def _join(self, request):
        invitation = invitations.held(request)
        if invitation and not invitations.use(invitation):
            raise ImmediateHttpResponse(redirect("account_signup"))
        user = super().save(request)
        if self.statement:
            user.agreed_to, user.agreed_at = self.statement, timezone.now()
            user.save(update_fields=["agreed_to", "agreed_at"])
        if invitation:
            invitation.used_by = user
            invitation.save(update_fields=["used_by"])
            for told in invitations.joined:
                told(invitation)
            request.session.pop(invitations.HELD, None)
        return user


class NameForm(forms.Form):
    """Another name for an account."""

    name = forms.CharField(max_length=200, help_text="Your old name stays kept for you: nobody else can take it.")

    def clean_name(self):
        return get_adapter().clean_username(self.cleaned_data["name"])


class WishesForm(forms.Form):
    """Which mail a member wants; one box for each kind that the rooms offer."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in mail.KINDS.values():
            wanted = mail.wishes(user, kind.key)
            self.fields[kind.key] = forms.BooleanField(label=kind.words, required=False, initial=wanted)


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(
        label="E-mail", required=False, help_text="We send the invitation there. Empty: you get a link to pass on."
    )
    note = forms.CharField(
        max_length=200, required=False, label="A note for yourself", help_text="For whom it is. Nobody else sees it."
    )

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email and not mail.can_send():
            raise forms.ValidationError("This archive sends no mail. Leave this empty, and pass the link on.")
        return get_adapter().clean_email(email) if email else ""


class JoiningForm(forms.ModelForm):
    """Who may make an account in this archive."""

    class Meta:
        model = Joining
        fields = ["way", "statement", "invitations_each", "days"]
        labels = {
            "way": "Who may make an account",
            "statement": "What they state",
            "invitations_each": "Invitations for each member",
            "days": "Days that an invitation is good",
        }
        help_texts = {
            "statement": "A box to tick, such as an age. Empty: nothing is asked.",
            "invitations_each": "0: only archivists invite.",
        }
        widgets = {"way": forms.RadioSelect, "statement": forms.TextInput}

    days = forms.IntegerField(min_value=1, max_value=90, label=Meta.labels["days"])
    invitations_each = forms.IntegerField(
        min_value=0, max_value=1000, label=Meta.labels["invitations_each"], help_text="0: only archivists invite."
    )


class RoleForm(forms.Form):
    """A role to give or to take."""

    role = forms.ChoiceField(choices=[(name, name) for name in roles.GIVEN_BY])


class SuspendForm(forms.Form):
    """Why an account is shut."""

    reason = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text="The member reads this at the door."
    )


class LeaveForm(forms.Form):
    """Leave for good. ``choice-ROOM-REF`` says what becomes of each thing; unknown ones are not listened to."""

    sure = forms.BooleanField(
        label="Yes, close my account, and erase it in seven days.",
        error_messages={"required": "Please tick this if you are sure."},
    )

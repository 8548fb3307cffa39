"""Letters wait until they can go: after the request, once each, whatever becomes of the mail server."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as letters
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from storykeep.site.accounts import mail, outgoing
from storykeep.site.accounts.models import Fate, Outgoing

pytestmark = pytest.mark.django_db
LETTER = "account/email/parcel"


class Moody(EmailBackend):
    """A mail server that refuses the letters to whom it does not like."""

    def send_messages(self, messages):
        for each in messages:
            if each.to == ["member@example.org"]:
                raise smtplib.SMTPRecipientsRefused({"member@example.org": (450, b"Later, please.")})
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def post_office(monkeypatch):
    monkeypatch.setattr(mail, "can_send", lambda: True)


def owe(user, about=""):
    return outgoing.owe(user, "parcel", LETTER, {"link": "https://example.org/x", "ends": timezone.now()}, about)


def let_time_pass():
    Outgoing.objects.update(due=timezone.now() - dt.timedelta(seconds=1))


def gone() -> list[str]:
    return [each.to[0] for each in letters.outbox]


def test_a_letter_goes_once_and_its_words_go_with_it(cast):
    assert owe(cast.users["member"])
    assert gone() == []
    assert (outgoing.send_due(), outgoing.send_due()) == (1, 0)
    assert gone() == ["member@example.org"]
    assert "https://example.org/x" in letters.outbox[0].body
    row = Outgoing.objects.get()
    assert (row.fate, row.subject, row.body) == (Fate.SENT, "", "")


def test_of_one_thing_a_member_gets_one_letter(cast):
    for _ in range(2):
        owe(cast.users["member"], "x")
        outgoing.send_due()
    owe(cast.users["author"], "x")
    outgoing.send_due()
    assert gone() == ["member@example.org", "author@example.org"]


def test_a_server_that_is_away_loses_no_letter(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nobody listens
    owe(cast.users["member"])
    assert outgoing.send_due() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outgoing.send_due() == 0  # it rests for a minute
    let_time_pass()
    assert outgoing.send_due() == 1


def test_a_letter_that_is_refused_holds_up_no_other_and_is_given_up_in_the_end(cast, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Moody"
    for name in ("member", "author"):
        owe(cast.users[name])
    assert outgoing.send_due() == 1
    assert gone() == ["author@example.org"]
    for _ in outgoing.PAUSES:
        let_time_pass()
        outgoing.send_due()
    assert {row.account.username: row.fate for row in Outgoing.objects.all()} == {
        "member": Fate.FAILED, "author": Fate.SENT,
    }  # fmt: skip


def test_what_one_process_has_taken_no_other_sends(cast):
    owe(cast.users["member"])
    row = Outgoing.objects.get()
    Outgoing.objects.update(fate=Fate.TAKEN)
    assert outgoing.send(row, letters.get_connection()) is False
    assert (outgoing.send_due(), gone()) == (0, [])


@pytest.mark.parametrize("change", ["wishes none", "has no address", "has left", "no news"])
def test_a_letter_that_nobody_wants_any_more_is_dropped(cast, change):
    user = cast.users["member"]
    owe(user)
    user.mail_wishes = {"parcel": change != "wishes none"}
    user.email = "" if change == "has no address" else user.email
    user.is_active = change != "has left"
    user.save()
    if change == "no news":
        Outgoing.objects.update(at=timezone.now() - outgoing.NO_NEWS * 2)
    assert outgoing.send_due() == 0
    assert Outgoing.objects.get().fate == Fate.DROPPED


def test_letters_are_forgotten_after_a_month(cast):
    owe(cast.users["member"])
    outgoing.send_due()
    Outgoing.objects.update(at=timezone.now() - outgoing.KEPT_FOR * 2)
    owe(cast.users["member"])
    assert outgoing.tidy() == 1
    assert Outgoing.objects.get().fate == Fate.WAITING


def test_without_a_server_nothing_piles_up(cast, monkeypatch):
    monkeypatch.setattr(mail, "can_send", lambda: False)
    assert owe(cast.users["member"]) is False
    assert not Outgoing.objects.exists()

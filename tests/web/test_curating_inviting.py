"""An archive by invitation: whoever joins by a writer's invitation publishes, and nobody else does."""

from __future__ import annotations

import dataclasses
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

import submitted
from storykeep.site.accounts import invitations, outgoing
from storykeep.site.accounts.models import Joining, User
from storykeep.site.submissions.gate import is_invited
from storykeep.site.submissions.models import Promise, Rules, Way, Writer
from storykeep.site.works.models import Visibility, Work
from storykeep.site.writing import chapters, publishing

INVITE = "desk-invite-writer"


@pytest.fixture
def invited(db):
    Joining.objects.update_or_create(pk=1, defaults={"way": "closed"})
    return Rules.objects.create(way=Way.INVITED)


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch):
    """Tests type faster than people."""
    monkeypatch.setattr("storykeep.site.accounts.forms.QUICKEST", 0)


def link_of(cast, **typed):
    cast.browsers["archivist"].post(reverse(INVITE), {"email": "", "note": "Met at the fair", **typed})
    html = cast.browsers["archivist"].get(reverse("desk-submission-rules")).content.decode()
    return re.search(r"<code>https?://[^/]+(/account/invitation/[^<]+)</code>", html)


def join(path):
    """Take the invitation and make an account; return it, if one was made."""
    browser = Client()
    browser.post(path)
    secret = {"password1": "a lantern in the fog", "password2": "a lantern in the fog", "agreed": "on"}
    browser.post(reverse("account_signup"), {"username": "newcomer", "email": "new@example.net", **secret})
    return User.objects.filter(username="newcomer").first()


def test_who_joins_by_the_link_may_publish(cast, invited):
    path = link_of(cast)[1]
    newcomer = join(path)
    assert newcomer is not None
    assert is_invited(newcomer)
    assert Writer.objects.get().account == newcomer
    html = cast.browsers["archivist"].get(reverse("desk-submission-rules")).content.decode()
    assert "newcomer" in html
    assert "Not answered yet" not in html


def test_the_link_is_shown_once_and_the_invitation_can_be_withdrawn(cast, invited):
    path = link_of(cast)[1]
    browser, page = cast.browsers["archivist"], reverse("desk-submission-rules")
    html = browser.get(page).content.decode()
    assert path not in html
    assert "Met at the fair" in html
    ref = Promise.objects.get().invitation.ref
    browser.post(reverse("desk-withdraw-writer", args=[ref]))
    assert "Met at the fair" not in browser.get(page).content.decode()
    assert join(path) is None


def test_an_invitation_of_a_member_makes_no_writer(cast, invited):
    link = invitations.invite(cast.users["archivist"])
    newcomer = join(re.sub(r"^https?://[^/]+", "", link))
    assert newcomer is not None
    assert not is_invited(newcomer)


def test_the_invitation_goes_by_mail(cast, invited, settings):
    settings.HOUSE = dataclasses.replace(settings.HOUSE, mail="smtp://localhost")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cast.browsers["archivist"].post(reverse(INVITE), {"email": "new@example.net", "note": ""})
    outgoing.send_due()
    assert mail.outbox[0].to == ["new@example.net"]
    assert "/account/invitation/" in mail.outbox[0].body


def test_who_has_an_account_already_may_publish_at_once(cast, invited):
    html = cast.browsers["archivist"].post(reverse(INVITE), {"email": "member@example.org"}, follow=True)
    assert "member has an account here, and may publish now." in html.content.decode()
    assert is_invited(cast.users["member"])
    assert not Promise.objects.exists()


@pytest.mark.parametrize("email", ["no address", "a@b@c", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_asked_about(cast, invited, email):
    answer = cast.browsers["archivist"].post(reverse(INVITE), {"email": email})
    assert answer.status_code == 422
    assert not Promise.objects.exists()


def test_who_was_taken_out_publishes_no_new_chapter_and_keeps_what_readers_have(cast, invited):
    Writer.objects.create(account=cast.users["author"])
    work = submitted.draft(cast)
    assert not publishing.publish(work)
    Writer.objects.all().delete()
    row = chapters.add(Work.objects.get())
    submitted.write(cast, work, "<p>A second night.</p>", 1)
    page = reverse("write-publish-chapter", args=[work.ref, row.ref])
    assert "Only writers who were invited" in cast.browsers["author"].post(page, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.draft, Work.objects.get().visibility) == (True, Visibility.PUBLIC)

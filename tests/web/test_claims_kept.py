"""Claims to the end: letters that come back, one click to be left alone, words where no address helps, wrong claims."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from storykeep.model.story import Chapter, Contact, Credit, Person, Story
from storykeep.site.accounts import outgoing
from storykeep.site.claims import bounces, consent, letters
from storykeep.site.claims.models import Claim, ClaimState, Letter, Never, Sending, Way
from storykeep.site.works import bridge, opening
from storykeep.site.works.models import Person as PersonRow
from storykeep.site.works.models import Work

pytestmark = pytest.mark.django_db
ORIGIN = "https://archive.example"
TEXT = " ".join(
    f"The {n}th lamp on the quay was lit by somebody who never said why, and number {n * 7} was not."
    for n in range(400)
)


def a_story(number=1, title="The Ferry", text=TEXT, **given):
    return Story(
        key=f"quay/fic/{number}", title=title, archive="The Quay",
        credits=(Credit(name="jen", person="the-quay/jen"),),
        chapters=(Chapter(key="1", body=f"<p>{text}</p>"),),
        **given,
    )  # fmt: skip


@pytest.fixture
def jen():
    """An author with two works and two old addresses, whom nobody has found yet."""
    bridge.keep(Person(key="the-quay/jen", name="jen"))
    for number, title in enumerate(("The Ferry", "The Lamp"), 1):
        bridge.keep(a_story(number, title, addresses=(f"http://quay.example/fic.html?id={number}",)))
    Work.objects.update(visibility="members", rescued=True)
    for address in ("jen@quay.example", "jen@later.example"):
        consent.keep_contact(Contact(person="the-quay/jen", email=address))
    return PersonRow.objects.get(name="jen")


@pytest.fixture
def writer(client):
    user = get_user_model().objects.create_user("jen2026", "jen@new.example", "kept-for-tests")
    client.force_login(user)
    return user


@pytest.fixture
def archivist():
    return get_user_model().objects.create_superuser("mara", "mara@archive.example", "kept-for-tests")


@pytest.fixture
def desk(archivist):
    browser = Client()
    browser.force_login(archivist)
    return browser


@pytest.fixture
def letter(archivist):
    return Letter.objects.create(subject="Your works in {archive}", body="Dear {name}", made_by=archivist)


def dsn(
    address="jen@quay.example", action="failed", status="5.1.1", said="550 5.1.1 <jen@quay.example>: no such user"
) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said}\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Your works\r\n\r\nDear jen\r\n--b--\r\n"
    ).encode()


# ── letters
def test_a_letter_that_came_back_leads_to_the_authors_other_address(jen, letter, desk):
    letters.send(letter, ORIGIN)
    assert mail.outbox[-1].to == ["jen@quay.example"]
    answer = desk.post(reverse("desk-bounces"), {"files": [upload(dsn())]}, follow=True).content.decode()
    assert "1 address came back" in answer
    assert "1 of the authors has another address" in answer
    assert "jen@quay.example" not in answer
    assert Sending.objects.get().outcome == "bounced"
    letters.send(letter, ORIGIN)
    assert mail.outbox[-1].to == ["jen@later.example"]
    letters.send(letter, ORIGIN)
    assert len(mail.outbox) == 2


def upload(data: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("notice.eml", data)


def test_an_archivist_who_knows_better_lets_an_address_be_used_again(jen, desk):
    bounces.take(bounces.read(dsn()))
    way = Way.objects.exclude(bounced_at=None).get()
    desk.post(reverse("desk-bounces"), {"again": way.pk})
    assert not Way.objects.exclude(bounced_at=None).exists()


@pytest.mark.parametrize(
    ("notice", "back"),
    [
        (dsn(), 1),
        (dsn(action="delayed", status="4.4.1", said="451 4.4.1 try later"), 0),
        (dsn(action="failed", status="4.2.2", said="452 4.2.2 mailbox full"), 0),
        (dsn(action="", status="5.0.0"), 1),
        (dsn(address="<JEN@Quay.example>"), 1),
        (dsn(address="somebody@else.example"), 0),
        (b"X-Failed-Recipients: jen@quay.example\r\n\r\nThis message was created automatically.", 1),
        (b"Subject: hello\r\n\r\njen@quay.example is fine", 0),
        (b"", 0),
        (b"\xff\x00" * 5000, 0),
        (
            b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n",
            0,
        ),
        (dsn()[:-60], 1),
    ],
)
def test_only_what_says_that_a_letter_came_back_for_good_counts(jen, notice, back):
    bounces.take(bounces.read(notice))
    assert Way.objects.exclude(bounced_at=None).count() == back


def test_what_a_server_says_is_kept_without_the_address(jen):
    bounces.take(bounces.read(dsn()))
    assert Way.objects.exclude(bounced_at=None).get().bounce == "smtp; 550 5.1.1 <…>: no such user"


@pytest.mark.parametrize(
    "around",
    [
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)),
        b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    ],
    ids=["parts-in-parts", "letters-in-letters"],
)
def test_a_notice_nested_without_end_changes_nothing(jen, around):
    assert str(bounces.take(bounces.read(around + dsn()))) == "Nothing in it says that a letter came back."
    assert not Way.objects.exclude(bounced_at=None).exists()


def test_control_characters_in_what_a_server_says_are_left_out(jen):
    bounces.take(bounces.read(dsn(said="550 5.1.1 no\0body\x1b[31m here")))
    assert Way.objects.exclude(bounced_at=None).get().bounce.endswith("550 5.1.1 nobody[31m here")


def test_the_command_takes_a_letter_from_a_pipe(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    told = subprocess.run(
        [str(Path(sys.executable).with_name("storykeep")), "bounces", "--data", str(tmp_path)],
        input=dsn(), env=environment, capture_output=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stdout.decode()) == (0, "1 is not of this archive.\n"), told.stderr


def test_the_archivist_gets_the_letter_first(jen, letter, desk):
    answer = desk.post(reverse("desk-letter", args=[letter.ref]), {"to-me": "yes"}, follow=True)
    assert "A copy is on its way to mara@archive.example" in answer.content.decode()
    (test,) = mail.outbox
    assert test.to == ["mara@archive.example"]
    assert "Dear jen" in test.body
    assert not Sending.objects.exists()


def test_a_mark_that_nothing_is_put_into_is_told_before_anything_is_sent(desk):
    answer = desk.post(reverse("desk-letters"), {"subject": "Hello {nmae}", "body": "{works} {0}"})
    assert "{nmae} is not filled in" in answer.content.decode()
    assert "{0} is not filled in" in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_mail_program_says_never_with_one_click(jen, letter):
    letters.send(letter, ORIGIN)
    headers = mail.outbox[0].extra_headers
    link = headers["List-Unsubscribe"].strip("<>").removeprefix(ORIGIN)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(link).status_code == 200
    assert Way.objects.count() == 2
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    consent.keep_contact(Contact(person="the-quay/jen", email="jen@quay.example"))
    assert Way.objects.count() == 1


# ── words
def test_who_has_no_old_address_and_the_archivist_write_to_one_another(client, jen, writer, desk, settings):
    settings.HOUSE = dataclasses.replace(settings.HOUSE, mail="smtp://localhost")
    client.post(reverse("claim-person", args=[jen.slug]), {"statement": "I still have the floppy disk."})
    claim = Claim.objects.get()
    page = desk.get(reverse("desk-claim", args=[claim.ref])).content.decode()
    assert "I still have the floppy disk." in page
    desk.post(reverse("desk-claim", args=[claim.ref]), {"verb": "say", "text": "What is on it?"})
    outgoing.send_due()
    assert mail.outbox[-1].to == ["jen@new.example"]
    assert reverse("claim-words", args=[claim.ref]) in mail.outbox[-1].body
    assert "What is on it?" in client.get(reverse("claim-words", args=[claim.ref])).content.decode()
    client.post(reverse("claim-words", args=[claim.ref]), {"text": "A lamp."})
    client.post(reverse("claim-words", args=[claim.ref]), {"text": "A lamp."})
    outgoing.send_due()
    assert mail.outbox[-1].to == ["mara@archive.example"]
    assert claim.words.count() == 2
    desk.post(reverse("desk-claim", args=[claim.ref]), {"verb": "grant", "answer": "Welcome."})
    assert Claim.objects.get().state == ClaimState.GRANTED


def test_nobody_else_reads_the_words_of_a_claim(client, jen, writer, django_user_model):
    client.post(reverse("claim-person", args=[jen.slug]), {"statement": "It is me."})
    other = Client()
    other.force_login(django_user_model.objects.create_user("other"))
    assert other.get(reverse("claim-words", args=[Claim.objects.get().ref])).status_code == 404


def test_who_was_refused_may_say_more_and_waits_again(client, jen, writer, desk):
    client.post(reverse("claim-person", args=[jen.slug]), {"statement": "It is me."})
    claim = Claim.objects.get()
    desk.post(reverse("desk-claim", args=[claim.ref]), {"verb": "refuse", "answer": "How do I know?"})
    assert "How do I know?" in client.get(reverse("claim-words", args=[claim.ref])).content.decode()
    client.post(reverse("claim-words", args=[claim.ref]), {"text": "Ask the others of the list."})
    assert Claim.objects.get().state == ClaimState.ASKED


# ── a wrong claim
@pytest.mark.parametrize("choice", ["remove", "orphan", "orphan-name", "public", "hidden"])
def test_a_wrong_claim_is_taken_back_with_all_that_was_decided(client, jen, writer, desk, choice):
    claim = Claim.objects.create(person=jen, account=writer)
    consent.grant(claim)
    ferry = Work.objects.get(title="The Ferry")
    before = credits_of(ferry)
    client.logout()
    client.post(reverse("account_login"), {"login": "jen2026", "password": "kept-for-tests"})
    client.post(reverse("account_reauthenticate"), {"password": "kept-for-tests"})
    client.post(reverse("my-work", args=[ferry.ref]), {"choice": choice, "sure": "on", "coauthor": "mallory"})
    ferry.refresh_from_db()
    assert (ferry.visibility, credits_of(ferry)) != ("members", before)
    desk.post(reverse("desk-claim", args=[claim.ref]), {"verb": "take-back"})
    ferry.refresh_from_db()
    assert (ferry.visibility, ferry.reached_at, credits_of(ferry)) == ("members", None, before)
    assert opening.waiting().filter(pk=ferry.pk).exists()
    bridge.keep(a_story(1, "The Ferry, again"))
    assert Work.objects.get(pk=ferry.pk).visibility == "members"


def credits_of(work):
    return sorted(work.credits.values_list("name", "person__name", "role", "place"))


# ── never
def test_a_text_that_its_author_removed_is_known_under_any_title(client, jen, writer):
    consent.grant(Claim.objects.create(person=jen, account=writer))
    ferry = Work.objects.get(title="The Ferry")
    consent.remove(ferry)
    consent.never_again(ferry)
    heeded = consent.Heeded([])
    mended = TEXT.replace("never said", "seldom said", 20)
    elsewhere = Story(
        key="other/9", title="Lights", archive="Elsewhere", credits=(Credit(name="Anonymous"),),
        chapters=(Chapter(key="1", body=f"<p>{mended}</p>"),),
    )  # fmt: skip
    other = a_story(8, text="Nothing of the kind was ever said by anyone in this house, he thought. " * 300)
    assert not heeded(elsewhere)
    assert heeded(other)
    assert heeded.refused == 1
    kept = str(Never.objects.filter(kind="text").values_list("sketch", flat=True)[0])
    assert "lamp" not in kept


def test_all_spellings_of_an_old_address_are_one():
    consent.never("import", "address", "http://www.quay.example:80/fic.html?id=1&textsize=2")
    saved = "https://web.archive.org/web/20040101/http://quay.example/fic.html?id=1"
    assert not consent.Heeded([])(a_story(addresses=(saved,)))


def test_whoever_wants_nothing_imported_has_no_page_either():
    consent.never("import", "name", "Jen")
    heeded = consent.Heeded([])
    assert not heeded(Person(key="the-quay/jen", name="jen"))
    assert heeded(Person(key="the-quay/ada", name="ada"))
    consent.never("import", "email", "bo@quay.example")
    assert not consent.Heeded([Contact(person="the-quay/bo", email="bo@quay.example")])(
        Person(key="the-quay/bo", name="bo")
    )


def test_dates_that_were_set_stay_on_the_page_with_their_reasons(jen, desk):
    desk.post(reverse("desk-opening"), {"date": "2031-05-01", "reason": "Ninety days after the letters."})
    desk.post(reverse("desk-opening"), {"date": ""})
    page = " ".join(desk.get(reverse("desk-opening")).content.decode().split())
    assert "2 works on 1 May 2031: Ninety days after the letters." in page
    assert "2 works stay with the members" in page
    assert Work.objects.filter(opens_on=None).count() == 2

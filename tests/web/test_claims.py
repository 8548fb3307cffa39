"""Authors are asked: they are written to once, prove who they are, and decide; a link alone never does anything."""

import datetime as dt
import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse

from storykeep.model.errors import SettingsError, UsageError
from storykeep.model.story import Chapter, Contact, Credit, Person, Story
from storykeep.site.claims import consent, letters, sealing
from storykeep.site.claims.models import Claim, Letter, Never, Way
from storykeep.site.works import bridge, opening
from storykeep.site.works.models import Person as PersonRow
from storykeep.site.works.models import Work

pytestmark = pytest.mark.django_db
EMAIL = "jen@quay.example"
ORIGIN = "https://archive.example"


def a_story(number=1, title="The Ferry", author="jen"):
    return Story(
        key=f"quay/fic/{number}", title=title, archive="The Quay",
        credits=(Credit(name=author, person=f"the-quay/{author}"),),
        chapters=(Chapter(key="1", body="<p>It left without anybody on it.</p>"),),
    )  # fmt: skip


@pytest.fixture
def jen():
    bridge.keep(Person(key="the-quay/jen", name="jen"))
    for number, title in enumerate(("The Ferry", "The Lamp"), 1):
        bridge.keep(a_story(number, title))
    Work.objects.update(visibility="members")
    consent.keep_contact(Contact(person="the-quay/jen", email=EMAIL))
    return PersonRow.objects.get(name="jen")


@pytest.fixture
def signed_in(client):
    user = get_user_model().objects.create_user("jen2026", password="kept-for-tests")
    client.force_login(user)
    client.session.save()
    return user


@pytest.fixture
def archivist():
    return get_user_model().objects.create_superuser("mara", password="kept-for-tests")


def the_link(message, name):
    return re.search(rf"https?://[^/]+(/claim/{name}/\S+)", message.body)[1]


def test_an_address_is_sealed_in_the_database(jen):
    way = jen.ways.get()
    assert EMAIL.encode() not in bytes(way.sealed)
    assert EMAIL not in way.digest
    assert sealing.unseal(way.sealed) == EMAIL


def test_another_secret_key_says_what_to_do(jen, settings):
    settings.SECRET_KEY = "another key altogether, made by mistake"
    with pytest.raises(SettingsError, match="Restore it from a backup"):
        sealing.unseal(jen.ways.get().sealed)


def test_the_page_says_the_same_whether_the_address_is_known_or_not(client, jen):
    address = reverse("claim-person", args=[jen.slug])
    pages = [client.post(address, {"email": email}).content for email in (EMAIL, "stranger@quay.example")]
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[EMAIL]]


def test_an_author_shows_who_they_are_by_the_old_address(client, jen, signed_in):
    client.post(reverse("claim-person", args=[jen.slug]), {"email": EMAIL.upper()})
    link = the_link(mail.outbox[0], "letter")
    assert "The Ferry" in client.get(link).content.decode()
    jen.refresh_from_db()
    assert jen.account is None, "opening a link must not do anything"
    client.post(link)
    jen.refresh_from_db()
    assert jen.account == signed_in
    assert bytes(jen.ways.get().sealed) == b"", "the address has served and is forgotten"
    assert "The Lamp" in client.get(reverse("my-works")).content.decode()


def test_without_signing_in_a_letter_does_nothing_but_opens_the_way_to_an_account(client, jen):
    client.post(reverse("claim-person", args=[jen.slug]), {"email": EMAIL})
    link = the_link(mail.outbox[0], "letter")
    client.post(link)
    jen.refresh_from_db()
    assert jen.account is None
    assert client.get(reverse("account_signup")).status_code == 200


def test_nobody_tries_addresses_all_day(client, jen):
    address = reverse("claim-person", args=[jen.slug])
    pages = [client.post(address, {"email": f"guess{n}@quay.example"}).content.decode() for n in range(6)]
    assert "Thank you" in pages[4]
    assert "Try again in an hour" in pages[5]


@pytest.mark.parametrize("token", ["x", "eyJ3YXkiOjF9:1abc:def", "a" * 3000])
def test_a_damaged_link_says_so(client, token):
    answer = client.get(f"/claim/letter/{token}")
    assert answer.status_code == 404
    assert "Find your name" in answer.content.decode()


def test_an_archivist_decides_by_word(client, jen, signed_in, archivist):
    client.post(reverse("claim-person", args=[jen.slug]), {"statement": "I still have the drafts."})
    claim = Claim.objects.get()
    client.force_login(archivist)
    assert "I still have the drafts." in client.get(reverse("desk-claims")).content.decode()
    client.post(reverse("desk-claim", args=[claim.ref]), {"verb": "grant"})
    jen.refresh_from_db()
    assert jen.account == signed_in
    client.post(reverse("desk-claim", args=[claim.ref]), {"verb": "take-back"})
    jen.refresh_from_db()
    assert jen.account is None


def test_nobody_but_an_archivist_settles_claims(client, jen, signed_in):
    claim = Claim.objects.create(person=jen, account=signed_in)
    assert client.post(reverse("desk-claim", args=[claim.ref]), {"verb": "grant"}).status_code == 404
    for name in ("desk-claims", "desk-letters", "desk-never", "desk-opening"):
        assert client.get(reverse(name)).status_code == 404


def test_two_accounts_cannot_have_one_name(jen, signed_in, archivist):
    consent.grant(Claim.objects.create(person=jen, account=signed_in))
    with pytest.raises(UsageError, match="already claimed"):
        consent.grant(Claim.objects.create(person=jen, account=archivist))


def test_one_letter_for_each_author_in_the_archivists_words(jen, archivist):
    bridge.keep(Person(key="the-quay/zero", name="zero"))
    bridge.keep(a_story(9, "Nought", "zero"))
    consent.keep_contact(Contact(person="the-quay/zero", email="zero@quay.example"))
    letter = Letter.objects.create(subject="Your works\nin {archive}", body="Dear {name},\n{works}", made_by=archivist)
    assert letters.send(letter, ORIGIN) == {"sent": 2, "failed": 0}
    assert letters.send(letter, ORIGIN) == {"sent": 0, "failed": 0}, "nobody gets it twice"
    first = next(message for message in mail.outbox if message.to == [EMAIL])
    assert "Dear jen,\n  - The Ferry\n  - The Lamp" in first.body
    assert first.subject == "Your works in A new archive"


def test_without_a_mail_server_nobody_is_told_that_a_letter_is_on_its_way(client, jen, archivist, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = client.post(reverse("claim-person", args=[jen.slug]), {"email": EMAIL}).content.decode()
    assert "can’t send letters" in page.replace("&#x27;", "’")
    with pytest.raises(UsageError, match="STORYKEEP_MAIL"):
        letters.send(Letter.objects.create(subject="s", body="b", made_by=archivist), ORIGIN)


def test_letters_need_a_public_address(jen, archivist):
    letter = Letter.objects.create(subject="s", body="b", made_by=archivist)
    with pytest.raises(UsageError, match="STORYKEEP_ORIGIN"):
        letters.send(letter, "")


def test_who_said_never_is_never_written_to_again(client, jen, archivist):
    letter = Letter.objects.create(subject="s", body="b", made_by=archivist)
    letters.send(letter, ORIGIN)
    link = the_link(mail.outbox[0], "never")
    client.get(link)
    assert Way.objects.exists(), "mail programs open links by themselves; only the button counts"
    client.post(link)
    assert not Way.objects.exists()
    consent.keep_contact(Contact(person="the-quay/jen", email=EMAIL))
    assert not Way.objects.exists(), "a later rescue heeds it"
    assert letters.reachable().count() == 0


@pytest.mark.parametrize(
    ("kind", "words"), [("name", "JEN"), ("email", EMAIL), ("address", "http://quay.example/fic.html?id=1")]
)
def test_who_said_never_import_is_never_imported(kind, words):
    consent.never("import", kind, words)
    story = Story(
        key="k", credits=(Credit(name="Jen"),) if kind == "name" else (),
        addresses=("http://quay.example/fic.html?id=1",) if kind == "address" else (),
    )  # fmt: skip
    assert consent.said_never(story, [EMAIL] if kind == "email" else [])
    assert not consent.said_never(Story(key="k", credits=(Credit(name="zero"),)))
    assert words not in str(Never.objects.values_list())


@pytest.fixture
def claimed(jen, signed_in, client):
    consent.grant(Claim.objects.create(person=jen, account=signed_in))
    return Work.objects.get(title="The Ferry")


def decide(client, work, **data):
    sign_in(client, "jen2026")
    return client.post(reverse("my-work", args=[work.ref]), data)


def sign_in(client, name):
    """Sign in, and give the password once more: what can't be undone asks for it again."""
    client.logout()
    client.post(reverse("account_login"), {"login": name, "password": "kept-for-tests"})
    client.post(reverse("account_reauthenticate"), {"password": "kept-for-tests"})


def test_deciding_asks_for_the_password_again(client, claimed):
    client.force_login(get_user_model().objects.get(username="jen2026"))
    answer = client.get(reverse("my-work", args=[claimed.ref]))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_removing_needs_to_be_said_twice_and_leaves_only_a_tombstone(client, claimed):
    assert decide(client, claimed, choice="remove").status_code == 200
    assert client.get(claimed.get_absolute_url()).status_code == 200
    assert decide(client, claimed, choice="remove", sure="on").status_code == 302
    client.logout()
    gone = client.get(claimed.get_absolute_url())
    assert gone.status_code == 410
    assert "removed by its author" in gone.content.decode()
    assert "Ferry" not in gone.content.decode()
    bridge.keep(a_story())
    assert client.get(claimed.get_absolute_url()).status_code == 410, "a later rescue doesn't bring it back"


def test_an_orphaned_work_loses_its_name_or_keeps_it(client, claimed):
    decide(client, claimed, choice="orphan", sure="on")
    assert [credit.name for credit in claimed.credits.all()] == ["orphaned"]
    other = Work.objects.get(title="The Lamp")
    decide(client, other, choice="orphan-name", sure="on")
    assert [credit.name for credit in other.credits.all()] == ["jen"]
    assert not consent.works_of(get_user_model().objects.get(username="jen2026")).exists()


def test_an_author_opens_a_work_and_adds_a_co_author(client, claimed):
    decide(client, claimed, choice="public", coauthor="zero")
    claimed.refresh_from_db()
    assert claimed.visibility == "public"
    assert [credit.name for credit in claimed.credits.all()] == ["jen", "zero"]


def test_a_changed_name_stands_everywhere_and_outlives_a_rescue(client, claimed, jen):
    client.post(reverse("my-name", args=[jen.slug]), {"name": "Jennifer Quay"})
    bridge.keep(Person(key="the-quay/jen", name="jen"))
    bridge.keep(a_story())
    jen.refresh_from_db()
    assert jen.name == "Jennifer Quay"
    assert {credit.name for credit in jen.credits.all()} == {"Jennifer Quay"}


def test_nobody_decides_about_the_works_of_others(client, claimed, django_user_model):
    django_user_model.objects.create_user("other", password="kept-for-tests")
    sign_in(client, "other")
    answer = client.post(reverse("my-work", args=[claimed.ref]), {"choice": "remove", "sure": "on"})
    assert answer.status_code == 404


def test_nothing_opens_without_a_date_and_then_all_at_once(client, jen, archivist):
    assert opening.open_due() == 0
    client.force_login(archivist)
    client.post(reverse("desk-opening"), {"date": (dt.date.today() + dt.timedelta(days=1)).isoformat()})  # noqa: DTZ011
    assert opening.open_due() == 0
    client.post(reverse("desk-opening"), {"date": dt.date.today().isoformat()})  # noqa: DTZ011
    assert opening.open_due() == 2
    assert set(Work.objects.values_list("visibility", flat=True)) == {"public"}


def test_a_work_that_its_author_orphaned_is_opened_by_no_date(client, claimed, archivist):
    Work.objects.update(rescued=True, visibility="members", reached_at=None)
    decide(client, claimed, choice="orphan-name", sure="on")
    client.force_login(archivist)
    client.post(reverse("desk-opening"), {"date": dt.date.today().isoformat()})  # noqa: DTZ011
    opening.open_due()
    claimed.refresh_from_db()
    assert claimed.visibility == "members"


def test_members_are_told_that_a_rescued_work_waits_for_its_author_until_they_are_found(client, jen, signed_in):
    client.force_login(signed_in)
    Work.objects.update(rescued=True, visibility="members")
    work = Work.objects.get(title="The Ferry")
    waiting = client.get(work.get_absolute_url())
    assert "has not been reached yet" in waiting.content.decode()
    assert 'content="noindex"' in waiting.content.decode()
    consent.grant(Claim.objects.create(person=jen, account=signed_in))
    assert "has not been reached yet" not in client.get(work.get_absolute_url()).content.decode()


def test_a_rescue_heeds_those_who_said_never_and_says_how_many(jen):
    consent.never("import", "email", "zero@quay.example")
    heeded = consent.Heeded([Contact(person="the-quay/zero", email="Zero@Quay.example")])
    counts = bridge.keep_all([a_story(7, "Nought", "zero"), a_story(8, "Eight")], visibility="hidden", wanted=heeded)
    assert counts == {"story": 1}
    assert heeded.refused == 1
    assert Work.objects.get(title="Eight").visibility == "hidden"
    assert not Work.objects.filter(title="Nought").exists()

"""Making an account: openly, by invitation, not at all; by whoever it may be, nothing is told about others."""

import re
from dataclasses import replace

import pytest
from django.core import mail
from django.test import Client

from storykeep.site.accounts import invitations
from storykeep.site.accounts.models import Deed, Invitation, Joining, User

pytestmark = pytest.mark.django_db
PASSWORD = "a lantern in the fog"
NEW = {
    "username": "newcomer",
    "email": "new@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "agreed": "on",
}


@pytest.fixture
def sends_mail(settings):
    """An archive with a mail server; its letters land in ``mail.outbox``."""
    settings.HOUSE = replace(settings.HOUSE, mail="smtp://mail.example", origin="http://testserver")
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


@pytest.fixture
def opened():
    return Joining.objects.create(way="open")


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch):
    """Tests type faster than people."""
    monkeypatch.setattr("storykeep.site.accounts.forms.QUICKEST", 0)


def code():
    return re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]


def sign_up(browser, **changes):
    return browser.post("/account/signup/", {**NEW, **changes})


def errors(answer):
    return " ".join(re.findall(r'<ul class="errors".*?</ul>', answer.content.decode(), re.DOTALL))


def test_a_new_account_is_opened_by_the_code_from_the_letter(sends_mail, opened, client):
    answer = sign_up(client)
    assert answer.headers["Location"] == "/account/code/"
    assert mail.outbox[-1].to == ["new@example.org"]
    assert "http" not in mail.outbox[-1].body.split("--")[0]  # nothing that a mail program could open by itself
    assert client.get("/account/").status_code == 302
    client.post("/account/code/", {"code": "wrong"})
    assert client.get("/account/").status_code == 302
    client.post("/account/code/", {"code": code()})
    assert "newcomer" in client.get("/account/").content.decode()
    user = User.objects.get(username="newcomer")
    assert user.emailaddress_set.get().verified
    assert (user.agreed_to, bool(user.agreed_at)) == ("I am at least 16 years old.", True)


def test_three_wrong_codes_end_the_matter(sends_mail, opened, client):
    sign_up(client)
    right = code()
    for _ in range(3):
        client.post("/account/code/", {"code": "XXXXXX"})
    client.post("/account/code/", {"code": right})
    assert client.get("/account/").status_code == 302


def test_an_address_that_has_an_account_gets_the_same_page_and_another_letter(sends_mail, opened, cast):
    fresh, known = Client(), Client()
    one = sign_up(fresh)
    two = sign_up(known, username="second", email="Member@Example.org")
    assert (one.status_code, one.headers["Location"]) == (two.status_code, two.headers["Location"])
    pages = [browser.get("/account/code/").content.decode() for browser in (fresh, known)]
    plain = [re.sub(r'value="[^"]{64}"|new@example.org|member@example.org', "", page) for page in pages]
    assert plain[0] == plain[1]
    assert not User.objects.filter(username="second").exists()
    assert "an account already" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == ["member@example.org"]


def test_a_known_address_costs_as_much_work_as_a_new_one(sends_mail, opened, cast, monkeypatch):
    from django.contrib.auth import hashers

    hashed = []
    plain = hashers.PBKDF2PasswordHasher.encode
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        lambda _, *given: hashed.append(1) or plain(hashers.PBKDF2PasswordHasher(), *given, iterations=1),
    )
    sign_up(Client())
    first = len(hashed)
    sign_up(Client(), username="second", email="member@example.org")
    assert (first, len(hashed)) == (1, 2)


@pytest.mark.parametrize("login", ["archivist", "archivist@example.org", "nobody", "nobody@example.org"])
def test_a_wrong_sign_in_looks_at_one_password_whoever_is_asked_for(cast, monkeypatch, login):
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *given: hashed.append(1) or plain(self, *given))
    Client().post("/account/login/", {"login": login, "password": "wrong"})
    assert len(hashed) == 1


@pytest.mark.parametrize("email", ["member@example.org", "nobody@example.org"])
def test_a_lost_password_gets_the_same_page_whether_there_is_an_account_or_not(sends_mail, cast, client, email):
    answer = client.post("/account/password/reset/", {"email": email})
    assert answer.headers["Location"] == "/account/password/reset/sent/"
    assert mail.outbox[-1].to == [email]


def test_the_link_for_a_lost_password_works_once_and_begins_with_the_settings_own_address(sends_mail, cast):
    User.objects.get(username="member").emailaddress_set.create(email="member@example.org", verified=True, primary=True)
    signed_in_elsewhere = cast.browsers["member"]
    Client().post("/account/password/reset/", {"email": "member@example.org"})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
    browser = Client()
    form = browser.get(link).headers["Location"]
    browser.post(form, {"password1": "another long phrase", "password2": "another long phrase"})
    assert "This link is over" in Client().get(link).content.decode()
    assert signed_in_elsewhere.get("/account/").status_code == 302
    assert Client().post("/account/login/", {"login": "member", "password": "another long phrase"}).status_code == 302


def test_a_statement_of_age_must_be_ticked_and_an_archive_may_ask_for_none(opened, client):
    assert "Please tick this" in errors(sign_up(client, agreed=""))
    opened.statement = ""
    opened.save()
    assert sign_up(client, agreed="").status_code == 302


def test_an_archive_that_sends_no_mail_asks_for_no_address(opened, client):
    assert 'name="email"' not in client.get("/account/signup/").content.decode()


def test_machines_that_fill_in_everything_get_no_account(sends_mail, opened, client):
    assert sign_up(client, homepage="https://spam.example").status_code == 302
    assert not User.objects.exists()
    assert mail.outbox == []


def test_machines_that_answer_at_once_are_asked_once_more(opened, client, monkeypatch):
    monkeypatch.setattr("storykeep.site.accounts.forms.QUICKEST", 2)
    client.get("/account/signup/")
    assert "very quick" in errors(sign_up(client))


def test_a_network_makes_only_so_many_accounts_an_hour(opened, monkeypatch):
    monkeypatch.setattr("storykeep.site.accounts.views.entrance.MOST_NEW", 2)
    codes = [sign_up(Client(), username=f"reader{letter}").status_code for letter in "abc"]
    assert codes == [302, 302, 429]


# ── names
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a", "at least 2"),
        ("x" * 41, "at most 40"),
        ("ada vane", "without spaces"),
        ("ada\u202eenav", "without spaces"),
        ("ada\u200bvane", "without spaces"),
        ("<script>", "without spaces"),
        ("ada@example", "without spaces"),
        ("___", "without spaces"),
        ("аda", "different alphabets"),
        ("a\u0301\u0302\u0303\u0304da", "too many marks"),
        ("Admin", "as if the archive itself"),
        ("st0rykeep", "as if the archive itself"),
        ("The_Real_Adm1n99", "as if the archive itself"),
        ("Support.Team", "as if the archive itself"),
        ("\u0430dmin", "different alphabets"),
        ("MARLOW", "is taken"),
        ("mаrlоw", "different alphabets"),
        ("mar.low", "is taken"),
        ("ｍａｒｌｏｗ", "is taken"),
        ("marl0w", "is taken"),
        ("rnarlovv", "is taken"),
    ],
)
def test_names_that_could_pass_for_another_are_refused_in_words(opened, client, name, words):
    User.objects.create_user("marlow")
    assert words in errors(sign_up(client, username=name))


@pytest.mark.parametrize("name", ["\0", "x" * 5000, "ada\r\nBcc: a@example.org"])
def test_names_that_no_keyboard_types_are_refused_and_nothing_breaks(opened, client, name):
    answer = sign_up(client, username=name)
    assert answer.status_code == 200
    assert errors(answer)


@pytest.mark.parametrize(
    "name", ["Ада", "ελένη", "さくら", "名前Mei", "Nguyễn", "हिन्दी", "lys_1998", "Archivist_of_Stars", "team7"]
)
def test_names_of_every_language_are_welcome(opened, client, name):
    assert sign_up(client, username=name).status_code == 302
    assert User.objects.filter(username=name).exists()


def test_a_sign_that_nobody_types_is_left_out_of_every_field(sends_mail, opened, client):
    sign_up(client, username="ada\0vane", email="ada@example.org\0")
    assert User.objects.values_list("username", "email").get() == ("adavane", "ada@example.org")


def test_addresses_are_compared_in_one_form(sends_mail, opened, client):
    sign_up(client, email="Ada@BÜCHER.example")
    assert User.objects.get().email == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize("email", ["a@b", "a\r\nBcc: b@example.org", "\0@example.org", "x" * 400 + "@example.org"])
def test_addresses_that_are_none_are_refused(sends_mail, opened, client, email):
    answer = sign_up(client, email=email)
    assert answer.status_code == 200
    assert errors(answer)
    assert mail.outbox == []


def test_fields_that_nobody_asked_for_are_not_listened_to(opened, client):
    sign_up(client, is_superuser="on", is_staff="on", groups="1", ref="mine")
    user = User.objects.get()
    assert (user.is_superuser, user.is_staff, user.groups.exists()) == (False, False, False)
    assert user.ref != "mine"


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "newcomer-1"])
def test_passwords_that_are_easily_guessed_are_refused(opened, client, password):
    assert errors(sign_up(client, password1=password, password2=password))


@pytest.mark.parametrize("password", ["MoonlitLibrary1998", "moonlit-library!", "Storykeep-2026", "LIBRARYmoonlit"])
def test_the_archives_own_name_is_no_password(opened, client, password):
    from storykeep.site.base.models import Archive

    Archive.objects.create(name="Moonlit Library")
    assert "tries its own name first" in errors(sign_up(client, password1=password, password2=password))
    answer = sign_up(client, password1="a moonlit cellar door", password2="a moonlit cellar door")
    assert answer.status_code == 302


def test_a_password_may_be_long_and_have_any_letters_but_not_without_end(opened, client):
    long = "über die Brücke 🌉 " * 20
    assert sign_up(client, password1=long, password2=long).status_code == 302
    assert "1000" in errors(sign_up(Client(), username="other", password1="x" * 2000, password2="x" * 2000))


# ── invitations
def held(browser, link):
    path = "/" + link.split("/", 3)[3]
    browser.post(path)
    return path


def test_an_invitation_lets_one_person_in(cast):
    link = invitations.invite(cast.users["archivist"], note="for Wren")
    browser, late = Client(), Client()
    assert "archivist" in browser.get("/" + link.split("/", 3)[3]).content.decode()
    assert "No new accounts" in browser.get("/account/signup/").content.decode()  # looking at it does nothing
    path = held(browser, link)
    held(late, link)
    assert sign_up(browser).status_code == 302
    assert User.objects.filter(username="newcomer").exists()
    assert "No new accounts" in sign_up(late, username="late").content.decode()
    assert not User.objects.filter(username="late").exists()
    assert Client().get(path).status_code == 404
    assert Invitation.objects.get().used_by.username == "newcomer"


def test_an_invitation_by_mail_proves_the_address(sends_mail, cast):
    cast.browsers["archivist"].post("/account/invitations/", {"email": "new@example.org"})
    link = re.search(r"http://testserver/\S+", mail.outbox[-1].body)[0]
    browser = Client()
    held(browser, link)
    sign_up(browser)
    assert "newcomer" in browser.get("/account/").content.decode()  # no second code


def test_inviting_somebody_who_is_a_member_looks_the_same_to_who_invites(sends_mail, cast):
    browser = cast.browsers["archivist"]
    for email in ("new@example.org", "member@example.org"):
        browser.post("/account/invitations/", {"email": email})
        page = browser.get("/account/invitations/").content.decode()
        assert f"is on its way to {email}" in page
    assert "a member already" in mail.outbox[-1].body


def test_an_invitation_ends_and_can_be_taken_back(cast, client):
    from django.utils import timezone

    first, second = (invitations.invite(cast.users["archivist"]) for _ in range(2))
    new, old = Invitation.objects.all()
    cast.browsers["archivist"].post(f"/account/invitations/{new.ref}/withdraw")
    Invitation.objects.filter(pk=old.pk).update(ends_at=timezone.now())
    for link in (first, second):
        assert client.get("/" + link.split("/", 3)[3]).status_code == 404


def test_members_invite_as_many_as_the_archive_gives_them(cast):
    browser = cast.browsers["member"]
    assert "none to give" in browser.get("/account/").content.decode()
    browser.post("/account/invitations/", {})
    assert not Invitation.objects.exists()
    Joining.objects.create(way="invited", invitations_each=1)
    browser.post("/account/invitations/", {"note": "a friend"})
    page = browser.get("/account/invitations/").content.decode()
    assert "http://localhost:8000/account/invitation/" in page
    assert "/account/invitation/" not in browser.get("/account/invitations/").content.decode()  # shown once
    browser.post("/account/invitations/", {})
    assert Invitation.objects.count() == 1


def test_nobody_takes_back_the_invitation_of_another(cast):
    invitations.invite(cast.users["archivist"])
    ref = Invitation.objects.get().ref
    assert cast.browsers["member"].post(f"/account/invitations/{ref}/withdraw").status_code == 404
    assert cast.browsers["archivist"].get(f"/account/invitations/{ref}/withdraw").status_code == 405


# ── who decides
def test_the_archivist_decides_who_may_join(cast, client):
    browser = cast.browsers["archivist"]
    form = {"way": "open", "statement": "I am 18.", "invitations_each": 3, "days": 7}
    assert cast.browsers["member"].post("/desk/joining", form).status_code == 404
    browser.post("/desk/joining", form)
    assert "I am 18." in client.get("/account/signup/").content.decode()
    browser.post("/desk/joining", {**form, "way": "closed"})
    assert "No new accounts" in client.get("/account/signup/").content.decode()
    assert not Deed.objects.exists()


@pytest.mark.parametrize("days", ["0", "-1", "91", "NaN", "10" * 50])
def test_odd_figures_are_refused(cast, days):
    form = {"way": "open", "statement": "", "invitations_each": 3, "days": days}
    assert errors(cast.browsers["archivist"].post("/desk/joining", form))

"""Who signs in, how, and what is never told to strangers."""

import re

import pytest
from click.testing import CliRunner
from django.contrib.auth.hashers import make_password
from django.test import Client

from storykeep.cli.admin import command as admin
from storykeep.site.accounts import once
from storykeep.site.accounts.models import Joining, User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def sign_in(client, login, password=PASSWORD):
    return client.post("/account/login/", {"login": login, "password": password})


@pytest.mark.parametrize("login", ["archivist", "ARCHIVIST", "archivist@example.org", "Archivist@Example.org"])
def test_an_archivist_signs_in_by_name_or_by_e_mail(cast, client, login):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(
        user=cast.users["archivist"], email="archivist@example.org", verified=True, primary=True
    )
    assert sign_in(client, login).status_code == 302
    assert client.get("/desk").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(cast, client):
    one = sign_in(client, "archivist", "wrong")
    two = sign_in(client, "nobody", "wrong")
    errors = [re.findall(r'<ul class="errors".*?</ul>', a.content.decode(), re.DOTALL) for a in (one, two)]
    assert errors[0]
    assert errors[0] == errors[1]


@pytest.mark.parametrize("who", ["visitor", "member", "author"])
def test_the_desk_does_not_exist_for_who_is_no_archivist(cast, who):
    assert cast.browsers[who].get("/desk").status_code == 404


def test_signing_in_goes_on_to_where_one_wanted_to_be_but_never_to_another_site(cast, client):
    there = client.post("/account/login/?next=/desk", {"login": "archivist", "password": PASSWORD, "next": "/desk"})
    assert there.headers["Location"] == "/desk"
    away = Client().post("/account/login/", {"login": "member", "password": PASSWORD, "next": "https://evil.example/"})
    assert away.headers["Location"] == "/"


def test_signing_out_needs_a_form_and_ends_the_session(cast):
    browser = cast.browsers["archivist"]
    assert browser.get("/account/logout/").status_code == 200
    assert browser.get("/desk").status_code == 200
    browser.post("/account/logout/")
    assert browser.get("/desk").status_code == 404


def test_signing_up_is_by_invitation_until_the_archivist_opens_it(client, db):
    new = {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD, "agreed": "on"}
    client.post("/account/signup/", new)
    assert not User.objects.filter(username="newcomer").exists()
    Joining.objects.create(way="open")
    client.post("/account/signup/", new)
    assert User.objects.get(username="newcomer").roles == frozenset()


def test_too_many_wrong_passwords_are_slowed_down(cast, client, settings):
    from django.core.cache import cache

    cache.clear()
    answers = [sign_in(client, "archivist", f"wrong {n}").content.decode() for n in range(12)]
    assert "Too many" in answers[-1]
    cache.clear()


def test_passwords_are_kept_with_argon2_that_a_small_machine_can_bear(settings):
    from storykeep.site import settings as ours

    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    assert make_password(PASSWORD).startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")


def test_a_link_signs_in_once_and_asks_for_a_password(cast, client):
    link = once.link_for(cast.users["archivist"]).removeprefix("http://localhost:8000")
    assert "Sign in" in client.get(link).content.decode()
    assert client.get("/desk").status_code == 404  # looking at the link did not use it up
    answer = client.post(link)
    assert answer.headers["Location"] == "/account/password/set/"
    assert client.get("/account/password/set/").status_code == 200
    done = client.post("/account/password/set/", {"password1": "a brand new phrase", "password2": "a brand new phrase"})
    assert done.status_code == 302
    assert client.get("/desk").status_code == 200
    assert Client().post(link).status_code == 404
    assert sign_in(Client(), "archivist", "a brand new phrase").status_code == 302


def test_a_link_ends_within_the_hour_and_with_a_new_password(cast, monkeypatch):
    from datetime import datetime, timedelta

    user = cast.users["member"]
    link = once.link_for(user).removeprefix("http://localhost:8000")
    assert Client().get(link).status_code == 200
    monkeypatch.setattr(once.tokens, "_now", lambda: datetime.now() + timedelta(minutes=61))  # noqa: DTZ005 — as Django
    assert Client().get(link).status_code == 404
    monkeypatch.undo()
    user.set_password("another phrase here")
    user.save()
    assert Client().get(link).status_code == 404
    assert Client().get("/account/once/zzzzzzzz/abc-def/").status_code == 404


def run(*arguments):
    return CliRunner().invoke(admin, arguments)


@pytest.fixture
def no_migrate(monkeypatch):
    """The tables of the tests are there already."""
    monkeypatch.setattr("storykeep.site.open_archive", lambda _: None)


def test_the_command_makes_an_archivist_and_prints_a_link_that_works(no_migrate, db):
    printed = run("ada", "--email", "ada@example.org").output
    assert "Made the account ada." in printed
    link = re.search(r"http://localhost:8000(/account/once/\S+)", printed)[1]
    browser = Client()
    browser.post(link)
    assert browser.get("/desk").status_code == 200
    assert User.objects.get(username="ada").is_archivist


def test_the_command_sets_a_password_and_does_not_repeat_it(no_migrate, db):
    printed = run("ada", "--password", "demo-archivist").output
    assert "demo-archivist" not in printed
    assert sign_in(Client(), "ada", "demo-archivist").status_code == 302


def test_the_command_finds_an_account_whatever_its_case(no_migrate, cast):
    assert "Made the account" not in run("Member", "--role", "archivist").output
    assert User.objects.get(username="member").is_archivist


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ada", "--password", "short"), "too short"),
        (("ada", "--role", "king"), "There is no role 'king'"),
        (("a b!", "--role", "member"), "can't be the name of an account"),
    ],
)
def test_the_command_says_what_can_not_be(no_migrate, db, arguments, words):
    result = run(*arguments)
    assert words in str(result.exception)

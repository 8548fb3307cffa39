"""Roles given and taken, accounts shut and opened, ways in, the database: who may, and what is written down."""

import re
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.test import Client

from storykeep.model.errors import UsageError
from storykeep.site.accounts import deeds, roles
from storykeep.site.accounts.models import Deed, User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def moderator(db):
    user = User.objects.create_user("somebody", password=PASSWORD)
    roles.give(user, "moderator")
    return user


def at_the_door(user) -> Client:
    """Return the browser of somebody who has just signed in."""
    browser = Client()
    user.set_password(PASSWORD)
    user.save()
    browser.post("/account/login/", {"login": user.username, "password": PASSWORD})
    return browser


def act(browser, user, deed, **form):
    return browser.post(f"/desk/accounts/{user.ref}/{deed}", form, follow=True).content.decode()


# ── roles
def test_an_archivist_gives_and_takes_the_small_roles_and_each_deed_is_written_down(cast):
    browser, member = at_the_door(cast.users["archivist"]), cast.users["member"]
    assert "has the role wrangler now" in act(browser, member, "give", role="wrangler")
    assert cast.browsers["member"].get("/desk/wrangling").status_code == 200
    page = act(browser, member, "take", role="wrangler")
    assert cast.browsers["member"].get("/desk/wrangling").status_code == 404
    assert "took the role wrangler" in page
    assert [(deed.what, deed.by.username) for deed in member.deeds.all()] == [
        ("took the role wrangler", "archivist"),
        ("gave the role wrangler", "archivist"),
    ]


@pytest.mark.parametrize("role", ["archivist", "host"])
def test_only_a_host_makes_archivists_and_hosts(cast, role):
    member = cast.users["member"]
    page = act(at_the_door(cast.users["archivist"]), member, "give", role=role)
    assert "does not allow this" in page
    assert f"Make {role}" not in page
    act(at_the_door(cast.users["host"]), member, "give", role=role)
    member.refresh_from_db()
    assert member.groups.filter(name=role).exists()


@pytest.mark.parametrize("who", ["member", "author"])
def test_nobody_gives_themselves_a_role(cast, who):
    browser = at_the_door(cast.users[who])
    assert browser.post(f"/desk/accounts/{cast.users[who].ref}/give", {"role": "host"}).status_code == 404
    assert not User.objects.get(username=who).is_superuser


def test_a_moderator_gives_no_roles(moderator, cast):
    page = act(at_the_door(moderator), cast.users["member"], "give", role="wrangler")
    assert "does not allow this" in page
    assert not Deed.objects.exists()


@pytest.mark.parametrize("role", ["king", "", "member", "host host"])
def test_roles_that_do_not_exist_are_not_given(cast, role):
    assert "no such role" in act(at_the_door(cast.users["host"]), cast.users["member"], "give", role=role)


def test_the_last_host_stays_host(cast):
    host = cast.users["host"]
    browser = at_the_door(host)
    assert "the only host" in act(browser, host, "take", role="host")
    act(browser, cast.users["archivist"], "give", role="host")
    act(browser, host, "take", role="host")
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["archivist"]


def test_a_host_who_is_shut_out_does_not_count_as_the_other_one(cast):
    other = cast.users["archivist"]
    roles.give(other, "host")
    User.objects.filter(pk=other.pk).update(is_active=False)
    with pytest.raises(UsageError, match="only host"):
        roles.take(cast.users["host"], "host")


# ── the door
def test_a_shut_account_is_signed_out_at_once_and_reads_why_at_the_door(cast, moderator):
    member = at_the_door(cast.users["member"])
    browser = at_the_door(moderator)
    act(browser, cast.users["member"], "suspend", reason="Posted <b>spam</b>, three times.")
    assert member.get("/account/").status_code == 302
    there = Client()
    there.post("/account/login/", {"login": "member", "password": PASSWORD})
    page = there.get("/account/inactive/").content.decode()
    assert "Posted &lt;b&gt;spam&lt;/b&gt;, three times." in page
    assert "spam" not in Client().get("/account/inactive/").content.decode()
    act(browser, cast.users["member"], "restore")
    assert at_the_door(User.objects.get(username="member")).get("/account/").status_code == 200


def test_opening_the_account_of_somebody_who_leaves_does_not_stop_them(cast):
    from storykeep.site.accounts import leaving

    member = cast.users["member"]
    leaving.leave(member, {})
    deeds.restore(cast.users["host"], member)
    assert not User.objects.get(pk=member.pk).is_active


def test_a_wrong_password_does_not_tell_that_an_account_is_shut(cast):
    User.objects.filter(username="member").update(is_active=False)
    answers = [
        Client().post("/account/login/", {"login": name, "password": "wrong"}).content.decode()
        for name in ("member", "nobody")
    ]
    errors = [re.search(r'<ul class="errors".*?</ul>', answer, re.DOTALL)[0] for answer in answers]
    assert errors[0] == errors[1]


@pytest.mark.parametrize("whom", ["archivist", "host"])
def test_a_moderator_shuts_out_nobody_above(cast, moderator, whom):
    page = act(at_the_door(moderator), cast.users[whom], "suspend", reason="a coup")
    assert "Only somebody who could give this account its role" in page
    assert User.objects.get(username=whom).is_active


def test_nobody_shuts_themselves_out_and_a_reason_is_needed(cast):
    browser = at_the_door(cast.users["host"])
    assert "their own account" in act(browser, cast.users["host"], "suspend", reason="x")
    assert "Say why" in act(browser, cast.users["member"], "suspend", reason=" ")
    assert User.objects.filter(is_active=False).count() == 0


def test_sessions_of_somebody_else_are_ended_by_who_may(cast, moderator):
    member = at_the_door(cast.users["member"])
    act(at_the_door(moderator), cast.users["member"], "end-sessions")
    assert member.get("/account/").status_code == 302


def test_an_archivist_lets_somebody_in_who_lost_password_and_phone(cast):
    member = cast.users["member"]
    Authenticator.objects.create(user=member, type="webauthn", data={})
    browser = at_the_door(cast.users["archivist"])
    page = act(browser, member, "way-in", forget="on")
    link = re.search(r'value="http://localhost:8000(/account/once/[^"]+)"', page)[1]
    assert link not in browser.get(f"/desk/accounts/{member.ref}").content.decode()  # shown once
    there = Client()
    assert there.post(link).headers["Location"] == "/account/password/set/"
    assert there.get("/account/").status_code == 200
    assert member.deeds.first().what == "made a link to sign in, and forgot the second step"


def test_a_moderator_makes_no_ways_in(cast, moderator):
    assert "does not allow this" in act(at_the_door(moderator), cast.users["member"], "way-in")


def test_deeds_ask_for_the_password_again_when_it_was_long_ago(cast):
    browser, member = cast.browsers["host"], cast.users["member"]  # signed in, but not by a password of just now
    cast.users["host"].set_password(PASSWORD)
    cast.users["host"].save()
    browser.force_login(cast.users["host"], backend=BACKEND)
    answer = browser.post(f"/desk/accounts/{member.ref}/give", {"role": "host"})
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert not User.objects.get(username="member").is_superuser


@pytest.mark.parametrize("deed", ["erase", "giveall", "__init__"])
def test_deeds_that_do_not_exist_do_nothing(cast, deed):
    assert at_the_door(cast.users["host"]).post(f"/desk/accounts/{cast.users['member'].ref}/{deed}").status_code in {
        302,
        404,
    }
    assert not Deed.objects.exists()


def test_looking_at_a_deeds_address_does_nothing(cast):
    at_the_door(cast.users["host"]).get(f"/desk/accounts/{cast.users['member'].ref}/suspend?reason=x")
    assert User.objects.get(username="member").is_active


# ── finding accounts
def test_accounts_are_found_by_name_address_and_role(cast, django_assert_max_num_queries):
    browser = cast.browsers["archivist"]

    def found(query):
        return re.findall(r'<th scope="row"><a[^>]+><bdi>(\w+)', browser.get(f"/desk/accounts{query}").content.decode())

    assert set(found("")) == {"member", "author", "archivist", "host"}
    assert found("?q=auth") == ["author"]
    assert found("?q=host@example.org") == ["host"]
    assert found("?role=host") == ["host"]
    assert found("?q=%00%27%22&role=king&page=NaN") == []
    for number in range(60):
        User.objects.create_user(f"reader-{number}x")
    with django_assert_max_num_queries(16):
        assert len(found("?page=99999999")) == 14


# ── the database
def test_the_database_is_not_there_for_anybody_but_a_host_with_a_second_step(cast):
    for who in cast:
        expected = 302 if who == "host" else 404
        for path in ("/desk/database/", "/desk/database/login/", "/desk/database/accounts/user/"):
            assert cast.browsers[who].get(path).status_code == expected or who == "host", (who, path)
    assert cast.browsers["host"].get("/desk/database/").headers["Location"] == "/account/second-step/"
    Authenticator.objects.create(user=cast.users["host"], type="webauthn", data={})
    assert "Tables" in cast.browsers["host"].get("/desk/database/").content.decode()


def test_a_host_reads_and_mends_rows(cast):
    Authenticator.objects.create(user=cast.users["host"], type="webauthn", data={})
    browser = cast.browsers["host"]
    page = browser.get("/desk/database/accounts/user/").content.decode()
    assert "archivist" in page
    key = cast.users["member"].pk
    form = browser.get(f"/desk/database/accounts/user/{key}/change/").content.decode()
    assert PASSWORD not in form
    assert "pbkdf2" not in form
    assert "md5$" not in form


# ── at the machine itself
def test_the_command_forgets_a_lost_second_step(cast, monkeypatch):
    from storykeep.cli.admin import command

    monkeypatch.setattr("storykeep.site.open_archive", lambda _: None)
    Authenticator.objects.create(user=cast.users["host"], type="webauthn", data={})
    printed = CliRunner().invoke(command, ["host", "--role", "host", "--forget-second-step"]).output
    assert "second step of host is forgotten" in printed
    assert not Authenticator.objects.exists()


def test_deeds_are_kept_when_who_did_them_is_gone(cast, settings):
    settings.HOUSE = replace(settings.HOUSE)
    deeds.give_role(cast.users["host"], cast.users["member"], "wrangler")
    cast.users["host"].delete()
    assert (
        "the machine" in cast.browsers["archivist"].get(f"/desk/accounts/{cast.users['member'].ref}").content.decode()
    )


def test_the_page_about_roles_says_what_the_table_says():
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs/reference/roles.md").read_text("utf-8")
    for role, about in roles.ROLES.items():
        assert f"| {role} | {about} |" in page
    rows = re.findall(r"^\| ([^|]+) \|((?: (?:yes )?\|){5})$", page, re.MULTILINE)
    told = {what: tuple(cell.strip() == "yes" for cell in cells.split("|")[:-1]) for what, cells in rows}
    assert told == {what: tuple(role in allowed for role in roles.ROLES) for what, allowed in roles.MAY.items()}

"""One's own account: its pages, the second step, where one is signed in, everything in one file, leaving."""

import datetime as dt
import io
import json
import re
import time
import zipfile
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from storykeep.site.accounts import belongings, daily, leaving
from storykeep.site.accounts.belongings import Belonging, Choice, Page, Thing
from storykeep.site.accounts.models import Leaving, User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
OWN = [
    "account", "account_name", "account_change_password", "account_mail", "account_sessions", "account_everything",
    "account_invitations", "account_leave", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_generate_recovery_codes", "account_email",
]  # fmt: skip


@pytest.fixture
def sends_mail(settings):
    settings.HOUSE = replace(settings.HOUSE, mail="smtp://mail.example", origin="http://testserver")
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


@pytest.fixture
def ada(db):
    """A member with a proved address."""
    user = User.objects.create_user("ada", "ada@example.org", PASSWORD)
    user.emailaddress_set.create(email="ada@example.org", verified=True, primary=True)
    return user


@pytest.fixture
def browser(ada):
    return signed_in()


def signed_in(login="ada", **headers):
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", **headers})
    browser.post("/account/login/", {"login": login, "password": PASSWORD})
    return browser


@pytest.fixture
def room(monkeypatch):
    """A room that keeps two jars for everybody, and remembers what became of them."""
    kept = {"first": "kept", "second": "kept"}
    jars = Belonging(
        name="jars",
        words="your jars",
        pages=(Page(words="My jars", name="home", about="All of them."),),
        export=lambda user: [("list.txt", f"the jars of {user.username}".encode())],
        things=lambda _: [Thing(ref=ref, words=f"The {ref} jar") for ref in kept],
        choices=(Choice(key="keep", words="Keep them"), Choice(key="break", words="Break them")),
        settle=lambda _, ref, choice: kept.update({ref: choice}),
        erase=lambda _: kept.update(erased="yes"),
    )
    monkeypatch.setattr(belongings, "BELONGINGS", {"jars": jars})
    return kept


@pytest.mark.parametrize("name", OWN)
def test_pages_of_ones_own_ask_visitors_to_sign_in_and_lead_back(browser, name):
    path = reverse(name)
    there = Client().get(path)
    assert (there.status_code, there.headers["Location"]) == (302, f"/account/login/?next={path}")
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", OWN)
def test_pages_of_ones_own_ask_the_database_a_fixed_number_of_questions(browser, name, django_assert_max_num_queries):
    for _ in range(3):
        signed_in()
    with django_assert_max_num_queries(25 if name == "account_sessions" else 14):
        browser.get(reverse(name))


def test_the_account_page_has_the_pages_that_rooms_offer(room, browser):
    page = browser.get("/account/").content.decode()
    assert "My jars" in page
    assert "All of them." in page


# ── what can't be undone asks once more
@pytest.mark.parametrize("name", ["account_name", "account_everything", "account_leave", "account_email"])
def test_after_some_minutes_the_password_is_asked_for_again(browser, monkeypatch, name):
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime.fromtimestamp(later, dt.UTC))
    path = reverse(name)
    assert browser.get(path).headers["Location"].startswith("/account/reauthenticate/?next=")
    assert browser.post(path).status_code == 302
    again = browser.post(f"/account/reauthenticate/?next={path}", {"password": "wrong", "next": path})
    assert "not right" in again.content.decode()
    again = browser.post(f"/account/reauthenticate/?next={path}", {"password": PASSWORD, "next": path})
    assert again.headers["Location"] == path
    assert browser.get(path).status_code == 200


def test_somebody_who_was_never_asked_can_not_skip_it_by_sending_the_form(browser, monkeypatch):
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime.fromtimestamp(later, dt.UTC))
    browser.post("/account/leave/", {"sure": "on"})
    assert not Leaving.objects.exists()


# ── name, address, password
def test_a_new_name_signs_in_and_the_old_one_stays_kept_for_its_owner(browser):
    browser.post("/account/name/", {"name": "ada_v"})
    assert Client().post("/account/login/", {"login": "ada_v", "password": PASSWORD}).status_code == 302
    from storykeep.site.accounts import invitations

    assert invitations.is_taken("ADA")
    assert not invitations.is_taken("ada", User.objects.get())
    browser.post("/account/name/", {"name": "ada"})
    assert User.objects.get().username == "ada"


def test_an_archive_that_sends_no_mail_asks_for_no_address_later_either(browser):
    page = browser.get("/account/email/").content.decode()
    assert "sends no mail" in page
    browser.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    assert User.objects.get().email == "ada@example.org"


def test_a_new_address_counts_when_it_is_proved_and_the_old_one_is_told(sends_mail, browser, ada):
    browser.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    code = re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]
    browser.post("/account/code/", {"code": code})
    ada.refresh_from_db()
    assert ada.email == "new@example.org"
    told = [letter for letter in mail.outbox if letter.to == ["ada@example.org"]]
    assert "is now new@example.org" in told[-1].body


def test_an_address_of_somebody_else_is_answered_in_the_same_way(sends_mail, browser):
    User.objects.create_user("wren", "wren@example.org").emailaddress_set.create(
        email="wren@example.org", verified=True
    )
    one = browser.post("/account/email/", {"email": "wren@example.org", "action_add": ""})
    two = signed_in().post("/account/email/", {"email": "free@example.org", "action_add": ""})
    assert one.headers["Location"] == two.headers["Location"] == "/account/code/"
    assert not User.objects.get(username="ada").emailaddress_set.filter(email="wren@example.org").exists()


def test_another_password_ends_all_other_sessions_and_is_told_by_letter(sends_mail, browser):
    other = signed_in()
    new = {"oldpassword": PASSWORD, "password1": "the tide is coming in", "password2": "the tide is coming in"}
    browser.post("/account/password/change/", new)
    assert browser.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert "was changed" in mail.outbox[-1].subject


# ── the second step
def code_of(secret, later=0):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + later))


@pytest.fixture
def app(browser):
    """The secret of an app that was set up, and the recovery codes that came with it."""
    page = browser.get("/account/second-step/app/add/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)[1]
    done = browser.post("/account/second-step/app/add/", {"code": code_of(secret)})
    codes = browser.get(done.headers["Location"]).content.decode()
    return secret, re.findall(r"<li><code>(\w+)</code></li>", codes)


def test_a_second_step_is_asked_for_after_the_password(browser, app):
    secret, _ = app
    there = signed_in()
    assert there.get("/account/").status_code == 302
    assert "The second step" in there.get("/account/second-step/ask/").content.decode()
    there.post("/account/second-step/ask/", {"code": "000000"})
    assert there.get("/account/").status_code == 302
    there.post("/account/second-step/ask/", {"code": code_of(secret, later=1)})
    assert "an app" in there.get("/account/").content.decode()


def test_a_code_works_once(browser, app):
    secret, _ = app
    code = code_of(secret, later=1)
    signed_in().post("/account/second-step/ask/", {"code": code})
    again = signed_in()
    again.post("/account/second-step/ask/", {"code": code})
    assert again.get("/account/").status_code == 302


def test_ten_recovery_codes_are_shown_once_and_each_works_once(browser, app):
    _, codes = app
    assert len(codes) == 10
    assert codes[0] not in browser.get("/account/second-step/codes/").content.decode()
    there, again = signed_in(), signed_in()
    there.post("/account/second-step/ask/", {"code": codes[0]})
    assert there.get("/account/").status_code == 200
    again.post("/account/second-step/ask/", {"code": codes[0]})
    assert again.get("/account/").status_code == 302
    assert "9 of them" in browser.get("/account/second-step/").content.decode()


def test_guessing_codes_is_stopped_after_five_tries_even_with_the_right_one(browser, app):
    secret, _ = app
    there = signed_in()
    for _ in range(5):
        there.post("/account/second-step/ask/", {"code": "000000"})
    answer = there.post("/account/second-step/ask/", {"code": code_of(secret, later=1)})
    assert "Too many" in answer.content.decode()
    assert there.get("/account/").status_code == 302


def test_secrets_lie_sealed_in_the_database(browser, app, settings):
    secret, codes = app
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert all(code not in kept for code in codes)
    settings.SECRET_KEY = "another key, as after a restore without it, that fits nothing"
    assert signed_in().post("/account/second-step/ask/", {"code": code_of(secret, later=1)}).status_code in {200, 302}


def test_neither_a_lost_password_nor_a_link_from_the_host_goes_round_the_second_step(sends_mail, browser, app, ada):
    from storykeep.site.accounts import once

    there = Client()
    ada.refresh_from_db()
    answer = there.post("/" + once.link_for(ada).split("/", 3)[3])
    assert answer.headers["Location"] == "/account/second-step/ask/"
    assert there.get("/account/").status_code == 302
    assert there.get("/account/second-step/ask/").status_code == 200


def test_an_app_is_removed_and_the_codes_go_with_it(browser, app):
    browser.post("/account/second-step/app/remove/")
    assert not Authenticator.objects.exists()
    assert signed_in().get("/account/").status_code == 200


@pytest.mark.parametrize("said", ["", "x", "{}", "[]", '{"id": "x"}', '{"response": null}', "null", "1" * 20_000])
def test_what_is_no_passkey_is_refused_without_a_fault(browser, said):
    for path in ("/account/passkeys/add/", "/account/passkeys/sign-in/"):
        who = browser if "add" in path else Client()
        assert who.post(path, {"credential": said, "name": "x"}).status_code in {200, 302}
    assert not Authenticator.objects.exists()


def test_nobody_renames_or_removes_the_passkey_of_another(browser):
    wren = User.objects.create_user("wren")
    key = Authenticator.objects.create(user=wren, type="webauthn", data={"name": "hers"})
    for deed in ("name", "remove"):
        assert browser.post(f"/account/passkeys/{key.pk}/{deed}/", {"name": "mine"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "hers"


def test_a_host_may_ask_everybody_with_a_role_for_a_second_step(cast, settings):
    settings.HOUSE = replace(settings.HOUSE, staff_second_factor=True)
    answer = cast.browsers["archivist"].get("/desk")
    assert answer.headers["Location"] == "/account/second-step/"
    Authenticator.objects.create(user=cast.users["archivist"], type="webauthn", data={})
    assert cast.browsers["archivist"].get("/desk").status_code == 200


# ── sessions
def test_a_session_gets_a_new_key_at_the_door(ada, client):
    client.get("/account/signup/")
    before = client.session.session_key
    client.post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert client.session.session_key != before


def test_a_cookie_is_worth_nothing_after_signing_out(browser):
    cookie = browser.cookies["session"].value
    browser.post("/account/logout/")
    thief = Client()
    thief.cookies["session"] = cookie
    assert thief.get("/account/").status_code == 302


def test_one_session_or_all_others_can_be_ended(browser):
    phone = signed_in(**{"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile Safari/537.36"})
    third = signed_in()
    page = browser.get("/account/sessions/").content.decode()
    assert "Firefox on Linux" in page
    assert "Chrome on Android" in page
    key = UserSession.objects.get(user_agent__contains="Android").pk
    browser.post("/account/sessions/", {"session": key})
    assert (phone.get("/account/").status_code, third.get("/account/").status_code) == (302, 200)
    browser.post("/account/sessions/", {"others": "yes"})
    assert (browser.get("/account/").status_code, third.get("/account/").status_code) == (200, 302)


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30])
def test_a_session_that_is_not_mine_is_not_there(browser, cast, key):
    theirs = UserSession.objects.create(user=cast.users["member"], session_key="k", ip="::1", user_agent="x")
    assert browser.post("/account/sessions/", {"session": key or theirs.pk}).status_code == 404
    assert UserSession.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(("days", "seen", "status"), [(13, 0, 200), (15, 0, 302), (89, 89, 200), (91, 91, 302)])
def test_a_session_ends_when_nobody_comes_and_after_a_season_anyway(browser, monkeypatch, days, seen, status):
    session = browser.session
    session["seen"] += seen * 86_400
    session.save()
    later = time.time() + days * 86_400
    monkeypatch.setattr("storykeep.site.accounts.sessions.time.time", lambda: later)
    assert browser.get("/account/mail/").status_code == status


def test_a_browser_that_was_not_seen_before_is_told_by_letter_unless_one_does_not_want_it(sends_mail, browser, ada):
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18) Version/18.0 Mobile Safari/604.1"}
    signed_in()
    assert mail.outbox == []
    signed_in(**phone)
    assert "Safari on an iPhone" in mail.outbox[-1].body
    browser.post("/account/mail/", {})
    signed_in(**{"User-Agent": "Lynx/2.9"})
    assert len(mail.outbox) == 1


# ── everything in one file
def test_everything_of_mine_is_one_file_without_any_secret(room, browser, app, ada):
    answer = browser.post("/account/everything/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="everything-of-mine.zip"'
    data = b"".join(answer.streaming_content)
    answer.close()
    zipped = zipfile.ZipFile(io.BytesIO(data))
    assert zipped.namelist() == ["account.json", "jars/list.txt", "index.html", "README.txt"]
    account = json.loads(zipped.read("account.json"))
    assert (account["name"], account["emails"][0]["email"]) == ("ada", "ada@example.org")
    assert [step["kind"] for step in account["second_steps"]] == ["TOTP Authenticator", "Recovery codes"]
    text = zipped.read("account.json").decode()
    secret, codes = app
    ada.refresh_from_db()
    assert not any(word in text for word in (secret, codes[0], ada.password, browser.session.session_key))


def test_downloads_of_everything_are_counted(browser, monkeypatch):
    monkeypatch.setattr("storykeep.site.accounts.views.own.DOWNLOADS", 1)
    answers = [browser.post("/account/everything/") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    for answer in answers:
        answer.close()


# ── leaving
def leave(browser, **choices):
    return browser.post("/account/leave/", {"sure": "on", **choices})


def test_leaving_offers_a_copy_asks_about_each_thing_and_must_be_meant(room, browser):
    page = browser.get("/account/leave/").content.decode()
    assert "download everything of mine" in page
    assert "The first jar" in page
    browser.post("/account/leave/", {})
    assert not Leaving.objects.exists()


def test_a_closed_account_signs_in_nowhere_and_turns_round_within_a_week(sends_mail, room, browser, ada):
    assert "Goodbye" in leave(browser).content.decode()
    assert browser.get("/account/").status_code == 302
    there = Client()
    answer = there.post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert answer.headers["Location"] == "/account/return/"
    assert "You were about to leave" in there.get("/account/return/").content.decode()
    assert not User.objects.get(pk=ada.pk).is_active
    there.post("/account/return/")
    assert signed_in().get("/account/").status_code == 200
    assert room == {"first": "kept", "second": "kept"}


def test_the_link_in_the_letter_turns_round_with_a_button_and_only_while_one_leaves(sends_mail, browser, ada):
    leave(browser)
    link = "/" + re.search(r"http://testserver/(\S+return\S+)", mail.outbox[-1].body)[1]
    assert Client().get(link).status_code == 200
    assert not User.objects.get(pk=ada.pk).is_active
    Client().post(link)
    assert User.objects.get(pk=ada.pk).is_active
    assert Client().get(link).status_code == 404


def test_nobody_turns_somebody_else_round(browser, ada):
    leave(browser)
    assert Client().get("/account/return/").status_code == 302
    assert Client().post("/account/return/x:y:z/").status_code == 404


def test_after_a_week_all_that_is_personal_is_gone_and_the_name_is_given_to_nobody(room, browser, app, ada):
    from storykeep.site.accounts import invitations

    leave(browser, **{"all-jars": "keep", "choice-jars-second": "break", "choice-jars-third": "break"})
    daily.tidy()
    assert User.objects.get(pk=ada.pk).username == "ada"
    Leaving.objects.update(ends_at=timezone.now())
    assert daily.tidy()["erased"] == 1
    assert daily.tidy()["erased"] == 0
    assert room == {"first": "keep", "second": "break", "erased": "yes"}
    ada = User.objects.get(pk=ada.pk)
    assert (str(ada), ada.email, ada.has_usable_password(), ada.is_active) == ("a former member", "", False, False)
    left = [Authenticator.objects.count(), ada.emailaddress_set.count(), UserSession.objects.count()]
    assert left == [0, 0, 0]
    assert invitations.is_taken("Ada")
    assert Client().post("/account/login/", {"login": "ada", "password": PASSWORD}).status_code == 200


def test_choices_that_do_not_exist_become_the_first_one(room, browser):
    leave(browser, **{"all-jars": "sell", "choice-jars-first": "<script>"})
    Leaving.objects.update(ends_at=timezone.now())
    leaving.erase_due()
    assert room["first"] == "keep"


def test_the_only_host_can_not_leave(cast):
    host = cast.users["host"]
    host.set_password(PASSWORD)
    host.save()
    page = leave(signed_in("host")).content.decode()
    assert "Make somebody else a host first" in page
    assert not Leaving.objects.exists()


def test_accounts_whose_address_was_never_proved_go_after_a_week(db):
    old = timezone.now() - dt.timedelta(days=8)
    for name, proved in (("never", False), ("proved", True)):
        user = User.objects.create_user(name, f"{name}@example.org")
        user.emailaddress_set.create(email=user.email, verified=proved, primary=True)
    User.objects.create_user("new", "new@example.org").emailaddress_set.create(email="new@example.org", primary=True)
    User.objects.exclude(username="new").update(date_joined=old)
    assert daily.tidy()["never proved"] == 1
    assert set(User.objects.values_list("username", flat=True)) == {"proved", "new"}

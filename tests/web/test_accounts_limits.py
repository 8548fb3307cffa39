"""Limits that hold across processes and behind a proxy, cookies, and where a sign-in may lead."""

import datetime as dt
import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from storykeep.site.accounts.models import User
from storykeep.site.base import limits
from storykeep.site.base.models import Remembered

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "http:evil.example", "https:/evil.example", "javascript:alert(1)", "data:text/html,x", "/%0d%0aSet-Cookie:x=y",
    "//evil.example/%2f..", "http://testserver@evil.example/", "http://testserver.evil.example", "\t//evil.example",
    "/\t/evil.example", "https:evil.example\0", "x" * 20_000,
]  # fmt: skip


# ── what all processes remember
def test_what_is_remembered_lies_in_the_database_and_ends(db):
    assert cache.add("key", [1, 2.5, "three"], 60)
    assert not cache.add("key", "other", 60)
    assert cache.get("key") == [1, 2.5, "three"]
    assert Remembered.objects.get().value == '[1, 2.5, "three"]'
    Remembered.objects.update(until=timezone.now())
    assert cache.get("key", "over") == "over"
    assert cache.add("key", "new", 60)
    assert cache.touch("key", None)
    assert Remembered.objects.get().until is None
    assert cache.delete("key")
    assert not cache.delete("key")
    assert not cache.touch("key")


def test_what_can_not_be_json_is_not_remembered(db):
    with pytest.raises(TypeError):
        cache.set("key", object())


PROCESS = """
import json, sys
from storykeep.site import open_archive
open_archive()
from django.test import Client
browser = Client(headers={"host": "localhost"})
answers = [browser.post("/account/login/", {"login": "mara", "password": f"{sys.argv[1]}{n}"}) for n in range(3)]
print(json.dumps(["Too many" in answer.content.decode() for answer in answers]))
"""


def test_two_processes_count_together(tmp_path):
    """Three wrong passwords in one process and three in the next are six: one more than five."""
    environment = {**os.environ, "STORYKEEP_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "storykeep.site.settings"}
    environment.pop("STORYKEEP_DATABASE", None)
    counted = []
    for name in ("one", "two"):
        command = [sys.executable, "-c", PROCESS, name]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        counted += json.loads(done.stdout)
    assert counted == [False] * 5 + [True]


def wrong(address, **headers):
    return Client(headers=headers, REMOTE_ADDR=address).post("/account/login/", {"login": "x", "password": "y"})


@pytest.mark.parametrize(("proxies", "told_apart"), [(0, False), (1, True)])
def test_behind_a_proxy_each_visitor_counts_alone_and_nobody_else_is_believed(settings, rf, proxies, told_apart):
    from django.contrib.auth.models import AnonymousUser

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    seen = []
    for address in ("203.0.113.7", "198.51.100.9"):
        request = rf.get("/", headers={"X-Forwarded-For": f"10.9.8.7, {address}"}, REMOTE_ADDR="127.0.0.1")
        request.user = AnonymousUser()
        seen.append(limits.visitor(request))
    assert (len(set(seen)) == 2) == told_apart
    assert "10.9.8.0/24" not in seen


def test_a_lock_from_outside_lasts_minutes_and_not_for_other_people(db):
    for _ in range(7):
        wrong("203.0.113.7")
    assert Remembered.objects.filter(until__gt=timezone.now() + dt.timedelta(minutes=6)).count() == 0
    User.objects.create_user("wren", password=PASSWORD)
    there = Client(REMOTE_ADDR="203.0.113.7").post("/account/login/", {"login": "wren", "password": PASSWORD})
    assert there.status_code == 302


def test_a_flood_of_wrong_passwords_from_everywhere_is_stopped_for_a_minute(db, monkeypatch):
    monkeypatch.setattr("storykeep.site.accounts.adapter.MOST_FAILED", 3)
    answers = [
        Client(REMOTE_ADDR=f"203.0.{n}.7").post("/account/login/", {"login": f"name{n}", "password": "y"})
        for n in range(6)
    ]
    assert ["Too many" in answer.content.decode() for answer in answers] == [False] * 4 + [True] * 2


# ── cookies, and where a sign-in leads
def test_cookies_are_for_the_server_alone_and_for_https_when_there_is_https():
    from django.conf import settings

    from storykeep.site.settings import read

    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")
    assert (settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE) == (True, "Lax")
    assert read({"STORYKEEP_ORIGIN": "https://archive.example"}).secure
    assert not read({}).secure


@pytest.mark.parametrize("there", ELSEWHERE)
def test_a_sign_in_never_leads_to_another_site(there):
    User.objects.create_user("wren", password=PASSWORD)
    answer = Client().post("/account/login/", {"login": "wren", "password": PASSWORD, "next": there})
    assert_stays(answer)


def assert_stays(answer):
    target = answer.headers.get("Location", "")
    parts = urlsplit(target.replace("\\", "/"))
    assert answer.status_code in {200, 302}
    assert parts.netloc in {"", "testserver"}
    assert parts.scheme in {"", "http", "https"}
    assert not target.replace("\\", "/").startswith("//")


@pytest.mark.shared
def test_none_of_the_public_tricks_leads_to_another_site(shared):
    tricks = json.loads((shared / "data/other/other-open-redirect.json").read_text("utf-8"))
    User.objects.create_user("wren", password=PASSWORD)
    from allauth.account.adapter import get_adapter
    from allauth.core import context
    from django.test import RequestFactory

    with context.request_context(RequestFactory().get("/")):
        safe = [trick["input"] for trick in tricks if get_adapter().is_safe_url(trick["input"])]
    for there in safe:
        parts = urlsplit(there.strip().replace("\\", "/").replace("\t", ""))
        assert parts.netloc in {"", "testserver", "localhost", "127.0.0.1"}, there


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", "/account/password/reset/", "/claim"])
@pytest.mark.parametrize("words", ["\0", "\ud800".encode("utf-8", "surrogatepass"), "x" * 100_000, "\u202e", "{{7*7}}"])
def test_odd_words_in_every_field_of_the_entrance_break_nothing(path, words):
    names = ["login", "password", "username", "email", "password1", "password2", "agreed", "next", "remember", "q"]
    answer = Client().post(path, dict.fromkeys(names, words))
    assert answer.status_code in {200, 302}


def test_a_page_of_ones_own_is_not_served_under_the_name_of_a_style_sheet(db):
    for path in ("/account/x.css", "/account/;.js", "/account/%2f../x.js", "/account/sessions/x.css"):
        assert Client().get(path).status_code == 404, path

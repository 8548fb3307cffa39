"""Looking at a page changes nothing, and whatever changes something needs the archive's own form."""

import json
import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client

from doors import listed
from storykeep.site.accounts.roles import ROLES, give
from storykeep.site.base.models import SitePage
from storykeep.site.search import indexing
from walk import VIEWS, address, crawl

pytestmark = pytest.mark.django_db
NOTED = {
    "sessions.Session",
    "usersessions.UserSession",
    "base.Remembered",
    "base.Tally",
    "reading.Opened",
    "readership.Visit",
    "search.SavedSearch",
    "wrangling.Look",
    "submissions.Look",
}  # what a visit leaves: the session, limits, one's own reading log, when a saved search or the pairs were looked at
BY_THEMSELVES = {"account_reset_password_from_key"}  # the link of a letter, kept in the session and out of the address


def everything() -> dict[str, str]:
    """Return all rows of all tables, but for those that note a visit: {label: rows as JSON}."""
    kept = {model._meta.label: model._base_manager for model in apps.get_models() if model._meta.label not in NOTED}
    return {label: serializers.serialize("json", rows.order_by("pk")) for label, rows in kept.items()}


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the tables that differ; a date of last sign-in is no difference."""
    return [label for label in before if rows(before[label]) != rows(after[label])]


def rows(text: str) -> list:
    return [{**row, "fields": {**row["fields"], "last_login": None}} for row in json.loads(text)]


@pytest.mark.parametrize("who", ["visitor", "author", "archivist"])
def test_following_every_link_changes_nothing(cast, works, who):
    SitePage.objects.create(kind="about", title="About", slug="about", body="<p>Hello.</p>")
    indexing.catch_up()
    browser = cast.browsers[who]
    for start in ("/", "/write", "/account/", "/desk"):
        browser.get(start)
    before, seen = everything(), 0
    for start in ("/", "/write", "/account/", "/desk"):
        for _path, _answer in crawl(browser, start, most=150):
            seen += 1
    assert seen > 40
    assert differences(before, everything()) == []


def test_asking_every_address_changes_nothing(cast, works):
    browser = cast.browsers["host"]
    names = [name for name in VIEWS if name not in BY_THEMSELVES]
    for name in names:
        browser.get(address(VIEWS[name][0])).close()  # what is made at the first visit is there now
    before = everything()
    for name in names:
        browser.get(address(VIEWS[name][0])).close()
    assert differences(before, everything()) == []


@pytest.mark.parametrize("role", ["visitor", *ROLES])
def test_no_form_of_another_site_does_anything(db, role):
    """What is sent without the archive's own token is refused, or shown again to whoever typed it."""
    from storykeep.site.accounts.models import User

    browser = Client(enforce_csrf_checks=True)
    if role != "visitor":
        user = User.objects.create_user("somebody", password="a lantern in the fog")
        give(user, role)
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    Client().get("/")  # the archive's own row is made at the first visit
    before = everything()
    for name in listed():
        if name in VIEWS:
            answer = browser.post(address(VIEWS[name][0]), {"name": "x", "title": "x", "yes": "1"})
            answer.close()
            assert answer.status_code in {200, 302, 400, 401, 403, 404, 405, 409}, name
    assert differences(before, everything()) == []


def test_a_public_archive_passes_the_checks_of_deployment(tmp_path):
    given = {
        "STORYKEEP_DATA": str(tmp_path), "STORYKEEP_ORIGIN": "https://archive.example", "STORYKEEP_MAIL": "smtp://localhost",
        "DJANGO_SETTINGS_MODULE": "storykeep.site.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    told = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr

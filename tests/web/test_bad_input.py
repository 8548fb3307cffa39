"""What strangers send to the doors of the house: hosts, methods, addresses of other software, lines in letters."""

import ast
import dataclasses
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage
from django.test import Client

from storykeep.site.base.models import Archive

pytestmark = pytest.mark.django_db
SOURCES = Path(__file__).resolve().parents[2] / "src/storykeep"
ASKS_ITSELF = "cli/serve.py"  # whether the server that it has started answers
FETCHING = {"requests", "httpx", "urllib3", "aiohttp", "urllib.request", "http.client", "ftplib", "telnetlib"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:99999", "[::1", "a b", "\0"],
)
def test_a_host_that_is_not_ours_is_refused(client, settings, host):
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_port_that_is_not_the_archives_is_refused_where_it_is_known(client, settings):
    settings.ALLOWED_HOSTS = ["archive.example"]
    settings.HOUSE = dataclasses.replace(settings.HOUSE, origin="https://archive.example")
    for host, status in (("archive.example", 200), ("archive.example:443", 200), ("archive.example:444", 400)):
        assert client.get("/", headers={"host": host}).status_code == status, host


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-Host"])
def test_headers_of_strangers_change_no_address_on_a_page(client, works, name):
    plain = client.get("/titles").content
    sent = client.get("/titles", headers={name: "evil.example"}).content
    assert b"evil.example" not in sent
    assert len(sent) == len(plain)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/", "/.git/config", "/.env", "/backup.zip", "/storykeep.sqlite3", "/secret-key", "/static/",
        "/originals/",
        "/wp-login.php", "/server-status", "/static/../secret-key", "/static/%2e%2e/secret-key", "/index", "/media/",
        "/debug", "/__debug__/",
    ],
)  # fmt: skip
def test_what_other_houses_leave_open_is_not_here(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "DEBUG", "PUT", "DELETE", "PATCH"])
def test_ways_to_ask_that_nobody_needs_do_nothing(client, works, method):
    answer = client.generic(method, works["public"].get_absolute_url(), data=b"secret-word")
    assert answer.status_code in {200, 400, 403, 405}
    assert b"secret-word" not in answer.content


@pytest.mark.parametrize(
    "field", [{"subject": "a\r\nBcc: x@example.org"}, {"to": ["a@example.org\nBcc: x@example.org"]},
              {"reply_to": ["a@example.org\r\nX: y"]}, {"from_email": "a@example.org\r\nX: y"}],
)  # fmt: skip
def test_no_letter_takes_a_line_too_many(field):
    given = {"subject": "a", "body": "b", "from_email": "c@example.org", "to": ["d@example.org"], **field}
    with pytest.raises(BadHeaderError):
        EmailMessage(**given).send()
    assert mail.outbox == []


def test_an_archive_whose_name_has_two_lines_still_writes_letters(client, cast, settings):
    settings.HOUSE  # noqa: B018 — the house is read
    archive = Archive.current()
    archive.name = "Moonlit\r\nBcc: x@example.org"
    archive.save()
    client.post("/account/password/reset/", {"email": "member@example.org"})
    for letter in mail.outbox:
        assert "\n" not in letter.subject
        assert "x@example.org" not in letter.recipients()


def test_a_new_line_in_an_address_leads_nowhere(client, works):
    for path in ("/account/login/?next=/%0d%0aSet-Cookie:%20a=b", "/titles/%0d%0aX:%20y", "/search?q=%0d%0aX:%20y"):
        answer = client.get(path)
        assert answer.status_code < 500
        assert "Set-Cookie" not in answer.headers.get("Location", "")
        assert "X" not in answer.headers


def test_nothing_in_the_house_fetches_an_address():
    """There is no import from an address, no avatar, no preview of links: so nothing can be led to an inner server."""
    fetching = [
        f"{path.relative_to(SOURCES)}: {name}"
        for path in sorted(SOURCES.rglob("*.py"))
        for name in imported(path)
        if name in FETCHING and str(path.relative_to(SOURCES)) != ASKS_ITSELF
    ]
    assert fetching == []


def imported(path: Path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_pages_of_ones_own_and_private_feeds_tell_no_other_site_their_address(cast):
    for path in ("/account/", "/write", "/feed/saved/nothing"):
        answer = cast.browsers["member"].get(path)
        assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "no-store" in cast.browsers["member"].get("/account/").headers["Cache-Control"]


def test_debug_pages_are_off_unless_the_host_asks():
    assert settings.DEBUG is False
    assert Client().get("/nothing").content.count(b"Traceback") == 0

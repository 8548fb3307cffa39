"""Accounts in real Chromium: joining by a letter, passkeys, an app with codes, recovery codes, sessions, leaving."""

import base64
import email
import hmac
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PASSWORD = "a lantern in the fog"
BUILD = f"""
from storykeep.site import open_archive
open_archive()
from django.contrib.auth import get_user_model
from storykeep.site.accounts.models import Joining
from storykeep.site.base.models import Archive
archive = Archive.current()
archive.name = "The Lantern Shelf"
archive.save()
Joining.objects.create(way="open", invitations_each=3)
get_user_model().objects.create_superuser("mara", password={PASSWORD!r})
"""
KEYS = ("Tab", "Enter", "Space")
OWN = (
    "/account/", "/account/name/", "/account/email/", "/account/password/change/", "/account/mail/",
    "/account/sessions/", "/account/everything/", "/account/invitations/", "/account/leave/",
    "/account/second-step/", "/account/second-step/app/add/", "/account/second-step/codes/new/",
    "/account/passkeys/", "/account/passkeys/add/",
)  # fmt: skip
DESK = ("/desk/joining", "/desk/accounts")


class Shelf:
    """An archive that sends its letters into a folder. Passkeys need a name, so its address begins with one."""

    def __init__(self, base: str, letters: Path) -> None:
        self.base, self.letters = base, letters

    def letter(self) -> str:
        """Return the text of the newest letter."""
        newest = max(self.letters.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        last = newest.read_bytes().split(b"\n" + b"-" * 79)[0]
        return email.message_from_bytes(last).get_payload(decode=True).decode()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, free_port):
    folder = tmp_path_factory.mktemp("shelf")
    letters = folder / "letters"
    base = f"http://localhost:{free_port}"
    ours = {"STORYKEEP_DATA": str(folder / "data"), "STORYKEEP_PORT": str(free_port), "STORYKEEP_ORIGIN": base}
    environment = {**os.environ, **ours, "STORYKEEP_MAIL": letters.as_uri()}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    built = subprocess.run([sys.executable, "-c", BUILD], env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    with (folder / "log").open("w") as log:
        command = [str(Path(sys.executable).with_name("storykeep")), "serve"]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(base, server, folder / "log")
            yield Shelf(base, letters)
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait_for(base, server, log):
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{base}/robots.txt", timeout=5):  # noqa: S310 — our own address
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture
def page(browser, shelf):
    """A page of a browser of its own; whatever its console complains of fails the test."""
    complaints = []
    context = browser.new_context(base_url=shelf.base, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def press(page, *keys):
    for key in keys:
        if key in KEYS:
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def violations(page):
    answer = Axe().run(page, options=RULES)
    return [f"{each['id']}: {node['html'][:160]}" for each in answer.response["violations"] for node in each["nodes"]]


def virtual_key(page):
    """Give the browser a built-in authenticator that always says yes; return (session, id)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def code_of(secret):
    """Return what an app would show now, by RFC 6238."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def join(page, shelf, name):
    """Make an account, with the keyboard alone."""
    page.goto("/account/signup/")
    page.wait_for_timeout(2100)  # nobody fills it in faster
    page.get_by_label("Name").focus()
    press(page, name, "Tab", f"{name}@example.org", "Tab", PASSWORD, "Tab", PASSWORD, "Tab", "Space", "Tab", "Enter")
    page.wait_for_url("**/account/code/")
    assert violations(page) == []
    code = re.search(r"^ {4}(\S+)\s*$", shelf.letter(), re.MULTILINE)[1]
    page.get_by_label("Code").focus()
    press(page, code, "Enter")
    page.wait_for_url(f"{shelf.base}/")


def sign_out(page):
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")


def by_password(page, name):
    page.goto("/account/login/")
    page.get_by_label("Name or e-mail").focus()
    press(page, name, "Tab", PASSWORD, "Enter")


def test_a_member_joins_and_signs_in_with_a_passkey_and_never_touches_a_mouse(page, shelf):
    join(page, shelf, "wren")
    session, key = virtual_key(page)
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Add it").focus()
    press(page, "Enter")
    page.wait_for_url("**/second-step/codes/")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    assert violations(page) == []
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    sign_out(page)
    page.goto("/account/login/?next=/account/passkeys/")
    page.get_by_role("button", name="Sign in with a passkey").focus()
    press(page, "Enter")
    page.wait_for_url(f"{shelf.base}/account/passkeys/")
    assert page.get_by_text("My passkey").count() >= 1
    sign_out(page)
    by_password(page, "wren")
    page.wait_for_url("**/second-step/ask/")
    assert violations(page) == []
    page.get_by_role("button", name="Use my passkey").focus()
    press(page, "Enter")
    page.wait_for_url(f"{shelf.base}/")
    sign_out(page)
    by_password(page, "wren")
    page.wait_for_url("**/second-step/ask/")
    page.get_by_label("Code").focus()
    press(page, codes[0], "Enter")
    page.wait_for_url(f"{shelf.base}/")
    page.goto("/account/second-step/")
    assert page.get_by_text("9 of them are left").count() == 1


def test_a_passkey_that_says_no_is_answered_in_words(page, shelf):
    join(page, shelf, "finch")
    session, key = virtual_key(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("status").filter(has_text="You can try again").wait_for()
    assert page.url.endswith("/passkeys/add/")


def test_an_app_with_codes_works_without_javascript(browser, shelf, page):
    join(page, shelf, "heron")
    context = browser.new_context(base_url=shelf.base, java_script_enabled=False)
    plain = context.new_page()
    by_password(plain, "heron")
    plain.wait_for_url(f"{shelf.base}/")
    plain.goto("/account/passkeys/add/")
    assert plain.get_by_text("Passkeys need JavaScript").is_visible()
    plain.goto("/account/second-step/app/add/")
    secret = plain.locator(".secret").inner_text()
    plain.get_by_label("Code").fill(code_of(secret))
    plain.get_by_role("button", name="Turn it on").click()
    plain.wait_for_url("**/second-step/codes/")
    codes = plain.locator(".codes code").all_inner_texts()
    sign_out(plain)
    by_password(plain, "heron")
    plain.wait_for_url("**/second-step/ask/")
    plain.get_by_label("Code").fill(codes[1])
    plain.get_by_role("button", name="Sign in").click()
    plain.wait_for_url(f"{shelf.base}/")
    plain.goto("/account/sessions/")
    assert plain.get_by_role("heading", level=2).count() == 2
    plain.get_by_role("button", name="Sign out everywhere else").click()
    assert plain.get_by_role("heading", level=2).count() == 1
    page.goto("/account/")
    assert "/account/login/" in page.url
    context.close()


def test_somebody_leaves_and_turns_round_by_the_letter(page, shelf):
    join(page, shelf, "plover")
    page.goto("/account/leave/")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="download everything of mine").click()
    assert downloading.value.suggested_filename == "everything-of-mine.zip"
    page.get_by_label("Yes, close my account").check()
    page.get_by_role("main").get_by_role("button", name="Leave", exact=True).click()
    assert page.get_by_role("heading", name="Goodbye").count() == 1
    page.goto(re.search(r"http://\S+/return/\S+", shelf.letter())[0])
    page.get_by_role("button", name="Keep my account").click()
    by_password(page, "plover")
    page.wait_for_url(f"{shelf.base}/")


def test_a_host_with_a_passkey_reads_the_database_and_its_scripts_run(page, shelf):
    by_password(page, "mara")
    page.wait_for_url(f"{shelf.base}/")
    virtual_key(page)
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/second-step/codes/")
    for path in ("", "accounts/user/", "accounts/joining/1/change/", "auth/group/add/"):
        assert page.goto(f"/desk/database/{path}").status == 200, path
    page.goto("/account/passkeys/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    assert page.goto("/desk/database/").url.endswith("/account/second-step/")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_on_pages_of_accounts_and_nothing_scrolls_sideways(browser, shelf, width, scheme):
    context = browser.new_context(base_url=shelf.base, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    found = look(page, ("/account/login/", "/account/signup/", "/account/password/reset/", "/account/return/"))
    by_password(page, "mara")
    page.wait_for_url(f"{shelf.base}/")
    page.goto("/desk/accounts")
    member = page.locator("th a").first.get_attribute("href")
    found |= look(page, (*OWN, *DESK, member, "/account/logout/"))
    context.close()
    assert {path: names for path, names in found.items() if names} == {}


def look(page, paths):
    found = {}
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, path
        page.evaluate("document.querySelectorAll('main details').forEach((paper) => paper.open = true)")
        found[path] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("it scrolls sideways")
    return found


def test_what_a_browser_says_about_a_passkey_is_what_the_server_reads(page, shelf):
    """The small module packs bytes as the server expects them: nothing but letters of base64url."""
    join(page, shelf, "dunlin")
    virtual_key(page)
    page.goto("/account/passkeys/add/")
    with page.expect_request(lambda asked: asked.method == "POST") as sent:
        page.get_by_role("button", name="Add it").click()
    said = json.loads(parse_qs(sent.value.post_data)["credential"][0])
    assert re.fullmatch(r"[\w-]+", said["response"]["attestationObject"])
    assert said["clientExtensionResults"]["credProps"]["rk"] is True

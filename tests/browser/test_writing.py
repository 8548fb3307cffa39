"""Writing in real Chromium: nothing typed is lost, whatever is killed; what the editor makes is what is kept."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

SAVED = re.compile(r"Saved \d")
TESTS = Path(__file__).resolve().parents[1]
SESSIONS = """
import json
from pathlib import Path
from storykeep.site import open_archive
open_archive()
from django.contrib.auth import get_user_model, SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from storykeep.site.writing import drafts, inviting, names
from storykeep.site.works.models import Work
made = {}
for name in ("ada", "bo"):
    user = get_user_model().objects.create_user(name, f"{name}@example.org", "kept for the browser tests")
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.create()
    made[name] = session.session_key
ada, bo = get_user_model().objects.get(username="ada"), get_user_model().objects.get(username="bo")
shared = drafts.begin(ada, "shared")
inviting.accept(inviting.invite(shared, ada, "bo", "author"), names.usual(bo))
Work.objects.update(title="Shared")
print(json.dumps({"sessions": made, "shared": shared.ref}))
"""


class Archive:
    """An archive of two writers that can be killed and started again."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.base = data, f"http://127.0.0.1:{port}"
        self.environment = {**os.environ, "STORYKEEP_DATA": str(data), "STORYKEEP_PORT": str(port)}
        self.environment |= {"PYTHONPATH": str(TESTS)}
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        told = subprocess.run(
            [sys.executable, "-c", SESSIONS], env=self.environment, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
        self.made = json.loads(told.stdout)

    def start(self):
        self.log = (self.data / "log").open("a")
        command = [str(Path(sys.executable).with_name("storykeep")), "serve"]
        self.server = subprocess.Popen(
            command, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def kill(self):
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait(20)
        self.log.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    from contextlib import closing
    from socket import socket

    with closing(socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    found = Archive(tmp_path_factory.mktemp("writers"), port)
    found.start()
    wait_until_open(found)
    yield found
    found.kill()


def wait_until_open(archive):
    import urllib.error
    import urllib.request

    for _ in range(400):
        assert archive.server.poll() is None, (archive.data / "log").read_text()
        try:
            with urllib.request.urlopen(f"{archive.base}/robots.txt", timeout=5):  # noqa: S310 — our own address
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError((archive.data / "log").read_text())


@pytest.fixture
def writer(browser, archive):
    """Open pages as somebody; {complaints} of the console fail the test, but for lost lines."""
    contexts, complaints = [], []

    def opened(name="ada", path="/write/new", context=None, **options):
        if context is None:
            context = browser.new_context(
                base_url=archive.base, **{"viewport": {"width": 1100, "height": 900}, **options}
            )
            contexts.append(context)
            if name:
                context.add_cookies([{"name": "session", "value": archive.made["sessions"][name], "url": archive.base}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def pad(page):
    return page.locator(".pad-text")


def wait_for_save(page):
    page.locator("[data-saved]", has_text=SAVED).wait_for(timeout=15_000)


def test_what_is_typed_reaches_the_archive_by_itself(writer):
    page = writer()
    page.get_by_label("Title", exact=True).fill("By itself")
    pad(page).click()
    page.keyboard.type("The tide came in.")
    wait_for_save(page)
    assert "/write/works/" in page.url
    page.reload()
    assert pad(page).inner_text().strip() == "The tide came in."
    assert page.get_by_label("Title", exact=True).input_value() == "By itself"


def test_a_page_that_is_killed_in_mid_sentence_loses_nothing_that_is_two_seconds_old(writer):
    page = writer()
    pad(page).click()
    page.keyboard.type("Begun.")
    wait_for_save(page)
    address = page.url
    page.route("**/write/works/**", lambda route: route.abort())
    page.keyboard.type(" And in mid sen")
    page.wait_for_timeout(2000)
    page.keyboard.type("tence")
    crash(page)
    again = writer(path=address, context=page.context)
    again.get_by_text("just as you left it").wait_for()
    assert pad(again).inner_text().strip().startswith("Begun. And in mid sen")
    wait_for_save(again)


def crash(page):
    """End the page's process as a crash does: nothing of the page runs any more."""
    with suppress(Exception):  # the page is gone, whatever the answer
        page.goto("chrome://crash", timeout=3000)


def test_the_archive_may_be_killed_while_somebody_types(writer, archive):
    page = writer()
    pad(page).click()
    page.keyboard.type("Before.")
    wait_for_save(page)
    archive.kill()
    page.keyboard.type(" While it was gone.")
    page.locator("[data-saved]", has_text="offline").wait_for(timeout=15_000)
    archive.start()
    wait_until_open(archive)
    page.locator("[data-saved]", has_text=SAVED).wait_for(timeout=40_000)
    page.reload()
    assert pad(page).inner_text().strip() == "Before. While it was gone."


def test_writing_offline_is_merged_with_what_somebody_else_wrote(writer, archive):
    address = f"/write/works/{archive.made['shared']}"
    ada = writer("ada", address)
    pad(ada).click()
    ada.keyboard.type("One.")
    ada.keyboard.press("Enter")
    ada.keyboard.type("Two.")
    wait_for_save(ada)
    bo = writer("bo", address)
    ada.context.set_offline(True)
    pad(ada).click()
    ada.keyboard.press("Control+End")
    ada.keyboard.type(" From Ada.")
    pad(bo).click()
    bo.keyboard.press("Control+Home")
    bo.keyboard.type("From Bo. ")
    wait_for_save(bo)
    ada.wait_for_timeout(1500)
    ada.context.set_offline(False)
    ada.get_by_text("brought together").wait_for(timeout=40_000)
    assert pad(ada).inner_text().split("\n")[0] == "From Bo. One."
    assert "Two. From Ada." in pad(ada).inner_text()
    bo.reload()
    assert "Two. From Ada." in pad(bo).inner_text()


def test_who_is_signed_out_while_typing_goes_on_after_signing_in(writer, archive):
    page = writer()
    pad(page).click()
    page.keyboard.type("Signed in.")
    wait_for_save(page)
    page.context.clear_cookies(name="session")
    page.keyboard.type(" Signed out.")
    page.get_by_role("link", name="Sign in in another tab").wait_for(timeout=15_000)
    page.context.add_cookies([{"name": "session", "value": archive.made["sessions"]["ada"], "url": archive.base}])
    page.locator("[data-saved]", has_text=SAVED).wait_for(timeout=40_000)
    page.reload()
    assert pad(page).inner_text().strip() == "Signed in. Signed out."


BODIES = (
    "<p>One <em>two</em> <strong>three</strong><br>four &amp; five</p>",
    '<p class="align-center">Middle</p>\n<hr class="scene">\n<p>After</p>',
    "<h2>Heading</h2>\n<blockquote><p>Said</p>\n<p>so</p></blockquote>",
    "<ul><li>a</li><li>b <i>c</i></li></ul>\n<ol><li>one</li></ol>",
    '<div class="lines">verse<br>on verse</div>\n<p>x</p>',
    "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    '<p><span class="small-caps">caps</span> <u>u</u><s>s</s><small>x</small><sup>2</sup></p>',
    '<p>gap</p>\n<hr class="gap gap-reply">\n<p><em>a <strong>b</strong></em></p>',
    '<p><a href="https://example.org/?a=1&amp;b=2" rel="nofollow ugc noopener">l</a></p>',
    '<p lang="fr">Où est\u00a0? “…” 灯 👩‍🚀</p>',
)


ROUND = """async ([schema, clean, body]) => {
    const [{docOf}, {toHtml}] = await Promise.all([import(schema), import(clean)]);
    return toHtml(docOf(body));
}"""


def test_what_the_editor_makes_is_what_the_sanitiser_keeps(writer):
    from storykeep.site.writing.paragraphs import tidy

    page = writer()
    for body in (*BODIES, "\n".join(BODIES)):
        kept = tidy(body)
        made = page.evaluate(ROUND, [asset(page, "schema"), asset(page, "clean"), kept])
        assert made == kept
        assert tidy(made) == made


def asset(page, name):
    """Return the address of one of the editor's modules, as the page loaded it."""
    found = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    return next(each for each in found if f"/writing/{name}." in each)


def test_everything_is_done_with_the_keyboard_and_axe_finds_nothing(writer):
    from axe_playwright_python.sync_playwright import Axe

    page = writer()
    for path in ("/write", "/write/names", "/write/together"):
        other = writer(path=path, context=page.context)
        assert Axe().run(other).response["violations"] == [], path
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Title", exact=True).focus()
    page.keyboard.type("Keys")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('pad-text')"):
            break
    page.keyboard.type("Typed ")
    page.keyboard.press("Control+i")
    page.keyboard.type("slanted")
    page.keyboard.press("Control+f")
    page.keyboard.type("Typed")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Written")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert pad(page).inner_html().startswith("<p>Written <em>slanted</em></p>")


def test_without_scripts_the_text_is_typed_into_a_plain_field(writer):
    page = writer(java_script_enabled=False)
    page.get_by_label("Title", exact=True).fill("Plain")
    page.get_by_label("Text", exact=True).fill("One\n\nTwo\nlines")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_label("Text", exact=True).input_value().strip() == "One\n\nTwo\nlines"
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Publish it now").click()
    assert page.locator("article .text p").all_inner_texts() == ["One", "Two\nlines"]


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_page_fits_every_width(writer, width):
    page = writer(viewport={"width": width, "height": 800})
    pad(page).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


CLIPBOARD = TESTS / "fixtures" / "clipboard"
PASTE = """([html, text]) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector(".pad-text").dispatchEvent(event);
}"""


@pytest.mark.parametrize("program", ["word", "google-docs", "libreoffice", "ao3", "web", "gmail", "apple-mail"])
def test_what_is_pasted_stands_in_the_text_as_its_program_meant_it(writer, program):
    page = writer()
    pad(page).click()
    page.evaluate(PASTE, [(CLIPBOARD / f"{program}.html").read_text("utf-8"), "plain"])
    page.locator(".pad-pasted").wait_for()
    assert page.locator(".pad-pasted li").count() > 0
    assert pad(page).locator("em, i").first.inner_text() in {"never", "he"}
    assert pad(page).locator(".kept").count() == 0
    if program not in {"web", "apple-mail"}:
        assert pad(page).locator("hr.scene").count() == 1
    if program == "word":
        wait_for_save(page)
        before = pad(page).inner_text()
        page.reload()
        assert pad(page).inner_text() == before
        assert page.locator(".pad-told").count() == 0


def test_pasted_words_can_be_only_the_words_and_taken_back(writer):
    page = writer()
    pad(page).click()
    page.keyboard.type("Before. ")
    page.evaluate(PASTE, ["<p style='color:red'>A <b>bold</b> word.</p>", "A bold word.\nAnd a line.\n\nAnd more."])
    page.get_by_role("button", name="Only the words").click()
    assert pad(page).inner_html() == "<p>Before. A bold word.<br>And a line.</p><p>And more.</p>"


def test_a_work_is_written_published_revised_and_brought_back(writer, archive):
    page = writer()
    page.get_by_label("Title", exact=True).fill("The lamp room")
    page.get_by_text("Kind, language, dates").click()
    page.get_by_label("Language", exact=True).fill("en")
    pad(page).click()
    page.keyboard.type("First light.")
    wait_for_save(page)
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Publish it now").click()
    visitor = writer("", page.url)
    assert visitor.locator("article .text").inner_text().strip() == "First light."
    page.goto("/write")
    page.get_by_role("link", name="The lamp room", exact=True).click()
    pad(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Second light.")
    wait_for_save(page)
    visitor.reload()
    assert visitor.locator("article .text").inner_text().strip() == "First light."
    page.get_by_role("button", name="Save and show it").click()
    page.get_by_text("Your readers see the newest text").wait_for()
    visitor.reload()
    assert visitor.locator("article .text").inner_text().strip() == "First light. Second light."
    page.get_by_role("link", name="Every version of the text").click()
    assert page.locator(".changes ins").inner_text().strip() == "Second light."
    page.get_by_role("button", name="Go back to version").click()
    page.get_by_text("stays in the history").wait_for()
    assert pad(page).inner_text().strip() == "First light."
    visitor.reload()
    assert visitor.locator("article .text").inner_text().strip() == "First light. Second light."


# ── in order by hand
CHAPTERS = """
from storykeep.site import open_archive
open_archive()
from django.contrib.auth import get_user_model
from storykeep.site.works.models import Chapter
from storykeep.site.writing import chapters, drafts, queries
from django.utils.crypto import get_random_string
work = drafts.begin(get_user_model().objects.get(username="ada"), get_random_string(8))
rows = [*queries.chapters_of(work), chapters.add(work), chapters.add(work), chapters.add(work)]
for row, name in zip(rows, ("Ebb", "Slack", "Flood", "Neap")):
    Chapter.written.filter(pk=row.pk).update(title=name)
print(work.ref)
"""


@pytest.fixture
def ordered(archive):
    """The address of a draft of four chapters."""
    told = subprocess.run(
        [sys.executable, "-c", CHAPTERS], env=archive.environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return f"/write/works/{told.stdout.strip()}"


def in_order(page):
    return page.locator("[data-order] li bdi").all_inner_texts()


def drag(page, item, to):
    """Move a chapter by its grip to the place of another one, as a finger does: with pointer events of a touch."""
    grip, target = (
        page.locator("[data-order] li", has_text=item).locator(".grip"),
        page.locator("[data-order] li", has_text=to),
    )
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), target.bounding_box()
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    screen = page.context.new_cdp_session(page)
    below = end["y"] > start["y"]
    last = end["y"] + (end["height"] - 4 if below else 4)
    screen.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x, "y": y + (last - y) * step / 8}
        screen.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_chapters_are_moved_with_a_finger_and_what_is_being_typed_stays(writer, ordered):
    page = writer(path=ordered, viewport={"width": 360, "height": 800}, has_touch=True)
    page.get_by_label("Title", exact=True).fill("Being typed")
    with page.expect_response("**/order"):
        drag(page, "Ebb", "Flood")
    page.get_by_text("“Ebb” is number 3 of 4 now.").wait_for()
    assert in_order(page) == ["Slack", "Flood", "Ebb", "Neap"]
    assert page.get_by_label("Title", exact=True).input_value() == "Being typed"
    page.reload()
    assert in_order(page) == ["Slack", "Flood", "Ebb", "Neap"]


def test_chapters_are_moved_with_keys_and_the_focus_goes_along(writer, ordered):
    page = writer(path=ordered)
    page.get_by_role("button", name="Move “Ebb” down").focus()
    for _ in range(3):
        with page.expect_response("**/order"):
            page.keyboard.press("Enter")
    page.get_by_text("“Ebb” is number 4 of 4 now.").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "↑Move “Ebb” up"
    page.reload()
    assert in_order(page) == ["Slack", "Flood", "Neap", "Ebb"]


def test_without_scripts_a_press_moves_a_chapter_and_says_where_it_is(writer, ordered):
    page = writer(path=ordered, java_script_enabled=False)
    page.get_by_role("button", name="Move “Neap” up").click()
    page.get_by_text("“Neap” is number 3 of 4 now.").wait_for()
    assert in_order(page) == ["Ebb", "Slack", "Neap", "Flood"]


# ── small forms
def test_a_small_form_keeps_what_was_typed_when_the_tab_closes_or_one_goes_back(writer):
    page = writer(path="/write/together")
    page.get_by_label("Language").fill("fr")
    page.get_by_label("Who may comment").select_option("none")
    page.locator("input[name=work]").first.check()
    page.close()
    again = writer(path="/write/together", context=page.context)
    again.get_by_text("just as you left it").wait_for()
    assert again.get_by_label("Language").input_value() == "fr"
    assert again.get_by_label("Who may comment").input_value() == "none"
    assert again.locator("input[name=work]").first.is_checked()
    again.get_by_role("button", name="Show what would change").click()
    again.get_by_role("heading", name="What would change").wait_for()
    again.go_back()
    assert again.get_by_label("Language").input_value() == "fr"
    again.goto("/write/together")
    assert again.get_by_label("Language").input_value() == ""
    assert again.get_by_text("just as you left it").count() == 0


def test_the_back_button_shows_the_text_as_it_was_saved_last(writer):
    page = writer()
    pad(page).click()
    page.keyboard.type("First.")
    wait_for_save(page)
    address = page.url
    page.goto("/write")
    page.go_back()
    pad(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Second, and gone at once.")
    page.goto("/write")
    page.goto(address)
    pad(page).get_by_text("gone at once").wait_for()
    assert pad(page).inner_text().strip() == "First. Second, and gone at once."


def test_a_work_is_given_a_date_in_the_writers_own_time(writer):
    page = writer(timezone_id="Europe/Berlin")
    page.get_by_label("Title", exact=True).fill("At a date")
    pad(page).click()
    page.keyboard.type("Later.")
    wait_for_save(page)
    page.get_by_role("button", name="Publish").click()
    assert page.get_by_label("Your time zone").input_value() == "Europe/Berlin"
    page.get_by_label("Day", exact=True).fill("2090-07-01")
    page.get_by_label("Time", exact=True).fill("18:30")
    page.get_by_role("button", name="Publish it then").click()
    page.get_by_text("It will be published on 1 July 2090 at 18:30 (Europe/Berlin).").wait_for()
    assert "2090-07-01T16:30" in page.locator("time[data-local]").first.get_attribute("datetime")
    assert "6:30" in page.locator("time[data-local]").first.inner_text() or "18:30" in page.content()


def test_what_was_typed_offline_is_there_when_the_page_was_closed_meanwhile(writer):
    page = writer()
    pad(page).click()
    page.keyboard.type("Ashore.")
    wait_for_save(page)
    address, context = page.url, page.context
    context.set_offline(True)
    page.keyboard.type(" At sea.")
    page.locator("[data-saved]", has_text="offline").wait_for(timeout=15_000)
    page.close()
    context.set_offline(False)
    again = writer(path=address, context=context)
    again.get_by_text("just as you left it").wait_for()
    wait_for_save(again)
    again.reload()
    assert pad(again).inner_text().strip() == "Ashore. At sea."


AT = """(there) => there.startsWith("=")
    ? document.activeElement.innerText?.trim() === there.slice(1)
    : document.activeElement.matches(there)"""


def tab_to(page, there):
    """Press Tab until the focus is on ``there``: a CSS selector, or "=" and the words of a button or link."""
    for _ in range(120):
        if page.evaluate(AT, there):
            return
        page.keyboard.press("Tab")
    raise AssertionError(there)


def test_from_the_door_to_a_comment_with_the_keyboard_alone(writer):
    page = writer("", "/account/login/?next=/write/new")
    tab_to(page, "[name=login]")
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type("kept for the browser tests")
    page.keyboard.press("Enter")
    page.wait_for_url("**/write/new")
    pad(page).wait_for()
    tab_to(page, "[name=title]")
    page.keyboard.type("By keys alone")
    tab_to(page, ".pad-text")
    page.keyboard.type("No mouse was near.")
    wait_for_save(page)
    tab_to(page, "summary:has(+ * [name=language]), details:has([name=language]) > summary")
    page.keyboard.press("Enter")
    tab_to(page, "[name=language]")
    page.keyboard.type("en")
    wait_for_save(page)
    tab_to(page, "button[value=publish]")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Publish it now").wait_for()
    tab_to(page, "=Publish it now")
    page.keyboard.press("Enter")
    page.locator("article .text", has_text="No mouse was near.").wait_for()
    tab_to(page, "main a[href*='comments']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/comments**")
    tab_to(page, "textarea[name=words]")
    page.keyboard.type("Not even here.")
    tab_to(page, "form:has(textarea[name=words]) button")
    page.keyboard.press("Enter")
    page.locator("main", has_text="Not even here.").wait_for()
    assert page.locator("textarea", has_text="Not even here.").count() == 0

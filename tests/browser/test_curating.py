"""A story's way through a curated archive in real Chromium, by keyboard alone: sent in, edited, accepted, read."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
BUILD = """
import json
from storykeep.site import open_archive
open_archive()
from django.contrib.auth import get_user_model, SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from storykeep.site.accounts.roles import give
from storykeep.site.submissions.models import Rules, Way
Rules.objects.create(way=Way.CURATED, policy="<p>Stories of the sea.</p>", version=1)
made = {}
for name, role in (("nell", "member"), ("mara", "archivist")):
    user = get_user_model().objects.create_user(name, f"{name}@example.org", "kept for the browser tests")
    give(user, role)
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.create()
    made[name] = session.session_key
print(json.dumps(made))
"""
FOCUSED = """() => {
  const here = document.activeElement, label = here.labels?.[0]?.innerText;
  return [here.getAttribute("aria-label") || label || here.innerText || here.title || "", here.id];
}"""


@pytest.fixture(scope="module")
def curated(serve, tmp_path_factory):
    with serve(tmp_path_factory.mktemp("curated"), BUILD) as running:
        yield running


@pytest.fixture
def at_keyboard(browser, curated):
    """Open pages as somebody; what the console complains of fails the test."""
    contexts, complaints = [], []

    def opened(name="", path="/", *, width=1280, scheme="light"):
        context = browser.new_context(
            base_url=curated.base, viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        if name:
            context.add_cookies([{"name": "session", "value": curated.works[name], "url": curated.base}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def tab_to(page, words):
    """Press Tab until what is named ``words`` has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        said, key = page.evaluate(FOCUSED)
        if words in {key, " ".join(said.split())}:
            return
    raise AssertionError(f"Tab does not lead to {words!r} on {page.url}")


def press(page, words, *, leads=None):
    """Go to a link or button by Tab, and press Enter."""
    tab_to(page, words)
    page.keyboard.press("Enter")
    if leads:
        page.wait_for_url(leads)


def fill(page, words, text):
    tab_to(page, words)
    page.keyboard.type(text)


def faults(page):
    answer = Axe().run(page, options=RULES)
    found = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in answer.response["violations"]]
    return found + ["it scrolls sideways"] * page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_from_the_first_word_to_the_readers_by_keyboard(at_keyboard):
    found = {}
    nell, mara, reader = at_keyboard("nell", "/write/new"), at_keyboard("mara", "/desk/submissions"), at_keyboard()
    ref = sends_in(nell, found)
    assert reader.goto(f"/works/{ref}").status == 404
    mara.reload()
    one = asks_for_changes(mara, found)
    suggests(mara, found, one)
    nell.reload()
    takes_one_and_leaves_one(nell, found)
    nell.goto(f"/write/works/{ref}/submission")
    sends_in_again(nell, found)
    mara.goto(one)
    accepts(mara, found)
    reader.goto(f"/works/{ref}")
    assert "She lit the great lamp." in reader.inner_text("article")
    assert "Not even she." not in reader.inner_text("article")
    assert {name: said for name, said in found.items() if said} == {}


def sends_in(nell, found):
    fill(nell, "id_title", "The last lamp")
    fill(nell, "id_body", "She lit the lamp.")
    for line in ("The tide came in.", "Nobody saw it."):
        nell.keyboard.press("Enter")
        nell.keyboard.type(line)
    press(nell, "Publish …", leads="**/publication")
    assert "Stories of the sea." in nell.inner_text("main")
    found["publish"] = faults(nell)
    fill(nell, "id_words", "My first.")
    press(nell, "Submit it", leads="**/submission")
    assert "It waits for the archivist." in nell.inner_text("main")
    return nell.url.split("/works/")[1].split("/")[0]


def asks_for_changes(mara, found):
    found["queue"] = faults(mara)
    press(mara, "The last lamp", leads="**/desk/submissions/*")
    one = mara.url
    fill(mara, "id_words", "Look at my edits, please.")
    press(mara, "Ask for changes")
    mara.locator(".desk-said", has_text="Done").wait_for()
    return one


def suggests(mara, found, one):
    press(mara, "The text", leads="**/reading?chapter=*")
    assert "She lit the lamp." in mara.inner_text("article .chapters")
    found["reading"] = faults(mara)
    press(mara, "Suggest edits", leads="**/suggest/*")
    tab_to(mara, "id_body")
    for key in ("Control+Home", "End", *(["ArrowLeft"] * 5)):
        mara.keyboard.press(key)
    mara.keyboard.type("great ")
    for key in ("Control+End", "Enter"):
        mara.keyboard.press(key)
        mara.wait_for_timeout(200)  # nobody presses keys within one beat of the editor's
    mara.keyboard.type("Not even she.")
    found["suggest"] = faults(mara)
    press(mara, "Suggest these edits", leads=one)
    assert "2 edits suggested. The work itself is as it was." in mara.inner_text(".desk-said")


def takes_one_and_leaves_one(nell, found):
    press(nell, "The text", leads="**/edits/*")
    assert "great" in nell.inner_text(".passage ins")
    found["edits"] = faults(nell)
    press(nell, "Accept edit 1 of Text")
    nell.get_by_text("Accepted: it stands in your text.").wait_for()
    press(nell, "Decline edit 2 of Text")
    nell.get_by_text("Declined: your text is as it was.").wait_for()
    press(nell, "Every version of the text", leads="**/history")
    assert "With edits that were suggested on" in nell.inner_text("main")


def sends_in_again(nell, found):
    fill(nell, "id_words", "One of them.")
    press(nell, "Send it in again")
    nell.get_by_text("It waits for the archivist.").wait_for()
    found["own"] = faults(nell)


def accepts(mara, found):
    assert "Changed since you read it" in mara.inner_text("main")
    assert "took 1 of 2 suggested edits" in mara.inner_text("main")
    found["one"] = faults(mara)
    press(mara, "Accept it")
    mara.locator(".desk-said", has_text="Done").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (320, "light")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(at_keyboard, curated, width, scheme):
    mara = at_keyboard("mara", "/desk/submissions/rules", width=width, scheme=scheme)
    found = {"rules": faults(mara)}
    mara.goto("/desk/submissions?state=accepted")
    found["queue"] = faults(mara)
    one = mara.locator(".sent a").first.get_attribute("href")
    for path in (one, f"{one}/reading", f"{one}/suggest"):
        mara.goto(path)
        found[path] = faults(mara)
    mara.goto(one)
    edits = mara.locator(".thread a").first.get_attribute("href")
    mara.goto(edits)
    found["suggested"] = faults(mara)
    nell = at_keyboard("nell", "/write", width=width, scheme=scheme)
    work = nell.get_by_role("link", name="The last lamp").first.get_attribute("href")
    for path in (f"{work}/submission", f"{work}/edits/{edits.rsplit('/', 1)[1]}"):
        nell.goto(path)
        found[path] = faults(nell)
    assert {name: said for name, said in found.items() if said} == {}


def test_without_a_script_a_copy_is_edited_in_a_plain_field(browser, curated):
    context = browser.new_context(base_url=curated.base, java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": curated.works["mara"], "url": curated.base}])
    page = context.new_page()
    page.goto("/desk/submissions?state=accepted")
    page.goto(page.locator(".sent a").first.get_attribute("href"))
    page.get_by_role("link", name="suggest edits").first.click()
    field = page.get_by_label("Text", exact=True)
    assert field.input_value().startswith("She lit the great lamp.")
    field.fill(field.input_value().replace("tide", "flood"))
    page.get_by_role("button", name="Suggest these edits").click()
    assert "1 edit suggested" in page.inner_text(".desk-said")
    context.close()

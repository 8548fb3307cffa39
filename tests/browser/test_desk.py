"""The desk by keyboard: an archivist settles what waits without touching a mouse, and never loses the place."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
BUILD = """
import json
from storykeep.site import open_archive
open_archive()
import twice
from django.contrib.auth import get_user_model
works = twice.build()
get_user_model().objects.create_superuser("mara", password="kept for the browser tests")
print(json.dumps({name: work.ref for name, work in works.items()}))
"""


@pytest.fixture(scope="module")
def desk(serve, tmp_path_factory):
    with serve(tmp_path_factory.mktemp("twice"), BUILD) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(browser, desk):
    context = browser.new_context(base_url=desk.base)
    page = context.new_page()
    page.goto("/account/login/")
    page.get_by_label("Name or e-mail").fill("mara")
    page.get_by_label("Password").fill("kept for the browser tests")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def at(browser, desk, signed_in):
    """Open a page of the desk; whatever the console complains of fails the test."""
    contexts, complaints = [], []

    def opened(path, **options):
        context = browser.new_context(base_url=desk.base, storage_state=signed_in, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def press(page, key):
    """Press a key that leads to another page, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press(key)


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def violations(page):
    answer = Axe().run(page, options=RULES)
    return [f"{each['id']}: {node['html'][:160]}" for each in answer.response["violations"] for node in each["nodes"]]


def test_findings_are_accepted_one_after_the_other_and_one_is_undone(at):
    page = at("/desk/findings/one?code=gap.reply")
    assert page.get_by_text("2 open").count() == 1
    assert page.get_by_role("heading", level=1).inner_text() == "Neap Tide"
    assert focused(page) == "Accept, next"
    press(page, "a")
    assert page.get_by_role("heading", level=1).inner_text() == "Slack Tide"
    assert focused(page) == "Accept, next"
    press(page, "u")
    assert page.get_by_text("2 open").count() == 1
    press(page, "k")
    assert page.get_by_role("heading", level=1).inner_text() == "Neap Tide"
    press(page, "j")
    assert page.get_by_role("heading", level=1).inner_text() == "Slack Tide"


def test_a_letter_that_is_typed_into_a_field_decides_nothing(at):
    page = at("/desk/works?show=all")
    page.get_by_label("Title or author").press_sequentially("agu")
    assert page.get_by_label("Title or author").input_value() == "agu"
    assert "/desk/works" in page.url


def test_the_texts_are_walked_place_by_place_and_shown_by_what_differs(at, desk):
    page = at(f"/desk/works/{desk.works['gaps']}/1")
    assert page.locator(".here").count() == 1
    page.keyboard.press("j")
    assert page.locator(".here input[type=checkbox]").count() == 1
    page.keyboard.press("x")
    assert not page.locator(".here input[type=checkbox]").is_checked()
    whole = page.locator(".row").count()
    press(page, "f")
    assert page.locator(".row").count() < whole
    assert page.locator(".row.differs").count() >= 1


def test_the_words_of_another_copy_are_taken_by_key_and_given_back(at, desk):
    page = at(f"/desk/works/{desk.works['more']}/1")
    press(page, "2")
    assert page.locator(".variants").get_by_text("Chosen from another copy").count() == 1
    press(page, "u")
    assert page.get_by_role("button", name="Take theirs").count() == 1


def test_two_people_become_one_and_two_again(at):
    page = at("/desk/people")
    assert "Zoë Quayle" in page.locator(".here").inner_text()
    press(page, "s")
    assert page.get_by_text("Nobody waits here").count() == 1
    press(page, "u")
    assert page.locator("[data-item]").count() == 1


def test_two_copies_become_one_text_and_two_again(at):
    page = at("/desk/copies")
    press(page, "o")
    assert focused(page) == "One text from both" or page.get_by_text("Nothing: all that").count() == 1
    press(page, "x")
    assert page.get_by_text("lost lines").count() == 1
    page.keyboard.press("j")
    assert page.locator(".place.here").count() == 1
    press(page, "a")
    assert page.get_by_text("Nothing waits here").count() == 1
    press(page, "u")
    assert page.locator("[data-item]").count() == 1


def test_everything_can_be_done_without_javascript(at):
    page = at("/desk/findings/one?code=gap.reply", java_script_enabled=False)
    page.get_by_role("button", name="Reject, next").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Slack Tide"
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_text("2 open").count() == 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(at, desk, width, scheme):
    page = at("/desk", viewport={"width": width, "height": 800}, color_scheme=scheme)
    work = desk.works["gaps"]
    lists = ("", "/bring", "/works?show=all", "/log", "/findings", "/findings/one", "/people", "/copies")
    paths = [*(f"/desk{each}" for each in lists), f"/desk/works/{work}", f"/desk/works/{work}/1"]
    page.goto("/desk/copies")
    paths.append(page.locator("[data-item] a.button").first.get_attribute("href"))
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("it scrolls sideways")
    assert {path: names for path, names in found.items() if names} == {}

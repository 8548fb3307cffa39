"""A reader's evening, in real Chromium: find, read, turn pages, change the type, come back, take a copy along."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_somebody_finds_reads_and_takes_a_story_along(open_page):
    page = open_page("/")
    page.get_by_role("combobox", name="Search titles").fill("lantern")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Slack Tide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Slack Tide")
    expect(page.get_by_text("He said it’ll do")).to_be_visible()
    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="EPUB", exact=True).click()
    assert waiting.value.suggested_filename == "Ilse Marrow - Slack Tide.epub"


def test_everything_works_without_a_script(open_page, site):
    page = open_page(site.works["shapes"], java_script_enabled=False)
    assert not page.locator(".look").is_visible()
    page.get_by_text("Contents", exact=True).click()
    page.get_by_role("link", name=re.compile("Rope")).first.click()
    expect(page.get_by_role("heading", name="Rope")).to_be_visible()
    page.get_by_role("link", name=re.compile("Chapter 3")).last.click()
    expect(page.get_by_text("“The end,” said nobody.")).to_be_visible()
    page.goto("/search?q=quay")
    expect(page.get_by_role("link", name="Every Shape of Paragraph")).to_be_visible()


def test_the_look_is_kept_and_there_before_the_first_paint(open_page, site):
    page = open_page(site.works["tide"])
    size = "getComputedStyle(document.querySelector('.text')).fontSize"
    before = page.evaluate(size)
    page.get_by_label("How the page looks").click()
    page.get_by_label("Dark", exact=True).check(force=True)
    page.get_by_label("very large").check(force=True)
    page.get_by_label("Wide").check(force=True)
    page.get_by_label("Even").check(force=True)
    assert float(page.evaluate(size)[:-2]) > float(before[:-2])
    assert page.evaluate("getComputedStyle(document.querySelector('.text')).textAlign") == "justify"
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => window.early = document.documentElement.dataset.theme);"
        "new PerformanceObserver(l => window.shift = (window.shift || 0) + l.getEntries().length)"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.reload()
    assert page.evaluate("window.early") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == paper
    assert not page.evaluate("window.shift")
    page.goto("/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_label("How the page looks").click()
    page.get_by_role("button", name="Set back").click()
    assert page.evaluate("document.documentElement.dataset.theme") is None
    page.keyboard.press("Escape")
    expect(page.locator(".look form")).not_to_be_visible()


def test_the_paper_follows_the_device(open_page):
    light = open_page("/", color_scheme="light").evaluate("getComputedStyle(document.documentElement).backgroundColor")
    dark = open_page("/", color_scheme="dark").evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (light, dark) == ("rgb(255, 253, 248)", "rgb(22, 21, 19)")


def test_a_story_is_read_with_keys_alone(open_page, site):
    page = open_page(site.works["shapes"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the story")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("t")
    expect(page.get_by_role("navigation", name="Chapters", exact=True)).to_be_visible()
    page.keyboard.press("n")
    page.wait_for_url("**/2")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/3")
    page.keyboard.press("p")
    page.wait_for_url("**/2")
    page.keyboard.press("e")
    page.wait_for_url("**/whole")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_keys_rest_in_fields_and_when_they_are_switched_off(open_page, site):
    page = open_page(site.works["shapes"])
    page.get_by_label("How the page looks").click()
    page.keyboard.press("Tab")
    page.get_by_label("Off", exact=True).check(force=True)
    page.keyboard.press("Escape")
    page.locator("body").press("n")
    page.wait_for_timeout(150)
    assert page.url.endswith(site.works["shapes"].rpartition("/")[2])
    page.goto("/search")
    page.get_by_role("combobox", name="Search titles").press("n")
    assert page.get_by_role("combobox", name="Search titles").input_value() == "n"


def test_the_place_is_kept_on_the_device(open_page, site):
    page = open_page(f"{site.works['shapes']}/2", width=360, height=500)
    page.evaluate("document.querySelectorAll('.text > p')[20].scrollIntoView({behavior: 'instant'})")
    until(page, "localStorage.getItem('places')")
    expect(page.locator(".progress-line")).to_contain_text("min left")
    page.goto(site.works["shapes"])
    page.get_by_role("button", name="Go on at Rope").click()
    page.wait_for_url("**/2")
    until(page, "scrollY > 300")
    seen = page.evaluate("document.activeElement.textContent")
    assert "Wave 20" in seen


def until(page, question):
    """Wait until the page answers ``question`` with yes. Its policy forbids Playwright's own way of asking again."""
    for _ in range(150):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


def test_print_puts_the_story_on_paper_and_nothing_else(open_page, site):
    page = open_page(site.works["tide"])
    page.emulate_media(media="print")
    for name in (".site-header", ".site-footer", ".toolbar"):
        expect(page.locator(name)).not_to_be_visible()
    expect(page.get_by_text("He said it’ll do")).to_be_visible()
    style = page.evaluate("(s => [s.textAlign, s.fontSize])(getComputedStyle(document.querySelector('.text')))")
    assert style == ["justify", f"{11 * 96 / 72:.4f}px"]
    assert page.pdf().startswith(b"%PDF")


def test_the_page_asks_for_little_and_from_nobody_else(open_page, site):
    page = open_page("/titles")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site["tide"])
    page.wait_for_load_state("networkidle")
    own = [url for url in asked if "/mark." not in url]
    assert all(url.startswith(site.base) for url in asked)
    assert len(own) <= 4, own


def test_the_saved_page_can_do_nothing(open_page, site, archivist_state):
    page = open_page(site.works["tide"], storage_state=archivist_state, sealed=True)
    dialogs, asked = [], []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.dismiss())
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.get_by_role("main").get_by_role("link", name="As it was saved", exact=True).click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Slack Tide")).to_be_visible()
    expect(page.get_by_role("cell", name="repair.elision")).to_be_visible()
    assert dialogs == []
    assert not [url for url in asked if "tracker" in url]

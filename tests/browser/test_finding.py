"""Lists in real Chromium: choices apply without a reload, back and forward are right, keys and voices are served."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
LISTS = (
    "/new",
    "/search?q=lantern",
    "/browse/rating/pg-13",
    "/authors/ilse-marrow",
    "/search?q=nothing-like-it&lang=en",
)


def open_group(page, name):
    group = page.locator(f"details[data-group={name}]")
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    return group


def test_a_choice_applies_without_a_reload_and_back_takes_it_back(open_page):
    page = open_page("/new")
    page.evaluate("window.untouched = true")
    before = page.locator("#count").text_content()
    group = open_group(page, "rating")
    group.get_by_role("checkbox", name="PG-13").first.check()
    expect(page).to_have_url(re.compile(r"/new\?with=rating:pg-13$"))
    expect(page.locator("#announced")).to_have_text("One work")
    expect(page.locator(".chips")).to_contain_text("PG-13")
    assert page.evaluate("document.activeElement.value") == "rating:pg-13"
    page.go_back()
    expect(page).to_have_url(re.compile(r"/new$"))
    expect(page.locator("#count")).to_have_text(before)
    expect(page.locator(".chips")).to_have_count(0)
    page.go_forward()
    expect(page.locator("#count")).to_have_text("One work")
    assert page.evaluate("window.untouched")


def test_a_chip_is_taken_away_and_the_focus_goes_to_the_count(open_page):
    page = open_page("/new?with=rating:pg-13")
    page.locator(".chips a").first.press("Enter")
    expect(page).to_have_url(re.compile(r"/new$"))
    assert page.evaluate("document.activeElement.id") == "count"


def test_what_is_left_out_cannot_be_chosen_too(open_page):
    page = open_page("/new?with=rating:pg-13")
    group = page.locator("details[data-group=rating]")
    group.locator("input[name=not]").first.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/new\?not=rating:pg-13$"))


def test_on_a_phone_the_panel_is_a_sheet(open_page):
    page = open_page("/new", width=360, height=740)
    expect(page.locator("#filters")).to_be_hidden()
    page.get_by_role("link", name="Filter").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    assert page.evaluate("document.activeElement.className") == "filters-close"
    assert page.evaluate("document.querySelector('.found').inert")
    open_group(page, "rating").get_by_role("checkbox", name="PG-13").first.check()
    expect(sheet.get_by_role("button", name="Show one work")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator(".chips")).to_contain_text("PG-13")
    assert "filters-open" in page.evaluate("document.activeElement.className")


def test_without_scripts_the_form_and_the_sheet_work(open_page):
    page = open_page("/new", java_script_enabled=False)
    open_group(page, "rating")
    page.locator("input[name=with][value='rating:pg-13']").check()
    page.get_by_role("button", name="Show the works").click()
    expect(page).to_have_url(re.compile(r"/new\?with=rating:pg-13$"))
    expect(page.locator("#count")).to_have_text("One work")
    phone = open_page("/new", width=360, height=740, java_script_enabled=False)
    expect(phone.locator("#filters")).to_be_hidden()
    phone.get_by_role("link", name="Filter").click()
    expect(phone.locator("#filters")).to_be_visible()
    phone.get_by_role("link", name="Close").click()
    expect(phone.locator("#filters")).to_be_hidden()


def test_the_search_box_suggests_and_keys_choose(open_page):
    page = open_page("/")
    box = page.get_by_role("combobox", name="Search titles")
    box.press_sequentially("slak ti")
    option = page.get_by_role("option", name="Slack Tide")
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/works/\w+/slack-tide$"))


def test_escape_closes_suggestions_and_enter_searches(open_page):
    page = open_page("/search")
    box = page.get_by_role("combobox", name="Search titles")
    box.press_sequentially("slack")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=slack$"))


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_accessible_and_fit(open_page, path):
    for width, scheme in ((1280, "light"), (360, "dark")):
        page = open_page(path, width=width, color_scheme=scheme)
        if width == 360 and page.locator(".filters-open").count():
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
            page.get_by_role("link", name="Filter").click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
    narrow = open_page(path, width=320)
    assert not narrow.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def test_pages_of_members_are_accessible(open_page, archivist_state, site):
    ask = f"/never/ask?work={site.works['tide'].split('/')[2]}"
    for path in ("/never", ask, "/search/saved", "/search/saved/new?of=/new", "/reading-log", "/new?more=rating"):
        page = open_page(path, width=360, storage_state=archivist_state)
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def test_never_show_me_from_a_card_and_back(open_page, archivist_state):
    page = open_page("/new", storage_state=archivist_state)
    page.get_by_text("More about Slack Tide").locator("..").click()
    page.get_by_role("link", name="Never show me… Slack Tide").click()
    page.get_by_role("button", name="Never show Slack Tide").click()
    expect(page).to_have_url(re.compile(r"/new$"))
    expect(page.locator(".hits")).not_to_contain_text("Slack Tide")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".hits")).to_contain_text("Slack Tide")

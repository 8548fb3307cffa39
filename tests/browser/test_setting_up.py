"""The pages at which an archivist sets up the archive: for everybody, on a telephone too, without JavaScript too."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = ("/desk/archive", "/desk/texts", "/desk/texts/new", "/desk/kinds", "/account/password/change/")


def violations(page):
    answer = Axe().run(page, options=RULES)
    return [f"{each['id']}: {node['html'][:160]}" for each in answer.response["violations"] for node in each["nodes"]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, site, archivist_state, width, scheme):
    page = open_page("/desk/archive", width=width, color_scheme=scheme, storage_state=archivist_state)
    found = {}
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach((paper) => paper.open = true)")
        found[path] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("it scrolls sideways")
    assert {path: names for path, names in found.items() if names} == {}


def test_an_address_of_the_old_site_that_nobody_knows_is_a_page_for_everybody(browser, site):
    context = browser.new_context(base_url=site.base, viewport={"width": 360, "height": 700})
    page = context.new_page()
    assert page.goto("/archive/2/storm_over_the_quay.html?x=1").status == 404
    assert page.get_by_text("storm over the quay").count() >= 1
    assert violations(page) == []
    context.close()


def test_news_are_written_and_read_without_javascript(open_page, site, archivist_state):
    page = open_page("/desk/texts/new", storage_state=archivist_state, java_script_enabled=False)
    page.get_by_label("Kind").select_option("news")
    page.get_by_label("Title").fill("A new roof")
    page.get_by_label("Body").fill("It rained in.\n\nNo more.")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    page.goto("/news")
    assert page.get_by_text("It rained in.").count() == 1

"""Every kind of page for everybody: axe finds nothing, nothing scrolls sideways at 320 px, the console is silent."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = [
    "/",
    "/new",
    "/titles",
    "/authors",
    "/series",
    "/browse",
    "/browse/rating",
    "/browse/rating/pg-13",
    "/search",
    "/search?q=quay",
    "/news",
    "/authors/ilse-marrow",
    "/account/login/",
    "/account/password/reset/",
    "{shapes}",
    "{shapes}/2",
    "{shapes}/3",
    "{shapes}/whole",
    "{shapes}/contents",
    "{shapes}/plain",
    "{shapes}/print",
    "{tide}",
    "{letter}",
    "{lost}",
    "{hostile}",
]  # fmt: skip — a list of addresses
VIEWS = [(1280, "light"), (360, "dark")]


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_axe_finds_nothing(open_page, site, width, scheme):
    page = open_page("/", width=width, color_scheme=scheme)
    found = {}
    for path in PAGES:
        page.goto(path.format(**site.works))
        page.evaluate("document.querySelectorAll('main details').forEach((paper) => paper.open = true)")
        found[path] = violations(page)
    assert {path: names for path, names in found.items() if names} == {}


def test_axe_finds_nothing_in_the_open_panel_on_any_paper(open_page, site):
    page = open_page(site.works["shapes"])
    page.get_by_label("How the page looks").click()
    for paper in ("light", "sepia", "dark", "black"):
        page.evaluate("(paper) => document.documentElement.dataset.theme = paper", paper)
        assert violations(page) == [], paper
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert violations(page) == []


def test_axe_finds_nothing_behind_a_story(open_page, site, archivist_state):
    page = open_page(f"{site.works['tide']}/saved", storage_state=archivist_state, sealed=True)
    assert violations(page) == []


def test_axe_finds_nothing_where_nothing_is(browser, site):
    context = browser.new_context(base_url=site.base)
    page = context.new_page()
    assert page.goto("/nothing-here").status == 404
    assert violations(page) == []
    context.close()


def violations(page):
    answer = Axe().run(page, options=RULES)
    return [f"{each['id']}: {node['html'][:160]}" for each in answer.response["violations"] for node in each["nodes"]]


def test_nothing_scrolls_sideways_at_320_pixels(open_page, site):
    page = open_page("/", width=320)
    too_wide = []
    for path in PAGES:
        page.goto(path.format(**site.works))
        page.evaluate("document.querySelectorAll('main details').forEach((paper) => paper.open = true)")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)
    assert too_wide == []


def test_text_of_double_size_still_fits(open_page, site):
    page = open_page(site.works["shapes"], width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_forced_colours_keep_the_ornaments(open_page, site):
    page = open_page(site.works["shapes"], forced_colors="active")
    height = page.evaluate("document.querySelector('.text hr').getBoundingClientRect().height")
    assert height > 4

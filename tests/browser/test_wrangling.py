"""The wrangling desk by keyboard, on a telephone, without JavaScript; and the field that offers tags."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DESK = "/desk/wrangling"
PAGES = (DESK, f"{DESK}/tags?bin=all", f"{DESK}/alike", f"{DESK}/log", f"{DESK}/list")
TABLE = "kind,name,parents,state\n" + "".join(
    f"wrangled,{name},,good\n" for name in ("Gale force", "Gale-force", "Harbour light", "Harbor light", "Gaal force")
)


@pytest.fixture(scope="module")
def wrangled(browser, site, archivist_state):
    """Tags that look alike, brought in as a table."""
    context = browser.new_context(base_url=site.base, storage_state=archivist_state)
    page = context.new_page()
    page.goto("/desk/kinds")
    page.locator("[name=new-name]").fill("Wrangled")
    page.locator("[name=new-filter], [name=new-open], [name=new-many]").evaluate_all(
        "all => all.map(e => e.checked = true)"
    )
    page.get_by_role("button", name="Add it").click()
    page.goto(f"{DESK}/list")
    page.locator("input[type=file]").set_input_files(
        {"name": "tags.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    page.get_by_role("button", name="Show what it would change").click()
    assert "5 new tags" in page.inner_text("main")
    page.get_by_role("button", name="Bring it in").click()
    yield
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, wrangled, archivist_state, width, scheme):
    page = open_page(DESK, width=width, color_scheme=scheme, storage_state=archivist_state)
    found = {}
    for path in PAGES:
        page.goto(path)
        answer = Axe().run(page, options=RULES)
        found[path] = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in answer.response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("it scrolls sideways")
    assert {path: names for path, names in found.items() if names} == {}


def test_pairs_are_decided_by_keyboard_and_taken_back(open_page, wrangled, archivist_state):
    page = open_page(f"{DESK}/alike?kind=wrangled", storage_state=archivist_state)
    before = page.locator(".pair").count()
    assert before >= 2
    page.locator(".pair:nth-child(1) button:focus").wait_for()
    page.keyboard.press("j")
    page.locator(".pair.here:nth-child(2)").wait_for()
    page.keyboard.press("k")
    page.keyboard.press("s")
    page.wait_for_selector(".desk-said")
    assert "merged into" in page.inner_text(".desk-said")
    page.locator(".pair:nth-child(1) button:focus").wait_for()
    page.keyboard.press("d")
    page.locator(".desk-said", has_text="not the same").wait_for()
    page.keyboard.press("u")
    page.locator(".desk-said", has_text="Undone").wait_for()
    page.goto(f"{DESK}/log")
    page.locator(".desk-log li", has_text="merged into").first.get_by_role("button").click()
    page.locator(".desk-said", has_text="Undone").wait_for()
    page.goto(f"{DESK}/alike?kind=wrangled")
    assert page.locator(".pair").count() == before


def test_a_field_offers_tags_and_says_so(open_page, wrangled, archivist_state):
    page = open_page(f"{DESK}/tags?bin=all&kind=wrangled", storage_state=archivist_state)
    field = page.get_by_role("combobox", name="is the same as")
    field.press_sequentially("gael f")
    page.wait_for_selector("[role=option]")
    assert field.get_attribute("aria-expanded") == "true"
    assert "Up and down to choose" in page.locator(".tagfield [role=status]").first.inner_text()
    field.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    name = chosen.locator("bdi").inner_text()
    field.press("Enter")
    assert field.input_value() == name
    assert field.get_attribute("aria-expanded") == "false"
    field.fill("gale")
    field.press("ArrowDown")
    page.wait_for_selector("[role=option]")
    field.press("Escape")
    assert page.locator("[role=option]:visible").count() == 0


def test_several_tags_become_a_list_that_can_be_moved_and_emptied(open_page, wrangled):
    page = open_page("/")
    page.evaluate(
        """async () => {
            const field = Object.assign(document.createElement("textarea"), { id: "many", value: "One\\nTwo" });
            field.dataset.tagfield = "wrangled";
            field.dataset.many = "";
            const label = Object.assign(document.createElement("label"), { htmlFor: "many", textContent: "Some tags" });
            document.querySelector("main").prepend(label, field);
            (await import("/static/storykeep/tagfield.js")).enhance(field);
        }"""
    )
    value = lambda: page.locator("#many").evaluate("field => field.value")  # noqa: E731
    field = page.get_by_label("Some tags")
    field.fill("Three")
    field.press("Enter")
    assert value() == "One\nTwo\nThree"
    field.press("Backspace")
    page.keyboard.press("Alt+ArrowLeft")
    assert value() == "One\nThree\nTwo"
    page.keyboard.press("Delete")
    assert value() == "One\nTwo"
    page.get_by_role("button", name="Take away One").click()
    assert value() == "Two"


def test_tags_are_merged_without_javascript(open_page, wrangled, archivist_state):
    page = open_page(f"{DESK}/tags?bin=all&kind=wrangled", storage_state=archivist_state, java_script_enabled=False)
    page.get_by_role("row", name="Gaal force").get_by_role("checkbox").check()
    page.get_by_label("is the same as").fill("Gale force")
    page.get_by_role("button", name="Merge").click()
    assert "would lead to" in page.inner_text("main")
    page.get_by_role("button", name="Do it").click()
    assert "“Gaal force” merged into “Gale force”." in page.inner_text("main")
    page.get_by_role("button", name="Undo").first.click()
    assert "Undone" in page.inner_text("main")

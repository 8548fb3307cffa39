"""Comments and kudos on an archive that is served from SQLite: in many threads at once, by keys, without scripts."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
MANY = 8
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Window:
    """What one browser sends: its cookies, and the sign of its forms."""

    def __init__(self, site, state: dict) -> None:
        self.host = urlsplit(site.base).netloc
        self.cookies = "; ".join(f"{each['name']}={each['value']}" for each in state["cookies"])

    def ask(self, path: str, form: dict | None = None) -> tuple[int, str]:
        there = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        there.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = there.getresponse()
        found = answer.status, answer.read().decode()
        there.close()
        return found


def field(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', html)[1]


def at_once(deed, *given):
    with ThreadPoolExecutor(len(given)) as threads:
        return list(threads.map(deed, given))


def test_many_clicks_at_once_are_one_comment_and_one_kudo(site, archivist_state):
    window = Window(site, archivist_state)
    ref = site.works["tide"].split("/")[2]
    talk, kudos = f"/comments/on/{ref}", f"/kudos/{ref}"
    pages = [window.ask(talk)[1] for _ in range(3)]  # three tabs
    sign = field(pages[0], "csrfmiddlewaretoken")
    forms = [{"csrfmiddlewaretoken": sign, "words": "Said once", "once": field(html, "once")} for html in pages * 3]
    assert {code for code, _ in at_once(lambda form: window.ask(talk, form), *forms)} == {302}
    presses = [{"csrfmiddlewaretoken": sign}] * MANY
    assert {code for code, _ in at_once(lambda form: window.ask(kudos, form), *presses)} == {302}
    there, story = window.ask(talk)[1], window.ask(site.works["tide"])[1]
    assert there.count("<p>Said once</p>") == 1
    assert re.search(r'Take kudos back</button></form> <span class="count">1</span>', story)
    at_once(lambda form: window.ask(kudos, form), *[presses[0] | {"back": "1"}] * MANY)
    assert "Give kudos</button></form></li>" in window.ask(site.works["tide"])[1]


# ── by hand
@pytest.fixture
def at(browser, site, archivist_state):
    contexts = []

    def opened(path, *, signed_in=True, **options):
        state = archivist_state if signed_in else None
        contexts.append(browser.new_context(base_url=site.base, storage_state=state, **options))
        page = contexts[-1].new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def ref_of(site, name: str) -> str:
    return site.works[name].split("/")[2]


def test_a_guest_says_something_changes_it_and_takes_it_back_without_javascript(at, site):
    page = at(f"/comments/on/{ref_of(site, 'letter')}", signed_in=False, java_script_enabled=False)
    page.get_by_label("Your name").fill("Fen")
    page.get_by_label("Your words").fill("A letter, at lsat.")
    page.wait_for_timeout(3500)  # who is quicker is asked to press once more
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Your words").fill("A letter, at last.")
    page.get_by_role("button", name="Keep the change").click()
    assert page.get_by_role("article", name="Comment of Fen").inner_text().count("A letter, at last.") == 1
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    assert page.get_by_text("Nobody has said anything yet.").count() == 1


def test_a_comment_is_said_and_hidden_by_keys_alone(at, site):
    page = at(f"/comments/on/{ref_of(site, 'shapes')}")
    tab_to(page, "Your words")
    page.keyboard.type("Said by keys.")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    page.wait_for_url("**/comments/*#c-*")
    tab_to(page, "More about the comment of mara")
    page.keyboard.press("Enter")
    tab_to(page, "Hide the comment of mara")
    page.keyboard.press("Enter")
    page.locator(".badge", has_text="hidden").wait_for()
    assert page.url.endswith(page.locator("article.said").get_attribute("id"))


def tab_to(page, name: str) -> None:
    """Press Tab until what has the focus is called ``name``."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(name):
            return
    raise AssertionError(name)


FOCUSED = """() => {
  const it = document.activeElement
  return (it.labels?.[0] || it).textContent.replace(/\\s+/g, ' ').trim()
}"""


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(at, site, width, scheme):
    window = Window(site, {"cookies": at("/").context.cookies()})
    ref = ref_of(site, "lost")
    html = window.ask(f"/comments/on/{ref}")[1]
    given = {"csrfmiddlewaretoken": field(html, "csrfmiddlewaretoken"), "once": field(html, "once")}
    window.ask(f"/comments/on/{ref}", given | {"words": f"Seen at {width}."})
    page = at("/", viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"/comments/on/{ref}")
    said = page.locator(".said .when").first.get_attribute("href").partition("#")[0]
    paths = [f"/comments/on/{ref}", said, f"{said}/answer", f"{said}/edit", f"{said}/delete", f"/kudos/{ref}"]
    paths += ["/comments/mine?q=seen", "/comments/waiting", "/comments/waiting?state=shown", "/comments/blocked"]
    paths += ["/shelves", f"/shelves/keep?work={ref}", "/shelves/keep", "/write/statistics"]
    found = {}
    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => each.open = true)")
        found[path] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("it scrolls sideways")
    assert {path: names for path, names in found.items() if names} == {}


def violations(page) -> list[str]:
    return [each["id"] for each in Axe().run(page, options=RULES).response["violations"]]

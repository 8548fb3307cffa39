"""Comments and kudos on an archive that is served from SQLite, pressed in many threads at once."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

MANY = 8


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

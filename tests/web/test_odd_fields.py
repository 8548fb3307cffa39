"""Every form of the site, filled in by somebody who wishes it ill: an answer in words, never a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import resolve

from storykeep.site.base.models import SitePage
from storykeep.site.search import indexing
from walk import crawl

pytestmark = pytest.mark.django_db
ODD = (
    "a\0b",
    "\ud800".encode("utf-8", "surrogatepass"),
    "9" * 400,
    "-1",
    "NaN",
    "\u202ea\u2066b",
    " \u200b\u2060\ufeff ",
    "<script>alert(1)</script>\"'{{7*7}}{% x %}",
    "a\r\nBcc: b@example.org",
    "Z\u0300\u0301\u0302" * 5_000,
    ["a", "b\0", ""],
)
TURNS = 2
BROKEN = 500
KEPT = {"csrfmiddlewaretoken"}
TYPED = {"text", "search", "email", "url", "tel", "number", "password", "date", "time", "datetime-local", "textarea"}
ELSEWHERE = {"account_logout"}


@dataclass
class Form:
    """A form as it stands on a page: {name: (kind, value)} of its fields."""

    page: str
    method: str
    action: str
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def shape(self):
        return self.method, resolve(urlsplit(self.action).path).view_name, frozenset(self.fields)


class Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found, self.open, self.area, self.options = page, [], None, "", ""

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.page, given.get("action") or self.page)
            self.open = Form(self.page, given.get("method", "get").lower(), action)
            self.found.append(self.open)
        elif self.open and tag in {"input", "textarea", "select", "button"} and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            if given["name"] not in self.open.fields or "checked" in given:
                self.open.fields[given["name"]] = (kind, given.get("value", ""))
            self.options = given["name"] if tag == "select" else self.options
        elif self.open and tag == "option" and self.options and "selected" in given:
            self.open.fields[self.options] = ("select", given.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None


def forms_of(browser) -> Iterator[Form]:
    """Yield one form of each shape that links lead to."""
    seen = set()
    for start in ("/", "/write", "/account/", "/desk"):
        for path, answer in crawl(browser, start, most=80):
            if answer.streaming or "text/html" not in answer.headers.get("Content-Type", ""):
                continue
            page = Forms(path)
            page.feed(answer.content.decode())
            for form in page.found:
                if form.shape not in seen and form.shape[1] not in ELSEWHERE:
                    seen.add(form.shape)
                    yield form


def filled(form: Form, turn: int) -> dict[str, object]:
    """Return what is sent: something odd in each field, another thing at each turn; at every other one only where
    one types.
    """
    sent = {}
    for place, (name, (kind, value)) in enumerate(form.fields.items()):
        if kind == "file":
            sent[name] = SimpleUploadedFile("../\u202ex\0.docx", b"PK\x03\x04 no document \0\xff")
        elif name not in KEPT:
            sent[name] = ODD[(place + turn) % len(ODD)] if turn % 2 or kind in TYPED else value
    return sent


@pytest.mark.parametrize("who", ["author", "archivist"])
def test_odd_words_in_every_field_of_every_form_are_answered(cast, works, who):
    SitePage.objects.create(kind="about", title="About", slug="about", body="<p>Hello.</p>")
    indexing.catch_up()
    browser = cast.browsers[who]
    browser.raise_request_exception = False
    faults, forms = [], list(forms_of(browser))
    for form in forms:
        for turn in range(TURNS):
            with transaction.atomic():
                answer = getattr(browser, form.method)(form.action, filled(form, turn))
                answer.close()
                transaction.set_rollback(True)
            if answer.status_code >= BROKEN:
                faults.append(f"{form.method} {form.action} on {form.page}, turn {turn}: {answer.exc_info}")
    assert len(forms) > 10
    assert faults == []


def test_a_cookie_with_a_sign_that_nobody_types_is_no_fault(client, works):
    client.cookies["session"] = "abcdefgh\0ijklmnop"
    assert client.get("/").status_code == 200
    assert client.get("/write").status_code == 302

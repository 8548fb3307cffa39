"""An archivist asks, an author answers, a reader reads: in real Chromium, on the smallest screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

BUILD = """
import json
from storykeep.site import open_archive
open_archive()
import quay
from django.contrib.auth import get_user_model, SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from storykeep.site.works.models import Person
quay.build()
made = {}
users = get_user_model().objects
for user in (users.create_superuser("mara", password="x"), users.create_user("ada", "ada@example.org", "x")):
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.create()
    made[user.username] = session.session_key
person = Person.objects.filter(credits__role="author").order_by("pk").first()
Person.objects.filter(pk=person.pk).update(account=users.get(username="ada"))
print(json.dumps(made | {"person": person.get_absolute_url()}))
"""


@pytest.fixture(scope="module")
def asking(serve, tmp_path_factory):
    with serve(tmp_path_factory.mktemp("asking"), BUILD) as running:
        yield running


@pytest.fixture
def page_of(browser, asking):
    contexts, complaints = [], []

    def opened(who="", **options):
        context = browser.new_context(base_url=asking.base, **options)
        contexts.append(context)
        if who:
            context.add_cookies([{"name": "session", "value": asking.works[who], "url": asking.base}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def well(page):
    """Nothing that axe finds; nothing that scrolls sideways."""
    assert Axe().run(page).response["violations"] == []
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= seen, page.url


def test_an_archivist_asks_an_author_answers_a_reader_reads(page_of, asking):
    desk = page_of("mara")
    desk.goto("/desk/interviews")
    well(desk)
    desk.get_by_label("Name").fill("Ten years on")
    desk.get_by_role("button", name="Begin it").click()
    desk.get_by_role("group", name="A new question").first.get_by_label("Question").fill("Where do you write?")
    desk.get_by_role("button", name="Save", exact=True).click()
    well(desk)
    author = page_of("ada", viewport={"width": 360, "height": 780})
    author.goto("/write/interviews")
    well(author)
    author.get_by_role("main").locator(".shelf a").first.click()
    answer = author.get_by_role("textbox", name="Where do you write?")
    answer.fill("At the <em>window</em>.")
    well(author)
    author.get_by_role("button", name="Preview").click()
    assert author.get_by_text("At the window").is_visible()
    well(author)
    author.get_by_role("link", name="Go on answering").click()
    author.get_by_role("button", name="Publish").click()
    assert author.get_by_text("it stands on your page now").is_visible()
    reader = page_of(color_scheme="dark")
    reader.goto(asking.works["person"])
    reader.get_by_role("link", name="Read the interview").click()
    assert reader.locator(".interview em").inner_text() == "window"
    well(reader)
    desk.goto("/desk/interviews")
    well(desk)


def test_an_answer_that_was_not_sent_is_back_when_the_page_is_opened_again(page_of, asking):
    desk = page_of("mara")
    desk.goto("/desk/interviews")
    desk.get_by_label("Name").fill("Twenty years on")
    desk.get_by_role("button", name="Begin it").click()
    desk.get_by_role("group", name="A new question").first.get_by_label("Question").fill("And where do you read?")
    desk.get_by_role("button", name="Save", exact=True).click()
    author = page_of("ada")
    author.goto("/write/interviews")
    author.get_by_role("main").locator(".shelf a").first.click()
    address = author.url
    author.get_by_role("textbox", name="And where do you read?").fill("On the ferry")
    author.context.new_page().goto(address)
    author.close()
    again = author.context.pages[-1]
    again.reload()
    assert again.get_by_text("It is back, just as you left it").is_visible()
    assert again.get_by_role("textbox", name="And where do you read?").input_value() == "On the ferry"
    again.get_by_role("button", name="Save as a draft").click()
    again.get_by_text("Nobody else sees it before").wait_for()
    again.reload()
    assert again.get_by_text("It is back, just as you left it").count() == 0
    well(again)

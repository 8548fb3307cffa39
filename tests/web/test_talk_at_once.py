"""Two clicks at the same moment, two tabs, many people at once: each says and likes once, and every number is right."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from at_once import in_threads
from storykeep.site.talk import forms
from storykeep.site.talk.models import Comment, Kept, Kudo, Shelf
from storykeep.site.works import changes
from storykeep.site.works.models import Change, Work
from talking import answer, kudos, number, say

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


@pytest.fixture(autouse=True)
def nobody_is_too_quick(monkeypatch):
    monkeypatch.setattr(forms, "QUICKEST", 0)


def tabs(browser, count=MANY) -> list[Client]:
    """Return several windows of one browser."""
    found = []
    for _ in range(count):
        window = Client()
        window.cookies.update(browser.cookies)
        found.append(window)
    return found


@pytest.mark.parametrize("who", ["member", "visitor"])
def test_kudos_pressed_in_many_tabs_at_once_are_one(cast, works, who):
    story, windows = works["public"], tabs(cast.browsers[who])
    in_threads([lambda window=window: kudos(window, story) for window in windows])
    assert (Kudo.objects.count(), number(story)) == (1, 1)
    in_threads([lambda window=window: kudos(window, story, back="1") for window in windows])
    assert (Kudo.objects.count(), number(story)) == (0, 0)


@pytest.mark.parametrize("who", ["member", "visitor"])
def test_a_form_sent_twice_at_once_is_one_comment(cast, works, who):
    story, once = works["public"], forms.token()
    in_threads([lambda window=window: say(window, story, "Once", once=once) for window in tabs(cast.browsers[who], 3)])
    assert (Comment.objects.count(), number(story, "comments_count")) == (1, 1)


def test_the_same_words_from_two_tabs_at_once_are_one_comment_and_one_answer(cast, works):
    story, member = works["public"], cast.browsers["archivist"]
    in_threads([lambda window=window: say(window, story, "Twice") for window in tabs(member)])
    first = Comment.objects.get()
    in_threads([lambda window=window: answer(window, first, "Twice") for window in tabs(member)])
    assert (Comment.objects.count(), number(story, "comments_count")) == (2, 2)


def test_many_people_at_once_are_all_counted(works):
    story = works["public"]
    browsers = []
    for each in range(MANY):
        browsers.append(Client())
        browsers[-1].force_login(
            get_user_model().objects.create_user(f"reader {each}"),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )

    def visit(browser, name):
        kudos(browser, story)
        say(browser, story, f"By {name}")
        browser.post(reverse("keep") + f"?work={story.ref}", {"public": "on"})

    changes.gather()
    Change.objects.all().delete()
    in_threads([lambda browser=browser, name=name: visit(browser, name) for name, browser in enumerate(browsers)])
    row = Work.objects.get(pk=story.pk)
    assert (row.kudos_count, row.comments_count, row.shelves_count) == (MANY, MANY, MANY)
    in_threads([changes.gather] * 3)
    assert [each.work for each in Change.objects.all()] == [story.pk]


def test_a_work_kept_in_two_tabs_at_once_stands_on_the_shelf_once(cast, works):
    story, windows = works["public"], tabs(cast.browsers["member"])
    address = reverse("keep") + f"?work={story.ref}"
    in_threads([lambda window=window: window.post(address, {"note": "Again", "shelf": "Winter"}) for window in windows])
    assert Kept.objects.get().note == "Again"
    assert [shelf.name for shelf in Kept.objects.get().shelves.all()] == ["Winter"]


def test_a_story_from_elsewhere_kept_in_two_tabs_at_once_is_one(cast):
    given = {"address": "https://elsewhere.example/1", "title": "Elsewhere"}
    windows = tabs(cast.browsers["member"], 3)
    in_threads([lambda window=window: window.post(reverse("keep"), given) for window in windows])
    assert Kept.objects.get().title == "Elsewhere"


def test_a_shelf_put_up_in_two_tabs_at_once_is_one(cast):
    windows = tabs(cast.browsers["member"], 3)
    codes = []
    address = reverse("my-shelves")
    in_threads(
        [lambda window=window: codes.append(window.post(address, {"name": "Winter"}).status_code) for window in windows]
    )
    assert sorted(codes) == [200, 200, 302]  # the others are told that there is one
    assert Shelf.objects.get().name == "Winter"

"""Kudos and comments: who gives and says what, where it is seen, and what is counted."""

import re

import pytest
from django.core import mail as letters
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from storykeep.site.accounts import outgoing
from storykeep.site.accounts.leaving import erase
from storykeep.site.search.indexing import catch_up
from storykeep.site.talk import counting, forms
from storykeep.site.talk.kudos import given_by
from storykeep.site.talk.models import Comment, Kudo, State
from storykeep.site.works import changes
from storykeep.site.works.models import Change, Recounted, Work
from talking import answer, kudos, number, page, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(works):
    return works["public"]


@pytest.fixture(autouse=True)
def nobody_is_too_quick(monkeypatch):
    monkeypatch.setattr(forms, "QUICKEST", 0)


# ── kudos
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_kudos_are_given_once_and_taken_back(cast, story, who):
    browser = cast.browsers[who]
    for _ in range(2):
        assert kudos(browser, story).status_code == 302
    assert number(story) == 1
    assert "Take" in browser.get(reverse("kudos", args=[story.ref])).content.decode()
    for _ in range(2):
        kudos(browser, story, back="1")
    assert number(story) == 0


def test_who_likes_the_work_and_its_chapters_is_one_person(cast, story):
    for given in ({}, {"chapter": "1"}, {"chapter": "2"}):
        kudos(cast.browsers["member"], story, **given)
    kudos(cast.browsers["visitor"], story, chapter="2")
    assert (number(story), Kudo.objects.count()) == (2, 4)
    kudos(cast.browsers["member"], story, back="1")
    assert number(story) == 2
    assert kudos(cast.browsers["member"], story, chapter="9").status_code == 404


def test_authors_give_no_kudos_to_themselves(cast, story):
    assert kudos(cast.browsers["author"], story).status_code == 403
    assert number(story) == 0


def test_of_a_guest_nothing_is_kept_that_leads_back(story, works):
    for work in (story,):
        kudos(Client(REMOTE_ADDR="203.0.113.9"), work)
    row = Kudo.objects.get()
    assert row.account is None
    assert re.fullmatch(r"g[\w-]{22}", row.who)


def test_kudos_tell_the_outbox_and_lists(cast, story):
    Change.objects.all().delete()
    kudos(cast.browsers["member"], story)
    assert changes.gather() == 1
    assert [row.work for row in Change.objects.all()] == [story.pk]
    assert given_by(cast.users["member"], [story.pk, 999]) == {story.pk}


def test_a_thousand_kudos_are_one_line_for_the_index(story):
    Change.objects.all().delete()
    for _ in range(1000):
        counting.add_kudos(story, 1)
    counting.recount_comments(story.pk)
    assert Recounted.objects.count() == 1
    assert (changes.gather(), changes.gather()) == (1, 0)
    assert Change.objects.count() == 1
    counting.add_kudos(story, 1)  # what comes afterwards is told again
    assert changes.gather() == 1
    assert (number(story), Change.objects.count()) == (1001, 2)


@pytest.mark.parametrize(
    ("order", "told"), [("kudos", "1 kudo"), ("comments", "2 comments"), ("shelves", "1 public shelf"), ("title", "")]
)
def test_a_list_tells_the_number_that_it_is_ordered_by(cast, story, order, told):
    kudos(cast.browsers["member"], story)
    say(cast.browsers["member"], story, "One here")
    story.reviews.create(key="1", name="N", body="<p>One there</p>")
    cast.browsers["member"].post(reverse("keep") + f"?work={story.ref}", {"public": "on"})
    changes.gather()
    catch_up()
    there = Client().get("/search", {"order": order}).content.decode()
    told_here = {words for words in ("1 kudo", "2 comments", "1 public shelf") if f"<li>{words}</li>" in there}
    assert told_here == ({told} if told else set())
    assert "Kudos given" in cast.browsers["member"].get("/search", {"order": order}).content.decode()


def test_a_visitor_who_only_reads_gets_no_cookie(story):
    client = Client()
    assert "Give kudos" in client.get(story.get_absolute_url()).content.decode()
    assert not client.cookies


# ── who sees it
@pytest.mark.parametrize("hidden", ["members", "draft", "hidden"])
def test_nothing_of_an_unreadable_work_is_there(cast, works, hidden):
    work = works[hidden]
    say(cast.browsers["archivist"], work, "A secret lantern")
    comment = Comment.objects.get()
    visitor = cast.browsers["visitor"]
    for name, ref in (("comments", work.ref), ("kudos", work.ref), ("comment", comment.ref),
                      ("comment-answer", comment.ref)):  # fmt: skip
        assert visitor.get(reverse(name, args=[ref])).status_code == 404, name
        assert visitor.post(reverse(name, args=[ref]), {"words": "x"}).status_code in {404, 405}, name


def test_what_one_said_goes_out_of_sight_with_its_work(cast, story):
    say(cast.browsers["member"], story, "The lantern")
    mine = reverse("my-comments")
    assert "The lantern" in cast.browsers["member"].get(mine + "?q=lantern").content.decode()
    assert "The lantern" not in cast.browsers["member"].get(mine + "?q=boat").content.decode()
    Work.objects.filter(pk=story.pk).update(visibility="hidden")
    assert "The lantern" not in cast.browsers["member"].get(mine).content.decode()


# ── comments
def test_members_and_guests_comment_and_answer(cast, story):
    assert say(cast.browsers["visitor"], story, "How <b>bright</b>!\n\nMore <script>x()</script>").status_code == 302
    first = Comment.objects.get()
    assert answer(cast.browsers["member"], first, "Indeed").status_code == 302
    there = page(Client(), story)
    assert "<b>bright</b>" in there
    assert "x()" not in there.split('class="conversations"')[1]
    assert there.index("bright") < there.index("Indeed")
    assert number(story, "comments_count") == 2
    link = Comment.objects.last().get_absolute_url()
    assert f'id="{link.partition("#")[2]}"' in Client().get(link).content.decode()


def test_the_same_form_sent_twice_is_one_comment(cast, story):
    once = forms.token()
    there = [say(cast.browsers["member"], story, "Once", once=once).headers["Location"] for _ in range(2)]
    assert Comment.objects.count() == 1
    assert there[0] == there[1]


@pytest.mark.parametrize(("words", "kept"), [("a\u0301" * 10_000, True), ("é" * 10_001, False), ("  ", False)])
def test_ten_thousand_characters_as_people_count_them(cast, story, words, kept):
    say(cast.browsers["member"], story, words)
    assert Comment.objects.exists() is kept


def test_machines_are_stopped_and_not_told(cast, story, monkeypatch):
    assert say(Client(), story, "Buy", homepage="http://spam.example").status_code == 302
    monkeypatch.setattr(forms, "QUICKEST", 3)
    assert "very quick" in say(Client(), story, "Buy").content.decode()
    assert "very long" in say(Client(), story, "Buy", once="made-up").content.decode()
    assert not Comment.objects.exists()


def test_links_of_guests_wait_and_those_of_members_are_marked(cast, story):
    say(cast.browsers["visitor"], story, "See https://lamps.example")
    assert Comment.objects.get().state == State.WAITING
    assert "lamps.example" not in page(Client(), story)
    say(cast.browsers["member"], story, '<a href="https://boats.example">boats</a>')
    assert 'href="https://boats.example" rel="nofollow ugc noopener"' in page(Client(), story)


def test_new_members_say_three_things_in_a_quarter_of_an_hour(cast, story):
    codes = [say(cast.browsers["member"], story, f"Number {n}").status_code for n in range(4)]
    assert codes == [302, 302, 302, 429]


def test_words_can_be_changed_until_somebody_answers(cast, story):
    member = cast.browsers["member"]
    say(member, story, "Frist")
    first = Comment.objects.get()
    edit = reverse("comment-edit", args=[first.ref])
    assert cast.browsers["author"].get(edit).status_code == 404
    member.post(edit, {"words": "First"})
    assert "<p>First</p>" in page(Client(), story)
    answer(cast.browsers["author"], first, "Thank you")
    member.post(edit, {"words": "Something else"})
    assert "Something else" not in page(Client(), story)


def test_a_deleted_comment_leaves_its_place_only_when_it_was_answered(cast, story):
    member = cast.browsers["member"]
    say(member, story, "Alone")
    member.post(reverse("comment-delete", args=[Comment.objects.get().ref]))
    assert not Comment.objects.exists()
    say(member, story, "Answered")
    first = Comment.objects.get()
    answer(cast.browsers["author"], first, "A reply")
    member.post(reverse("comment-delete", args=[first.ref]))
    there = page(Client(), story)
    assert "This comment was deleted" in there
    assert "A reply" in there
    assert "Answered" not in there
    assert number(story, "comments_count") == 1


# ── what its author decides
@pytest.mark.parametrize(
    ("setting", "able"), [("all", {"visitor", "member"}), ("members", {"member"}), ("none", set())]
)
def test_the_setting_of_the_work_holds_at_every_door(cast, story, setting, able):
    say(cast.browsers["archivist"], story, "The first")
    first = Comment.objects.get()
    Work.objects.filter(pk=story.pk).update(comments=setting)
    for who in ("visitor", "member"):
        before = Comment.objects.count()
        say(cast.browsers[who], story, "More")
        answer(cast.browsers[who], first, "And more")
        assert Comment.objects.count() - before == (2 if who in able else 0)


def test_a_moderated_comment_waits_for_the_author(cast, story):
    Work.objects.filter(pk=story.pk).update(comments_moderated=True)
    say(cast.browsers["member"], story, "Before others")
    row = Comment.objects.get()
    assert "Before others" not in page(Client(), story)
    assert "Before others" in page(cast.browsers["member"], story)
    waits = reverse("waiting-comments")
    assert "Before others" in cast.browsers["author"].get(waits).content.decode()
    assert "Before others" not in cast.browsers["member"].get(waits).content.decode()
    settle = reverse("comment-settle", args=[row.ref])
    assert cast.browsers["member"].post(settle, {"deed": "shown"}).status_code == 404
    cast.browsers["author"].post(settle, {"deed": "shown", "waiting": "1"})
    assert "Before others" in page(Client(), story)
    assert number(story, "comments_count") == 1


def test_authors_hide_and_close(cast, story):
    say(cast.browsers["member"], story, "Hm")
    row = Comment.objects.get()
    settle = reverse("comment-settle", args=[row.ref])
    cast.browsers["author"].post(settle, {"deed": "close"})
    answer(cast.browsers["member"], row, "Still here")
    assert Comment.objects.count() == 1
    cast.browsers["author"].post(settle, {"deed": "hidden"})
    assert Client().get(row.get_absolute_url()).status_code == 404
    assert number(story, "comments_count") == 0


def test_rescued_reviews_stand_in_the_same_list(cast, story):
    story.reviews.create(key="1", name="Old friend", body="<p>Long ago</p>")
    there = page(Client(), story)
    assert "Long ago" in there
    assert "from the old archive" in there


def test_the_page_asks_the_same_however_much_is_said(cast, story):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            page(cast.browsers["author"], story)
        return len(seen)

    say(cast.browsers["archivist"], story, "One")
    answer(cast.browsers["author"], Comment.objects.get(), "Two")
    asked()  # the first page of all makes the archive's row
    few = asked()
    for n in range(6):
        say(cast.browsers["archivist"], story, f"More {n}")
        answer(cast.browsers["author"], Comment.objects.first(), f"Yes {n}")
    assert asked() == few


@pytest.fixture
def post_office(monkeypatch):
    monkeypatch.setattr("storykeep.site.accounts.mail.can_send", lambda: True)


def test_the_author_and_who_is_answered_get_a_letter(cast, story, post_office):
    say(cast.browsers["member"], story, "For the author")
    assert not letters.outbox  # nobody waits for the mail server
    outgoing.send_due()
    assert [each.to for each in letters.outbox] == [["author@example.org"]]
    letters.outbox.clear()
    answer(cast.browsers["author"], Comment.objects.get(), "For the member")
    outgoing.send_due()
    assert [each.to for each in letters.outbox] == [["member@example.org"]]
    assert Comment.objects.last().get_absolute_url() in letters.outbox[0].body


@pytest.mark.parametrize("fate", ["spam", "deleted", "work hidden", "not wished"])
def test_a_letter_about_what_is_gone_meanwhile_is_not_sent(cast, story, post_office, fate):
    say(cast.browsers["visitor"], story, "For the author")
    row, author = Comment.objects.get(), cast.users["author"]
    if fate == "work hidden":
        Work.objects.filter(pk=story.pk).update(visibility="hidden")
    elif fate == "not wished":
        author.mail_wishes = {"comment": False}
        author.save()
    elif fate == "spam":
        cast.browsers["author"].post(reverse("comment-settle", args=[row.ref]), {"deed": "spam"})
    else:
        cast.browsers["author"].post(reverse("comment-delete", args=[row.ref]))
    assert (outgoing.send_due(), letters.outbox) == (0, [])


@pytest.mark.parametrize("choice", ["stay", "go"])
def test_who_leaves_says_what_becomes_of_their_words(cast, story, choice):
    say(cast.browsers["member"], story, "Farewell")
    kudos(cast.browsers["member"], story)
    erase(cast.users["member"], {"talk": {"comments": choice}})
    there = page(Client(), story)
    assert ("Farewell" in there) is (choice == "stay")
    assert ("Somebody who left" in there) is (choice == "stay")
    assert number(story) == 0

"""Long conversations, guests who think again, people who are blocked, and what authors decide about several at once."""

import datetime as dt
import re

import pytest
from django.core import mail as letters
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moonlit import PEOPLE
from storykeep.site.accounts import outgoing
from storykeep.site.accounts.leaving import erase
from storykeep.site.talk import forms
from storykeep.site.talk.models import Block, Comment, Kudo, State
from storykeep.site.works.models import Work
from talking import answer, kudos, number, page, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(works):
    return works["public"]


@pytest.fixture(autouse=True)
def nobody_is_too_quick(monkeypatch):
    monkeypatch.setattr(forms, "QUICKEST", 0)


def row(work, words, **given) -> Comment:
    made = Comment.objects.create(
        work=work, source=words, body=f"<p>{words}</p>", request=f"{work.pk} {words}", **given
    )
    if given.get("parent"):
        made.thread = given["parent"].thread or given["parent"]
        made.save()
    return made


def at(comment, when: str) -> None:
    Comment.objects.filter(pk=comment.pk).update(at=dt.datetime.fromisoformat(when).replace(tzinfo=dt.UTC))


def order(html: str, *words: str) -> list[str]:
    return sorted(words, key=html.index)


# ── who may comment, asked by everybody, with forms made by hand
EVERYBODY, MEMBERS = set(PEOPLE), set(PEOPLE) - {"visitor"}


@pytest.mark.parametrize("moderated", [False, True])
@pytest.mark.parametrize(("setting", "able"), [("all", EVERYBODY), ("members", MEMBERS), ("none", set())])
def test_what_the_author_chose_holds_for_everybody_and_every_form(cast, story, setting, able, moderated):
    first = row(story, "The first", account=cast.users["member"])
    Work.objects.filter(pk=story.pk).update(comments=setting, comments_moderated=moderated)
    for who in PEOPLE:
        for sent in (
            lambda who=who: say(cast.browsers[who], story, f"{who} says", state="shown", by_author="1", account="1"),
            lambda who=who: answer(cast.browsers[who], first, f"{who} answers"),
            lambda who=who: say(cast.browsers[who], story, f"{who} on one", chapter="1", parent=first.ref),
        ):
            assert sent().status_code in ({302} if who in able else {200})
    seen = {name for (name,) in Comment.objects.filter(source__contains=" says").values_list("source")}
    assert seen == {f"{who} says" for who in able}
    assert Comment.objects.exclude(pk=first.pk).count() == 3 * len(able)
    waits = set(Comment.objects.filter(state=State.WAITING, source__contains=" says").values_list("source", flat=True))
    assert waits == ({f"{who} says" for who in able & {"visitor", "member"}} if moderated else set())
    assert Comment.objects.filter(by_author=True).exclude(account=cast.users["author"]).count() == 0


# ── said once
def test_the_same_words_from_a_second_tab_are_said_once(cast, story):
    for who in ("member", "visitor"):
        there = [say(cast.browsers[who], story, "Bright").headers["Location"] for _ in range(2)]
        assert there[0] == there[1], who
    say(cast.browsers["member"], story, "Bright", chapter="2")
    say(Client(), story, "Bright")
    assert Comment.objects.count() == 4


def test_the_same_words_another_day_are_said_again(cast, story):
    say(cast.browsers["member"], story, "Bright")
    at(Comment.objects.get(), "2026-01-01T10:00")
    say(cast.browsers["member"], story, "Bright")
    assert Comment.objects.count() == 2


# ── guests
def test_a_guest_can_change_and_take_back_what_they_have_just_said(story):
    guest, other = Client(), Client()
    say(guest, story, "Frist")
    said = Comment.objects.get()
    for name in ("comment-edit", "comment-delete"):
        assert reverse(name, args=[said.ref]) in page(guest, story)
        assert reverse(name, args=[said.ref]) not in page(other, story)
        assert other.post(reverse(name, args=[said.ref]), {"words": "Mine now"}).status_code == 302  # to the sign-in
    guest.post(reverse("comment-edit", args=[said.ref]), {"words": "First"})
    assert "<p>First</p>" in page(other, story)
    guest.post(reverse("comment-delete", args=[said.ref]))
    assert not Comment.objects.exists()


def test_after_a_quarter_of_an_hour_it_stays(story):
    guest = Client()
    say(guest, story, "Settled")
    said = Comment.objects.get()
    Comment.objects.update(at=timezone.now() - dt.timedelta(minutes=16))
    for name in ("comment-edit", "comment-delete"):
        assert guest.post(reverse(name, args=[said.ref]), {"words": "Changed"}).status_code == 404
    assert "Settled" in page(guest, story)


def test_a_cookie_of_ones_own_making_opens_nothing(cast, story):
    say(cast.browsers["member"], story, "A member's")
    say(Client(), story, "A guest's")
    thief = Client()
    for value in ("x", '["' + Comment.objects.last().ref + '"]', "a:b:c"):
        thief.cookies["said"] = value
        for said in Comment.objects.all():
            assert thief.post(reverse("comment-delete", args=[said.ref])).status_code == 302
    assert Comment.objects.count() == 2


def test_a_guest_sees_what_waits_of_their_own_and_a_link_put_in_later_waits_too(story):
    guest = Client()
    say(guest, story, "A lamp")
    guest.post(reverse("comment-edit", args=[Comment.objects.get().ref]), {"words": "See https://lamps.example"})
    assert Comment.objects.get().state == State.WAITING
    assert "waits to be looked at" in page(guest, story)
    assert "lamps.example" not in page(Client(), story)


# ── long conversations
def test_a_long_conversation_is_cut_and_goes_on_at_its_own_page(story, monkeypatch):
    monkeypatch.setattr("storykeep.site.talk.pages.FEW", 4)
    monkeypatch.setattr("storykeep.site.talk.pages.MANY", 5)
    first = row(story, "Root", name="A")
    answers = [row(story, f"Answer {n:02}", name="B", parent=first) for n in range(11)]
    there = page(Client(), story)
    assert "Answer 02" in there
    assert "Answer 03" not in there
    assert "8 more answers" in there
    for each in (answers[0], answers[5], answers[10]):
        html = Client().get(each.get_absolute_url().partition("#")[0]).content.decode()
        assert f'id="c-{each.ref}"' in html
    assert "Page 3 of 3" in html


def test_the_way_back_leads_to_the_page_where_the_conversation_stands(story, monkeypatch):
    monkeypatch.setattr("storykeep.site.talk.pages.PER_PAGE", 3)
    rows = [row(story, f"Number {n}", name="A") for n in range(8)]
    html = Client().get(reverse("comment", args=[rows[0].ref])).content.decode()
    back = re.search(r'href="([^"#]+)#c-' + rows[0].ref + '">All comments', html)[1].replace("&amp;", "&")
    assert "page=3" in back
    assert f'id="c-{rows[0].ref}"' in Client().get(back).content.decode()


def test_deep_answers_name_whom_they_answer(story):
    last = row(story, "Depth 0", name="Person 0")
    for n in range(1, 8):
        last = row(story, f"Depth {n}", name=f"Person {n}", parent=last)
    html = page(Client(), story)
    assert html.count('data-depth="4"') == 4
    assert "to <bdi>Person 6</bdi>" in html
    assert "to <bdi>Person 1</bdi>" not in html


def test_a_place_that_was_left_goes_with_its_last_answer(cast, story):
    first = row(story, "Answered", account=cast.users["member"])
    second = row(story, "Reply", account=cast.users["member"], parent=first)
    for each in (first, second):
        cast.browsers["member"].post(reverse("comment-delete", args=[each.ref]))
    assert not Comment.objects.exists()


def test_what_answers_something_hidden_is_not_counted(cast, story):
    say(cast.browsers["archivist"], story, "Hm")
    answer(cast.browsers["author"], Comment.objects.get(), "Why?")
    assert number(story, "comments_count") == 2
    cast.browsers["author"].post(reverse("comment-settle", args=[Comment.objects.first().ref]), {"deed": "hidden"})
    assert number(story, "comments_count") == 0
    assert "Nobody has said anything yet" in page(Client(), story)


@pytest.mark.parametrize("asked", ["0", "-1", "99999999999999999999", "NaN", "x", "1e9", "2&page=1"])
def test_pages_that_are_not_there_are_pages_that_are(story, asked):
    for n in range(25):
        row(story, f"Number {n}", name="A")
    first = Comment.objects.first()
    for address in (reverse("comments", args=[story.ref]), reverse("comment", args=[first.ref])):
        assert Client().get(f"{address}?page={asked}").status_code == 200


# ── those of the old archive
def test_what_the_old_archive_brought_stands_among_the_rest_by_its_date(story):
    old = [("", "Undated"), ("2003-05", "In May"), ("2003-07-02", "In July")]
    for place, (date, words) in enumerate(old):
        story.reviews.create(key=words, name="Old friend", body=f"<p>{words}</p>", date=date, place=place)
    at(row(story, "Between", name="A"), "2003-06-01T10:00")
    row(story, "Today", name="A")
    Work.objects.filter(pk=story.pk).update(comments_count=2)
    there = page(Client(), story)
    told = ["Today", "In July", "Between", "In May", "Undated"]
    assert order(there, *told) == told
    assert there.count("from the old archive</span>") == 3
    assert "5 comments, 3 of them from the old archive" in " ".join(there.split())


def test_old_answers_stand_under_what_they_answer_even_in_a_circle(story):
    for place, (key, answered) in enumerate((("a", ""), ("b", "a"), ("c", "d"), ("d", "c"), ("e", "e"), ("", ""))):
        story.reviews.create(key=key, reply_to=answered, name="N", body=f"<p>Old {key}.</p>", place=place)
    there = page(Client(), story)
    assert all(there.count(f"Old {key}.") == 1 for key in "abcde")
    assert there.index("Old a.") < there.index("Old b.") < there.index("Old c.")


def test_old_ones_about_a_chapter_stand_with_it_and_hidden_ones_nowhere(story):
    story.reviews.create(key="1", name="N", body="<p>Of the second</p>", chapter="2", rating="5/5")
    story.reviews.create(key="2", name="N", body="<p>Hidden one</p>", shown=False)
    assert "Of the second" in page(Client(), story, chapter="2")
    assert "Of the second" not in page(Client(), story, chapter="1")
    assert "rated 5/5" in page(Client(), story)
    assert "Hidden one" not in page(Client(), story)


def test_the_story_says_how_many_and_shows_them_in_one_place(story):
    story.reviews.create(key="1", name="Old friend", body="<p>Long ago</p>")
    row(story, "Today", name="A")
    Work.objects.filter(pk=story.pk).update(comments_count=1)
    html = Client().get(reverse("whole", args=[story.ref, story.slug])).content.decode()
    assert "Long ago" not in html
    assert re.search(r'comments/on/[^>]+>Comment</a> <span class="count">2</span>', html)


def test_the_page_asks_the_same_with_much_of_everything(cast, story):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            page(cast.browsers["author"], story)
        return len(seen)

    first = row(story, "Root", account=cast.users["member"])
    row(story, "Reply", name="A", parent=first)
    story.reviews.create(key="0", name="N", body="<p>Old</p>")
    asked()
    few = asked()
    for n in range(15):
        for m in range(3):
            row(story, f"{n} {m}", name="A", parent=row(story, f"Root {n} {m}", account=cast.users["member"]))
        story.reviews.create(key=f"k{n}", name="N", body="<p>Old</p>", reply_to="0")
    assert asked() <= few


# ── blocked
def test_who_is_blocked_can_say_nothing_to_whom_blocked_them(cast, story):
    member, author = cast.browsers["member"], cast.browsers["author"]
    say(member, story, "Something rude")
    rude = Comment.objects.get()
    ask = reverse("comment-block", args=[rude.ref])
    assert ask in page(author, story)
    assert "Block" in author.get(ask).content.decode()
    assert Block.objects.count() == 0  # asking does nothing
    author.post(ask)
    for given in ({}, {"chapter": "1"}):
        assert say(member, story, "More", **given).status_code == 200
    assert kudos(member, story).status_code == 403
    assert (Comment.objects.count(), Kudo.objects.count()) == (1, 0)
    say(author, story, "Peace")
    assert "has blocked you" in answer(member, Comment.objects.last(), "And more").content.decode()
    assert kudos(cast.browsers["archivist"], story).status_code == 302  # nobody else is touched
    listed = reverse("blocked-people")
    assert "member" in author.get(listed).content.decode()
    author.post(listed, {"whom": cast.users["member"].ref})
    assert say(member, story, "Sorry").status_code == 302


def test_a_blocked_person_can_not_answer_elsewhere_and_is_folded_away(cast, works):
    other = works["members"]
    other.credits.all().delete()
    Block.objects.create(owner=cast.users["author"], whom=cast.users["member"])
    authors = row(other, "From the author", account=cast.users["author"])
    row(other, "From the member", account=cast.users["member"])
    assert answer(cast.browsers["member"], authors, "Hey").status_code == 200
    assert say(cast.browsers["member"], other, "To the work").status_code == 302
    assert "Somebody whom you blocked wrote this" in page(cast.browsers["author"], other)
    assert "Somebody whom you blocked" not in page(cast.browsers["archivist"], other)
    assert reverse("comment-answer", args=[authors.ref]) not in page(cast.browsers["member"], other)


def test_nobody_blocks_a_moderator_from_their_work_or_themselves_or_a_guest(cast, story):
    for given in ({"account": cast.users["author"]}, {"name": "A guest"}):
        said = row(story, str(given), **given)
        assert cast.browsers["author"].post(reverse("comment-block", args=[said.ref])).status_code == 404
    Block.objects.create(owner=cast.users["author"], whom=cast.users["archivist"])
    assert say(cast.browsers["archivist"], story, "A word of the house").status_code == 302


def test_blocks_go_with_an_account(cast, story):
    Block.objects.create(owner=cast.users["author"], whom=cast.users["member"])
    erase(cast.users["member"], {})
    assert not Block.objects.exists()


# ── the desk of those who look after comments
def test_authors_decide_about_several_at_once(cast, story, works, monkeypatch):
    monkeypatch.setattr("storykeep.site.accounts.mail.can_send", lambda: True)
    first = row(story, "Asked", account=cast.users["archivist"])
    rows = [row(story, f"Wait {n}", account=cast.users["member"], parent=first, state="waiting") for n in range(3)]
    desk = reverse("waiting-comments")
    html = cast.browsers["author"].get(desk).content.decode()
    assert all(f"Wait {n}" in html for n in range(3))
    cast.browsers["author"].post(desk, {"deed": "shown", "ref": [each.ref for each in rows[:2]]})
    cast.browsers["author"].post(desk, {"deed": "spam", "ref": [rows[2].ref]})
    assert [Comment.objects.get(pk=each.pk).state for each in rows] == ["shown", "shown", "spam"]
    assert number(story, "comments_count") == 3
    outgoing.send_due()
    assert {each.to[0] for each in letters.outbox} == {"archivist@example.org"}
    assert "Wait 2" in cast.browsers["author"].get(desk, {"state": "spam"}).content.decode()
    cast.browsers["author"].post(desk + "?state=spam", {"deed": "delete", "ref": [rows[2].ref]})
    assert not Comment.objects.filter(pk=rows[2].pk).exists()


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_nobody_else_decides_whatever_they_send(cast, story, who):
    said = row(story, "Wait", name="A", state="waiting")
    for deed in ("shown", "hidden", "spam", "delete", "frozen"):
        cast.browsers[who].post(reverse("waiting-comments"), {"deed": deed, "ref": [said.ref]})
        assert cast.browsers[who].post(reverse("comment-settle", args=[said.ref]), {"deed": deed}).status_code in {
            302,
            404,
        }
    assert Comment.objects.get().state == State.WAITING


def test_after_a_decision_one_is_where_one_was_and_nowhere_else(cast, story):
    said = row(story, "Hm", name="A")
    settle = reverse("comment-settle", args=[said.ref])
    here = reverse("comments", args=[story.ref]) + "?page=1#c-x"
    assert cast.browsers["author"].post(settle, {"deed": "hidden", "back": here}).headers["Location"] == here
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        there = cast.browsers["author"].post(settle, {"deed": "shown", "back": elsewhere}).headers["Location"]
        assert there == reverse("comments", args=[story.ref])


def test_the_desk_asks_the_same_however_many_wait(cast, story):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            cast.browsers["author"].get(reverse("waiting-comments"))
        return len(seen)

    row(story, "One", name="A", state="waiting")
    asked()
    few = asked()
    for n in range(20):
        row(story, f"More {n}", account=cast.users["member"], state="waiting")
    assert asked() == few


# ── odd input
ODD = ("\0", "\ud7ff", "é" * 5000, "'; drop table", "\u202e\u2066{{7*7}}", "<script>x()</script>")


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_whatever_is_sent_is_answered_and_never_a_fault(cast, story, odd):
    said = row(story, "First", account=cast.users["member"])
    author, guest = cast.browsers["author"], Client()
    guest.cookies["said"] = "x"
    for name, given in (
        ("comments", {"words": odd, "name": odd, "email": odd, "once": odd, "chapter": odd, "homepage": ""}),
        ("comments", {"words": odd, "name": odd, "once": forms.token()}),
        ("kudos", {"chapter": odd, "back": odd}),
    ):
        for browser in (author, guest):
            assert browser.post(reverse(name, args=[story.ref]), given).status_code < 500
    for name in ("comment-edit", "comment-answer", "comment-settle", "comment-block", "comment-delete"):
        assert author.post(reverse(name, args=[said.ref]), {"words": odd, "deed": odd, "back": odd}).status_code < 500
    for name, given in (
        ("waiting-comments", {"ref": [odd, odd], "deed": "shown"}),
        ("waiting-comments", {"ref": [odd], "deed": odd}),
        ("blocked-people", {"whom": odd}),
        ("my-shelves", {"name": odd, "about": odd, "public": odd}),
        (
            "keep",
            {"address": odd, "title": odd, "author": odd, "note": odd, "words": odd, "shelf": odd, "shelves": odd},
        ),
    ):
        assert author.post(reverse(name), given).status_code < 500
    for name in ("my-comments", "waiting-comments", "keep", "my-shelves"):
        assert author.get(reverse(name), {"q": odd, "state": odd, "work": odd, "page": odd}).status_code < 500


@pytest.mark.parametrize("name", ["comments", "kudos", "comment", "comment-answer", "shelf", "shelves-of", "kept"])
def test_an_address_with_a_nul_is_not_there(cast, name):
    assert cast.browsers["author"].get(reverse(name, args=["x"])[:-1] + "%00").status_code == 404

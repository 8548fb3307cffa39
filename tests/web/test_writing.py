"""Writing: drafts, saving, publishing; and that nobody but a work's writers gets in."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from moonlit import story
from storykeep.model import story as m
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works import bridge
from storykeep.site.works.models import Chapter, Credit, Person, Revision, Visibility, Work
from storykeep.site.writing import chapters, drafts, publishing, queries, revisions
from storykeep.site.writing.revisions import Sent, save


@pytest.fixture
def author(cast):
    return cast.browsers["author"]


@pytest.fixture
def draft(cast):
    """A draft of the cast's author, with a text that can be published."""
    work = drafts.begin(cast.users["author"], "one")
    Work.objects.filter(pk=work.pk).update(title="The lamp room", language="en")
    only(work, "<p>She lit the lamp.</p>\n<p>Nobody came.</p>", cast.users["author"])
    return Work.objects.get(pk=work.pk)


def only(work, body, by):
    row = queries.chapters_of(work)[0]
    now = queries.head(row)
    return save(row, Sent(body=body, by=by, base=now.pk if now else None)).now


def fields(page):
    """Return the hidden fields that a form sends along."""
    html = page.content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(was|base|request|begun)" value="([^"]*)"', html))
    return {
        name: value.replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&") for name, value in found.items()
    }


def post(browser, address, **typed):
    """Fill in the form at ``address`` and send it, as a browser without scripts does."""
    hidden = fields(browser.get(address))
    shown = json.loads(hidden.get("was") or "{}")
    boxes = {"pen_names": shown.pop("pen_names").split()} if "pen_names" in shown else {}
    return browser.post(address, {**shown, **boxes, **hidden, **typed})


# ── a new work
def test_a_new_work_is_a_draft_with_whatever_was_typed(author, cast):
    answer = post(author, "/write/new", title="", body="Only a line", entry="light", summary="", pen_names=[])
    work = Work.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/write/works/{work.ref}"
    assert work.visibility == Visibility.DRAFT
    assert queries.head(queries.chapters_of(work)[0]).body == "<p>Only a line</p>"
    assert cast.browsers["member"].get(work.get_absolute_url()).status_code == 404
    assert author.get(work.get_absolute_url()).status_code == 200


def test_the_same_form_sent_twice_begins_one_work(author):
    typed = {**fields(author.get("/write/new")), "title": "Once", "body": "Once.", "entry": "light"}
    for _ in range(3):
        author.post("/write/new", typed)
    assert Work.objects.count() == 1
    assert Revision.objects.count() == 1


def test_a_new_work_is_signed_by_a_pen_name_with_a_page_of_its_own(author, draft):
    credit = draft.credits.get()
    assert credit.name == "author"
    assert author.get(credit.person.get_absolute_url()).status_code == 200


def test_everything_about_a_work_can_be_said_on_one_page(author, draft):
    typed = {
        "title": "The  Keeper", "summary": "He waits.", "notes": "Thanks, Bo.", "end_notes": "The end.",
        "language": "fr",
        "status": "in-progress", "chapters_planned": "5", "series": "Lamps #2", "gift_to": "Bo", "kind": "poem",
        "sequel_of": "An older tale https://old.example/tale", "published": "2003-07", "publish_as": "members",
        "comments": "none", "comments_moderated": "yes", "body": "Two\nlines", "entry": "light",
    }  # fmt: skip
    post(author, reverse("write-work", args=[draft.ref]), **typed)
    found = bridge.story_of(Work.objects.get())
    assert (found.title, found.language, found.status, found.chapters_planned) == ("The Keeper", "fr", "in-progress", 5)
    assert found.summary == "<p>He waits.</p>"
    assert [(note.kind, note.body) for note in found.notes] == [
        ("before", "<p>Thanks, Bo.</p>"),
        ("after", "<p>The end.</p>"),
    ]
    assert [(place.title, place.position) for place in found.series] == [("Lamps", 2)]
    assert {(tie.kind, tie.target) for tie in found.relations} == {("sequel-of", "An older tale"), ("gift-to", "Bo")}
    assert found.chapters[0].body == "<p>Two<br>lines</p>"
    work = Work.objects.get()
    assert (work.comments, work.comments_moderated, work.publish_as) == ("none", True, "members")
    assert work.published == "2003-07"


def test_how_somebody_types_is_remembered(author, draft):
    address = reverse("write-work", args=[draft.ref])
    post(author, address, title="T", body="One *two*", entry="markdown")
    page = author.get(address).content.decode()
    assert "One *two*" in page
    assert '<option value="markdown" selected>' in page


def test_fields_that_a_form_does_not_have_are_never_taken(author, draft, cast):
    author.post(
        reverse("write-work", args=[draft.ref]), {"visibility": "public", "reads": "9", "rescued": "1", "key": "x"}
    )
    work = Work.objects.get()
    assert (work.visibility, work.reads, work.rescued) == (Visibility.DRAFT, 0, False)


# ── who may enter
PAGES = (
    "write-work", "write-preview", "write-publish", "write-people", "write-chapter", "write-history", "write-conflicts",
    "write-preview-chapter",
)  # fmt: skip
ACTS = (
    "write-schedule", "write-withdraw", "write-trash", "write-forget", "write-leave", "write-add-chapter",
    "write-order",
    "write-publish-chapter", "write-schedule-chapter", "write-withdraw-chapter", "write-trash-chapter", "write-restore",
    "write-name-revision", "write-return-chapter",
)  # fmt: skip


def addresses(work, names):
    row = queries.chapters_of(work)[0]
    for name in names:
        try:
            yield reverse(name, args=[work.ref, row.ref])
        except Exception:  # noqa: BLE001 — of the work, then
            yield reverse(name, args=[work.ref])


@pytest.mark.parametrize("person", ["visitor", "member", "archivist", "host", "author"])
def test_only_its_writers_find_a_work_at_the_desk(cast, draft, person):
    browser = cast.browsers[person]
    expected = {"author": 200, "visitor": 302}.get(person, 404)
    assert {browser.get(address).status_code for address in addresses(draft, PAGES)} == {expected}
    if person != "author":
        refused = {browser.post(address).status_code for address in addresses(draft, (*PAGES[:1], *ACTS))}
        assert refused == {401 if person == "visitor" else 404}
        assert Work.objects.get().visibility == Visibility.DRAFT


@pytest.mark.parametrize("address", ["/write", "/write/new", "/write/names", "/write/together"])
def test_everybody_with_an_account_has_a_desk(cast, address):
    answers = {person: cast.browsers[person].get(address).status_code for person in cast}
    assert answers == {"visitor": 302, "member": 200, "author": 200, "archivist": 200, "host": 200}


def test_pages_at_the_desk_are_not_kept_by_anybody(author, draft):
    assert "no-store" in author.get(reverse("write-work", args=[draft.ref]))["Cache-Control"]


# ── signed out
def test_who_was_signed_out_while_typing_gets_the_text_back(cast, draft):
    answer = cast.browsers["visitor"].post(
        reverse("write-work", args=[draft.ref]), {"title": "T", "body": "Not <lost>."}
    )
    assert answer.status_code == 401
    assert "Not &lt;lost&gt;." in answer.content.decode()
    answer = cast.browsers["visitor"].post("/write/new", {"auto": "1"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["signed_out"]) == (401, True)


def test_a_page_from_before_signing_in_again_is_asked_once_more(cast, draft):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.users["author"], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.post(reverse("write-work", args=[draft.ref]), {"title": "Forged", "body": "Kept."})
    assert answer.status_code == 409
    assert "Kept." in answer.content.decode()
    assert Work.objects.get().title == "The lamp room"


def test_a_full_disk_gives_back_what_was_typed(author, draft, monkeypatch):
    from django.db import OperationalError

    from storykeep.site.writing import saving

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(saving, "keep", full)
    answer = post(author, reverse("write-work", args=[draft.ref]), body="Not lost.", entry="light")
    assert answer.status_code == 507
    assert "there is no room left" in answer.content.decode()
    assert "Not lost." in answer.content.decode()


# ── publishing
def test_publishing_says_what_is_missing_and_where(author, cast):
    work = drafts.begin(cast.users["author"], "empty")
    page = author.post(reverse("write-publish", args=[work.ref]))
    assert page.status_code == 422
    html = page.content.decode()
    assert "It needs a title." in html
    assert "There is no text yet." in html
    assert f'/write/works/{work.ref}#id_title"' in html
    assert Work.objects.get().visibility == Visibility.DRAFT


def test_required_tags_are_asked_for(author, draft):
    from storykeep.site.tags.models import TagKind

    TagKind.objects.create(key="rating", name="Ratings", required=True, many=False)
    assert (
        "Every work needs one of the ratings."
        in author.get(reverse("write-publish", args=[draft.ref])).content.decode()
    )
    post(author, reverse("write-work", args=[draft.ref]), tags_rating="Gentle", title=draft.title, language="en")
    assert author.post(reverse("write-publish", args=[draft.ref])).status_code == 302
    assert Work.objects.get().visibility == Visibility.PUBLIC


def test_a_published_work_is_found_by_everybody_with_its_text(cast, author, draft):
    author.post(reverse("write-publish", args=[draft.ref]))
    page = cast.browsers["visitor"].get(draft.get_absolute_url())
    assert "She lit the lamp." in page.content.decode()
    assert Work.objects.get().published


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "t" * 256, "The title has 256 characters"),
        ("summary", "<p>" + "s" * 1251 + "</p>", "The summary has 1,251 characters"),
    ],
)
def test_what_is_too_long_is_kept_but_not_published(author, draft, field, value, words):
    Work.objects.filter(pk=draft.pk).update(**{field: value})
    page = author.post(reverse("write-publish", args=[draft.ref]))
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_chapter_of_510_000_characters_of_chinese_is_published(author, draft):
    text = "\n\n".join(["灯" * 1000] * 510)
    post(author, reverse("write-work", args=[draft.ref]), title=draft.title, language="zh", body=text, entry="light")
    assert queries.chapters_of(draft)[0].current.body.count("灯") == 510_000
    told = publishing.missing(Work.objects.get())
    assert [each.words[:40] for each in told] == ["The text has 511,018 characters; at most"]
    post(
        author,
        reverse("write-work", args=[draft.ref]),
        title=draft.title,
        language="zh",
        body=text[:509_000],
        entry="light",
    )
    assert publishing.missing(Work.objects.get()) == []


def test_510_000_characters_of_chinese_come_as_a_plain_form_too(author, draft):
    address = reverse("write-work", args=[draft.ref])
    typed = fields(author.get(address)) | {
        "title": draft.title,
        "body": "\n\n".join(["灯" * 1000] * 510),
        "entry": "light",
    }
    answer = author.post(address, urlencode(typed), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302
    assert queries.chapters_of(draft)[0].current.body.count("灯") == 510_000


@pytest.mark.parametrize("sent", ["body=" + "a" * 8_500_000, "&".join(["work=x"] * 1001)], ids=["bytes", "fields"])
def test_a_form_over_the_limit_says_what_to_do(author, draft, sent):
    before = queries.head(queries.chapters_of(draft)[0]).pk
    address = reverse("write-work", args=[draft.ref])
    page = author.post(address, sent, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 413
    assert "Go back with your browser" in page.content.decode()
    assert f'href="{reverse("write-bring")}"' in page.content.decode()
    assert queries.head(queries.chapters_of(draft)[0]).pk == before


# ── what readers see
def test_readers_see_an_edited_text_only_when_it_is_shown(cast, author, draft):
    author.post(reverse("write-publish", args=[draft.ref]))
    address = reverse("write-work", args=[draft.ref])
    post(author, address, title=draft.title, body="She broke the lamp.", entry="light", then="save")
    visitor = cast.browsers["visitor"]
    assert "She lit the lamp." in visitor.get(draft.get_absolute_url()).content.decode()
    post(author, address, title=draft.title, body="She broke the lamp.", entry="light", then="show")
    assert "She broke the lamp." in visitor.get(draft.get_absolute_url()).content.decode()


def test_a_published_work_keeps_its_title(author, draft):
    author.post(reverse("write-publish", args=[draft.ref]))
    answer = post(author, reverse("write-work", args=[draft.ref]), title="", body="x", entry="light")
    assert answer.status_code == 422
    assert "It needs a title." in answer.content.decode()
    assert Work.objects.get().title == "The lamp room"


def test_draft_chapters_are_nowhere_for_readers(cast, author, draft):
    user = cast.users["author"]
    author.post(reverse("write-publish", args=[draft.ref]))
    author.post(reverse("write-add-chapter", args=[draft.ref]))
    row = Chapter.written.get(work=draft, draft=True)
    save(row, Sent(body="<p>Secret harbour.</p>", by=user))
    visitor = cast.browsers["visitor"]
    found = [
        draft.get_absolute_url() + end
        for end in ("", "/whole", "/contents", "/plain", "/print", ".html", ".txt", ".json")
    ]
    for address in found:
        answer = visitor.get(address)
        words = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, address
        assert b"Secret harbour" not in words, address
    assert visitor.get(draft.get_absolute_url() + "/2").status_code == 404
    chapters.publish(Chapter.written.get(pk=row.pk))
    assert b"Secret harbour" in visitor.get(draft.get_absolute_url() + "/2").content


def test_the_preview_is_the_reading_page(author, draft):
    author.post(reverse("write-publish", args=[draft.ref]))
    live = author.get(draft.get_absolute_url()).content.decode()
    shown = author.get(reverse("write-preview", args=[draft.ref])).content.decode()

    def article(html):
        return html[html.index("<article") : html.index("</article>")]

    assert article(live) == article(shown)


def test_only_its_authors_find_the_way_from_the_story_to_the_desk(cast, author, draft):
    author.post(reverse("write-publish", args=[draft.ref]))
    told = {who: b">Edit</a>" in cast.browsers[who].get(draft.get_absolute_url()).content for who in cast}
    assert told == {"visitor": False, "member": False, "author": True, "archivist": False, "host": False}


# ── many queries
def test_the_desk_asks_a_constant_number_of_questions(author, cast, draft, django_assert_max_num_queries):
    author.get("/write")
    for number in range(12):
        drafts.begin(cast.users["author"], f"more{number}")
    with django_assert_max_num_queries(14):
        assert author.get("/write").status_code == 200


def test_a_rescued_work_that_its_author_edits_stays_as_they_left_it(cast, author):
    given = story(9, "Old tide", chapters=(m.Chapter(key="1", body="<p>Old words.</p>"),))
    work = bridge.keep(given)
    Person.objects.filter(name="Ada Vane").update(account=cast.users["author"])
    post(
        author, reverse("write-work", args=[work.ref]), title="New tide", body="New words.", entry="light", then="show"
    )
    bridge.keep(story(9, "Old tide", summary="<p>Seen again.</p>", chapters=given.chapters))
    found = bridge.story_of(Work.objects.get(pk=work.pk))
    assert (found.title, found.chapters[0].body) == ("New tide", "<p>New words.</p>")
    assert Credit.objects.filter(work=work).exists()


def test_versions_know_how_they_were_made(draft, cast):
    row = queries.chapters_of(draft)[0]
    assert [each.how for each in row.revisions.all()] == [revisions.SAVED]


# ── the editor's own file
def test_the_editor_is_the_file_that_its_note_describes():
    from hashlib import sha256
    from pathlib import Path

    from storykeep.site import writing

    room = Path(writing.__file__).parent
    said = (room / "THIRD_PARTY.md").read_text("utf-8")
    assert sha256((room / "static/writing/prosemirror.js").read_bytes()).hexdigest() in said
    assert said.count("| MIT |") == 14


def test_a_closed_list_grows_by_no_draft_and_what_was_typed_stays_on_the_page(author, draft):
    kind = TagKind.objects.create(key="rating", name="Ratings", open=False, many=False)
    Tag.objects.create(kind=kind, name="General")
    address = reverse("write-work", args=[draft.ref])
    typed = {"was": '{"tags_rating": "", "summary": ""}', "tags_rating": "Invented", "summary": "Kept."}
    answer = author.post(address, typed)
    assert answer.status_code == 422
    assert "“Invented” is not in the list of ratings." in answer.content.decode()
    assert not Tag.objects.filter(name="Invented").exists()
    assert Work.objects.get(pk=draft.pk).summary == "<p>Kept.</p>"
    assert 'value="Invented"' in author.get(address).content.decode()
    author.post(address, typed | {"tags_rating": "general"})
    assert [tag.name for tag in draft.tags.all()] == ["general"]

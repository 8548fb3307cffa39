"""An archivist suggests edits, the writer takes or leaves each: nobody's words are ever written over."""

from __future__ import annotations

import dataclasses
import re

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

import submitted
from storykeep.site.accounts import outgoing
from storykeep.site.curating.models import Edit, Suggestion
from storykeep.site.curating.passages import passages_of, with_those
from storykeep.site.submissions.models import State, Submission
from storykeep.site.works.models import Chapter, Revision, Work
from storykeep.site.writing import queries
from storykeep.site.writing.merge import merge
from storykeep.site.writing.paragraphs import join

TEXT = "<p>She lit the lamp.</p>\n<p>The tide came in.</p>\n<p>Nobody saw it.</p>"
EDITED = "<p>She lit the great lamp.</p>\n<p>The tide came in.</p>\n<p>Nobody saw it, not even she.</p>"


@pytest.fixture
def work(cast):
    submitted.curated()
    return submitted.draft(cast, TEXT)


@pytest.fixture
def sent(cast, work):
    return submitted.sent(cast, work)


def form_of(cast, found, chapter):
    address = reverse("desk-suggest-chapter", args=[found.ref, chapter.ref])
    page = cast.browsers["archivist"].get(address).context["page"]
    typed = {field.name: field.value for field in page.fields}
    return address, {**typed, "was": page.was, "base": page.text.base, "body": page.text.body, "entry": "html"}


def suggest(cast, found, body=EDITED, **more):
    chapter = queries.chapters_of(found.work)[0]
    address, typed = form_of(cast, found, chapter)
    answer = cast.browsers["archivist"].post(address, {**typed, "body": body, **more})
    assert answer.status_code == 302
    return Suggestion.objects.last()


def page_of(row):
    return reverse("write-suggestion", args=[row.submission.work.ref, row.ref])


def answer(cast, row, do, who="author"):
    mark = cast.browsers["author"].get(page_of(row)).context["page"].mark
    return cast.browsers[who].post(page_of(row), {"do": do, "mark": mark})


def take(row, number=0):
    return f"take:{row.edits.get(field='body').pk}:{number}"


def text(work):
    return queries.head(queries.chapters_of(work)[0]).body


def test_what_is_suggested_never_touches_the_work(cast, sent):
    before = (list(Revision.objects.values()), list(Chapter.written.values()), list(Work.objects.values()))
    suggest(cast, sent, title="The great lamp", words="Two small things.")
    assert before == (list(Revision.objects.values()), list(Chapter.written.values()), list(Work.objects.values()))


def test_the_writer_sees_each_change_by_word(cast, sent):
    row = suggest(cast, sent, words="Two small things.")
    html = cast.browsers["author"].get(page_of(row)).content.decode()
    assert "<ins> great</ins>" in html or "<ins>great </ins>" in html
    assert "Two small things." in html
    assert html.count('value="take:') == 2
    assert "Accept all 2" in html
    thread = cast.browsers["author"].get(reverse("write-submission", args=[sent.work.ref])).content.decode()
    assert "suggested 2 edits" in thread
    assert "2 to answer" in thread


def test_one_passage_is_taken_and_the_other_left(cast, work, sent):
    row = suggest(cast, sent)
    answer(cast, row, take(row, 0))
    answer(cast, row, take(row, 1).replace("take", "leave"))
    assert text(work) == TEXT.replace("lit the lamp", "lit the great lamp")
    newest = Revision.objects.order_by("number").last()
    assert (newest.made_by, newest.how) == (cast.users["author"], "suggested")
    assert newest.name == f"With edits that were suggested on {row.at:%-d %B %Y}"
    history = reverse("write-history", args=[work.ref, queries.chapters_of(work)[0].ref])
    assert "suggested edits taken in" in cast.browsers["author"].get(history).content.decode()
    thread = cast.browsers["archivist"].get(reverse("desk-submission", args=[sent.ref])).content.decode()
    assert "took 1 of 2 suggested edits" in thread


def test_all_are_taken_at_once(cast, work, sent):
    answer(cast, suggest(cast, sent), "take")
    assert text(work) == EDITED


def test_taking_twice_is_taking_once(cast, work, sent):
    row = suggest(cast, sent)
    answer(cast, row, "take")
    many = Revision.objects.count()
    answer(cast, row, "take")
    answer(cast, row, take(row))
    assert Revision.objects.count() == many
    assert text(work) == EDITED


def test_what_was_taken_can_be_taken_out_again_and_what_was_left_taken(cast, work, sent):
    row = suggest(cast, sent)
    answer(cast, row, take(row, 0))
    answer(cast, row, take(row, 1).replace("take", "leave"))
    answer(cast, row, "open")
    assert text(work) == TEXT
    answer(cast, row, take(row, 1))
    assert text(work) == TEXT.replace("Nobody saw it.", "Nobody saw it, not even she.")


def test_what_the_writer_wrote_meanwhile_stays(cast, work, sent):
    row = suggest(cast, sent)
    submitted.write(cast, work, TEXT.replace("The tide came in.", "The tide came in early.") + "\n<p>Dawn.</p>")
    answer(cast, row, "take")
    assert text(work) == EDITED.replace("The tide came in.", "The tide came in early.") + "\n<p>Dawn.</p>"


def test_where_both_changed_one_paragraph_both_stand_and_are_asked_about(cast, work, sent):
    row = suggest(cast, sent)
    submitted.write(cast, work, TEXT.replace("She lit the lamp.", "He lit the lamp."))
    answered = answer(cast, row, "take")
    chapter = queries.chapters_of(work)[0]
    assert answered.url == reverse("write-conflicts", args=[work.ref, chapter.ref])
    assert "<p>He lit the lamp.</p>\n<p>She lit the great lamp.</p>" in text(work)
    assert "Nobody saw it, not even she." in text(work)
    html = cast.browsers["author"].get(answered.url).content.decode()
    assert "He lit the lamp." in html
    publish = cast.browsers["author"].get(reverse("write-publish", args=[work.ref])).content.decode()
    assert "settle one place first" in publish


def test_title_summary_and_notes_are_suggested_too(cast, work, sent):
    row = suggest(cast, sent, TEXT, title="The lamp & the tide", summary="A night.", notes="For the keepers.")
    assert {each.field for each in row.edits.all()} == {"title", "summary", "notes"}
    answer(cast, row, "take")
    work.refresh_from_db()
    assert (work.title, work.summary) == ("The lamp & the tide", "<p>A night.</p>")
    assert work.notes.get().body == "<p>For the keepers.</p>"


def test_a_title_that_its_writer_changed_meanwhile_is_not_written_over(cast, work, sent):
    row = suggest(cast, sent, title="The great lamp")
    Work.objects.filter(pk=work.pk).update(title="Lamps")
    mark = cast.browsers["author"].get(page_of(row)).context["page"].mark
    page = cast.browsers["author"].post(page_of(row), {"do": "take", "mark": mark}, follow=True)
    assert "It says now: “Lamps”" in page.content.decode()
    work.refresh_from_db()
    assert (work.title, text(work)) == ("Lamps", TEXT)


def test_going_on_with_ones_edits_replaces_them(cast, work, sent):
    first = suggest(cast, sent)
    address, typed = form_of(cast, sent, queries.chapters_of(work)[0])
    assert "not even she" in typed["body"]
    cast.browsers["archivist"].post(address, {**typed, "body": TEXT.replace("tide", "flood")})
    assert Suggestion.objects.get() == first
    assert first.edits.get().passages[0]["new"] == ["<p>The flood came in.</p>"]
    assert sent.notes.filter(suggestion=first.ref).count() == 1


def test_an_answer_to_edits_that_were_changed_meanwhile_is_not_taken(cast, work, sent):
    row = suggest(cast, sent)
    mark = cast.browsers["author"].get(page_of(row)).context["page"].mark
    suggest(cast, sent, TEXT.replace("tide", "flood"))
    for said in (mark, ""):
        page = cast.browsers["author"].post(page_of(row), {"do": "take", "mark": said}, follow=True)
        assert "The archivist has changed these edits meanwhile" in page.content.decode()
    assert text(work) == TEXT


def test_edits_that_were_taken_back_change_nothing(cast, work, sent):
    row = suggest(cast, sent)
    cast.browsers["archivist"].post(reverse("desk-suggestion", args=[sent.ref, row.ref]))
    answer(cast, row, "take")
    assert text(work) == TEXT
    assert "to answer" not in cast.browsers["author"].get(reverse("write-submission", args=[work.ref])).content.decode()


def test_nothing_changed_is_nothing_suggested(cast, work, sent):
    address, typed = form_of(cast, sent, queries.chapters_of(work)[0])
    cast.browsers["archivist"].post(address, typed)
    assert not Suggestion.objects.exists()


def test_hostile_edits_come_in_clean(cast, work, sent):
    row = suggest(cast, sent, TEXT + '<p onclick="x()">More<script>alert(1)</script></p>', title="<b>Bold</b>")
    html = cast.browsers["author"].get(page_of(row)).content.decode()
    assert "onclick" not in html
    assert "alert(1)" not in html
    answer(cast, row, "take")
    work.refresh_from_db()
    assert work.title == "<b>Bold</b>"
    assert text(work).endswith("<p>More</p>")


def test_odd_characters_and_a_text_without_end_are_survived(cast, work, sent):
    row = suggest(
        cast, sent, TEXT + "<p>\0\u202eturned</p>", title="The\0 \ud7fflamp", words="Look\0 here" + "x" * 9000
    )
    answer(cast, row, "take")
    work.refresh_from_db()
    assert work.title == "The \ud7fflamp"
    assert "turned" in text(work)
    address, typed = form_of(cast, sent, queries.chapters_of(work)[0])
    huge = cast.browsers["archivist"].post(address, {**typed, "body": "<p>" + "word " * 2_000_000 + "</p>"})
    assert huge.status_code in {302, 413}
    assert len(text(work)) < 1000


def test_suggested_edits_are_taken_along_and_go_with_who_made_them(cast, work, sent):
    from storykeep.site.curating.belongings import erase, export

    row = suggest(cast, sent)
    for name in ("author", "archivist"):
        ((path, data),) = export(cast.users[name])
        assert path == "suggested-edits.json"
        assert "great lamp" in data.decode()
    assert list(export(cast.users["member"])) == []
    erase(cast.users["archivist"])
    erase(cast.users["archivist"])
    assert not Suggestion.objects.exists()
    thread = cast.browsers["author"].get(reverse("write-submission", args=[work.ref])).content.decode()
    assert row.ref not in thread


def test_only_its_writers_answer_and_only_archivists_suggest(cast, work, sent):
    row = suggest(cast, sent)
    chapter = queries.chapters_of(work)[0]
    assert cast.browsers["member"].get(page_of(row)).status_code == 404
    assert answer(cast, row, "take", who="member").status_code == 404
    address = reverse("desk-suggest-chapter", args=[sent.ref, chapter.ref])
    assert cast.browsers["author"].post(address, {"body": "<p>x</p>"}).status_code == 404
    assert text(work) == TEXT


def test_an_answer_by_hand_changes_nothing(cast, work, sent):
    row = suggest(cast, sent)
    odd = ["", "burn", "burn:1:1", "take:x:y", "take:999999:0", f"take:{row.edits.get().pk}:7", "take:1:" + "9" * 40]
    assert {answer(cast, row, do).status_code for do in odd} == {302, 404}
    assert text(work) == TEXT


def test_both_sides_are_told_by_mail(cast, work, sent, settings):
    settings.HOUSE = dataclasses.replace(settings.HOUSE, mail="smtp://localhost")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    row = suggest(cast, sent, words="Two small things.")
    outgoing.send_due()
    assert mail.outbox[-1].to == ["author@example.org"]
    assert "Two small things." in mail.outbox[-1].body
    assert "edits are suggested" in mail.outbox[-1].subject
    answer(cast, row, take(row, 0))
    outgoing.send_due()
    assert len(mail.outbox) == 1  # not before all are answered
    answer(cast, row, "take")
    outgoing.send_due()
    assert mail.outbox[-1].to == ["archivist@example.org"]
    assert re.search("/desk/submissions/", mail.outbox[-1].body)


def test_from_changes_to_readers(cast, work, sent):
    submitted.decide(cast, sent, "changes", "Look at my edits.")
    answer(cast, suggest(cast, sent), "take")
    cast.browsers["author"].post(reverse("write-submission", args=[work.ref]), {"state": "waiting", "words": ""})
    assert Submission.objects.get().state == State.WAITING
    submitted.decide(cast, sent, "accepted")
    assert "She lit the great lamp." in cast.browsers["visitor"].get(work.get_absolute_url()).content.decode()


def test_the_page_of_edits_asks_as_many_questions_for_many_as_for_few(cast, sent, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    row = suggest(cast, sent)
    browser = cast.browsers["author"]
    browser.get(page_of(row))
    with CaptureQueriesContext(connection) as seen:
        browser.get(page_of(row))
    many = len(seen)
    page = page_of(suggest(cast, sent, "<p>All</p><p>is</p><p>new</p>" * 20, title="Other", summary="Words"))
    with django_assert_num_queries(many):
        browser.get(page)


def test_a_paragraph_that_is_new_is_answered_apart_from_the_one_that_changed(cast, sent):
    row = suggest(cast, sent, TEXT.replace("lit the lamp.</p>", "lit the great lamp.</p>\n<p>It was late.</p>"))
    passages = row.edits.get().passages
    assert [each["new"] for each in passages] == [["<p>She lit the great lamp.</p>"], ["<p>It was late.</p>"]]


def test_a_title_is_one_line_however_little_of_it_stays(cast, sent):
    row = suggest(cast, sent, TEXT, title="At sea")
    html = cast.browsers["author"].get(page_of(row)).content.decode()
    assert re.search(r"<p>.*<del>The.*<ins>At.*</p>", html)


PARAGRAPHS = st.lists(st.sampled_from(["<p>a</p>", "<p>b</p>", "<p>c d</p>", "<p>c d e</p>", "<hr>"]), max_size=8)


@given(PARAGRAPHS, PARAGRAPHS, st.randoms(use_true_random=False))
@hypothesis(deadline=None, max_examples=150)
def test_passages_taken_one_by_one_in_any_order_make_the_edited_text_and_taken_out_again_the_first(old, new, chance):
    before, after = join(old), join(new)
    edit = Edit(before=before, passages=passages_of(before, after))
    order = list(range(len(edit.passages)))
    chance.shuffle(order)
    now, there = before, frozenset()
    for step in [*order, *order]:
        wanted = there ^ {step}
        found = merge(with_those(edit, there), with_those(edit, wanted), now)
        assert not found.conflicts
        now, there = found.body, wanted
        if there == frozenset(order):
            assert now == after
    assert now == before

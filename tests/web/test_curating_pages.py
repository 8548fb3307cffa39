"""The queue in pages, reading on the page of readers, and what changed since an archivist read it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import submitted
from storykeep.site.submissions.models import State, Submission
from storykeep.site.works.models import Visibility, Work
from storykeep.site.writing import chapters, queries


@pytest.fixture
def work(cast):
    submitted.curated()
    return submitted.draft(cast, "<p>One.</p>\n<p>Two.</p>", "<p>Later.</p>")


@pytest.fixture
def sent(cast, work):
    return submitted.sent(cast, work)


def page_of(cast, sent, name="desk-submission", **asked):
    return cast.browsers["archivist"].get(reverse(name, args=[sent.ref]), asked).content.decode()


def filled(cast, count):
    """Let ``count`` works wait, the first sent in first."""
    author, begun = cast.users["author"], timezone.now() - dt.timedelta(days=400)
    works = Work.objects.bulk_create(
        Work(key=f"w{n}", title=f"Number {n:03}", visibility=Visibility.DRAFT) for n in range(count)
    )
    Submission.objects.bulk_create(
        Submission(work=row, sent_at=begun + dt.timedelta(hours=n), sent_by=author) for n, row in enumerate(works)
    )


# ── the queue
def test_the_queue_goes_on_after_the_first_page_the_oldest_first(cast):
    filled(cast, 230)
    browser, address = cast.browsers["archivist"], reverse("desk-submissions")
    seen = []
    for number in range(1, 6):
        html = browser.get(address, {"page": number}).content.decode()
        seen += [n for n in range(230) if f"Number {n:03}<" in html]
    assert seen == list(range(230))
    assert "1–50 of 230, the oldest first" in browser.get(address).content.decode()
    assert 'rel="next"' in browser.get(address).content.decode()


def test_a_page_that_there_is_not_leads_to_one_that_there_is(cast):
    filled(cast, 60)
    for page in ("0", "-1", "9" * 400, "x", "²", "a\0"):
        assert (
            "Number 0" in cast.browsers["archivist"].get(reverse("desk-submissions"), {"page": page}).content.decode()
        )


def test_each_state_is_a_list_of_its_own(cast, sent):
    submitted.decide(cast, sent, "declined", "No sea in it.")
    browser, address = cast.browsers["archivist"], reverse("desk-submissions")
    assert "The lamp room" not in browser.get(address).content.decode()
    assert "The lamp room" in browser.get(address, {"state": "declined"}).content.decode()
    assert browser.get(address, {"state": "burned"}).status_code == 404


# ── reading
def test_it_is_read_on_the_page_of_readers_with_the_decision_at_hand(cast, work, sent):
    html = page_of(cast, sent, "desk-submission-reading")
    assert "This is what readers would get." in html
    assert 'class="h-entry work"' in html
    assert "<p>One.</p>" in html
    assert "Accept it" in html
    second = queries.chapters_of(work)[1]
    assert f"/reading?chapter={second.ref}" in html
    assert "<p>Later.</p>" in page_of(cast, sent, "desk-submission-reading", chapter=second.ref)


def test_reading_shows_the_newest_text_and_no_draft_chapter(cast, work, sent):
    submitted.write(cast, work, "<p>Newest.</p>")
    row = queries.chapters_of(work)[1]
    chapters.withdraw(row)
    assert "<p>Newest.</p>" in page_of(cast, sent, "desk-submission-reading")
    address = reverse("desk-submission-reading", args=[sent.ref])
    assert cast.browsers["archivist"].get(address, {"chapter": row.ref}).status_code == 404


def test_an_accepted_work_is_what_was_read(cast, work, sent):
    html = page_of(cast, sent, "desk-submission-reading")
    article = html[html.index('<div class="chapters">') : html.index("</article>")]
    submitted.decide(cast, sent, "accepted")
    read = cast.browsers["visitor"].get(work.get_absolute_url()).content.decode()
    assert "<p>One.</p>" in article
    assert "<p>One.</p>" in read


def test_a_decision_from_the_reading_page(cast, work, sent):
    address = reverse("desk-submission-reading", args=[sent.ref])
    mark = cast.browsers["archivist"].get(address).context["sent"].mark
    assert submitted.decide(cast, sent, "accepted", mark=mark).status_code == 302
    work.refresh_from_db()
    assert work.visibility == Visibility.PUBLIC


def test_the_next_that_waits_is_a_press_away(cast, work, sent):
    filled(cast, 3)
    html = page_of(cast, sent)
    first = Submission.objects.exclude(pk=sent.pk).first()
    assert f'Next: <a href="{reverse("desk-submission", args=[first.ref])}"' in html
    Submission.objects.filter(pk=first.pk).update(looked_by=cast.users["host"], looked_at=timezone.now())
    assert f"/{first.ref}" not in page_of(cast, sent)


def test_a_work_whose_chapters_were_all_thrown_away_meanwhile_still_opens(cast, work, sent):
    for row in queries.chapters_of(work):
        chapters.trash(row)
    assert "There is no text." in page_of(cast, sent)
    assert "This is what readers would get." in page_of(cast, sent, "desk-submission-reading")


# ── what changed
def test_a_refused_decision_shows_what_changed_and_keeps_the_note(cast, work, sent):
    mark = submitted.mark_now(cast, sent)
    submitted.write(cast, work, "<p>One.</p>\n<p>Two lamps.</p>")
    Work.objects.filter(pk=work.pk).update(title="The lamp house")
    answer = submitted.decide(cast, sent, "accepted", "Lovely.", mark=mark)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The writer changed this since you opened it" in html
    assert "Two<ins> lamps</ins>." in html
    assert "<del>room</del><ins>house</ins>" in html
    assert "Lovely." in html
    assert submitted.decide(cast, sent, "accepted", mark=answer.context["page"].mark).status_code == 302


def test_who_comes_back_sees_what_changed_since_they_read_it(cast, work, sent):
    page_of(cast, sent, "desk-submission-reading")
    submitted.decide(cast, sent, "changes", "More of the sea.")
    submitted.write(cast, work, "<p>One.</p>\n<p>Two.</p>\n<p>The sea.</p>")
    html = page_of(cast, sent)
    assert "Changed since you read it" in html
    assert "<ins>The sea.</ins>" in html
    page_of(cast, sent, "desk-submission-reading")
    assert "Changed since you read it" not in page_of(cast, sent)


def test_chapters_that_came_went_or_moved_are_told(cast, work, sent):
    page_of(cast, sent, "desk-submission-reading")
    first, second = queries.chapters_of(work)
    chapters.reorder(work, [second.ref, first.ref], cast.users["author"])
    assert "The order of the chapters" in page_of(cast, sent)
    chapters.trash(second)
    chapters.add(Work.objects.get(pk=work.pk))
    submitted.write(cast, work, "<p>A third.</p>", 1)
    html = page_of(cast, sent)
    assert "Not part of it any more" in html
    assert "A new chapter" in html


def test_what_an_archivist_read_is_kept_when_autosaves_are_thinned(cast, work, sent):
    from storykeep.site.works.models import Revision
    from storykeep.site.writing.thinning import thin

    row = submitted.write(cast, work, "<p>Read by an archivist.</p>")
    Revision.objects.filter(chapter=row).update(how="auto", made_at=timezone.now() - dt.timedelta(days=90))
    page_of(cast, sent, "desk-submission-reading")
    for n in range(3):
        submitted.write(cast, work, f"<p>Draft {n}.</p>")
    Revision.objects.filter(chapter=row).update(how="auto")
    Revision.objects.filter(chapter=row).update(made_at=timezone.now() - dt.timedelta(days=90))
    thin(row.pk)
    assert "Read by an archivist." in page_of(cast, sent)


def test_its_pages_ask_as_many_questions_for_many_chapters_as_for_few(cast, work, sent):
    def asked(name):
        cast.browsers["archivist"].get(reverse(name, args=[sent.ref]))
        with CaptureQueriesContext(connection) as seen:
            cast.browsers["archivist"].get(reverse(name, args=[sent.ref]))
        return len(seen)

    before = [asked("desk-submission"), asked("desk-submission-reading")]
    for number in range(4):
        chapters.add(Work.objects.get(pk=work.pk))
        submitted.write(cast, work, f"<p>More {number}.</p>", number + 2)
    page_of(cast, sent, "desk-submission-reading")
    assert [asked("desk-submission"), asked("desk-submission-reading")] == before


def test_the_state_of_what_was_taken_back_is_known_everywhere(cast, work, sent):
    cast.browsers["author"].post(reverse("write-submission", args=[work.ref]), {"state": "withdrawn"})
    assert Submission.objects.get().state == State.WITHDRAWN
    html = page_of(cast, sent)
    assert "Accept it" not in html
    answer = submitted.decide(cast, sent, "accepted")
    assert "That can&#x27;t be done now" in answer.content.decode()

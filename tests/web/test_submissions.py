"""Works that are sent in: nobody reads them before an archivist has accepted them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

import submitted
from storykeep.site.accounts import outgoing
from storykeep.site.submissions.models import Note, Rules, State, Submission, Way, Writer
from storykeep.site.works.models import Visibility, Work
from storykeep.site.writing import drafts, publishing
from submitted import decide, mark_now, write


@pytest.fixture
def draft(cast):
    return submitted.draft(cast)


@pytest.fixture
def curated(db):
    return submitted.curated()


@pytest.fixture
def sent(cast, draft, curated):
    return submitted.sent(cast, draft)


def visibility():
    return Work.objects.get().visibility


def test_in_an_open_archive_a_writer_publishes(cast, draft):
    cast.browsers["author"].post(reverse("write-publish", args=[draft.ref]))
    assert visibility() == Visibility.PUBLIC


def test_the_policy_stands_before_the_writer_who_submits(cast, draft, curated):
    html = cast.browsers["author"].get(reverse("write-publish", args=[draft.ref])).content.decode()
    assert "Stories of the sea." in html
    assert "Submit it" in html
    assert "Publish it now" not in html


def test_what_was_sent_in_is_invisible_to_readers(cast, sent):
    assert (sent.state, visibility()) == (State.WAITING, Visibility.DRAFT)
    for name in ("visitor", "member"):
        assert cast.browsers[name].get(sent.work.get_absolute_url()).status_code == 404
    assert cast.browsers["member"].get(reverse("write-submission", args=[sent.work.ref])).status_code == 404


def test_what_lacks_a_title_is_not_sent_in(cast, draft, curated):
    Work.objects.update(title="")
    assert cast.browsers["author"].post(reverse("write-publish", args=[draft.ref])).status_code == 422
    assert not Submission.objects.exists()


def test_the_archivist_reads_it_beside_the_policy_and_accepts(cast, sent):
    html = cast.browsers["archivist"].get(reverse("desk-submission", args=[sent.ref])).content.decode()
    assert "Stories of the sea." in html
    assert "My first." in html
    html = cast.browsers["archivist"].get(reverse("desk-submission-reading", args=[sent.ref])).content.decode()
    assert "She lit the lamp." in html
    assert decide(cast, sent, "accepted").status_code == 302
    assert visibility() == Visibility.PUBLIC
    assert cast.browsers["visitor"].get(sent.work.get_absolute_url()).status_code == 200


def test_accepting_twice_is_accepting_once(cast, sent):
    decide(cast, sent, "accepted")
    decide(cast, sent, "accepted")
    assert Note.objects.filter(state=State.ACCEPTED).count() == 1


def test_an_acceptance_can_be_taken_back(cast, sent):
    decide(cast, sent, "accepted")
    decide(cast, sent, "waiting")
    assert (Submission.objects.get().state, visibility()) == (State.WAITING, Visibility.DRAFT)


def test_a_decision_about_a_text_that_changed_is_refused(cast, sent):
    mark = mark_now(cast, sent)
    write(cast, sent.work, "<p>She broke the lamp.</p>")
    answer = decide(cast, sent, "accepted", mark=mark)
    assert answer.status_code == 422
    assert "The writer changed this since you opened it" in answer.content.decode()
    assert (Submission.objects.get().state, visibility()) == (State.WAITING, Visibility.DRAFT)


def test_changes_are_asked_for_with_a_reason_and_the_work_comes_again(cast, sent):
    assert decide(cast, sent, "changes").status_code == 422
    decide(cast, sent, "changes", "Tell more of the harbour.")
    page = reverse("write-submission", args=[sent.work.ref])
    assert "Tell more of the harbour." in cast.browsers["author"].get(page).content.decode()
    cast.browsers["author"].post(page, {"state": "waiting", "words": "I did."})
    assert Submission.objects.get().state == State.WAITING
    assert Note.objects.last().words == "I did."


def test_the_writer_takes_it_back_and_accepts_nothing(cast, sent):
    page = reverse("write-submission", args=[sent.work.ref])
    assert cast.browsers["author"].post(page, {"state": "accepted"}).status_code == 404
    cast.browsers["author"].post(page, {"state": "withdrawn"})
    assert Submission.objects.get().state == State.WITHDRAWN
    assert decide(cast, sent, "accepted").status_code == 422
    assert visibility() == Visibility.DRAFT


def test_a_date_counts_once_the_work_is_accepted(cast, sent):
    Work.objects.update(publish_at=timezone.now() - dt.timedelta(hours=1))
    assert publishing.publish_due() == 0
    assert visibility() == Visibility.DRAFT
    Work.objects.update(publish_at=timezone.now() + dt.timedelta(hours=1))
    decide(cast, sent, "accepted")
    assert visibility() == Visibility.DRAFT
    Work.objects.update(publish_at=timezone.now())
    assert publishing.publish_due() == 1


def test_the_writer_is_told_by_mail(cast, sent, settings):
    import dataclasses

    settings.HOUSE = dataclasses.replace(settings.HOUSE, mail="smtp://localhost")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    decide(cast, sent, "declined", "No sea in it.")
    outgoing.send_due()
    assert "No sea in it." in mail.outbox[-1].body
    assert mail.outbox[-1].to == ["author@example.org"]


def test_by_invitation_only_named_writers_publish(cast, draft):
    Rules.objects.create(way=Way.INVITED)
    page = reverse("write-publish", args=[draft.ref])
    assert "Ask an archivist" in cast.browsers["author"].get(page).content.decode()
    assert cast.browsers["author"].post(page).status_code == 422
    Writer.objects.create(account=cast.users["author"])
    cast.browsers["author"].post(page)
    assert visibility() == Visibility.PUBLIC


def test_the_archivist_says_how_works_come_to_readers(cast):
    page = reverse("desk-submission-rules")
    typed = {"way": "curated", "policy": "Be kind.<script>x</script>", "writers": "author"}
    assert cast.browsers["archivist"].post(page, typed).status_code == 302
    rules = Rules.objects.get()
    assert (rules.way, rules.version) == ("curated", 1)
    assert "<script" not in rules.policy
    assert Writer.objects.get().account == cast.users["author"]
    assert cast.browsers["archivist"].post(page, {**typed, "writers": "nobody-here"}).status_code == 200


def test_the_queue_asks_the_same_number_of_questions_however_long_it_is(cast, sent, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, page = cast.browsers["archivist"], reverse("desk-submissions")
    browser.get(page)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        browser.get(page)
    for number in range(5):
        other = drafts.begin(cast.users["author"], f"more-{number}")
        Submission.objects.create(work=other, sent_at=timezone.now(), sent_by=cast.users["author"])
    with django_assert_num_queries(len(seen)):
        assert browser.get(page).content.decode().count("/desk/submissions/") >= 6


def test_the_archivists_are_told_by_mail_what_was_sent_in(cast, draft, curated, settings):
    import dataclasses

    settings.HOUSE = dataclasses.replace(settings.HOUSE, mail="smtp://localhost")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    found = submitted.sent(cast, draft)
    outgoing.send_due()
    assert {letter.to[0] for letter in mail.outbox} == {"archivist@example.org", "host@example.org"}
    assert "its writer sent it in" in mail.outbox[0].subject
    submitted.mark_now(cast, found)
    cast.browsers["author"].post(reverse("write-submission", args=[draft.ref]), {"words": "One thing more."})
    outgoing.send_due()
    assert [letter.to[0] for letter in mail.outbox[2:]] == ["archivist@example.org"]  # who has opened it


def test_a_writer_says_no_more_in_an_hour_than_anybody_reads(cast, sent, monkeypatch):
    from storykeep.site.curating.views import own

    monkeypatch.setattr(own, "MOST", 2)
    page = reverse("write-submission", args=[sent.work.ref])
    answers = [cast.browsers["author"].post(page, {"words": f"Word {n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "That was often enough for now" in answers[-1].content.decode()
    assert "Word 2" in answers[-1].content.decode()
    assert Note.objects.filter(words__startswith="Word").count() == 2

"""No way past the queue: whatever a writer presses, readers see nothing that an archivist has not accepted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

import submitted
from storykeep.model import story as m
from storykeep.site.submissions.models import Rules, State, Submission
from storykeep.site.works.models import Chapter, Revision, Visibility, Work
from storykeep.site.writing import chapters, coming_back, drafts, inviting, names, publishing, queries

NEW, SECOND = "<p>She broke the lamp.</p>", "<p>A second night.</p>"


@pytest.fixture
def closed(cast):
    submitted.curated()
    return submitted.draft(cast)


def seen_by_readers(cast, work, words):
    answer = cast.browsers["visitor"].get(reverse("work-short", args=[work.ref]), follow=True)
    whole = cast.browsers["visitor"].get(reverse("whole", args=[work.ref, work.slug]))
    return any(words in each.content.decode() for each in (answer, whole))


def add_chapter(cast, work, body=SECOND):
    row = chapters.add(Work.objects.get(pk=work.pk))
    at = [each.pk for each in queries.chapters_of(work)].index(row.pk)
    submitted.write(cast, work, body, at)
    return Chapter.written.get(pk=row.pk)


def publish_chapter(cast, work, row):
    page = reverse("write-publish-chapter", args=[work.ref, row.ref])
    return cast.browsers["author"].post(page, follow=True).content.decode()


# ── a draft
def test_the_page_of_rescued_works_publishes_no_draft(cast, closed):
    browser, page = cast.browsers["author"], reverse("my-work", args=[closed.ref])
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse battery"})
    for choice in ("public", "members", "hidden"):
        assert "Nobody reads this yet" in browser.post(page, {"choice": choice}, follow=True).content.decode()
        assert Work.objects.get().visibility == Visibility.DRAFT


def test_what_an_archivist_hid_before_it_was_accepted_its_author_does_not_open(cast, closed):
    submitted.sent(cast, closed)
    Work.objects.update(visibility=Visibility.HIDDEN)
    browser, page = cast.browsers["author"], reverse("my-work", args=[closed.ref])
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse battery"})
    browser.post(page, {"choice": "public"})
    assert Work.objects.get().visibility == Visibility.HIDDEN


def test_what_readers_had_before_its_author_hid_it_can_come_back(cast):
    work = submitted.draft(cast)
    publishing.publish(work)
    submitted.curated()
    browser, page = cast.browsers["author"], reverse("my-work", args=[work.ref])
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse battery"})
    browser.post(page, {"choice": "hidden"})
    browser.post(page, {"choice": "public"})
    assert Work.objects.get().visibility == Visibility.PUBLIC


def test_a_claim_taken_back_brings_nothing_to_readers_that_waits(cast):
    work = submitted.accepted(cast)
    from storykeep.site.claims import choices, consent
    from storykeep.site.submissions import deciding

    before = choices.state(work)
    consent.show_to(work, Visibility.HIDDEN)
    deciding.decide(cast.users["archivist"], Submission.objects.get(), State.WAITING, "")
    choices.restore(Work.objects.get(), before)
    assert Work.objects.get().visibility == Visibility.HIDDEN


def test_saving_by_itself_or_by_hand_publishes_nothing(cast, closed):
    page = reverse("write-work", args=[closed.ref])
    for typed in ({"auto": "1"}, {"then": "show"}, {"then": "publish"}):
        cast.browsers["author"].post(page, {"body": NEW, "entry": "html", "publish_as": "public", "was": "{}", **typed})
        assert Work.objects.get().visibility == Visibility.DRAFT
    publish_chapter(cast, closed, queries.chapters_of(closed)[0])
    assert not seen_by_readers(cast, closed, "lamp")


def test_a_co_author_publishes_no_more_than_its_author(cast, closed):
    member = cast.users["member"]
    inviting.accept(inviting.invite(closed, cast.users["author"], "member", "author"), names.usual(member))
    cast.browsers["member"].post(reverse("write-publish", args=[closed.ref]))
    assert (Submission.objects.get().sent_by, Work.objects.get().visibility) == (member, Visibility.DRAFT)


def test_what_comes_back_from_a_file_is_a_draft_whatever_the_file_says(cast, closed):
    story = m.Story(key="elsewhere/1", title="Back", language="en", chapters=(m.Chapter(key="1", body=NEW),))
    desk = {"visibility": "public", "chapters": [{"ref": "a", "shown": 1, "newest": 1}]}
    told = [{"number": 1, "body": NEW, "shown": True, "how": "saved", "by": "me"}]
    parcel = coming_back.Parcel(story=story, desk=desk, versions={"a": told})
    work, _ = coming_back.take_in(cast.users["author"], parcel, coming_back.Wish(as_it_was=True))
    work.refresh_from_db()
    assert work.visibility == Visibility.DRAFT


def test_a_series_shows_no_draft(cast, closed):
    typed = {"series": "The Harbour #1", "was": '{"series": ""}'}
    cast.browsers["author"].post(reverse("write-work", args=[closed.ref]), typed)
    ref = closed.series_places.get().series.ref
    assert cast.browsers["visitor"].get(reverse("series", args=[ref, "the-harbour"])).status_code == 404


def test_an_acceptance_that_was_taken_back_holds_in_the_trash_too(cast):
    work = submitted.accepted(cast)
    drafts.trash(work)
    sent = Submission.objects.get()
    from storykeep.site.submissions import deciding

    deciding.decide(cast.users["archivist"], sent, State.WAITING, "")
    drafts.bring_back(Work.objects.get())
    assert Work.objects.get().visibility == Visibility.DRAFT


def test_a_decision_by_hand_without_the_mark_of_the_text_is_refused(cast, closed):
    sent = submitted.sent(cast, closed)
    for state in ("accepted", "declined", "changes"):
        answer = submitted.decide(cast, sent, state, "Because.", mark="")
        assert answer.status_code == 422
        assert "Open the work and read it first" in answer.content.decode()
    assert submitted.decide(cast, sent, "accepted", mark="0123456789abcdef").status_code == 422
    assert Submission.objects.get().state == State.WAITING


@pytest.mark.parametrize("field", ["summary", "notes", "tags"])
def test_a_decision_is_about_all_that_readers_would_get(cast, closed, field):
    sent = submitted.sent(cast, closed)
    mark = submitted.mark_now(cast, sent)
    if field == "tags":
        from storykeep.site.tags.models import Tag, TagKind
        from storykeep.site.works.models import WorkTag

        kind = TagKind.objects.first() or TagKind.objects.create(key="mood", name="Mood")
        WorkTag.objects.create(work=closed, tag=Tag.objects.create(kind=kind, name="Wild", slug="wild"))
    else:
        typed = {field: "Something else", "was": f'{{"{field}": ""}}'}
        cast.browsers["author"].post(reverse("write-work", args=[closed.ref]), typed)
    assert submitted.decide(cast, sent, "accepted", mark=mark).status_code == 422


# ── later: free
def test_where_nothing_is_looked_at_again_new_chapters_go_live(cast):
    work = submitted.accepted(cast)
    publish_chapter(cast, work, add_chapter(cast, work))
    assert seen_by_readers(cast, work, "A second night.")


# ── later: chapters
@pytest.fixture
def accepted(cast):
    return submitted.accepted(cast, later="chapters")


def test_a_new_chapter_waits_for_a_look_while_readers_keep_the_rest(cast, accepted):
    row = add_chapter(cast, accepted)
    assert "is sent in" in publish_chapter(cast, accepted, row)
    sent = Submission.objects.get()
    assert (sent.state, Work.objects.get().visibility) == (State.WAITING, Visibility.PUBLIC)
    assert seen_by_readers(cast, accepted, "She lit the lamp.")
    assert not seen_by_readers(cast, accepted, "A second night.")
    html = cast.browsers["archivist"].get(reverse("desk-submission", args=[sent.ref])).content.decode()
    assert "a new chapter" in html
    page = reverse("desk-submission-reading", args=[sent.ref])
    assert "A second night." in cast.browsers["archivist"].get(f"{page}?chapter={row.ref}").content.decode()
    submitted.decide(cast, sent, "accepted")
    assert seen_by_readers(cast, accepted, "A second night.")
    assert Submission.objects.get().state == State.ACCEPTED


def test_save_and_show_sends_it_in_too_but_a_change_of_an_accepted_text_goes_live(cast, accepted):
    row = add_chapter(cast, accepted)
    page = reverse("write-chapter", args=[accepted.ref, row.ref])
    cast.browsers["author"].post(page, {"body": SECOND, "entry": "html", "then": "show", "was": "{}"})
    assert not seen_by_readers(cast, accepted, "A second night.")
    first = queries.chapters_of(accepted)[0]
    page = reverse("write-chapter", args=[accepted.ref, first.ref])
    typed = {"body": NEW, "entry": "html", "then": "show", "was": "{}", "base": first.current_id}
    cast.browsers["author"].post(page, typed)
    assert seen_by_readers(cast, accepted, "She broke the lamp.")


def test_a_chapter_that_is_declined_leaves_the_work_with_its_readers(cast, accepted):
    row = add_chapter(cast, accepted)
    publish_chapter(cast, accepted, row)
    submitted.decide(cast, Submission.objects.get(), "declined", "Not this one.")
    assert (Submission.objects.get().state, Work.objects.get().visibility) == (State.ACCEPTED, Visibility.PUBLIC)
    thread = cast.browsers["author"].get(reverse("write-submission", args=[accepted.ref])).content.decode()
    assert "Not this one." in thread
    assert not seen_by_readers(cast, accepted, "A second night.")
    publish_chapter(cast, accepted, row)
    assert Submission.objects.get().state == State.WAITING


def test_its_writer_takes_a_chapter_back(cast, accepted):
    publish_chapter(cast, accepted, add_chapter(cast, accepted))
    cast.browsers["author"].post(reverse("write-submission", args=[accepted.ref]), {"state": "withdrawn"})
    assert (Submission.objects.get().state, Work.objects.get().visibility) == (State.ACCEPTED, Visibility.PUBLIC)
    assert not seen_by_readers(cast, accepted, "A second night.")


def test_a_chapter_with_a_date_waits_for_both(cast, accepted):
    row = add_chapter(cast, accepted)
    page = reverse("write-schedule-chapter", args=[accepted.ref, row.ref])
    day = (timezone.now() + dt.timedelta(days=2)).date().isoformat()
    html = cast.browsers["author"].post(page, {"day": day, "time": "09:00", "zone": "UTC"}, follow=True)
    assert "It is sent in: an archivist reads it before that." in html.content.decode()
    Chapter.written.filter(pk=row.pk).update(publish_at=timezone.now() - dt.timedelta(hours=1))
    assert publishing.publish_due() == 0
    Chapter.written.filter(pk=row.pk).update(publish_at=timezone.now() + dt.timedelta(hours=1))
    submitted.decide(cast, Submission.objects.get(), "accepted")
    assert not seen_by_readers(cast, accepted, "A second night.")
    Chapter.written.filter(pk=row.pk).update(publish_at=timezone.now())
    assert publishing.publish_due() == 1
    assert seen_by_readers(cast, accepted, "A second night.")


def test_making_a_work_a_draft_and_publishing_it_again_brings_no_new_chapter_past(cast, accepted):
    cast.browsers["author"].post(reverse("write-withdraw", args=[accepted.ref]))
    row = add_chapter(cast, accepted)
    assert not row.draft
    cast.browsers["author"].post(reverse("write-publish", args=[accepted.ref]))
    assert (Submission.objects.get().state, Work.objects.get().visibility) == (State.WAITING, Visibility.DRAFT)
    submitted.decide(cast, Submission.objects.get(), "accepted")
    assert seen_by_readers(cast, accepted, "A second night.")


def test_another_draft_chapter_is_not_published_with_the_one_that_was_sent_in(cast, accepted):
    publish_chapter(cast, accepted, add_chapter(cast, accepted))
    add_chapter(cast, accepted, "<p>Not ready at all.</p>")
    submitted.decide(cast, Submission.objects.get(), "accepted")
    assert seen_by_readers(cast, accepted, "A second night.")
    assert not seen_by_readers(cast, accepted, "Not ready at all.")


# ── later: all
@pytest.fixture
def watched(cast):
    return submitted.accepted(cast, later="all")


def show(cast, work, body):
    row = submitted.write(cast, work, body)
    return publish_chapter(cast, work, row), row


def test_a_changed_text_waits_for_a_look_and_the_archivist_sees_what_changed(cast, watched):
    said, _ = show(cast, watched, NEW)
    assert "is sent in" in said
    assert seen_by_readers(cast, watched, "She lit the lamp.")
    assert not seen_by_readers(cast, watched, "broke")
    html = cast.browsers["archivist"].get(reverse("desk-submission", args=[Submission.objects.get().ref]))
    assert "<del>lit</del><ins>broke</ins>" in html.content.decode()
    submitted.decide(cast, Submission.objects.get(), "accepted")
    assert seen_by_readers(cast, watched, "She broke the lamp.")


def test_a_text_that_changed_after_it_was_accepted_for_a_date_waits_again(cast):
    submitted.curated("all")
    work = submitted.draft(cast)
    sent = submitted.sent(cast, work)
    Work.objects.update(publish_at=timezone.now() + dt.timedelta(hours=1))
    submitted.decide(cast, sent, "accepted")
    submitted.write(cast, work, NEW)
    Work.objects.update(publish_at=timezone.now())
    assert publishing.publish_due() == 0
    assert Work.objects.get().visibility == Visibility.DRAFT


def test_going_back_to_a_text_that_readers_had_needs_no_look_but_what_a_file_calls_shown_does(cast, watched):
    old = submitted.write(cast, watched, "<p>She lit the lamp.</p>")
    assert "Your readers see the newest text" in publish_chapter(cast, watched, old)
    forged = "<p>A forged page.</p>"
    Revision.objects.create(chapter=old, number=90, body=forged, shown=True, reason="brought in")
    assert "is sent in" in show(cast, watched, forged)[0]
    assert not seen_by_readers(cast, watched, "forged")


def test_an_archive_that_is_open_again_holds_nothing_back(cast, watched):
    Rules.objects.update(way="open")
    show(cast, watched, NEW)
    assert seen_by_readers(cast, watched, "She broke the lamp.")

"""Chapters in order, dates, pen names, co-authors, several works at once, the trash, old autosaves, files."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from storykeep.site.accounts import outgoing
from storykeep.site.accounts.models import User
from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Chapter, Revision, Visibility, Work
from storykeep.site.writing import chapters, drafts, publishing, queries, revisions
from storykeep.site.writing.clock import tidy
from storykeep.site.writing.models import Answer, Brought, Invitation
from storykeep.site.writing.revisions import AUTO, Sent, save
from storykeep.site.writing.thinning import thin


@pytest.fixture
def author(cast):
    return cast.browsers["author"]


@pytest.fixture
def work(cast):
    """A draft of three chapters that can be published."""
    made = drafts.begin(cast.users["author"], "shelf")
    Work.objects.filter(pk=made.pk).update(title="Tides", language="en")
    made.refresh_from_db()
    rows = [queries.chapters_of(made)[0], chapters.add(made), chapters.add(made)]
    for row, name in zip(rows, ("Ebb", "Slack", "Flood"), strict=True):
        Chapter.written.filter(pk=row.pk).update(title=name)
        save(row, Sent(body=f"<p>{name} came.</p>", by=cast.users["author"]))
    return made


def titles(work):
    return [row.title for row in queries.chapters_of(work)]


# ── order
def test_chapters_move_by_button_and_by_hand(author, work):
    rows = queries.chapters_of(work)
    address = reverse("write-order", args=[work.ref])
    author.post(address, {"move": f"up:{rows[2].ref}"})
    assert titles(work) == ["Ebb", "Flood", "Slack"]
    author.post(address, {"chapter": [rows[1].ref, rows[0].ref, rows[2].ref]})
    assert titles(work) == ["Slack", "Ebb", "Flood"]
    assert [row.place for row in queries.chapters_of(work)] == [1, 2, 3]


def test_a_chapter_of_another_work_is_never_moved(author, cast, work):
    other = drafts.begin(cast.users["author"], "other")
    ref = queries.chapters_of(other)[0].ref
    author.post(reverse("write-order", args=[work.ref]), {"move": f"up:{ref}", "chapter": [ref]})
    assert titles(work) == ["Ebb", "Slack", "Flood"]
    assert author.get(reverse("write-chapter", args=[work.ref, ref])).status_code == 404


def test_readers_count_only_the_chapters_that_they_see(author, cast, work):
    publishing.publish(work)
    rows = queries.chapters_of(work)
    author.post(reverse("write-withdraw-chapter", args=[work.ref, rows[1].ref]))
    page = cast.browsers["visitor"].get(work.get_absolute_url() + "/2").content.decode()
    assert "Flood came." in page
    assert Work.objects.get(pk=work.pk).chapter_count == 2


def test_three_of_an_unknown_number_of_chapters(author, cast, work):
    publishing.publish(work)
    Work.objects.filter(pk=work.pk).update(status="in-progress", chapters_planned=5)
    assert "3 of 5 chapters" in cast.browsers["visitor"].get(work.get_absolute_url()).content.decode()
    Work.objects.filter(pk=work.pk).update(chapters_planned=0)
    assert "3 of ? chapters" in cast.browsers["visitor"].get(work.get_absolute_url()).content.decode()


# ── at a date
def due(work, **values):
    Work.objects.filter(pk=work.pk).update(publish_at=timezone.now() - dt.timedelta(seconds=1), **values)


def test_a_work_is_published_at_its_minute_in_the_writers_own_time(author, work):
    author.post(
        reverse("write-schedule", args=[work.ref]), {"day": "2099-07-01", "time": "18:30", "zone": "Europe/Paris"}
    )
    found = Work.objects.get(pk=work.pk)
    assert found.publish_at == dt.datetime(2099, 7, 1, 16, 30, tzinfo=dt.UTC)
    assert "1 July 2099" in author.get("/write").content.decode()
    publishing.publish_due()
    assert Work.objects.get(pk=work.pk).visibility == Visibility.DRAFT
    due(work)
    publishing.publish_due()
    found.refresh_from_db()
    assert (found.visibility, found.publish_at) == (Visibility.PUBLIC, None)


def test_what_lacks_something_at_its_date_waits_and_is_published_when_it_is_whole(author, work):
    due(work, title="")
    publishing.publish_due()
    assert Work.objects.get(pk=work.pk).visibility == Visibility.DRAFT
    Work.objects.filter(pk=work.pk).update(title="Tides")
    publishing.publish_due()
    assert Work.objects.get(pk=work.pk).visibility == Visibility.PUBLIC


@pytest.mark.parametrize(
    ("typed", "then", "said"),
    [
        ("2097-03-31T02:30", (1, 30), "02:30 is left out that night: it is taken for 03:30."),
        ("2097-10-27T02:30", (0, 30), "02:30 comes twice that night: the first time is meant."),
        ("2097-10-27T03:30", (2, 30), ""),
        ("2097-03-31T03:00", (1, 0), ""),
    ],
)
def test_on_the_night_when_clocks_change_the_page_says_which_minute_is_meant(author, work, typed, then, said):
    address, (day, time) = reverse("write-schedule", args=[work.ref]), typed.split("T")
    page = author.post(address, {"day": day, "time": time, "zone": "Europe/Berlin"}, follow=True).content.decode()
    found = Work.objects.get(pk=work.pk).publish_at
    assert (found.hour, found.minute) == then
    assert said in page
    assert ("The clocks go" in page) == bool(said)


def test_a_date_is_shown_in_the_writers_time_where_it_can_be_changed(author, work):
    address = reverse("write-schedule", args=[work.ref])
    author.post(address, {"day": "2099-07-01", "time": "00:15", "zone": "Asia/Kathmandu"})
    page = author.get(reverse("write-publish", args=[work.ref])).content.decode()
    assert 'value="2099-07-01"' in page
    assert 'value="00:15"' in page
    assert "<option selected>Asia/Kathmandu" in page


@pytest.mark.parametrize(
    ("day", "time"),
    [("2001-01-01", "10:00"), ("never", ""), ("2099-02-31", "10:00"), ("9999-12-31", "23:59"), ("0001-01-01", "00:00")],
)
def test_a_date_that_is_none_changes_nothing(author, work, day, time):
    author.post(reverse("write-schedule", args=[work.ref]), {"day": day, "time": time, "zone": "America/Los_Angeles"})
    assert Work.objects.get(pk=work.pk).publish_at is None


def test_a_chapter_is_published_at_its_date(cast, work):
    publishing.publish(work)
    row = chapters.add(Work.objects.get(pk=work.pk))
    save(row, Sent(body="<p>Later.</p>", by=cast.users["author"]))
    Chapter.written.filter(pk=row.pk).update(publish_at=timezone.now())
    publishing.publish_due()
    assert b"Later." in cast.browsers["visitor"].get(work.get_absolute_url() + "/4").content


# ── names
def test_an_account_signs_by_several_names_that_nobody_can_tie(author, cast, work):
    author.post("/write/names/new", {"name": "Ida  Quill"})
    page = author.get(reverse("write-work", args=[work.ref])).content.decode()
    slug = cast.users["author"].people.get(name="Ida Quill").slug
    assert f'value="{slug}"' in page
    author.post(reverse("write-work", args=[work.ref]), {"was": '{"pen_names": "author"}', "pen_names": [slug]})
    assert [credit.name for credit in work.credits.all()] == ["Ida Quill"]
    publishing.publish(work)
    shown = cast.browsers["visitor"].get(f"/authors/{slug}").content.decode()
    assert "Tides" in shown
    assert ">author<" not in shown


def test_what_can_not_be_a_pen_name_stays_on_the_page_with_all_that_was_typed(author):
    author.post("/write/names/new", {"name": "Ida Quill"})
    answer = author.post("/write/names/ida-quill", {"name": "x" * 300, "bio": "Writes at night."})
    assert answer.status_code == 422
    assert "Writes at night." in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("\u202ewen\u2066  x\0", "wen x"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀 crew", "👩\u200d🚀 crew"),
        ("Ада Vane", "Ада Vane"),
        ("\u200b \u2060", ""),
        ("\u0430da", ""),
        ("Z\u0300\u0301\u0302", ""),
        ("The Archivist", ""),
        ("M0derator", ""),
        ("x" * 101, ""),
    ],
)
def test_a_pen_name_hides_nothing_and_passes_for_nobody(author, cast, given, kept):
    author.post("/write/names/new", {"name": given})
    assert list(cast.users["author"].people.values_list("name", flat=True)) == ([kept] if kept else [])


def test_who_is_called_like_somebody_else_is_told_so(author, cast):
    cast.browsers["member"].post("/write/names/new", {"name": "Oca"})
    page = author.post("/write/names/new", {"name": "оса"}, follow=True).content.decode()
    assert "Readers may take you for one another" in page
    assert "take you for one" not in author.post("/write/names/new", {"name": "Wen"}, follow=True).content.decode()


def test_nobody_signs_by_somebody_elses_name(author, cast, work):
    cast.browsers["member"].post("/write/names/new", {"name": "Not yours"})
    theirs = cast.users["member"].people.get().slug
    author.post(reverse("write-work", args=[work.ref]), {"was": '{"pen_names": "author"}', "pen_names": [theirs]})
    assert [credit.person.account for credit in work.credits.select_related("person__account")] == [
        cast.users["author"]
    ]
    assert author.get(f"/write/names/{theirs}").status_code == 404


# ── together
def test_who_is_asked_sees_the_draft_only_after_saying_yes(author, cast, work):
    member, address = cast.browsers["member"], reverse("write-work", args=[work.ref])
    author.post(reverse("write-people", args=[work.ref]), {"name": "member", "role": "author"})
    assert member.get(address).status_code == 404
    page = member.get("/write").content.decode()
    assert "Tides" in page
    member.post(reverse("write-answer", args=[Invitation.objects.get().ref]), {"accept": "yes"})
    assert member.get(address).status_code == 200
    assert {credit.name for credit in work.credits.all()} == {"author", "member"}


def test_an_invitation_is_answered_by_whom_it_is_for_and_once(author, cast, work):
    author.post(reverse("write-people", args=[work.ref]), {"name": "member"})
    address = reverse("write-answer", args=[Invitation.objects.get().ref])
    assert author.post(address, {"accept": "yes"}).status_code == 404
    cast.browsers["member"].post(address, {})
    assert Invitation.objects.get().answer == Answer.DECLINED
    assert cast.browsers["member"].post(address, {"accept": "yes"}).status_code == 404


@pytest.fixture
def letters(cast, settings, mailoutbox):
    """An archive with a mail server, in which author and member have addresses."""
    settings.HOUSE = replace(settings.HOUSE, mail="smtp://mail.example")
    for name in ("author", "member"):
        User.objects.filter(pk=cast.users[name].pk).update(email=f"{name}@mail.example")
    return mailoutbox


@pytest.mark.parametrize(("typed", "said"), [({"accept": "yes"}, "member said yes"), ({}, "member said no")])
def test_who_is_asked_and_who_asked_get_a_letter(letters, cast, work, typed, said):
    cast.browsers["author"].post(reverse("write-people", args=[work.ref]), {"name": "member"})
    cast.browsers["member"].post(reverse("write-answer", args=[Invitation.objects.get().ref]), typed)
    outgoing.send_due()
    asked, answered = letters
    assert (asked.to, answered.to) == (["member@mail.example"], ["author@mail.example"])
    assert "You are asked by author to be named under “Tides” as author" in asked.body
    assert said in answered.body


def test_who_wants_no_letters_about_writing_together_gets_none(letters, author, cast, work):
    User.objects.filter(pk=cast.users["member"].pk).update(mail_wishes={"together": False})
    author.post(reverse("write-people", args=[work.ref]), {"name": "member"})
    assert Invitation.objects.count() == 1
    outgoing.send_due()
    assert letters == []


def test_the_last_author_stays(author, cast, work):
    author.post(reverse("write-leave", args=[work.ref]))
    assert work.credits.count() == 1
    author.post(reverse("write-people", args=[work.ref]), {"name": "member"})
    cast.browsers["member"].post(reverse("write-answer", args=[Invitation.objects.get().ref]), {"accept": "yes"})
    author.post(reverse("write-leave", args=[work.ref]))
    assert [credit.name for credit in work.credits.all()] == ["member"]
    cast.browsers["member"].post(reverse("write-leave", args=[work.ref]))
    assert work.credits.count() == 1


# ── several at once
def test_several_works_are_changed_together_and_others_are_left(author, cast, work):
    TagKind.objects.create(key="mood", name="Moods")
    mine = drafts.begin(cast.users["author"], "second")
    theirs = drafts.begin(cast.users["member"], "theirs")
    chosen = {
        "work": [work.ref, mine.ref, theirs.ref],
        "add_tags_mood": "Calm",
        "comments": "none",
        "publish_as": "members",
    }
    author.post(author.post("/write/together", chosen)["Location"], {"act": "do"})
    assert [[tag.name for tag in each.tags.all()] for each in (work, mine, theirs)] == [["Calm"], ["Calm"], []]
    assert list(Work.objects.order_by("pk").values_list("comments", "publish_as")) == [
        ("none", "members"),
        ("none", "members"),
        ("all", "public"),
    ]
    assert set(Work.objects.values_list("visibility", flat=True)) == {Visibility.DRAFT}


# ── series
def test_a_series_of_ones_own_is_named_and_put_in_order(author, cast, work):
    second = drafts.begin(cast.users["author"], "second")
    for each, line in ((work, "Tides #1"), (second, "Tides #2")):
        author.post(reverse("write-work", args=[each.ref]), {"was": '{"series": ""}', "series": line})
    series = work.series_places.get().series
    address = reverse("write-series", args=[series.ref])
    author.post(address, {"move": f"up:{second.ref}"})
    assert [each.series_places.get().position for each in (work, second)] == [2, 1]
    author.post(address, {"title": "The tides", "summary": "All of them."})
    series.refresh_from_db()
    assert (series.title, series.summary, work.series_places.get().title) == (
        "The tides",
        "<p>All of them.</p>",
        "The tides",
    )
    assert {cast.browsers[who].get(address).status_code for who in ("member", "archivist", "host")} == {404}


def test_a_series_is_put_in_order_by_hand_and_what_can_not_be_its_name_stays_on_the_page(author, cast, work):
    others = [drafts.begin(cast.users["author"], key) for key in ("second", "third")]
    for each in (work, *others):
        author.post(reverse("write-work", args=[each.ref]), {"was": '{"series": ""}', "series": "Tides"})
    address = reverse("write-series", args=[work.series_places.get().series.ref])
    order = [others[1].ref, work.ref, others[0].ref]
    answer = author.post(address, {"work": order}, headers={"Accept": "application/json"})
    assert answer.json()["notes"] == {ref: f"part {at}" for at, ref in enumerate(order, 1)}
    answer = author.post(address, {"title": "x" * 256, "summary": "All that I typed."})
    assert answer.status_code == 422
    assert "All that I typed." in answer.content.decode()


def test_nobody_arranges_a_series_that_somebody_elses_work_is_in(author, cast, work):
    from storykeep.site.works.models import SeriesPlace

    author.post(reverse("write-work", args=[work.ref]), {"was": '{"series": ""}', "series": "Ours"})
    series = work.series_places.get().series
    theirs = drafts.begin(cast.users["member"], "theirs")
    SeriesPlace.objects.create(work=theirs, series=series, title="Ours")
    assert author.get(reverse("write-series", args=[series.ref])).status_code == 404


# ── the trash
def test_the_trash_keeps_a_work_for_thirty_days_from_everybody(author, cast, work):
    publishing.publish(work)
    author.post(reverse("write-trash", args=[work.ref]))
    assert {cast.browsers[person].get(work.get_absolute_url()).status_code for person in cast} == {404}
    assert "Tides" in author.get("/write").content.decode()
    assert "Tides" not in cast.browsers["member"].get("/write").content.decode()
    assert cast.browsers["member"].post(reverse("write-return", args=[work.ref])).status_code == 404
    author.post(reverse("write-return", args=[work.ref]))
    assert cast.browsers["visitor"].get(work.get_absolute_url()).status_code == 200


def test_what_was_in_the_trash_for_thirty_days_is_gone(author, work):
    author.post(reverse("write-trash", args=[work.ref]))
    drafts.empty_trash()
    assert Work.objects.filter(pk=work.pk).exists()
    Work.objects.update(trashed_at=timezone.now() - dt.timedelta(days=31))
    drafts.empty_trash()
    assert not Work.objects.filter(pk=work.pk).exists()


def test_a_chapter_comes_back_from_the_trash_as_a_draft(author, work):
    row = queries.chapters_of(work)[1]
    author.post(reverse("write-trash-chapter", args=[work.ref, row.ref]))
    assert titles(work) == ["Ebb", "Flood"]
    author.post(reverse("write-return-chapter", args=[work.ref, row.ref]))
    assert titles(work) == ["Ebb", "Flood", "Slack"]
    assert Chapter.written.get(pk=row.pk).draft


# ── old autosaves
def test_autosaves_are_thinned_by_age_and_nothing_else_is(cast, work):
    row, user = queries.chapters_of(work)[0], cast.users["author"]
    now = timezone.now()
    for number in range(200):
        head = queries.head(queries.chapter_of(work, row.ref))
        made = save(row, Sent(body=f"<p>{number}</p>", by=user, base=head.pk, how=AUTO)).now
        Revision.objects.filter(pk=made.pk).update(made_at=now - dt.timedelta(minutes=400 - 2 * number))
    named = row.revisions.filter(body="<p>77</p>").get()
    Revision.objects.filter(pk=named.pk).update(name="Before the storm")
    thin(row.pk, now)
    left = set(row.revisions.values_list("body", flat=True))
    assert {"<p>199</p>", "<p>198</p>", "<p>197</p>", "<p>77</p>", "<p>Ebb came.</p>"} <= left
    assert 40 < len(left) < 80
    assert queries.head(queries.chapter_of(work, row.ref)).body == "<p>199</p>"
    assert thin(row.pk, now) == 0


def test_a_tab_whose_version_was_thinned_is_merged_all_the_same(cast, work):
    row, user = queries.chapters_of(work)[0], cast.users["author"]
    base = save(row, Sent(body="<p>a</p>\n<p>b</p>", by=user, base=queries.head(row).pk, how=AUTO)).now
    save(row, Sent(body="<p>a2</p>\n<p>b</p>", by=user, base=base.pk, how=AUTO))
    Revision.objects.filter(pk=base.pk).delete()
    found = save(row, Sent(body="<p>a</p>\n<p>b2</p>", by=user, base=base.pk)).now
    assert "a2" in found.body
    assert "b2" in found.body


# ── history
def test_two_versions_are_compared_named_and_brought_back(author, cast, work):
    row = queries.chapters_of(work)[0]
    save(row, Sent(body="<p>Ebb went.</p>", by=cast.users["author"], base=queries.head(row).pk))
    address = reverse("write-history", args=[work.ref, row.ref])
    assert "<p>Ebb <del>came</del><ins>went</ins>.</p>" in author.get(f"{address}?from=1&to=2").content.decode()
    author.post(reverse("write-name-revision", args=[work.ref, row.ref]), {"number": "1", "name": "First tide"})
    assert "First tide" in author.get(address).content.decode()
    author.post(reverse("write-restore", args=[work.ref, row.ref]), {"number": "1"})
    now = queries.head(queries.chapter_of(work, row.ref))
    assert (now.body, now.how, now.number) == ("<p>Ebb came.</p>", revisions.RESTORED, 3)
    assert author.post(reverse("write-restore", args=[work.ref, row.ref]), {"number": "99"}).status_code == 404


# ── files
OPEN = "http://schemas.openxmlformats.org"


def word(*paragraphs):
    inside = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    part = f'<Override PartName="/word/document.xml" ContentType="{kind}"/>'
    space = f'xmlns:w="{OPEN}/wordprocessingml/2006/main"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", f'<Types xmlns="{OPEN}/package/2006/content-types">{part}</Types>')
        packed.writestr("word/document.xml", f"<w:document {space}><w:body>{inside}</w:body></w:document>")
    return out.getvalue()


FILES = {
    "tale.md": b"# The tale\n\n## One\n\nShe *ran*.\n\n## Two\n\nHe did not, for all that anybody could tell.\n",
    "tale.txt": b"The tale\n\nShe ran down to the water, and the water was cold.\n\nHe did not.\n",
    "tale.html": b"<html><title>The tale</title><body><h1>The tale</h1><p>She <i>ran</i> to the water.</p></html>",
    "tale.rtf": rb"{\rtf1\ansi The tale\par She {\i ran} down to the water.\par}",
    "tale.docx": word("She ran down to the water.", "He did not."),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_shown_first_and_a_draft_after(author, name):
    answer = author.post("/write/bring", {"file": SimpleUploadedFile(name, FILES[name])})
    page = author.get(answer["Location"]).content.decode()
    assert "She ran" in page
    assert Work.objects.count() == 0
    for _ in range(2):
        author.post(answer["Location"], {"story": "0"})
    made = Work.objects.get()
    assert made.visibility == Visibility.DRAFT
    assert [credit.name for credit in made.credits.all()] == ["author"]
    assert "ran" in "".join(queries.head(row).body for row in queries.chapters_of(made))


def test_markdown_comes_in_chapters(author):
    answer = author.post("/write/bring", {"file": SimpleUploadedFile("tale.md", FILES["tale.md"])})
    author.post(answer["Location"], {"story": "0"})
    made = Work.objects.get()
    assert made.title == "The tale"
    assert [row.title for row in queries.chapters_of(made)] == ["One", "Two"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.docx", b"PK\x03\x04 broken", "a.docx"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0", "a.png"),
        ("empty.txt", b"  \n", "it is empty"),
        ("a.json", b'{"not": "ours"}', "a.json"),
    ],
)
def test_what_can_not_be_read_is_told_by_name_and_stops_nothing(author, name, data, words):
    files = [SimpleUploadedFile(name, data), SimpleUploadedFile("tale.md", FILES["tale.md"])]
    answer = author.post("/write/bring", {"file": files})
    page = author.get(answer["Location"]).content.decode()
    assert words in page
    assert "The tale" in page
    assert "Traceback" not in page


def test_what_somebody_brought_is_nobody_elses(author, cast):
    answer = author.post("/write/bring", {"file": SimpleUploadedFile("tale.md", FILES["tale.md"])})
    for person in ("member", "archivist", "host"):
        assert cast.browsers[person].get(answer["Location"]).status_code == 404
    Brought.objects.update(at=timezone.now() - dt.timedelta(days=8))
    tidy()
    assert author.get(answer["Location"]).status_code == 404


# ── what the script asks
def test_pasted_words_are_cleaned_and_told(author):
    answer = author.post(
        "/write/paste", {"html": "<p class=MsoNormal>A<script>x</script> <b style='font-family:x'>b</b></p>"}
    )
    assert answer.json()["body"] == "<p>A <b>b</b></p>"
    assert answer.json()["program"] == "Word"


def test_a_save_by_itself_shows_readers_nothing(author, cast, work):
    publishing.publish(work)
    row = queries.chapters_of(work)[0]
    address, json = reverse("write-chapter", args=[work.ref, row.ref]), {"accept": "application/json"}
    base = queries.head(row).pk
    typed = {"body": "<p>New words.</p>", "entry": "html", "base": base, "request": "a", "auto": "1"}
    answer = author.post(address, typed, headers=json).json()
    assert answer["base"] == queries.head(queries.chapter_of(work, row.ref)).pk
    assert b"New words." not in cast.browsers["visitor"].get(work.get_absolute_url()).content
    author.post(
        reverse("write-work", args=[work.ref]), {"was": '{"title": "Tides"}', "title": "Tid", "auto": "1"}, headers=json
    )
    assert Work.objects.get(pk=work.pk).title == "Tides"
    assert 'value="Tid"' in author.get(reverse("write-work", args=[work.ref])).content.decode()
    assert cast.browsers["visitor"].get("/write/token").status_code == 401


def test_two_people_who_change_one_field_are_both_asked(author, work):
    address = reverse("write-work", args=[work.ref])
    author.post(address, {"was": '{"title": "Tides"}', "title": "Tides of one"})
    answer = author.post(address, {"was": '{"title": "Tides", "summary": ""}', "title": "Tides of two", "summary": "S"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Tides of one" in page
    assert 'value="Tides of two"' in page
    found = Work.objects.get(pk=work.pk)
    assert (found.title, found.summary) == ("Tides of one", "<p>S</p>")


def test_a_save_of_a_chapter_never_touches_what_is_said_of_the_work(author, work):
    row = queries.chapters_of(work)[0]
    address, json = reverse("write-chapter", args=[work.ref, row.ref]), {"accept": "application/json"}
    typed = {"was": '{"chapter_title": "Ebb"}', "chapter_title": "Neap", "auto": "1"}
    answer = author.post(address, typed, headers=json).json()
    assert answer["was"] == {"chapter_title": "Neap"}
    author.post(address, {"was": '{"title": "Tides", "chapter_title": "Neap"}', "chapter_title": "Neap", "auto": "1"})
    assert Work.objects.get(pk=work.pk).title == "Tides"


def test_pages_ask_as_many_questions_for_twelve_chapters_as_for_three(author, cast, work):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        counts = []
        for name in ("write-work", "write-publish", "write-preview"):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert author.get(reverse(name, args=[work.ref])).status_code == 200
            counts.append(len(seen))
        return counts

    asked()
    few = asked()
    for _ in range(9):
        save(chapters.add(work), Sent(body="<p>More.</p>", by=cast.users["author"]))
    assert asked() == few

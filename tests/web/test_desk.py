"""The desk: an archivist settles, corrects and hides; everything can be undone; nobody else learns that it exists."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from storykeep.model.provenance import Capture, Finding, Gap, GapKind, Severity, Step, Variant
from storykeep.model.story import Chapter, Credit, Note, SeriesPlace, Story, Tag
from storykeep.site.desk.models import Decision
from storykeep.site.works import bridge, keeping_stories
from storykeep.site.works.models import Work

pytestmark = pytest.mark.django_db
SHA = "a" * 64


def a_story(key="a/1", title="The Ferry", **more):
    body = '<p>He said it’ll do, ’cause it must.</p><hr class="gap gap-reply"><p>“Yes?”</p>'
    at = body.index("’cause")
    return Story(
        key=key,
        title=title,
        archive="The Quay",
        credits=(Credit(name="jen"),),
        summary="<p>A boat.</p>",
        notes=(Note(label="A/N", body="<p>For Anna.</p>"),),
        tags=(Tag(kind="rating", name="PG"), Tag(kind="pairing", name="Ilse/Marrow", old_id="7")),
        series=(SeriesPlace(title="Harbour Stories", position=2),),
        captures=(Capture(sha256=SHA, path="ferry.html", size=12, encoding="utf-8"),),
        chapters=(
            Chapter(
                key="1",
                body=body,
                steps=(Step(code="repair.elision", at=at, before="‘", after="’"),),
                gaps=(Gap(kind=GapKind.REPLY, after=1),),
                captures=(SHA,),
            ),
        ),
        findings=(
            Finding(code="gap.reply", where="block 1", suggestion="Look for another copy.", severity=Severity.LOSS),
            Finding(code="title.guess", evidence="The Ferry", suggestion="Check the title.", severity=Severity.DOUBT),
        ),
        **more,
    )


@pytest.fixture
def work():
    return bridge.keep(a_story())


@pytest.fixture
def archivist(client):
    user = get_user_model().objects.create_superuser("mara", password="kept-for-tests")
    client.force_login(user)
    return client


def tick(client, **data):
    return client.post(reverse("desk-settle"), data)


@pytest.mark.parametrize("name", ["desk", "desk-findings", "desk-works", "desk-log"])
def test_nobody_else_learns_that_there_is_a_desk(client, django_user_model, name):
    assert client.get(reverse(name)).status_code == 404
    client.force_login(django_user_model.objects.create_user("reader", password="kept-for-tests"))
    assert client.get(reverse(name)).status_code == 404


def test_a_reader_cannot_decide_anything(client, work):
    for name in ("desk-approve", "desk-visibility"):
        assert client.post(reverse(name, args=[work.ref]), {"visibility": "hidden"}).status_code == 404
    assert tick(client, finding=work.findings.first().pk, state="accepted").status_code == 404
    assert not Decision.objects.exists()


def test_the_desk_shows_what_came_in(archivist, work):
    page = archivist.get(reverse("desk")).content.decode()
    assert "1 has something to settle" in re.sub(r"<[^>]+>", "", page)
    assert "gap.reply" in page
    shown = archivist.get(reverse("desk-work", args=[work.ref])).content.decode()
    for words in ("The Ferry", "jen", "ferry.html", "Look for another copy.", "1 repair", "1 gap"):
        assert words in shown


def test_a_finding_is_accepted_and_the_decision_undone(archivist, work):
    finding = work.findings.get(code="gap.reply")
    tick(archivist, finding=finding.pk, state="accepted")
    finding.refresh_from_db()
    assert finding.state == "accepted"
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    finding.refresh_from_db()
    assert finding.state == "open"


def test_all_findings_like_one_are_accepted_at_once(archivist, work):
    others = [bridge.keep(a_story(key=f"a/{n}", title=f"Story {n}")) for n in range(2, 5)]
    archivist.post(reverse("desk-settle") + "?state=accepted", {"like": work.findings.get(code="gap.reply").pk})
    assert {w.findings.get(code="gap.reply").state for w in [work, *others]} == {"accepted"}
    assert {w.findings.get(code="title.guess").state for w in [work, *others]} == {"open"}


def test_approving_goes_on_to_the_next_work(archivist, work):
    other = bridge.keep(a_story(key="a/2", title="Zebra"))
    answer = archivist.post(reverse("desk-approve", args=[work.ref]))
    assert answer.url == reverse("desk-work", args=[other.ref])
    assert not work.findings.filter(state="open").exists()


def form_of(client, address):
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "\n".join(v) if isinstance(v, list) else ("" if v is None else v) for name, v in values.items()}


def test_saving_the_form_unchanged_changes_nothing(archivist, work):
    address = reverse("desk-correct", args=[work.ref])
    before = bridge.story_of(work)
    archivist.post(address, form_of(archivist, address))
    assert bridge.story_of(Work.objects.get(pk=work.pk)) == before
    assert Decision.objects.get().changes == []


def test_every_field_can_be_corrected_and_a_later_rescue_leaves_it(archivist, work):
    address = reverse("desk-correct", args=[work.ref])
    given = form_of(archivist, address) | {
        "title": "The Last Ferry",
        "authors": "jen\nzero",
        "summary": "A boat, again.",
        "kind": "essay",
        "status": "complete",
        "language": "en",
        "written": "2003",
        "published": "2003-07",
        "updated": "2004-01-02",
        "series": "Harbour Stories #3",
        "notes": "<p>For Bert.</p>",
        "tags_rating": "R",
        "tags_pairing": "Ilse/Marrow\nIlse & Bert",
    }
    answer = archivist.post(address, given)
    assert answer.status_code == 302, answer.context["form"].errors
    bridge.keep(a_story(reads=9))
    story = bridge.story_of(Work.objects.get(pk=work.pk))
    assert (story.title, story.authors, story.kind, story.status) == (
        "The Last Ferry",
        ("jen", "zero"),
        "essay",
        "complete",
    )
    assert (story.written, story.published, story.updated) == ("2003", "2003-07", "2004-01-02")
    assert story.series == (SeriesPlace(title="Harbour Stories", position=3, key=story.series[0].key),)
    assert [note.body for note in story.notes] == ["<p>For Bert.</p>"]
    assert [(tag.kind, tag.name, tag.old_id) for tag in story.tags] == [
        ("pairing", "Ilse/Marrow", "7"), ("pairing", "Ilse & Bert", ""), ("rating", "R", ""),
    ]  # fmt: skip
    assert story.reads == 9


def test_a_correction_is_undone_whole(archivist, work):
    address = reverse("desk-correct", args=[work.ref])
    before = bridge.story_of(work)
    archivist.post(address, form_of(archivist, address) | {"title": "Wrong", "authors": "nobody", "tags_rating": ""})
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    assert bridge.story_of(Work.objects.get(pk=work.pk)) == before


def test_what_was_changed_since_is_not_undone(archivist, work):
    address = reverse("desk-correct", args=[work.ref])
    archivist.post(address, form_of(archivist, address) | {"title": "First"})
    first = Decision.objects.get()
    archivist.post(address, form_of(archivist, address) | {"title": "Second"})
    answer = archivist.post(reverse("desk-undo", args=[first.ref]), follow=True)
    assert "Undo the later one first" in answer.content.decode()
    assert Work.objects.get().title == "Second"


def test_two_archivists_do_not_overwrite_one_another(archivist, work):
    address = reverse("desk-correct", args=[work.ref])
    mine = form_of(archivist, address) | {"title": "Mine"}
    archivist.post(address, form_of(archivist, address) | {"title": "Theirs"})
    answer = archivist.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Mine" in page
    assert "Theirs" in page
    assert Work.objects.get().title == "Theirs"
    archivist.post(address, form_of_answer(answer))
    assert Work.objects.get().title == "Mine"


def form_of_answer(answer):
    form = answer.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_a_repair_can_be_taken_back(archivist, work):
    address = reverse("desk-chapter", args=[work.ref, 1])
    assert "Apostrophes turned the right way" in archivist.get(address).content.decode()
    archivist.post(reverse("desk-steps", args=[work.ref, 1]), {})
    chapter = Work.objects.get().chapters.get()
    assert "‘cause" in chapter.current.body
    assert chapter.current.steps == []
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    assert "’cause" in Work.objects.get().chapters.get().current.body


def test_a_chapter_is_corrected_and_its_html_is_cleaned(archivist, work):
    address = reverse("desk-correct-chapter", args=[work.ref, 1])
    text = '<p>Mended.</p><script>alert(1)</script><p onclick="x()">Whole.</p>'
    archivist.post(address, form_of(archivist, address) | {"label": "Prologue", "body": text})
    bridge.keep(a_story(reads=4))
    chapter = Work.objects.get().chapters.get()
    assert (chapter.label, chapter.current.body) == ("Prologue", "<p>Mended.</p><p>Whole.</p>")


def test_a_work_is_hidden_and_shown_again(archivist, client, work):
    archivist.post(reverse("desk-visibility", args=[work.ref]), {"visibility": "hidden"})
    assert Work.objects.get().visibility == "hidden"
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    assert Work.objects.get().visibility == "public"


@pytest.mark.parametrize("state", ["eaten", ""])
def test_a_state_that_does_not_exist_is_refused(archivist, work, state):
    assert tick(archivist, finding=work.findings.first().pk, state=state).status_code == 404


def test_the_lists_ask_the_database_the_same_however_long_they_are(archivist, work, django_assert_max_num_queries):
    for number in range(20):
        bridge.keep(a_story(key=f"b/{number}", title=f"Story {number}"))
    for name in ("desk", "desk-works", "desk-findings"):
        with django_assert_max_num_queries(20):
            archivist.get(reverse(name))


@pytest.fixture
def two_copies():
    ours = "<p>She had seven lamps to light.</p><p>“Well?” he said.</p>"
    variants = (
        Variant(code="collate.differs", block=0, witness="b" * 64, base="She had seven lamps to light.",
                reading="She had eleven lamps & no oil."),
    )  # fmt: skip
    chapter = Chapter(key="1", body=ours, captures=(SHA,), apparatus=variants)
    return bridge.keep(Story(key="a/9", title="Lamps", chapters=(chapter,), captures=(Capture(sha256=SHA),)))


def chosen(client, work, take):
    client.post(reverse("desk-choose", args=[work.ref, 1]), {"variant": "0", "take": take})
    return Work.objects.get(pk=work.pk).chapters.get().current


def test_an_archivist_chooses_between_two_copies_side_by_side(archivist, two_copies):
    page = archivist.get(reverse("desk-chapter", args=[two_copies.ref, 1])).content.decode()
    assert "<del> seven</del>" in page
    assert "<ins> eleven</ins>" in page
    assert "<ins> &amp; no oil.</ins>" in page
    text = chosen(archivist, two_copies, "theirs")
    assert text.body == "<p>She had eleven lamps &amp; no oil.</p><p>“Well?” he said.</p>"
    assert [variant["code"] for variant in text.apparatus] == ["collate.chosen"]
    archivist.post(reverse("desk-steps", args=[two_copies.ref, 1]), {})
    assert "seven lamps" in Work.objects.get(pk=two_copies.pk).chapters.get().current.body


def test_keeping_ours_settles_the_place_too(archivist, two_copies):
    text = chosen(archivist, two_copies, "ours")
    assert "seven lamps" in text.body
    assert text.apparatus == []
    assert archivist.post(reverse("desk-choose", args=[two_copies.ref, 1]), {"variant": "0"}).status_code == 404


def test_a_choice_for_a_text_that_was_changed_since_is_refused(archivist, two_copies):
    chapter = two_copies.chapters.get()
    keeping_stories.revise(chapter, "<p>Another text.</p>", apparatus=chapter.current.apparatus)
    assert chosen(archivist, two_copies, "theirs").body == "<p>Another text.</p>"


def test_works_are_approved_together_or_all_at_once(archivist, work):
    others = [bridge.keep(a_story(key=f"a/{n}", title=f"Story {n}")) for n in range(2, 5)]
    archivist.post(reverse("desk-approve-many"), {"work": [work.ref, others[0].ref]})
    waiting = [each for each in [work, *others] if each.findings.filter(state="open").exists()]
    assert waiting == others[1:]
    archivist.post(reverse("desk-approve-many"), {"all": "yes", "show": "open"})
    assert not any(each.findings.filter(state="open").exists() for each in others)
    archivist.post(reverse("desk-undo", args=[Decision.objects.first().ref]))
    assert all(each.findings.filter(state="open").exists() for each in others[1:])


def test_one_finding_is_shown_with_the_text_around_it(archivist, work):
    page = archivist.get(reverse("desk-one") + "?code=gap.reply").content.decode()
    for words in ("The Ferry", "Look for another copy.", "[a line is missing]", "“Yes?”", "Accept, next"):
        assert words in page


def test_a_missing_line_is_shown_where_its_gap_is_whatever_the_finding_calls_the_place(archivist):
    gaps = [5, 30]
    lines = [f"<p>Line {number} of the evening.</p>" for number in range(40)]
    body = "".join(
        line + ('<hr class="gap gap-reply">' if number + 1 in gaps else "") for number, line in enumerate(lines)
    )
    chapter = Chapter(key="1", body=body, gaps=tuple(Gap(kind=GapKind.REPLY, after=number) for number in gaps))
    found = tuple(Finding(code="gap.reply", where=f"line {number * 2}", severity=Severity.LOSS) for number in gaps)
    work = bridge.keep(Story(key="b/1", title="Evening", archive="The Quay", chapters=(chapter,), findings=found))
    for finding, number in zip(work.findings.all(), gaps, strict=True):
        page = archivist.get(reverse("desk-one") + f"?code=gap.reply&at={finding.pk}").content.decode()
        assert f"Line {number - 1} of the evening." in page
        assert "Line 17 of the evening." not in page


def test_the_pages_that_show_one_thing_ask_the_same_however_much_there_is(archivist, django_assert_max_num_queries):
    long = "".join(f"<p>Line number {number} of a long evening.</p>" for number in range(60))
    chapters = tuple(Chapter(key=str(number), body=long) for number in range(1, 13))
    work = bridge.keep(
        Story(key="b/1", title="Long", archive="The Quay", chapters=chapters, findings=a_story().findings)
    )
    for name, args in (("desk-work", [work.ref]), ("desk-chapter", [work.ref, 3]), ("desk-one", [])):
        with django_assert_max_num_queries(20):
            archivist.get(reverse(name, args=args))


def test_what_another_archivist_settled_is_not_settled_again(archivist, work):
    finding = work.findings.get(code="gap.reply")
    tick(archivist, finding=finding.pk, state="rejected", was=f"{finding.pk}:open")
    answer = tick(archivist, finding=finding.pk, state="accepted", was=f"{finding.pk}:open")
    assert answer.status_code == 409
    assert "mara" in answer.content.decode()
    finding.refresh_from_db()
    assert finding.state == "rejected"
    tick(archivist, finding=finding.pk, state="accepted", was=f"{finding.pk}:rejected")
    finding.refresh_from_db()
    assert finding.state == "accepted"


@pytest.mark.parametrize(
    ("name", "args", "given"),
    [("desk-approve", (), {}), ("desk-visibility", (), {"visibility": "hidden"}), ("desk-steps", (1,), {})],
)
def test_a_form_that_is_older_than_the_work_changes_nothing(archivist, work, name, args, given):
    answer = archivist.post(reverse(name, args=[work.ref, *args]), {"version": work.version - 1, **given})
    assert answer.status_code == 409
    assert "Do what I said all the same" in answer.content.decode()
    assert not Decision.objects.exists()


def test_who_corrects_second_sees_who_was_first_and_where_they_differ(archivist, work):
    address = reverse("desk-correct", args=[work.ref])
    mine, theirs = form_of(archivist, address), form_of(archivist, address)
    archivist.post(address, theirs | {"title": "The Ferry Home"})
    page = archivist.post(address, mine | {"title": "The Old Ferry"}).content.decode()
    assert "“The Ferry Home” corrected" in page or "“The Ferry” corrected" in page
    assert '<td dir="auto">The Ferry Home</td><td dir="auto">The Old Ferry</td>' in page
    again = re.search(r'name="version" value="(\d+)"', page)[1]
    archivist.post(address, mine | {"title": "The Old Ferry", "version": again})
    work.refresh_from_db()
    assert work.title == "The Old Ferry"

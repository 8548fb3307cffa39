"""Several works changed at once: seen before it is done, done where nobody came between, taken back as one."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works import bridge
from storykeep.site.works.models import Change, Chapter, Credit, Visibility, Work
from storykeep.site.writing import belongings, drafts, names, queries
from storykeep.site.writing.models import Sweep
from storykeep.site.writing.together import sweeps

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(cast):
    return cast.browsers["author"]


@pytest.fixture
def moods():
    TagKind.objects.create(key="mood", name="Moods")
    TagKind.objects.create(key="rating", name="Ratings", open=False, many=False, required=True)
    for name in ("General", "Mature"):
        Tag.objects.create(kind=TagKind.objects.get(key="rating"), name=name)


@pytest.fixture
def three(cast, moods):
    """Three drafts: “One”, “Two” with the moods Calm and Wild, and “Three”, which members may read, with a rating."""
    from storykeep.site.writing.of_work import WorkSheet

    made = []
    for title, tags in (("One", {}), ("Two", {"tags_mood": "Calm\nWild"}), ("Three", {"tags_rating": "General"})):
        work = drafts.begin(cast.users["author"], title)
        WorkSheet(work, cast.users["author"]).write({"title": ""}, {"title": title, "language": "en", **tags})
        made.append(Work.objects.get(pk=work.pk))
    Work.objects.filter(pk=made[2].pk).update(visibility="members")
    return made


def ask(author, works, **wish):
    """Ask for a change; return the address of what would change."""
    answer = author.post("/write/together", {"work": [work.ref for work in works], **wish})
    assert answer.status_code == 302, re.findall(r'role="alert">([^<]+)', answer.content.decode())
    return answer["Location"]


def tags(work, kind="mood"):
    return [row.tag.name for row in work.work_tags.filter(tag__kind__key=kind)]


def said(page):
    """Return the words of a page's main part, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode().split("<main")[1].split("</main")[0]).split())


def test_what_would_change_is_shown_for_each_work_before_anything_does(author, three):
    address = ask(author, three, add_tags_mood="Calm\nSad", less_tags_mood="wild", comments="none")
    page = said(author.get(address))
    assert "In 3 works. Nothing is changed yet." in page
    assert "Two Who may comment was: Everybody new: Nobody Moods Calm was: Wild new: Sad" in page
    assert [tags(work) for work in three] == [[], ["Calm", "Wild"], []]
    author.post(address, {"act": "do"})
    assert [tags(work) for work in three] == [["Calm", "Sad"], ["Calm", "Sad"], ["Calm", "Sad"]]
    assert set(Work.objects.values_list("comments", flat=True)) == {"none"}
    assert {tag.name: tag.uses for tag in Tag.objects.filter(kind__key="mood")} == {"Calm": 3, "Sad": 3, "Wild": 0}


def test_one_press_takes_all_of_it_back(author, three):
    before = [(each.language, each.comments, each.publish_as, each.status, tags(each)) for each in three]
    wish = {"language": "fr", "comments": "members", "publish_as": "members", "status": "abandoned"}
    address = ask(author, three, add_tags_mood="Sad", less_tags_mood="Calm", **wish)
    author.post(address, {"act": "do"})
    assert set(Work.objects.values_list("language", "comments", "status")) == {("fr", "members", "abandoned")}
    assert [each.publish_as for each in Work.objects.filter(visibility="draft")] == ["members", "members"]
    author.post(address, {"act": "undo"})
    rows = list(Work.objects.order_by("pk"))
    assert [(each.language, each.comments, each.publish_as, each.status, tags(each)) for each in rows] == before
    assert "Taken back 3 works are as they were before." in said(author.get(address))
    assert {tag.name: tag.uses for tag in Tag.objects.filter(kind__key="mood")} == {"Calm": 1, "Wild": 1, "Sad": 0}


def test_what_was_changed_again_meanwhile_is_not_taken_back_and_said(author, three):
    address = ask(author, three, comments="none", language="fr")
    author.post(address, {"act": "do"})
    Work.objects.filter(pk=three[1].pk).update(language="de")
    author.post(address, {"act": "undo"})
    assert list(Work.objects.order_by("pk").values_list("language", "comments")) == [
        ("en", "all"), ("de", "all"), ("en", "all"),
    ]  # fmt: skip
    page = said(author.get(address))
    assert "What was changed again meanwhile was left as it is" in page
    assert page.count("changed meanwhile, left as it is") == 1


def test_what_changed_between_looking_and_doing_is_left_then_and_when_it_is_taken_back(author, three):
    address = ask(author, three, language="fr")
    Work.objects.filter(pk=three[0].pk).update(language="fr")
    author.post(address, {"act": "do"})
    assert set(Work.objects.values_list("language", flat=True)) == {"fr"}
    assert "What somebody had changed meanwhile was left as it is" in said(author.get(address))
    author.post(address, {"act": "undo"})
    assert list(Work.objects.order_by("pk").values_list("language", flat=True)) == ["fr", "en", "en"]


def test_what_can_not_be_changed_says_why_and_the_rest_goes_on(author, three):
    address = ask(author, three, less_tags_rating="General", comments="none")
    page = said(author.get(address))
    assert "What can’t be changed Three Every work needs one of the ratings." in page
    author.post(address, {"act": "do"})
    assert tags(three[2], "rating") == ["General"]
    assert set(Work.objects.values_list("comments", flat=True)) == {"none"}


def test_a_closed_list_gets_no_new_names_and_one_of_a_kind_replaces_the_other(author, three):
    page = said(author.get(ask(author, three, add_tags_rating="Unheard of")))
    assert page.count("“Unheard of” is not in the list of ratings.") == 3
    assert not Tag.objects.filter(name="Unheard of").exists()
    author.post(ask(author, three, add_tags_rating="Mature"), {"act": "do"})
    assert [tags(work, "rating") for work in three] == [["Mature"]] * 3


def test_what_is_so_already_is_told_apart(author, three):
    page = said(author.get(ask(author, three, add_tags_mood="calm")))
    assert "In 2 works." in page
    assert "1 work is so already Two" in page


def test_the_trash_takes_several_and_gives_them_back_with_their_dates(author, three, cast):
    later = timezone.now() + dt.timedelta(days=3)
    Work.objects.filter(pk=three[0].pk).update(publish_at=later)
    address = ask(author, three, trash="yes")
    assert "Put them into the trash" in said(author.get(address))
    author.post(address, {"act": "do"})
    assert set(Work.objects.values_list("visibility", flat=True)) == {Visibility.TRASH}
    author.post(address, {"act": "undo"})
    assert list(Work.objects.order_by("pk").values_list("visibility", "publish_at")) == [
        ("draft", later), ("draft", None), ("members", None),
    ]  # fmt: skip


def test_a_rescued_work_is_not_thrown_away_together(author, works, cast):
    page = said(author.get(ask(author, [works["public"], works["members"]], trash="yes")))
    assert page.startswith('id="main"') or "Nothing would change" in page
    assert page.count("It was rescued from an older archive.") == 2


def test_a_rescued_work_keeps_its_tags_old_ids_and_no_rescue_undoes_it(author, works, cast):
    before = bridge.story_of(works["public"]).tags
    address = ask(author, [works["public"]], less_tags_mood="Calm", language="de")
    author.post(address, {"act": "do"})
    assert set(works["public"].edited_fields.values_list("field", flat=True)) == {"tags", "language"}
    author.post(address, {"act": "undo"})
    assert bridge.story_of(Work.objects.get(pk=works["public"].pk)).tags == before


def test_other_pen_names_are_signed_and_taken_back_and_co_authors_stay(author, three, cast):
    other = names.new(cast.users["author"], "Ida Quill")
    Credit.objects.create(work=three[0], person=names.usual(cast.users["member"]), name="member", place=1)
    before = [[credit.name for credit in work.credits.all()] for work in three]
    address = ask(author, three, pen_names=other.slug)
    author.post(address, {"act": "do"})
    assert [{credit.name for credit in work.credits.all()} for work in three] == [
        {"member", "Ida Quill"}, {"Ida Quill"}, {"Ida Quill"},
    ]  # fmt: skip
    author.post(address, {"act": "undo"})
    assert [[credit.name for credit in work.credits.all()] for work in three] == before


def test_nothing_typed_is_lost_when_no_work_was_ticked(author, three):
    answer = author.post("/write/together", {"add_tags_mood": "Sad", "language": "fr", "comments": "none"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tick the works that shall change." in page
    assert "\nSad</textarea>" in page
    assert 'value="fr"' in page
    assert '<option value="none" selected>' in page
    assert author.post("/write/together", {"work": [three[0].ref]}).status_code == 422


def test_what_was_asked_can_be_asked_differently(author, three):
    address = ask(author, three[:1], add_tags_mood="Sad")
    page = author.get(f"/write/together?again={address.split('/')[-1]}").content.decode()
    assert "\nSad</textarea>" in page
    assert f'value="{three[0].ref}" checked' in page
    assert f'value="{three[1].ref}" checked' not in page


def test_works_of_others_are_never_touched_nor_their_sweeps_seen(author, cast, three):
    theirs = drafts.begin(cast.users["member"], "theirs")
    address = ask(author, [*three, theirs], language="fr")
    author.post(address, {"act": "do"})
    assert Work.objects.get(pk=theirs.pk).language != "fr"
    for who in ("member", "archivist", "host"):
        assert cast.browsers[who].get(address).status_code == 404
        assert cast.browsers[who].post(address, {"act": "undo"}).status_code == 404
    Credit.objects.filter(work=three[0]).update(person=names.usual(cast.users["member"]))
    author.post(address, {"act": "undo"})
    assert Work.objects.get(pk=three[0].pk).language == "fr"


def test_the_same_press_twice_counts_once(author, three):
    address = ask(author, three, add_tags_mood="Sad")
    for act in ("do", "do", "undo", "undo", "do"):
        author.post(address, {"act": act})
    assert [tags(work) for work in three] == [[], ["Calm", "Wild"], []]
    assert Tag.objects.get(name="Sad").uses == 0


def many(cast, count):
    """Return ``count`` works of the author, made in a few statements."""
    user = cast.users["author"]
    person = names.usual(user)
    rows = [Work(key=f"many/{count}/{n}", title=f"Work {n}", language="en", visibility="public") for n in range(count)]
    made = Work.objects.bulk_create(rows)
    Credit.objects.bulk_create([Credit(work=work, person=person, name=person.name) for work in made])
    Chapter.written.bulk_create([Chapter(work=work, key="1", place=1) for work in made])
    return made


def asked(count):
    """Count the questions to the database, but not those of a long list that is written in batches."""
    return len([each for each in count.captured_queries if not each["sql"].startswith("INSERT")])


def test_five_hundred_works_cost_as_many_questions_as_five(cast, author, moods):
    wish = {"language": "fr", "add_tags_mood": "Sad", "add_tags_rating": "Mature", "comments": "none"}
    costs = []
    for works in (many(cast, 5), many(cast, 500)):
        with CaptureQueriesContext(connection) as preparing:
            address = ask(author, works, **wish)
        with CaptureQueriesContext(connection) as looking:
            assert author.get(address).status_code == 200
        with CaptureQueriesContext(connection) as doing:
            author.post(address, {"act": "do"})
        with CaptureQueriesContext(connection) as undoing:
            author.post(address, {"act": "undo"})
        costs.append([asked(each) for each in (preparing, looking, doing, undoing)])
    assert [few >= many for few, many in zip(*costs, strict=True)] == [True] * 4
    assert max(costs[1]) < 30
    assert set(Work.objects.values_list("language", "comments")) == {("en", "all")}
    assert Tag.objects.get(name="Sad").uses == 0
    assert len(queries.desk_works(cast.users["author"])) == 505


def test_every_changed_work_is_told_to_the_search(author, three):
    address = ask(author, three, add_tags_mood="Sad")
    Change.objects.all().delete()
    author.post(address, {"act": "do"})
    assert set(Change.objects.values_list("work", flat=True)) == {work.pk for work in three}


def test_sweeps_are_forgotten_after_a_month_and_when_their_writer_leaves(author, three, cast):
    ask(author, three, language="fr")
    sweeps.forget_old()
    assert Sweep.objects.count() == 1
    Sweep.objects.update(at=timezone.now() - dt.timedelta(days=31))
    sweeps.forget_old()
    assert Sweep.objects.count() == 0
    ask(author, three, language="fr")
    belongings.erase(cast.users["author"])
    assert Sweep.objects.count() == 0

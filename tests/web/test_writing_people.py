"""Writing together under pressure: two at once, questions that come too late, names that must not be linked."""

import datetime as dt

import pytest
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.accounts import leaving
from storykeep.site.talk.models import Block
from storykeep.site.works.models import Credit, Person, Visibility, Work
from storykeep.site.writing import inviting
from storykeep.site.writing.models import Answer, Invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def pen(cast):
    def made(who, name):
        slug = name.lower()
        return Person.objects.create(key=f"pen/{slug}", slug=slug, name=name, folded=slug, account=cast.users[who])

    return made


@pytest.fixture
def draft(works):
    return works["draft"]


def ask(cast, work, name, who="author"):
    return inviting.invite(work, cast.users[who], name, "author")


def test_a_question_that_is_answered_twice_signs_once(cast, draft, pen):
    wren, first = pen("member", "Wren"), ask(cast, draft, "member")
    second = Invitation.objects.get(pk=first.pk)
    inviting.accept(first, wren)
    with pytest.raises(UsageError, match="answered or taken back"):
        inviting.accept(second, wren)
    assert draft.credits.filter(person=wren).count() == 1


def test_a_question_that_was_taken_back_meanwhile_signs_nothing(cast, draft, pen):
    asked = ask(cast, draft, "member")
    page = cast.browsers["member"].get("/write").content.decode()
    assert asked.ref in page
    Invitation.objects.update(answer=Answer.TAKEN_BACK)
    assert cast.browsers["member"].post(f"/write/invitations/{asked.ref}", {"accept": "yes"}).status_code == 404
    with pytest.raises(UsageError):
        inviting.accept(asked, pen("member", "Wren"))


@pytest.mark.parametrize("visibility", [Visibility.TRASH, Visibility.REMOVED, Visibility.HIDDEN])
def test_a_work_that_is_gone_is_not_signed(cast, draft, pen, visibility):
    asked = ask(cast, draft, "member")
    Work.objects.filter(pk=draft.pk).update(visibility=visibility)
    answer = cast.browsers["member"].post(f"/write/invitations/{asked.ref}", {"accept": "yes"}, follow=True)
    assert "no longer there" in answer.content.decode()
    assert not Credit.objects.filter(person__account=cast.users["member"]).exists()


def test_nobody_is_asked_by_whom_they_block(cast, draft):
    Block.objects.create(owner=cast.users["member"], whom=cast.users["author"])
    with pytest.raises(UsageError, match="can be asked"):
        ask(cast, draft, "member")


def test_an_account_that_is_leaving_is_not_asked(cast, draft):
    leaving.leave(cast.users["member"], {})
    with pytest.raises(UsageError, match="can be asked"):
        ask(cast, draft, "member")


def test_asking_does_not_tell_which_names_are_of_one_account(cast, draft, pen):
    """Wren stands under the title; that the account is called “member”, and writes as Zed, too, nobody learns."""
    wren = pen("member", "Wren")
    pen("member", "Zed")
    inviting.accept(ask(cast, draft, "Wren"), wren)
    with pytest.raises(UsageError, match="is named under"):
        ask(cast, draft, "WREN")
    assert ask(cast, draft, "Zed").name == "Zed"
    assert ask(cast, draft, "member").name == "member"
    with pytest.raises(UsageError, match="asked already"):
        ask(cast, draft, "Zed")


def test_who_asks_is_known_by_the_names_under_the_title_only(cast, draft):
    ask(cast, draft, "member")
    page = cast.browsers["member"].get("/write").content.decode()
    assert "Ada Vane" in page
    assert "author asks" not in page


def test_a_no_holds_for_a_month(cast, draft):
    inviting.answered(ask(cast, draft, "member"), Answer.DECLINED)
    with pytest.raises(UsageError, match="said no"):
        ask(cast, draft, "member")
    Invitation.objects.update(answered_at=timezone.now() - dt.timedelta(days=31))
    assert ask(cast, draft, "member").answer == Answer.ASKED


def test_the_last_author_who_can_sign_in_stays(cast, draft, pen):
    inviting.accept(ask(cast, draft, "member"), pen("member", "Wren"))
    member = cast.users["member"]
    member.is_active = False
    member.save()
    with pytest.raises(UsageError, match="last author"):
        inviting.leave(draft, cast.users["author"])
    member.is_active = True
    member.save()
    inviting.leave(draft, cast.users["author"])
    with pytest.raises(UsageError, match="last author"):
        inviting.leave(draft, member)
    assert draft.credits.filter(role="author").count() == 1


def test_copies_of_works_by_two_names_do_not_tell_that_they_are_of_one_account(cast, pen):
    from storykeep.site.writing import drafts

    keys = [drafts.begin(cast.users["author"], mark).key for mark in ("one", "two")]
    assert not any(cast.users["author"].ref in key for key in keys)
    assert drafts.begin(cast.users["author"], "one").key == keys[0]


def test_one_work_is_signed_by_several_names_and_never_by_none(cast, draft, pen):
    from storykeep.site.writing.of_work import WorkSheet

    pen("author", "Gull")
    WorkSheet(draft, cast.users["author"]).write({}, {"pen_names": "gull\nada-vane"})
    assert set(draft.credits.values_list("name", flat=True)) == {"Ada Vane", "Gull"}
    WorkSheet(draft, cast.users["author"]).write({}, {"pen_names": ""})
    assert draft.credits.count() == 1
    pen("member", "Thief")
    WorkSheet(draft, cast.users["author"]).write({}, {"pen_names": "thief"})
    assert not draft.credits.filter(name="Thief").exists()

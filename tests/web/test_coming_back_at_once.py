"""The page and the clock at the same file at once: every work comes in once, and is told of once."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from at_once import in_threads
from storykeep.site.accounts.models import User
from storykeep.site.works.models import Person, Work
from storykeep.site.writing import bringing, drafts, queries, revisions, taking_along
from storykeep.site.writing import coming_back_in_turn as in_turn
from storykeep.site.writing.brought_files import path_of
from storykeep.site.writing.models import Brought
from storykeep.site.writing.revisions import Sent

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


@pytest.fixture
def brought():
    """A file with six works that are not here any more, signed by a name that is nobody's here; all are wanted."""
    user = User.objects.create_user("ada", "ada@example.org", "correct horse battery")
    Person.objects.create(key="pen/ada", name="Ada", folded="ada", slug="ada", account=user)
    for number in range(MANY):
        work = drafts.begin(user, f"w{number}")
        row = queries.chapters_of(work)[0]
        revisions.save(row, Sent(body=f"<p>Work {number}.</p>", by=user))
        Work.objects.filter(pk=work.pk).update(title=f"Work {number}")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        for path, text, _ in taking_along.everything(user):
            zipped.writestr(f"works/{path}", text)
    for work in list(taking_along.works_of(user)):
        drafts.delete(work)
    Person.objects.filter(account=user).update(name="Somebody", folded="somebody")
    found = bringing.bring(user, [SimpleUploadedFile("all.zip", data.getvalue())])
    in_turn.choose(found, list(range(MANY)), {"Ada": in_turn.NEW}, as_it_was=False)
    return found


def test_two_at_the_same_file_take_each_work_in_once(brought):
    stale = [Brought.objects.get(pk=brought.pk) for _ in range(3)]
    said = []
    in_threads([lambda row=row: said.append(in_turn.go_on(row)) for row in stale])
    assert said == [True] * 3
    brought.refresh_from_db()
    assert sorted(each["at"] for each in brought.wanted["done"]) == list(range(MANY))
    assert all(each["made"] for each in brought.wanted["done"])
    assert Work.objects.count() == MANY
    assert Person.objects.filter(name="Ada").count() == 1
    assert not path_of(brought).exists()


def test_what_another_one_has_done_meanwhile_is_not_done_again(brought):
    """The clock has read a work, and the page takes it in before the clock comes to it."""
    from storykeep.sources.packages import Package

    behind = Brought.objects.get(pk=brought.pk)
    with Package(path_of(brought)) as package:
        in_turn.step(brought, package, 0)
        in_turn.step(behind, package, 0)
    assert [each["made"] for each in behind.wanted["done"]] == [True]
    assert in_turn.the_next(behind) == 1

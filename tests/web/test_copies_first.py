"""Before a work is left, removed or thrown away, its author is offered a copy; what others wrote, too, stays theirs."""

import io
import zipfile

import pytest

from storykeep.site.works.models import Person, Visibility, Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cast):
    """The author, just signed in: what can't be undone asks for that."""
    author = cast.users["author"]
    author.set_password("correct horse battery")
    author.save()
    found = cast.browsers["visitor"]
    found.post("/account/login/", {"login": "author", "password": "correct horse battery"})
    return found


@pytest.mark.parametrize("visibility", ["public", "members", "draft", "hidden"])
def test_a_copy_is_offered_where_a_work_is_left_or_removed(browser, works, visibility):
    work = works[visibility]
    page = browser.get(f"/my-works/{work.ref}").content.decode()
    assert f"/write/works/{work.ref}/copy" in page
    answer = browser.get(f"/write/works/{work.ref}/copy")
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    answer.close()
    assert {name.rpartition(".")[2] for name in names} >= {"epub", "html", "json"}


def test_a_copy_is_for_its_author_alone(cast, works):
    for who, status in {"visitor": 302, "member": 404, "archivist": 404, "host": 404}.items():
        assert cast.browsers[who].get(f"/write/works/{works['hidden'].ref}/copy").status_code == status


def test_a_copy_is_offered_before_a_work_is_thrown_away(cast, works):
    page = cast.browsers["author"].get(f"/write/works/{works['public'].ref}").content.decode()
    assert f"/write/works/{works['public'].ref}/copy" in page
    assert f"/my-works/{works['public'].ref}" in page


def test_nobody_removes_what_somebody_else_here_wrote_too(browser, works, cast):
    work = works["public"]
    other = Person.objects.create(key="wren", slug="wren", name="Wren Hale", account=cast.users["member"])
    work.credits.create(person=other, name="Wren Hale", place=1)
    answer = browser.post(f"/my-works/{work.ref}", {"choice": "remove", "sure": "on"})
    assert "Somebody else here wrote it, too" in answer.content.decode()
    assert Work.objects.get(pk=work.pk).visibility == Visibility.PUBLIC
    browser.post(f"/my-works/{work.ref}", {"choice": "orphan", "sure": "on"})
    assert set(work.credits.values_list("name", flat=True)) == {"orphaned", "Wren Hale"}

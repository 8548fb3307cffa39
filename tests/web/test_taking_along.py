"""A writer takes everything along, and leaves: what is in the file, when it is packed, what is erased."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from storykeep.model.bundle import loads
from storykeep.site.accounts import leaving, parcels
from storykeep.site.accounts.models import Parcel
from storykeep.site.works.models import Chapter, Revision, Work
from storykeep.site.writing import chapters, drafts, publishing, queries, revisions
from storykeep.site.writing.revisions import Sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(cast):
    return cast.browsers["author"]


@pytest.fixture
def user(cast):
    return cast.users["author"]


@pytest.fixture
def lamp(user):
    """A published work with an older version, a newer one that readers don't see, and a draft chapter."""
    work = drafts.begin(user, "lamp")
    Work.objects.filter(pk=work.pk).update(title="The lamp room", language="en")
    first = queries.chapters_of(work)[0]
    write(first, "<p>She lit the lamp.</p>", user)
    write(first, "<p>She lit the lamp at six.</p>", user)
    assert publishing.publish(work) == []
    write(first, "<p>She lit the lamp at seven.</p>", user)
    work.refresh_from_db()
    second = chapters.add(work)
    write(second, "<p>Nobody has read this.</p>", user)
    return Work.objects.get(pk=work.pk)


def write(row, body, by):
    now = queries.head(Chapter.written.select_related("working", "current").get(pk=row.pk))
    return revisions.save(row, Sent(body=body, by=by, base=now.pk if now else None)).now


def opened(answer):
    data = b"".join(answer.streaming_content)
    answer.close()
    return zipfile.ZipFile(io.BytesIO(data))


def fresh(browser, address="/account/everything/"):
    return browser.get(address)


@pytest.fixture
def signed_in(user, lamp):
    """A browser whose owner has just given the password."""
    return just_signed_in(user)


def just_signed_in(user):
    browser = Client()
    browser.post("/account/login/", {"login": user.username, "password": "correct horse battery"})
    return browser


def test_the_file_has_each_work_to_read_and_with_all_that_only_its_writer_sees(signed_in, lamp):
    zipped = opened(signed_in.post("/account/everything/"))
    folder = f"works/the-lamp-room-{lamp.ref}"
    story = loads(zipped.read(f"{folder}/story.json"))
    assert [chapter.body for chapter in story.chapters] == [
        "<p>She lit the lamp at seven.</p>", "<p>Nobody has read this.</p>",
    ]  # fmt: skip
    lines = zipped.read(f"{folder}/revisions-001.jsonl").decode().split("\n")
    assert next(json.loads(line)["body"] for line in lines) == "<p>She lit the lamp.</p>"
    told = json.loads(zipped.read(f"{folder}/desk.json"))
    assert [each["draft"] for each in told["chapters"]] == [False, True]
    kinds = {name.rpartition(".")[2] for name in zipped.namelist() if name.startswith(folder)}
    assert kinds == {"epub", "html", "json", "jsonl"}


def test_one_work_can_be_kept_before_it_is_thrown_away_and_from_the_trash(author, lamp, cast):
    drafts.trash(lamp)
    zipped = opened(author.get(f"/write/works/{lamp.ref}/copy"))
    assert any(name.endswith(".epub") for name in zipped.namelist())
    assert cast.browsers["member"].get(f"/write/works/{lamp.ref}/copy").status_code == 404


# ── packed in the background
def test_much_is_packed_in_the_background_once_and_offered_to_its_owner_only(signed_in, monkeypatch, cast):
    monkeypatch.setattr(parcels, "AT_ONCE", 0)
    for _ in range(2):
        assert signed_in.post("/account/everything/").status_code == 302
    assert "being packed" in fresh(signed_in).content.decode()
    assert (parcels.pack_due(), parcels.pack_due()) == (1, 0)
    parcel = Parcel.objects.get()
    assert f"/account/everything/{parcel.ref}" in fresh(signed_in).content.decode()
    zipped = opened(signed_in.get(f"/account/everything/{parcel.ref}"))
    assert "index.html" in zipped.namelist()
    assert cast.browsers["visitor"].get(f"/account/everything/{parcel.ref}").status_code == 302
    other = just_signed_in(cast.users["member"])
    assert other.get(f"/account/everything/{parcel.ref}").status_code == 404


def test_a_packed_file_is_gone_after_three_days(signed_in, user):
    parcel = parcels.ask(user)
    parcels.pack_due()
    Parcel.objects.update(ready_at=timezone.now() - dt.timedelta(days=4))
    assert signed_in.get(f"/account/everything/{parcel.ref}").status_code == 404
    parcels.tidy()
    assert not Parcel.objects.exists()


# ── leaving
def test_what_only_the_writer_saw_is_erased_when_they_leave(user, lamp):
    begun = drafts.begin(user, "secret")
    write(queries.chapters_of(begun)[0], "<p>A secret draft.</p>", user)
    thrown = drafts.begin(user, "thrown")
    write(queries.chapters_of(thrown)[0], "<p>Thrown away.</p>", user)
    drafts.trash(thrown)
    parcels.pack(parcels.ask(user))
    leaving.erase(user, {})
    kept = set(Revision.objects.values_list("body", flat=True))
    assert kept == {"<p>She lit the lamp at six.</p>"}
    assert Work.objects.get().title == "The lamp room"
    assert not Revision.objects.exclude(made_by=None).exists()
    assert not Parcel.objects.exists()

"""An archivist brings what remains: in pieces, over a line that breaks, and watches it come back."""

import io
import zipfile

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from storykeep.model.errors import UsageError
from storykeep.site.desk import arrivals, jobs
from storykeep.site.desk.models import Job

pytestmark = pytest.mark.django_db
PAGE = "<html><title>Still Water</title><body><h1>Still Water</h1><p>by Ana Reed</p>" + "".join(
    f"<p>The water stood {word}, and nobody came down to the landing that day.</p>" for word in "abcdefgh"
)


@pytest.fixture(autouse=True)
def empty_inbox():
    for path in arrivals.inbox().iterdir():
        path.unlink()


@pytest.fixture
def archivist(client):
    client.force_login(get_user_model().objects.create_superuser("mara", password="kept-for-tests"))
    return client


def a_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("still-water.html", PAGE)
    return file.getvalue()


def send(client, name, data, at, size=None):
    address = f"{reverse('desk-upload')}?name={name}&size={size or len(data)}&at={at}"
    return client.post(address, data[at : at + 400], content_type="application/octet-stream")


def test_a_broken_upload_goes_on_where_it_was(archivist):
    data = a_zip()
    assert send(archivist, "site.zip", data, 0).json() == {"here": 400}
    again = archivist.get(f"{reverse('desk-upload')}?name=site.zip&size={len(data)}").json()
    assert again == {"here": 400}
    wrong = send(archivist, "site.zip", data, 0)
    assert (wrong.status_code, wrong.json()) == (409, {"here": 400})
    at = 400
    while at < len(data):
        told = send(archivist, "site.zip", data, at).json()
        at = told["here"]
    assert told["name"] == "site.zip"
    assert arrivals.named("site.zip").read_bytes() == data


def test_two_files_of_one_name_are_both_kept(archivist):
    for content in (b"one", b"two!"):
        archivist.post(reverse("desk-bring"), {"file": SimpleUploadedFile("site.zip", content)})
    assert [path.name for path in arrivals.waiting()] == ["site (2).zip", "site.zip"]


@pytest.mark.parametrize("name", ["../../secret-key", "..", "/etc/passwd", "C:\\windows\\x.zip", ".hidden", "a\0b.zip"])
def test_a_name_never_leaves_the_inbox(name):
    path = arrivals.inbox() / arrivals.safe_name(name)
    assert path.resolve().parent == arrivals.inbox().resolve()
    assert not path.name.startswith(".")


@pytest.mark.parametrize("what", ["../secret-key", "/etc", "nothing.zip"])
def test_nothing_but_the_inbox_can_be_rescued(archivist, what):
    with pytest.raises(UsageError, match="There is nothing called"):
        arrivals.named(what)
    archivist.post(reverse("desk-start"), {"what": what})
    assert not Job.objects.exists()


def test_a_file_larger_than_the_disk_is_refused_before_it_is_sent(archivist):
    answer = send(archivist, "huge.warc", b"x" * 10, 0, size=10**18)
    assert answer.status_code == 413
    assert "there is room for" in answer.json()["said"]


def test_more_than_was_announced_is_refused(archivist):
    assert send(archivist, "small.zip", b"x" * 300, 0, size=10).status_code == 413


@pytest.mark.parametrize("name", ["desk-bring", "desk-upload"])
def test_nobody_else_brings_anything(client, name):
    assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("desk-start"), {"what": "x"}).status_code == 404


def test_what_a_job_says_is_shown(archivist):
    job = Job.objects.create(path="/x/site.zip", state="done", said="1 works in 1 chapters.", stage="keep")
    assert "1 works in 1 chapters." in archivist.get(reverse("desk-bring")).content.decode()
    assert archivist.get(reverse("desk-progress", args=[job.ref])).json()["state"] == "Done"


def test_a_job_that_was_killed_says_so_and_can_go_on(archivist):
    job = Job.objects.create(path="/x/site.zip", state="running", process=2**22 - 1, stage="read", done=3, total=9)
    told = archivist.get(reverse("desk-progress", args=[job.ref])).json()
    assert (told["state"], told["stopped"]) == ("Stopped", True)
    assert "Go on" in archivist.get(reverse("desk-bring")).content.decode()


def test_two_notes_of_progress_in_an_instant_are_one():
    job = Job.objects.create(path="/x")
    note = jobs.Noting(job)
    for done in range(1, 100):
        note("read", done, 100)
    assert Job.objects.get().done == 1
    note("read", 100, 100)
    assert Job.objects.get().done == 100

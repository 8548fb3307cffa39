"""What a rescue brought: looked over before anybody sees it, opened in one step, and never silently lost."""

import csv
import dataclasses
import json

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from storykeep.rescue import pipeline
from storykeep.site.desk import ledger, taking_in
from storykeep.site.desk.models import Decision, Rescue
from storykeep.site.works.models import EditedField, Person, Work

pytestmark = pytest.mark.django_db
LINES = ["The lamp at the landing was lit before dark, as it was on every day of that long year.",
         "She counted the boats twice and wrote the number down in the narrow book.",
         "Nobody had told her that the river would rise again before the morning."]  # fmt: skip
PAGE = """<html><head><title>{title} by {author}</title></head><body><h1>{title}</h1><h2>by {author}</h2>
<p>Rating: PG</p><hr>{text}<hr></body></html>"""


def page(title, author="Ilse Marrow", again=3):
    text = "".join(f"<p>{title}: {line}</p>" for line in LINES * again)
    return PAGE.format(title=title, author=author, text=text)


@pytest.fixture
def brought(tmp_path):
    folder = tmp_path / "lantern"
    folder.mkdir()
    for name in ("Slack Tide", "Neap Tide", "Ebb Tide"):
        (folder / f"{name.split()[0].lower()}.html").write_text(page(name))
    (folder / "broken.html").write_bytes(b"")
    return folder


@pytest.fixture
def data(tmp_path, settings):
    data = tmp_path / "data"
    data.mkdir()
    (data / "storykeep.sqlite3").touch()
    settings.HOUSE = dataclasses.replace(site_settings.HOUSE, data=data)
    settings.ORIGINALS = data / "originals"
    return data


def take_in(brought, data, visibility="hidden"):
    return taking_in.take_in(brought, data, "", visibility=visibility, progress=lambda *_: None)


@pytest.fixture
def rescue(brought, data):
    take_in(brought, data)
    return Rescue.objects.get()


@pytest.fixture
def archivist(client):
    client.force_login(get_user_model().objects.create_superuser("mara", password="kept-for-tests"))
    return client


def text_of(client, name, *args, query=""):
    return client.get(reverse(name, args=args) + query).content.decode()


def test_the_works_are_looked_over_before_anybody_sees_them(archivist, rescue, client, django_user_model):
    shown = text_of(archivist, "desk-preview", rescue.name)
    assert all(title in shown for title in ("Slack Tide", "Neap Tide", "Ebb Tide", "Ilse Marrow"))
    client.force_login(django_user_model.objects.create_user("reader", password="kept-for-tests"))
    assert "Slack Tide" not in client.get(reverse("titles")).content.decode()
    for name in ("desk-rescue", "desk-preview", "desk-open-to"):
        assert client.get(reverse(name, args=[rescue.name])).status_code == 404


def test_opening_says_its_numbers_first_and_is_undone_in_one_step(archivist, rescue):
    address = reverse("desk-open-to", args=[rescue.name])
    asked = archivist.get(f"{address}?to=public").content.decode()
    assert "Open 3 works to everybody" in asked
    assert "<strong>1</strong> author has neither an account here nor a letter" in asked
    assert not Work.objects.filter(visibility="public").exists()
    archivist.post(address, {"to": "public", "count": "3"})
    assert Work.objects.filter(visibility="public").count() == 3
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    assert Work.objects.filter(visibility="hidden").count() == 3


def test_what_somebody_has_set_is_not_opened_with_the_rest(archivist, rescue):
    kept = Work.objects.get(title="Ebb Tide")
    EditedField.objects.create(work=kept, field="visibility")
    asked = text_of(archivist, "desk-open-to", rescue.name, query="?to=members")
    assert "Open 2 works to members" in asked
    assert "<strong>1</strong> stays as" in asked
    archivist.post(reverse("desk-open-to", args=[rescue.name]), {"to": "members", "count": "2"})
    kept.refresh_from_db()
    assert kept.visibility == "hidden"


def test_a_work_whose_author_was_found_is_theirs_to_open(archivist, rescue, django_user_model):
    found = Work.objects.get(title="Ebb Tide")
    Work.objects.filter(pk=found.pk).update(reached_at=timezone.now())
    assert "Open 2 works to everybody" in text_of(archivist, "desk-open-to", rescue.name, query="?to=public")
    author = django_user_model.objects.create_user("ilse", password="kept-for-tests")
    Person.objects.filter(name="Ilse Marrow").update(account=author)
    assert "<strong>3</strong> stay" in text_of(archivist, "desk-open-to", rescue.name, query="?to=public")


def test_a_work_hidden_after_the_opening_stays_hidden_when_the_opening_is_undone(archivist, rescue):
    archivist.post(reverse("desk-open-to", args=[rescue.name]), {"to": "public", "count": "3"})
    opening = Decision.objects.get()
    one = Work.objects.get(title="Ebb Tide")
    archivist.post(reverse("desk-visibility", args=[one.ref]), {"visibility": "members"})
    archivist.post(reverse("desk-undo", args=[opening.ref]))
    assert dict(Work.objects.values_list("title", "visibility")) == {
        "Ebb Tide": "members", "Neap Tide": "hidden", "Slack Tide": "hidden",
    }  # fmt: skip


def test_opening_stops_when_the_numbers_have_changed(archivist, rescue):
    answer = archivist.post(reverse("desk-open-to", args=[rescue.name]), {"to": "public", "count": "2"}, follow=True)
    assert "The numbers have changed meanwhile" in answer.content.decode()
    assert not Work.objects.filter(visibility="public").exists()


def test_the_report_is_a_page_a_table_and_data(archivist, rescue, client):
    shown = text_of(archivist, "desk-rescue", rescue.name)
    assert "3 works" in shown
    told = {
        kind: b"".join(archivist.get(reverse("desk-report", args=[rescue.name, kind])))
        for kind in ("html", "csv", "json")
    }
    assert b"Rescue report" in told["html"]
    assert json.loads(told["json"])["rescue"]["stories"] == 3
    rows = list(csv.DictReader(told["csv"].decode().splitlines()))
    assert any("broken.html" in " ".join(row.values()) for row in rows)
    client.logout()
    assert client.get(reverse("desk-report", args=[rescue.name, "csv"])).status_code == 404


def test_the_report_page_can_do_nothing(archivist, rescue):
    answer = archivist.get(reverse("desk-report", args=[rescue.name, "html"]))
    assert b"Rescue report" in b"".join(answer)
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy


def test_what_is_about_files_waits_at_the_desk_too(archivist, rescue):
    assert "broken.html" in text_of(archivist, "desk-findings", query="?code=page.empty")


@pytest.fixture
def lost(rescue, brought, data):
    """A work that the second run of its rescue makes no longer."""
    work = Work.objects.get(title="Ebb Tide")
    with pipeline.opened(brought, data) as place:
        with place.journal.writing() as db:
            db.execute("DELETE FROM records WHERE kind = 'story' AND key = ?", (work.key,))
        taking_in.put_into_site(place, "hidden", lambda *_: None)
    return work


def test_a_work_that_is_no_longer_made_stays_and_waits(archivist, lost):
    assert lost.findings.get(code=ledger.UNFOUND).state == "open"
    assert "No longer found" in text_of(archivist, "desk")
    assert "Keep it" in text_of(archivist, "desk-one", query=f"?code={ledger.UNFOUND}")
    lost.refresh_from_db()
    assert lost.visibility == "hidden"


@pytest.mark.parametrize(("said", "visibility"), [("keep", "public"), ("hide", "hidden")])
def test_an_archivist_decides_what_becomes_of_it(archivist, lost, said, visibility):
    Work.objects.filter(pk=lost.pk).update(visibility="public")
    finding = lost.findings.get(code=ledger.UNFOUND)
    archivist.post(reverse("desk-unfound", args=[finding.pk]), {"said": said})
    lost.refresh_from_db()
    assert lost.visibility == visibility
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    lost.refresh_from_db()
    finding.refresh_from_db()
    assert (lost.visibility, finding.state) == ("public", "open")


def test_it_leads_to_the_work_that_has_its_pages(archivist, lost):
    home = Work.objects.get(title="Neap Tide")
    home.captures.create(sha256=lost.captures.get().sha256, path="ebb.html")
    shown = text_of(archivist, "desk-one", query=f"?code={ledger.UNFOUND}")
    assert "Its address leads to <bdi>Neap Tide</bdi>" in shown
    archivist.post(reverse("desk-unfound", args=[lost.findings.get(code=ledger.UNFOUND).pk]), {"said": "lead"})
    answer = archivist.get(lost.get_absolute_url())
    assert (answer.status_code, answer.url) == (301, home.get_absolute_url())


def test_found_again_it_waits_no_more(rescue, lost, brought, data):
    (brought / "ebb.html").write_text(page("Ebb Tide", again=4))
    take_in(brought, data)
    assert not lost.findings.filter(code=ledger.UNFOUND).exists()


def test_a_second_run_changes_nothing(archivist, rescue, brought, data):
    before = list(Work.objects.values("key", "version"))
    take_in(brought, data)
    assert list(Work.objects.values("key", "version")) == before
    assert Rescue.objects.count() == 1
    assert rescue.brought.count() == 3

"""The archivist names the archive, writes its texts and says by what readers browse; a rescue does not undo it."""

import pytest

from moonlit import story
from storykeep.model import story as m
from storykeep.site.base.models import Archive, SitePage
from storykeep.site.tags.models import TagKind
from storykeep.site.works import bridge

pytestmark = pytest.mark.django_db
PAGES = ("/desk/archive", "/desk/texts", "/desk/texts/new", "/desk/kinds")


@pytest.fixture
def archivist(cast):
    return cast.browsers["archivist"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["visitor", "member", "author"])
def test_only_archivists_set_up_the_archive(cast, who, path):
    assert cast.browsers[who].get(path).status_code == 404
    assert cast.browsers[who].post(path, {"name": "Mine"}).status_code == 404
    assert cast.browsers["archivist"].get(path).status_code == 200


def test_the_name_that_an_archivist_gives_stays(archivist):
    bridge.keep(m.Archive(name="moonlit.example", slogan="Found"))
    given = {
        "name": "Moonlit",
        "slogan": "Found",
        "description": "One.\n\nTwo <3",
        "language": "en",
        "crawlers": "none",
    }
    assert archivist.post("/desk/archive", given).status_code == 302
    bridge.keep(m.Archive(name="moonlit.example", slogan="Found again"))
    row = Archive.current()
    assert (row.name, row.slogan, row.crawlers) == ("Moonlit", "Found again", "none")
    assert "Moonlit" in archivist.get("/").content.decode()


def test_a_text_is_written_read_changed_and_removed(archivist, client):
    new = {"kind": "about", "title": "Who we are", "body": "We keep stories.\n\nHello <3", "place": "0", "shown": "on"}
    assert archivist.post("/desk/texts/new", new).status_code == 302
    row = SitePage.objects.get()
    html = client.get(row.get_absolute_url()).content.decode()
    assert "<p>We keep stories.</p>" in html
    assert row.changed_by.username == "archivist"
    archivist.post(f"/desk/texts/{row.ref}", {**new, "body": "<p onclick='x()'>Changed</p><script>x()</script>"})
    row.refresh_from_db()
    assert row.body == "<p>Changed</p>"
    archivist.post(f"/desk/texts/{row.ref}", {**new, "shown": ""})
    assert client.get(row.get_absolute_url()).status_code == 404
    archivist.post(f"/desk/texts/{row.ref}/removal")
    assert not SitePage.objects.exists()


def test_a_text_at_the_foot_stands_on_every_page(archivist, client):
    archivist.post(
        "/desk/texts/new", {"kind": "footer", "body": "All rights remain theirs.", "place": "0", "shown": "on"}
    )
    for path in ("/", "/titles", "/search"):
        assert "All rights remain theirs." in client.get(path).content.decode()


def test_a_text_that_was_edited_is_not_written_over_by_a_rescue(archivist):
    page = bridge.keep(m.Page(key="p", kind=m.PageKind.POLICY, title="Rules", body="<p>Old.</p>"))
    given = {"kind": "policy", "title": "Rules", "body": "<p>New.</p>", "place": "0", "shown": "on"}
    archivist.post(f"/desk/texts/{page.ref}", given)
    page = bridge.keep(m.Page(key="p", kind=m.PageKind.POLICY, title="The rules", body="<p>Older.</p>"))
    assert (page.title, page.body) == ("The rules", "<p>New.</p>")


def test_rescued_kinds_have_names_for_people_and_the_usual_order():
    tags = tuple(m.Tag(kind=kind, name="x") for kind in ("rating", "mood-of-the-day", "pairing"))
    bridge.keep(story(1, "One", tags=tags))
    assert list(TagKind.objects.values_list("name", flat=True)) == ["Pairings", "Ratings", "Mood of the day"]


def test_an_archivist_renames_hides_and_adds_kinds(archivist, client):
    bridge.keep(story(1, "One", tags=(m.Tag(kind="pairing", name="Ada/Bee"), m.Tag(kind="mood", name="Calm"))))
    pairing, mood = TagKind.objects.get(key="pairing"), TagKind.objects.get(key="mood")
    rows = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2",
        "form-0-id": pairing.pk, "form-0-name": "Ships", "form-0-place": "1", "form-0-filter": "on",
        "form-1-id": mood.pk, "form-1-name": "Moods", "form-1-place": "0",
    }  # fmt: skip
    assert archivist.post("/desk/kinds", rows).status_code == 302
    html = client.get("/browse").content.decode()
    assert "Ships" in html
    assert "Calm" not in html
    archivist.post("/desk/kinds/new", {"new-name": "Time periods", "new-place": "2", "new-filter": "on"})
    assert TagKind.objects.get(key="time-periods").filter
    again = archivist.post("/desk/kinds/new", {"new-name": "time periods", "new-place": "2"})
    assert "already" in again.content.decode()


def test_a_preset_adds_what_is_missing_and_changes_nothing(archivist):
    TagKind.objects.create(key="rating", name="How spicy")
    archivist.post("/desk/kinds/preset", {"preset": "one-fandom"})
    names = dict(TagKind.objects.values_list("key", "name"))
    assert names["rating"] == "How spicy"
    assert names["timeline"] == "Time periods"
    assert archivist.post("/desk/kinds/preset", {"preset": "none-such"}).status_code == 404


def test_a_kind_is_retired_ties_names_and_belongs_to_another(archivist, client):
    bridge.keep(story(1, "One", tags=(m.Tag(kind="mood", name="Calm"), m.Tag(kind="fandom", name="Quay"))))
    mood, fandom = TagKind.objects.get(key="mood"), TagKind.objects.get(key="fandom")
    rows = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2",
        "form-0-id": fandom.pk, "form-0-name": "Fandoms", "form-0-place": "0", "form-0-filter": "on",
        "form-1-id": mood.pk, "form-1-name": "Moods", "form-1-place": "1", "form-1-filter": "on",
        "form-1-retired": "on", "form-1-ties": "/", "form-1-under": fandom.pk,
    }  # fmt: skip
    assert archivist.post("/desk/kinds", rows).status_code == 302
    mood.refresh_from_db()
    assert (mood.retired, mood.ties, mood.under) == (True, "/", fandom)
    assert "Moods" not in client.get("/browse").content.decode()
    assert client.get("/tags/suggest?kind=mood&q=cal").json() == {"tags": []}
    assert "Calm" in client.get("/new").content.decode()
    rows |= {"form-0-under": fandom.pk}
    assert "does not belong to itself" in archivist.post("/desk/kinds", rows).content.decode()


def test_the_page_of_kinds_costs_the_same_however_many_there_are(archivist, django_assert_max_num_queries):
    TagKind.objects.create(key="one", name="One")
    with django_assert_max_num_queries(40) as few:
        archivist.get("/desk/kinds")
        first = len(few)
    for number in range(12):
        TagKind.objects.create(key=f"more-{number}", name=f"More {number}")
    with django_assert_max_num_queries(first):
        archivist.get("/desk/kinds")


def test_what_an_archivist_changes_in_a_kind_survives_the_next_rescue(archivist):
    given = m.Archive(name="moonlit.example", tag_kinds=(m.TagKind(key="pairing", name="Ships and pairs"),))
    bridge.keep(story(1, "One", tags=(m.Tag(kind="pairing", name="Ada/Bee"),)))
    bridge.keep(given)
    assert TagKind.objects.get().name == "Ships and pairs"
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": TagKind.objects.get().pk}
    archivist.post("/desk/kinds", rows | {"form-0-name": "Couples", "form-0-place": "3", "form-0-filter": "on"})
    bridge.keep(given)
    assert TagKind.objects.get().name == "Couples"

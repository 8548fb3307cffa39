"""What archivists change in the archive's texts and kinds of tags is in the log too, and can be undone."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from moonlit import story
from storykeep.model import story as m
from storykeep.site.base.models import Archive, SitePage
from storykeep.site.desk.models import Decision
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works import bridge, old_addresses
from storykeep.site.works.models import OldAddress
from storykeep.site.wrangling.models import Alike

pytestmark = pytest.mark.django_db


@pytest.fixture
def archivist(client):
    client.force_login(get_user_model().objects.create_superuser("mara", password="kept-for-tests"))
    return client


def form_of(client, address):
    form = client.get(address).context["form"]
    given = {name: form.initial.get(name) for name in form.fields}
    return {name: value for name, value in given.items() if value is not None and value is not False}


def undo(client):
    return client.post(reverse("desk-undo", args=[Decision.objects.first().ref]), follow=True).content.decode()


def test_a_text_that_is_changed_and_removed_comes_back_as_it_was(archivist):
    row = SitePage.objects.create(title="Rules", slug="rules", body="<p>Be kind.</p>")
    old_addresses.keep(["http://quay.example/rules.html"], page=row)
    address = reverse("desk-text", args=[row.ref])
    archivist.post(address, form_of(archivist, address) | {"body": "<p>Be quick.</p>"})
    archivist.post(reverse("desk-remove-text", args=[row.ref]))
    assert not SitePage.objects.exists()
    assert "The text “Rules” is removed" in archivist.get(reverse("desk-log")).content.decode()
    undo(archivist)
    assert SitePage.objects.get().body == "<p>Be quick.</p>"
    assert OldAddress.objects.get().page == SitePage.objects.get()
    archivist.post(reverse("desk-undo", args=[Decision.objects.last().ref]))
    assert SitePage.objects.get().body == "<p>Be kind.</p>"


def test_a_new_kind_of_tags_is_undone_while_nothing_uses_it(archivist):
    archivist.post(reverse("desk-new-kind"), {"new-name": "Mood", "new-place": "2"})
    kind = TagKind.objects.get(name="Mood")
    tag = Tag.objects.create(kind=kind, name="Calm")
    assert "is in use by now" in undo(archivist)
    assert TagKind.objects.filter(pk=kind.pk).exists()
    tag.delete()
    undo(archivist)
    assert not TagKind.objects.filter(pk=kind.pk).exists()


def test_a_preset_is_undone_with_its_closed_lists_while_nothing_uses_them(archivist):
    TagKind.objects.create(key="genre", name="Genres")
    before = set(TagKind.objects.values_list("key", flat=True))
    archivist.post(reverse("desk-preset"), {"preset": "many-fandoms"})
    general = Tag.objects.get(kind__key="rating", name="General")
    Alike.objects.create(tag=general, into=Tag.objects.get(name="Teen"), reason="typo", sure=0.9)
    undo(archivist)
    assert set(TagKind.objects.values_list("key", flat=True)) == before
    assert not Tag.objects.exists()


def test_a_preset_stays_whole_once_one_of_its_tags_is_used(archivist):
    archivist.post(reverse("desk-preset"), {"preset": "one-fandom"})
    kept = bridge.keep(story(1, "One", tags=(m.Tag(kind="rating", name="Teen"),)))
    there = set(Tag.objects.values_list("name", flat=True))
    assert "Teen" in undo(archivist)
    assert set(Tag.objects.values_list("name", flat=True)) == there
    assert [tag.name for tag in kept.tags.all()] == ["Teen"]


def test_the_archives_name_is_in_the_log(archivist):
    before = Archive.current().name
    address = reverse("desk-archive")
    archivist.post(address, form_of(archivist, address) | {"name": "The Quay"})
    assert Archive.current().name == "The Quay"
    undo(archivist)
    assert Archive.current().name == before


def test_what_was_changed_since_is_left_alone(archivist):
    row = SitePage.objects.create(title="Rules", slug="rules", body="<p>Be kind.</p>")
    address = reverse("desk-text", args=[row.ref])
    for words in ("<p>Be quick.</p>", "<p>Be slow.</p>"):
        archivist.post(address, form_of(archivist, address) | {"body": words})
    answer = archivist.post(reverse("desk-undo", args=[Decision.objects.last().ref]), follow=True).content.decode()
    assert "was changed after this decision" in answer
    assert SitePage.objects.get().body == "<p>Be slow.</p>"

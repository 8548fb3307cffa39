"""People who are one: proposed with reasons, brought together with one click, parted again, and remembered."""

import dataclasses

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from storykeep.model.story import Chapter, Contact, Credit, Person, Story
from storykeep.site.claims import consent
from storykeep.site.desk import looking
from storykeep.site.desk.models import Decision, PeopleAlike
from storykeep.site.works import bridge
from storykeep.site.works.models import Person as Row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.HOUSE = dataclasses.replace(settings.HOUSE, data=tmp_path)


@pytest.fixture
def archivist(client):
    client.force_login(get_user_model().objects.create_superuser("mara", password="kept-for-tests"))
    return client


def a_story(key, name, archive, title="", **more):
    credit = Credit(name=name, person=f"{archive.lower()}/people/{name.lower()}")
    return Story(key=key, title=title or f"Story {key}", archive=archive, credits=(credit,),
                 chapters=(Chapter(key="1", body=f"<p>Words of {key}.</p>"),), **more)  # fmt: skip


def a_person(name, archive, **more):
    return Person(key=f"{archive.lower()}/people/{name.lower()}", name=name, **more)


@pytest.fixture
def two():
    """Zoë Quayle of two archives: the same person, spelt differently."""
    for name, archive in (("Zoë Quayle", "Mole"), ("zoe quayle", "Quay")):
        bridge.keep(a_person(name, archive, addresses=(f"http://{archive.lower()}.example/{name[:3]}.html",)))
        bridge.keep(a_story(f"{archive}/1", name, archive))
    bridge.keep(a_story("Mole/2", "Zoë Quayle", "Mole"))
    looking.look()
    return Row.objects.get(name="Zoë Quayle"), Row.objects.get(name="zoe quayle")


def say(client, pair, said, **more):
    return client.post(reverse("desk-say-people", args=[pair.pk]), {"said": said, **more})


def test_the_same_name_in_two_archives_is_proposed_with_its_reason(archivist, two):
    page = archivist.get(reverse("desk-people")).content.decode()
    for words in ("Zoë Quayle", "zoe quayle", "Likely", "The same name, written differently, in two archives.", "Mole"):
        assert words in page


def test_an_address_that_both_used_is_a_reason_and_is_never_shown(archivist):
    for name, archive in (("Ebb", "Mole"), ("Tidewater", "Quay")):
        bridge.keep(a_story(f"{archive}/1", name, archive))
        consent.keep_contact(Contact(person=f"{archive.lower()}/people/{name.lower()}", email="ebb@mail.example"))
    looking.look()
    page = archivist.get(reverse("desk-people")).content.decode()
    assert "The same e-mail address." in page
    assert "Almost certain" in page
    assert "ebb@" not in page


def test_one_person_has_the_works_names_and_addresses_of_both(archivist, two, client):
    stays, gone = two
    say(archivist, PeopleAlike.objects.get(), f"same:{stays.pk}")
    assert set(stays.credits.values_list("work__key", flat=True)) == {"Mole/1", "Mole/2", "Quay/1"}
    page = archivist.get(stays.get_absolute_url()).content.decode()
    assert "zoe quayle" in page
    client.logout()
    for old in (gone.get_absolute_url(), "/zoe.html"):
        answer = client.get(old)
        assert (answer.status_code, answer.url) == (301, stays.get_absolute_url())
    assert gone.name not in client.get(reverse("authors")).content.decode()


def test_bringing_together_is_undone_with_one_click(archivist, two):
    stays, gone = two
    say(archivist, PeopleAlike.objects.get(), f"same:{stays.pk}")
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    assert list(gone.credits.values_list("work__key", flat=True)) == ["Quay/1"]
    assert not stays.pen_names.exists()
    assert PeopleAlike.objects.get().state == "open"
    assert archivist.get(gone.get_absolute_url()).status_code == 200


def test_a_later_rescue_does_not_part_them(archivist, two):
    stays, gone = two
    say(archivist, PeopleAlike.objects.get(), f"same:{stays.pk}")
    bridge.keep(a_person("zoe quayle", "Quay", names=("ZQ",)))
    bridge.keep(a_story("Quay/1", "zoe quayle", "Quay", title="A better title"))
    bridge.keep(a_story("Quay/3", "zoe quayle", "Quay"))
    assert stays.credits.count() == 4
    assert not gone.credits.exists()
    assert set(stays.pen_names.values_list("name", flat=True)) == {"zoe quayle", "ZQ"}
    looking.look()
    assert not looking.waiting(PeopleAlike).exists()


def test_who_is_not_the_same_is_never_asked_again(archivist, two):
    say(archivist, PeopleAlike.objects.get(), "different")
    bridge.keep(a_story("Quay/4", "zoe quayle", "Quay"))
    looking.look()
    assert PeopleAlike.objects.get().state == "different"
    assert "Nobody waits here" in archivist.get(reverse("desk-people")).content.decode()
    assert "Open again" in archivist.get(reverse("desk-people") + "?state=different").content.decode()


def test_what_was_decided_about_one_holds_for_whom_they_became(archivist, two):
    stays, gone = two
    bridge.keep(a_story("Pier/1", "Zoe  Quayle", "Pier"))
    looking.look()
    third = Row.objects.get(name="Zoe  Quayle")
    say(archivist, PeopleAlike.objects.get(one=min(gone.pk, third.pk), other=max(gone.pk, third.pk)), "different")
    other = PeopleAlike.objects.get(one=min(stays.pk, third.pk), other=max(stays.pk, third.pk))
    other.delete()
    say(archivist, PeopleAlike.objects.get(one=stays, other=gone), f"same:{stays.pk}")
    looking.look()
    assert not looking.waiting(PeopleAlike).exists()


def test_two_who_were_claimed_by_different_accounts_stay_two(archivist, two):
    stays, gone = two
    for person, name in ((stays, "ann"), (gone, "bea")):
        person.account = get_user_model().objects.create_user(name, password="kept-for-tests")
        person.save()
    address = reverse("desk-say-people", args=[PeopleAlike.objects.get().pk])
    answer = archivist.post(address, {"said": f"same:{stays.pk}"}, follow=True)
    assert "claimed by two accounts" in answer.content.decode()
    assert PeopleAlike.objects.get().state == "open"


def test_the_second_archivist_learns_what_the_first_one_did(archivist, two, client):
    pair = PeopleAlike.objects.get()
    say(archivist, pair, "different", was="open")
    answer = say(archivist, pair, f"same:{two[0].pk}", was="open")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "are different people" in page
    assert "mara" in page
    assert say(archivist, pair, f"same:{two[0].pk}", was="different").status_code == 302
    pair.refresh_from_db()
    assert pair.state == "same"


def test_deciding_goes_on_to_the_next_with_the_focus_on_it(archivist, two):
    bridge.keep(a_story("Pier/1", "Mary Harrow", "Pier"))
    bridge.keep(a_story("Quay/9", "Harrow, Mary", "Quay"))
    looking.look()
    first, second = looking.waiting(PeopleAlike)
    answer = say(archivist, first, "later")
    assert answer.url.endswith(f"?at={second.pk}#p{second.pk}")
    assert archivist.get(answer.url).content.decode().count("autofocus") == 1


def test_nobody_else_learns_who_may_be_whom(client, two, django_user_model):
    for _ in range(2):
        assert client.get(reverse("desk-people")).status_code == 404
        assert say(client, PeopleAlike.objects.get(), "different").status_code == 404
        client.force_login(django_user_model.objects.create_user(f"reader{_}", password="kept-for-tests"))


def test_the_queue_asks_the_database_the_same_however_long_it_is(archivist, two, django_assert_max_num_queries):
    for number in range(6):
        bridge.keep(a_story(f"Pier/{number}", f"Person Number{number * 7777}", "Pier"))
        bridge.keep(a_story(f"Quay/p{number}", f"person number{number * 7777}", "Quay"))
    looking.look()
    with django_assert_max_num_queries(14):
        archivist.get(reverse("desk-people"))


def test_everybody_of_one_name_is_brought_together_at_once(archivist):
    for archive in ("Mole", "Quay", "Pier", "Dock"):
        bridge.keep(a_story(f"{archive}/1", "Zoë Quayle", archive))
        consent.keep_contact(Contact(person=f"{archive.lower()}/people/zoë quayle", email="zoe@mail.example"))
    bridge.keep(a_story("Dock/2", "Somebody Else", "Dock"))
    consent.keep_contact(Contact(person="dock/people/somebody else", email="zoe@mail.example"))
    looking.look()
    keep = Row.objects.get(key="mole/people/zoë quayle")
    pair = next(each for each in looking.waiting(PeopleAlike) if each.one == keep and each.other.name == keep.name)
    assert "All 4 of this name are one" in archivist.get(reverse("desk-people")).content.decode()
    say(archivist, pair, f"all:{keep.pk}")
    assert keep.credits.count() == 4
    (left,) = looking.waiting(PeopleAlike)
    assert {left.one.name, left.other.name} == {"Zoë Quayle", "Somebody Else"}
    archivist.post(reverse("desk-undo", args=[Decision.objects.get().ref]))
    assert keep.credits.count() == 1

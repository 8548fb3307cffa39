"""Every address of the site, asked by the whole cast: who may not enter finds nothing there."""

import pytest
from django.test import Client

from doors import DOORS, listed
from storykeep.site.accounts.models import User
from storykeep.site.accounts.roles import MAY, ROLES, give, may
from walk import VIEWS, address

pytestmark = pytest.mark.django_db
ALL = ("visitor", *ROLES)
UNHELD = {"everybody", "member", "own", "token"}


@pytest.fixture
def browsers(db):
    """A browser for a visitor, and one for somebody of each role."""
    found = {"visitor": Client(raise_request_exception=True)}
    for role in ROLES:
        user = User.objects.create_user(f"somebody-{role}", password="a lantern in the fog")
        give(user, role)
        found[role] = Client()
        found[role].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def at(door):
    return sorted(name for name, its in listed().items() if its == door and name in VIEWS)


def ask(browser, name):
    """Ask the address of ``name`` in both ways; return the two status codes, and where the first one led."""
    path = address(VIEWS[name][0])
    seen, sent = browser.get(path), browser.post(path)
    for answer in (seen, sent):
        answer.close()
    return seen.status_code, sent.status_code, seen.headers.get("Location", "")


def test_every_view_has_a_door():
    """A new view? Write its name into tests/doors.py, behind the door that it has."""
    assert sorted(set(VIEWS) - set(listed())) == []


def test_no_name_stands_at_two_doors():
    names = [name for room in DOORS.values() for names in room.values() for name in names.split()]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


@pytest.mark.parametrize("door", sorted(set(listed().values()) - UNHELD))
def test_views_of_those_with_a_role_are_guarded_by_the_line_that_the_table_names(door):
    assert door in MAY
    for name in at(door):
        assert getattr(VIEWS[name][1], "door", None) == door, name


@pytest.mark.parametrize("door", sorted(set(listed().values()) - UNHELD))
def test_who_may_not_enter_finds_nothing_and_who_may_enters(browsers, door):
    for role, browser in browsers.items():
        allowed = role in MAY[door]
        for name in at(door):
            seen, sent, _ = ask(browser, name)
            if not allowed:
                assert 404 in {seen, sent} <= {404, 405}, (name, role)  # 405: no such way to ask, for nobody
            elif "<" not in VIEWS[name][0]:
                assert seen not in {401, 403}, (name, role)
                assert (seen, sent) != (404, 404), (name, role)


@pytest.mark.parametrize("door", ["member", "own"])
def test_visitors_are_led_to_the_sign_in(browsers, door):
    for name in at(door):
        seen, sent, there = ask(browsers["visitor"], name)
        assert seen in {302, 401, 405}, name
        assert seen != 302 or there.startswith("/account/login/"), name
        assert sent in {302, 401, 405}, name


def test_members_enter_what_is_for_members(browsers):
    for role in ("member", "host"):
        for name in at("member"):
            seen, sent, _ = ask(browsers[role], name)
            assert not {401, 403} & {seen, sent}, (name, role)
            assert (seen, sent) != (404, 404), (name, role)


def test_what_is_not_ones_own_is_not_there(browsers):
    for role in ("member", "host"):
        for name in at("own"):
            seen, sent, there = ask(browsers[role], name)
            asked_again = there.startswith("/account/reauthenticate/")
            assert asked_again or (seen in {404, 405} and sent in {302, 404, 405}), (name, role)


def test_without_the_link_there_is_nothing(browsers):
    for role in ("visitor", "host"):
        for name in at("token"):
            assert ask(browsers[role], name)[0] == 404, (name, role)


def test_the_rest_is_open_to_everybody(browsers):
    for role in ("visitor", "host"):
        for name in at("everybody"):
            seen, sent, there = ask(browsers[role], name)
            assert seen != 401, (name, role)
            assert max(seen, sent) < 500, (name, role)
            assert role != "visitor" or name.startswith(("account", "mfa")) or "/login/" not in there, name


def test_the_table_of_roles_gives_the_host_everything_and_strangers_nothing(browsers):
    from django.contrib.auth.models import AnonymousUser

    for deed, allowed in MAY.items():
        assert "host" in allowed
        assert not may(AnonymousUser(), deed)
        for role in ROLES:
            user = User.objects.get(username=f"somebody-{role}")
            assert may(user, deed) == (role in allowed), (deed, role)
            user.is_active = False
            assert not may(user, deed)

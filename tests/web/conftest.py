"""The cast: a visitor, a member, an author with an account, an archivist, the host; and works of every visibility."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from moonlit import PEOPLE, VISIBILITIES, story
from storykeep.model import story as m
from storykeep.model.provenance import Capture


@dataclass(frozen=True)
class Cast:
    """Everybody, with an account and a browser of their own."""

    users: dict
    browsers: dict

    def __iter__(self):
        return iter(PEOPLE)


@pytest.fixture
def cast(db) -> Cast:
    from storykeep.site.accounts.models import User
    from storykeep.site.accounts.roles import give

    users = {"visitor": AnonymousUser()}
    for name in PEOPLE[1:]:
        users[name] = User.objects.create_user(name, f"{name}@example.org", "correct horse battery")
        give(users[name], name if name in {"archivist", "host"} else "member")
    browsers = {name: Client() for name in PEOPLE}
    for name in PEOPLE[1:]:
        browsers[name].force_login(users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return Cast(users, browsers)


@pytest.fixture(autouse=True)
def connection_stays_open(monkeypatch):
    """A test may close an answer itself; on PostgreSQL that must not close the connection under the test's feet."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    """Each test has an index and originals of its own."""
    settings.INDEX = tmp_path / "index"
    settings.ORIGINALS = tmp_path / "originals"


@pytest.fixture
def works(cast):
    """One work of each visibility, by an author whose account is in the cast; {visibility: Work}."""
    from storykeep.site.works import bridge
    from storykeep.site.works.models import Person, Work

    found = {}
    for number, visibility in enumerate(VISIBILITIES, start=1):
        title = f"A {visibility} harbour"
        tags = (m.Tag(kind="mood", name="Calm"), m.Tag(kind="mood", name=f"Mood {visibility}"))
        series = (m.SeriesPlace(title=f"Series {visibility}", position=1),)
        capture = saved_page(f"<html><h1>{title}</h1>")
        chapters = tuple(
            m.Chapter(key=str(n), body=f"<p>Lantern {visibility} {n}.</p>", captures=(capture.sha256,)) for n in (1, 2)
        )
        given = {"tags": tags, "series": series, "chapters": chapters, "captures": (capture,)}
        work = bridge.keep(story(number, title, **given))
        Work.objects.filter(pk=work.pk).update(visibility=visibility)
        work.refresh_from_db()
        found[visibility] = work
    Person.objects.filter(name="Ada Vane").update(account=cast.users["author"])
    return found


def saved_page(html: str) -> Capture:
    """Keep a page among the originals, as a rescue does."""
    from django.conf import settings

    from storykeep.rescue.originals import Originals

    data = html.encode()
    return Capture(sha256=Originals(settings.ORIGINALS).keep(data), path="page.html", size=len(data))

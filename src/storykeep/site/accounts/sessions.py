"""How long somebody stays signed in, and where: lifetimes, the list of sessions, browsers that are new."""

from __future__ import annotations

import re
import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.utils import timezone

BEGAN, SEEN = "began", "seen"
PULSE = 3600  # seconds: the time of the last visit is kept no finer than that
DAY = 86_400
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("Chromium", "Chromium"), ("HeadlessChrome", "Chromium"),
    ("Chrome", "Chrome"), ("Safari", "Safari"), ("Lynx", "Lynx"), ("w3m", "w3m"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip


class SessionsMiddleware:
    """Ends what has lasted too long, and notes about once an hour that somebody is still there."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "_auth_user_id" in request.session:
            watch(request)
        return self.get_response(request)


def watch(request) -> None:
    """End a session that was idle, or that has lasted, too long."""
    now = int(time.time())
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:
        begin(request)
    elif now - seen > settings.SESSION_IDLE_DAYS * DAY or now - began > settings.SESSION_LONGEST_DAYS * DAY:
        logout(request)
    elif now - seen > PULSE:
        request.session[SEEN] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def begin(request) -> None:
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def is_new_place(request, user) -> bool:
    """Say whether ``user`` signs in with a browser unlike those of their other sessions, and has any."""
    browsers = {
        described(agent) for agent in UserSession.objects.filter(user=user).values_list("user_agent", flat=True)
    }
    return bool(browsers) and browser_of(request) not in browsers


def browser_of(request) -> str:
    return described(request.headers.get("User-Agent", ""))


def described(agent: str) -> str:
    """Return a browser's long name in two words.

    >>> described("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    """
    browser = next((name for mark, name in BROWSERS if re.search(rf"\b{mark}", agent)), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def living(user) -> list[UserSession]:
    """Return the sessions of ``user`` that still hold, newest visit first."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.last_seen_at, reverse=True)


def end_all(user, but: str = "") -> int:
    """End every session of ``user``, except the one whose key is ``but``; return how many ended."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in sessions:
        session.end()
    return len(sessions)

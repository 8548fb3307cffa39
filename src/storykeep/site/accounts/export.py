"""Everything of mine in one zip: what the account itself keeps, and what each room adds."""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import dataclass, field
from typing import IO

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.template.loader import render_to_string
from django.utils import timezone

from storykeep.site.accounts import belongings, mail, sessions
from storykeep.site.accounts.models import User
from storykeep.site.base.models import Archive

FORMAT = "storykeep-account"
VERSION = 1
IN_MEMORY = 8 * 1024 * 1024


def everything(user: User) -> IO[bytes]:
    """Return the zip, at its beginning. Secrets (the password, passkeys, codes) are not in it."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 — the answer closes it
    write(user, file)
    file.seek(0)
    return file


def write(user: User, file: IO[bytes]) -> None:
    """Write the zip, one thing after another: it never stands in memory as a whole."""
    shelves: list[Shelf] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("account.json", json.dumps(account(user), ensure_ascii=False, indent=2))
        for belonging in belongings.BELONGINGS.values():
            if belonging.export:
                shelf = Shelf(belonging.words)
                for path, data, *words in belonging.export(user):
                    zipped.writestr(f"{belonging.name}/{path}", data)
                    shelf.lines.append((f"{belonging.name}/{path}", words[0] if words else path))
                shelves.append(shelf)
        context = {"archive": Archive.current().name, "made": timezone.now(), "shelves": shelves, "user": user}
        zipped.writestr("index.html", render_to_string("account/parcel/index.html", context))
        zipped.writestr("README.txt", render_to_string("account/parcel/README.txt", context))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one room has put in: (path, words) of each file."""

    words: str
    lines: list[tuple[str, str]] = field(default_factory=list)


def account(user: User) -> dict[str, object]:
    """Return what the account keeps about ``user``, as JSON can hold it; times are ISO 8601 in UTC."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "archive": Archive.current().name,
        "made": timezone.now().isoformat(),
        "name": user.username,
        "since": user.date_joined.isoformat(),
        "last_signed_in": _time(user.last_login),
        "roles": sorted(user.roles),
        "emails": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "statement": {"words": user.agreed_to, "at": _time(user.agreed_at)},
        "mail": {kind.key: mail.wishes(user, kind.key) for kind in mail.KINDS.values()},
        "second_steps": [_step(step) for step in Authenticator.objects.filter(user=user)],
        "sessions": [_session(session) for session in UserSession.objects.filter(user=user)],
        "invitations": [_invitation(each) for each in user.invitations.all()],
        "deeds": [{"at": deed.at.isoformat(), "what": deed.what, "reason": deed.reason} for deed in user.deeds.all()],
    }


def _time(moment) -> str | None:
    return moment.isoformat() if moment else None


def _step(step) -> dict[str, object]:
    name = step.data.get("name", "") if step.type == Authenticator.Type.WEBAUTHN else ""
    used = _time(step.last_used_at)
    return {"kind": step.get_type_display(), "name": name, "since": step.created_at.isoformat(), "last_used": used}


def _session(session) -> dict[str, object]:
    browser = sessions.described(session.user_agent)
    times = {"since": session.created_at.isoformat(), "last_seen": session.last_seen_at.isoformat()}
    return {**times, "browser": browser, "address": session.ip}


def _invitation(each) -> dict[str, object]:
    return {"made": each.made_at.isoformat(), "state": each.state, "email": each.email, "note": each.note}

"""Letters that came back: notices of delivery (RFC 3464) are read, and the address is not written to again.

A notice is a stranger's mail: of it only the address, the code and one line of words are taken, and an address that
is not in the claim store changes nothing.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from django.db import transaction
from django.utils import timezone

from storykeep.site.claims import sealing
from storykeep.site.claims.models import Never, Outcome, Sending, Way

LARGEST = 2_000_000  # bytes of a notice that are read; the rest is the letter that came back
MOST = 100  # addresses in one notice
STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
ADDRESS = re.compile(r"[^\s<>;,]+@[^\s<>;,]+")
PERMANENT = "5"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a mail server says of one address. ``final`` is true when it will not try again."""

    address: str
    final: bool
    said: str


def read(data: bytes) -> list[Notice]:
    """Return what a notice says of each address; nothing where it is no notice. Never raises for what is in it."""
    try:
        message = email.message_from_bytes(data[:LARGEST])
        found = [*of_reports(message)] or [*of_exim(message)]
    except RecursionError:  # parts within parts, deeper than any mail server writes them
        return []
    return found[:MOST]


def of_reports(message: Message) -> Iterator[Notice]:
    """Yield what the parts of the kind message/delivery-status say."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list):
            for fields in part.get_payload():
                address = ADDRESS.search(str(fields.get("Original-Recipient") or fields.get("Final-Recipient") or ""))
                if address:
                    yield notice(address[0], fields)


def notice(address: str, fields: Message) -> Notice:
    action, status = str(fields.get("Action", "")).strip().lower(), str(fields.get("Status", ""))
    said = " ".join(str(fields.get("Diagnostic-Code") or status).split())
    code = STATUS.search(status) or STATUS.search(said)
    final = action == "failed" if action else bool(code and code[1] == PERMANENT)
    # what a server says often names the address, which is kept sealed only
    return Notice(address.strip("."), final and not (code and code[1] == "4"), printable(ADDRESS.sub("…", said)))


def printable(text: str) -> str:
    """Return ``text`` without control characters: no database keeps a NUL, and no page shows the others."""
    return "".join(letter for letter in text if letter.isprintable())


def of_exim(message: Message) -> Iterator[Notice]:
    """Yield what servers say that write no report, but name the addresses in a header."""
    for address in ADDRESS.findall(str(message.get("X-Failed-Recipients", ""))):
        yield Notice(address, final=True, said="came back")


# ── what follows
@dataclass(frozen=True, slots=True)
class Taken:
    """What was done about some notices: addresses that came back, that may still be reached, that nobody knows."""

    back: int = 0
    later: int = 0
    unknown: int = 0

    def __str__(self) -> str:
        parts = [
            (self.back, "address came back", "addresses came back"),
            (self.later, "may still arrive", "may still arrive"),
            (self.unknown, "is not of this archive", "are not of this archive"),
        ]
        said = [f"{number} {one if number == 1 else many}" for number, one, many in parts if number]
        return f"{'; '.join(said) or 'Nothing in it says that a letter came back'}."


def take(notices: list[Notice]) -> Taken:
    """Mark the addresses that came back. Whoever has another one can be written to by that."""
    back = later = unknown = 0
    for each in notices:
        ways = Way.objects.filter(digest=sealing.digest("email", each.address))
        if not ways.exists():
            unknown += 1
        elif each.final:
            back += 1
            came_back(ways, each.said)
        else:
            later += 1
    return Taken(back, later, unknown)


@transaction.atomic
def came_back(ways, said: str) -> None:
    ids = list(ways.values_list("pk", flat=True))
    Way.objects.filter(pk__in=ids, bounced_at=None).update(bounced_at=timezone.now(), bounce=said[:200])
    Sending.objects.filter(way__in=ids, outcome=Outcome.SENT).update(outcome=Outcome.BOUNCED)


def works_again(way: Way) -> None:
    """An archivist knows better: the address may be written to."""
    Way.objects.filter(digest=way.digest).update(bounced_at=None, bounce="")


def others() -> int:
    """Return how many authors a letter came back from who have another address."""
    silent = Never.objects.filter(what="write", kind="email").values("digest")
    open_ = Way.objects.filter(bounced_at=None).exclude(sealed=b"").exclude(digest__in=silent)
    back = Way.objects.exclude(bounced_at=None).values("person")
    return open_.filter(person__in=back, person__account=None).values("person").distinct().count()

"""What the rooms keep for a member. Each room says once what it has; the account's pages ask all of them.

A room calls :func:`keep` from its ``AppConfig.ready``. Nothing here knows any room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from storykeep.site.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A line on the account's page: a page of one's own. ``name`` is a URL without arguments."""

    words: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that a member decides about when they leave: a work, by its ``ref``."""

    ref: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What may become of a thing: ``key`` is handed to ``settle``."""

    key: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """What one room keeps for an account.

    ``pages`` stand on the account's page. ``export(user)`` yields (path, bytes) of the download, and as a third what
    its list of contents says of it, if anything; text is UTF-8, a path is relative and of plain letters.
    ``weight(user)`` says how many bytes that is, about,
    when it may be much. ``things(user)`` are decided about one by one at leaving, with ``choices``
    (the first one is what happens when nothing was said); ``settle(user, ref, choice)`` does it. ``erase(user)``
    removes or unnames the rest; it must be safe to call twice. ``bring(user, rows)`` takes back from a download what
    is the member's alone, and yields in words what became of it: ``rows(path)`` gives the objects that ``export`` wrote
    as a JSON list, as anybody may have changed them since; what is here already stays as it is.
    """

    name: str
    words: str
    pages: tuple[Page, ...] = ()
    export: Callable[[User], Iterable[tuple[str, bytes] | tuple[str, bytes, str]]] | None = None
    bring: Callable[[User, Rows], Iterable[str]] | None = None
    weight: Callable[[User], int] | None = None
    things: Callable[[User], Iterable[Thing]] | None = None
    choices: tuple[Choice, ...] = ()
    settle: Callable[[User, str, str], None] | None = None
    erase: Callable[[User], None] | None = None


Rows = Callable[[str], list[dict[str, object]]]
BELONGINGS: dict[str, Belonging] = {}


def keep(belonging: Belonging) -> None:
    """Make a room's belonging known; a second one of the same name takes its place."""
    BELONGINGS[belonging.name] = belonging


def pages() -> list[Page]:
    return [page for belonging in BELONGINGS.values() for page in belonging.pages]


def to_decide(user: User) -> list[tuple[Belonging, list[Thing]]]:
    """Return what ``user`` must decide about before leaving, room by room."""
    asked = [(each, list(each.things(user))) for each in BELONGINGS.values() if each.things]
    return [(belonging, things) for belonging, things in asked if things]


def settle(user: User, choices: Mapping[str, Mapping[str, str]]) -> None:
    """Do what was chosen, thing by thing; what nothing was said about gets the first choice of its room."""
    for belonging, things in to_decide(user):
        said = choices.get(belonging.name, {})
        allowed = {choice.key for choice in belonging.choices}
        for thing in things:
            choice = said.get(thing.ref, "")
            belonging.settle(user, thing.ref, choice if choice in allowed else belonging.choices[0].key)


def bring(user: User, rows: Callable[[str, str], list[dict[str, object]]]) -> list[str]:
    """Take back what each room once gave, and return what they say of it. ``rows`` reads (room, path) of a download."""
    return [told for each in BELONGINGS.values() if each.bring for told in each.bring(user, partial(rows, each.name))]


def weight(user: User) -> int:
    """Return how many bytes the download of ``user`` has, about, before it is packed."""
    return sum(each.weight(user) for each in BELONGINGS.values() if each.weight)


def erase(user: User) -> None:
    """Erase room by room; a room that builds on another comes before it, and finds things as they were."""
    for belonging in reversed(BELONGINGS.values()):
        if belonging.erase:
            belonging.erase(user)


# ── what is read in a download, which anybody may have changed
def text(row: Mapping[str, object], name: str) -> str:
    """Return a text of ``row``; nothing where there is none."""
    value = row.get(name)
    return value.replace("\0", "") if isinstance(value, str) else ""


def texts(row: Mapping[str, object], name: str, most: int = 100) -> list[str]:
    value = row.get(name)
    return (
        [each.replace("\0", "").strip() for each in value[:most] if isinstance(each, str)]
        if isinstance(value, list)
        else []
    )

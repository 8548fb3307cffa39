"""What is said about a work or a chapter, as fields of a form: read as it is typed, changed field by field.

Two people may fill in the same form at once. Each field is compared with what the form showed when it was opened:
only what somebody changed is set, and where two changed the same field, both are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Typed = dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One field: how it is read as it would be typed, and how it is set from what was typed."""

    read: Callable[[object], str]
    put: Callable[[object, str], None]
    edits: str = ""  # the field of the record that is edited by it, when it is not of the same name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a save changed, and the fields that somebody else changed meanwhile: {field: what it says now}."""

    changed: tuple[str, ...] = ()
    conflicts: Typed = field(default_factory=dict)


def typed(value: object) -> str:
    r"""Return a value as forms send it: lines parted by newlines, no space around.

    >>> typed(" a\r\nb ")
    'a\nb'
    """
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def reconcile(was: Mapping[str, str], mine: Mapping[str, str], now: Mapping[str, str]) -> tuple[Typed, Typed]:
    """Return what to set, and what collides: {field: what it says now}. ``was`` is what the form had shown.

    >>> reconcile({"a": "1", "b": "1"}, {"a": "2", "b": "2"}, {"a": "1", "b": "3"})
    ({'a': '2'}, {'b': '3'})
    """
    wanted = {name: value for name, value in mine.items() if name in now and value != was.get(name, now[name])}
    setting = {name: value for name, value in wanted.items() if now[name] == was.get(name, now[name])}
    collides = {name: now[name] for name, value in wanted.items() if name not in setting and value != now[name]}
    return setting, collides

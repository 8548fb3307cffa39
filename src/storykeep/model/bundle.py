"""The exchange format: records ⇄ versioned JSON, without loss.

A bundle is one JSON object: ``{"format": "storykeep", "version": 1, "type": "story", "record": {…}}``.
Field names are those of the dataclasses; a field at its default is left out. Unknown fields are an error, so that
nothing is dropped in silence by an older Storykeep. Documented in ``docs/reference/bundle.md``.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from enum import StrEnum

from storykeep.model.errors import BadBundle
from storykeep.model.story import Archive, Page, Person, Series, Story

VERSION = 1
Record = Story | Person | Series | Page | Archive
TYPES: dict[str, type[Record]] = {
    "story": Story,
    "person": Person,
    "series": Series,
    "page": Page,
    "archive": Archive,
}


def dumps(record: Record, *, indent: int | None = None) -> str:
    """Return ``record`` as the text of a bundle. Keys are sorted: equal records give equal text."""
    name = type(record).__name__.lower()
    whole = {"format": "storykeep", "version": VERSION, "type": name, "record": to_plain(record)}
    return json.dumps(whole, ensure_ascii=False, indent=indent, sort_keys=True)


def loads(text: str | bytes) -> Record:
    """Return the record in a bundle. Raises BadBundle, naming the field, when the text does not follow the format."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"This is not JSON: {error}. Was the file cut off?") from error
    if not isinstance(whole, dict) or whole.get("format") != "storykeep":
        raise BadBundle('This is not a Storykeep bundle: "format" is not "storykeep".')
    if whole.get("version") != VERSION:
        raise BadBundle(f"This bundle has version {whole.get('version')!r}; this Storykeep reads version {VERSION}.")
    kind = whole.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise BadBundle(f"Unknown type {kind!r}; known are {', '.join(TYPES)}.")
    return typing.cast("Record", from_plain(TYPES[kind], whole.get("record"), kind))


def to_plain(value: object) -> object:
    """Return a dataclass, tuple or scalar as JSON values, fields at their default left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_plain(item)
            for field in dataclasses.fields(value)
            if (item := getattr(value, field.name)) != field.default
        }
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value


def from_plain(wanted: object, value: object, where: str) -> object:
    """Return ``value`` (JSON) as ``wanted`` (a type of the model). ``where`` is the path for error messages."""
    origin = typing.get_origin(wanted)
    if origin is tuple:
        return _tuple(typing.get_args(wanted)[0], value, where)
    if origin is types.UnionType:
        if value is None:
            return None
        return from_plain(typing.get_args(wanted)[0], value, where)
    if isinstance(wanted, type) and dataclasses.is_dataclass(wanted):
        return _record(wanted, value, where)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return _choice(wanted, value, where)
    return _scalar(typing.cast("type", wanted), value, where)


def _record(wanted: type, value: object, where: str) -> object:
    if not isinstance(value, dict):
        raise BadBundle(f"{where} should be an object.")
    hints = _hints(wanted)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        raise BadBundle(f"{where} has the unknown field {unknown[0]!r}. Was it written by a newer Storykeep?")
    known = {name: from_plain(hints[name], item, f"{where}.{name}") for name, item in value.items()}
    try:
        return wanted(**known)
    except TypeError as error:
        raise BadBundle(f"{where} lacks a field: {error}.") from error


@functools.cache
def _hints(wanted: type) -> dict[str, object]:
    return dict(typing.get_type_hints(wanted))


def _tuple(inner: object, value: object, where: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise BadBundle(f"{where} should be a list.")
    return tuple(from_plain(inner, item, f"{where}.{number}") for number, item in enumerate(value))


def _choice(wanted: type[StrEnum], value: object, where: str) -> StrEnum:
    try:
        return wanted(str(value))
    except ValueError as error:
        choices = ", ".join(item.value for item in wanted)
        raise BadBundle(f"{where} is {value!r}; it may be {choices}.") from error


def _scalar(wanted: type, value: object, where: str) -> object:
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise BadBundle(f"{where} should be {wanted.__name__}, not {type(value).__name__}.")
    return value

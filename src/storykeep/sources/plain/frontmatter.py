"""The facts above a Markdown text, YAML between ``---`` or TOML between ``+++``, read as text only."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

LARGEST = 64_000  # characters
_FENCED = re.compile(
    r"\A\ufeff?\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<inside>.*?)\n(?P<end>(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_PAIR = re.compile(r"^(?P<name>[A-Za-z][\w -]{0,40}?)[ \t]*[:=](?:[ \t]+(?P<value>.*)|[ \t]*)$")
_ITEM = re.compile(r"^\s*-\s+(?P<value>.+)$")
Facts = Mapping[str, tuple[str, ...]]


def read(text: str) -> tuple[dict[str, tuple[str, ...]], str]:
    r"""Return the facts above a text, names in lower case, and the text below. No type is made of any value.

    >>> read('---\ntitle: "Salt"\ntags: [a, b]\n---\nOne.')
    ({'title': ('Salt',), 'tags': ('a', 'b')}, 'One.')
    """
    found = _FENCED.match(text[:LARGEST])
    if found is None:
        return {}, text
    facts: dict[str, tuple[str, ...]] = {}
    name, block = "", ""
    for line in found["inside"].split("\n"):
        pair, item = _PAIR.match(line), _ITEM.match(line)
        if pair:
            name, value = pair["name"].strip().lower(), (pair["value"] or "").strip()
            block = value if value in ("|", ">", "|-", ">-") else ""
            facts[name] = () if block else _values(value)
        elif item and name and not block:
            facts[name] = (*facts[name], *_values(item["value"].strip()))
        elif name and line.strip() and not line.lstrip().startswith("#"):
            facts[name] = (" ".join((*facts[name], line.strip())).strip(),)
    return {key: value for key, value in facts.items() if value}, text[found.end() :]


def _values(value: str) -> tuple[str, ...]:
    """Return one value, or those of a list in brackets; quotes around them are gone."""
    if value.startswith("[") and value.endswith("]"):
        try:
            told = json.loads(value)
        except ValueError:
            told = re.split(r",\s*", value[1:-1])
        return tuple(bare for one in told if isinstance(one, (str, int)) and (bare := _bare(str(one))))
    return tuple(filter(None, (_bare(value),)))


def _bare(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value)).strip()
        except ValueError:
            return value[1:-1].strip()
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'").strip()
    return value.strip()

"""A tree becomes a sentence, so that a reader sees what was understood."""

from __future__ import annotations

from collections.abc import Mapping

from storykeep.query.tree import All, Any, Node, Not, Number, Words

PLACES: Mapping[str, str] = {
    "title": "in the title", "author": "among the authors", "summary": "in the summary", "text": "in the text",
    "tag": "among the tags", "series": "in the name of a series", "note": "in the notes", "language": "as the language",
    "kind": "as the kind",
}  # fmt: skip


def explain(tree: Node, kinds: Mapping[str, str] | None = None) -> str:
    """Return what ``tree`` asks for as one sentence; ``kinds`` gives the names of the archive's kinds of tags.

    >>> from storykeep.query.parse import parse
    >>> explain(parse('storm "far shore" -ship title:harbour').tree)
    'Works with “storm”, the words “far shore” and “harbour” in the title, but without “ship”.'
    """
    parts = tree.inner if isinstance(tree, All) else (tree,)
    alone = len(parts) == 1
    wanted = [_said(part, kinds or {}, alone=alone) for part in parts if not isinstance(part, Not)]
    unwanted = [_said(part.inner, kinds or {}) for part in parts if isinstance(part, Not)]
    if not wanted and not unwanted:
        return "All works."
    having = f"Works with {_listed(wanted, 'and')}" if wanted else "All works"
    but = ", but without " if wanted else " without "
    return having + (but + _listed(unwanted, "or") if unwanted else "") + "."


def _said(node: Node, kinds: Mapping[str, str], *, alone: bool = False) -> str:
    if isinstance(node, Words):
        return _words(node) + _place(node.field, kinds)
    if isinstance(node, Number):
        return _number(node)
    if isinstance(node, Not):
        return f"no {_said(node.inner, kinds)}"
    parts = [_said(part, kinds) for part in node.inner]
    listed = _listed(parts, "or" if isinstance(node, Any) else "and")
    return listed if alone or len(parts) == 1 else f"({listed})"


def _words(node: Words) -> str:
    said = f"“{' '.join(node.words)}{'…' if node.prefix else ''}”"
    if len(node.words) > 1:
        return f"the words {said}"
    return f"a word that begins with {said}" if node.prefix else said


def _place(field: str, kinds: Mapping[str, str]) -> str:
    if not field:
        return ""
    return " " + PLACES.get(field, f"among the {kinds.get(field, field).lower()}")


def _number(node: Number) -> str:
    if node.least is not None and node.least == node.most:
        return f"{node.least:,} {node.field}"
    if node.least is None:
        return f"at most {node.most:,} {node.field}"
    return (
        f"at least {node.least:,} {node.field}"
        if node.most is None
        else f"{node.least:,} to {node.most:,} {node.field}"
    )


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"

"""A tree becomes a sentence, so that a reader sees what was understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storykeep.query.tree import All, Any, Dates, Is, Node, Not, Number, Words

PLACES: Mapping[str, str] = {
    "title": "in the title", "author": "among the authors", "summary": "in the summary", "text": "in the text",
    "tag": "among the tags", "series": "in the name of a series", "note": "in the notes", "language": "as the language",
    "kind": "as the kind",
}  # fmt: skip
STATES: Mapping[tuple[str, bool], str] = {
    ("complete", True): "complete", ("complete", False): "unfinished",
    ("crossover", True): "a crossover", ("crossover", False): "of one fandom",
}  # fmt: skip
ORDERS: Mapping[str, str] = {
    "best": "best first", "updated": "lately updated first", "posted": "lately posted first",
    "newest": "newest in the archive first", "title": "by title", "author": "by author", "longest": "longest first",
    "shortest": "shortest first", "reads": "most read first",
    "kudos": "most kudos first", "comments": "most comments first", "shelves": "on most shelves first",
}  # fmt: skip
SINGULAR: Mapping[str, str] = {"kudos": "kudos", "shelves": "shelf"}
MONTHS = (
    "January February March April May June July August September October November December"
).split()  # fmt: skip


def explain(tree: Node, kinds: Mapping[str, str] | None = None, order: str = "") -> str:
    """Return what ``tree`` asks for as one sentence; ``kinds`` gives the names of the archive's kinds of tags.

    >>> from storykeep.query.parse import parse
    >>> explain(parse('storm "far shore" -ship title:harbour').tree)
    'Works with “storm”, the words “far shore” and “harbour” in the title, but without “ship”.'
    >>> explain(parse("storm updated:2003-05 is:complete").tree, order="longest")
    'Works with “storm”, updated in May 2003 and complete; longest first.'
    """
    parts = tree.inner if isinstance(tree, All) else (tree,)
    wanted = [part for part in parts if not isinstance(part, Not)]
    unwanted = [part.inner for part in parts if isinstance(part, Not)]
    said = "All works" if not wanted else "Works" + _wanted(wanted, kinds or {}, alone=len(parts) == 1)
    if unwanted:
        said += (", but " if wanted else " ") + _unwanted(unwanted, kinds or {})
    return f"{said}; {ORDERS[order]}." if order in ORDERS else f"{said}."


def _wanted(parts: Sequence[Node], kinds: Mapping[str, str], *, alone: bool) -> str:
    """Return what works have, and then what they are."""
    having = [_said(part, kinds, alone=alone) for part in parts if not isinstance(part, Dates | Is)]
    being = [_said(part, kinds) for part in parts if isinstance(part, Dates | Is)]
    comma = "," if having and being else ""
    return (f" with {_listed(having, 'and')}{comma}" if having else "") + (f" {_listed(being, 'and')}" if being else "")


def _unwanted(parts: Sequence[Node], kinds: Mapping[str, str]) -> str:
    having = [_said(part, kinds) for part in parts if not isinstance(part, Dates | Is)]
    being = [_said(part, kinds) for part in parts if isinstance(part, Dates | Is)]
    without = [f"without {_listed(having, 'or')}"] if having else []
    return " and ".join([*without, *([f"not {_listed(being, 'or')}"] if being else [])])


def _said(node: Node, kinds: Mapping[str, str], *, alone: bool = False) -> str:
    if isinstance(node, Words):
        return _words(node) + _place(node.field, kinds)
    if isinstance(node, Number):
        return _number(node)
    if isinstance(node, Dates):
        return _dates(node)
    if isinstance(node, Is):
        return STATES.get((node.field, node.wanted), node.field)
    if isinstance(node, Not):
        return f"{'not' if isinstance(node.inner, Dates | Is) else 'no'} {_said(node.inner, kinds)}"
    parts = [
        f"being {_said(part, kinds)}" if isinstance(part, Dates | Is) else _said(part, kinds) for part in node.inner
    ]
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
    one = SINGULAR.get(node.field, node.field.removesuffix("s"))
    if node.least is not None and node.least == node.most:
        return f"{node.least:,} {one if node.least == 1 else node.field}"
    if node.least is None:
        return f"at most {node.most:,} {one if node.most == 1 else node.field}"
    if node.most is None:
        return f"at least {node.least:,} {one if node.least == 1 else node.field}"
    return f"{node.least:,} to {node.most:,} {node.field}"


def _dates(node: Dates) -> str:
    if node.first and node.first == node.last:
        return f"{node.field} {'on' if len(node.first) > 7 else 'in'} {_date(node.first)}"  # noqa: PLR2004 — a day
    if node.first and node.last:
        return f"{node.field} from {_date(node.first)} to {_date(node.last)}"
    if node.first:
        return f"{node.field} since {_date(node.first)}"
    return f"{node.field} until {_date(node.last or '')}"


def _date(iso: str) -> str:
    """Return "2003-05-12" as 12 May 2003."""
    year, *rest = iso.split("-")
    words = [year, MONTHS[int(rest[0]) - 1]] if rest else [year]
    return " ".join(reversed([*words, *([str(int(rest[1]))] if len(rest) > 1 else [])]))


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"

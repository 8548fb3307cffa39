"""Names that a closed list of tags does not have: what was typed stays on the page, and becomes no tag."""

from __future__ import annotations

from storykeep.site.tags import rules
from storykeep.site.tags.models import TagKind
from storykeep.site.writing.of_work import TAGS
from storykeep.site.writing.publishing import Missing
from storykeep.site.writing.sheets import Typed
from storykeep.text.fold import fold


def unlisted(was: Typed, fields: Typed) -> list[Missing]:
    """Return a sentence for each name that was typed for a closed list and is not in it. At most 3 queries."""
    changed = [name for name, value in fields.items() if name.startswith(TAGS) and value != was.get(name, "")]
    kinds = {f"{TAGS}{kind.key}": kind for kind in TagKind.objects.filter(open=False)} if changed else {}
    closed = [name for name in changed if name in kinds and fields[name]]
    there = rules.names_in_lists([kinds[name].pk for name in closed]) if closed else set()
    return [
        Missing(f"“{line[:150]}” is not in the list of {kinds[name].name.lower()}.", name)
        for name in closed
        for line in map(str.strip, fields[name].split("\n"))
        if line and (kinds[name].pk, fold(" ".join(line.split()))) not in there
    ]

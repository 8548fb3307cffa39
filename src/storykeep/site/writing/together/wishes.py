"""What a writer asks for several works at once, as it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from storykeep.model.story import Status, WorkKind
from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Commenting, Visibility

ALLOWED: dict[str, frozenset[str]] = {
    "publish_as": frozenset((Visibility.PUBLIC, Visibility.MEMBERS)),
    "comments": frozenset(Commenting.values),
    "comments_moderated": frozenset(("yes", "no")),
    "status": frozenset(status.value for status in Status),
    "kind": frozenset(kind.value for kind in WorkKind),
}
FREE = ("language", "pen_names")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What shall be different; what is empty stays as it is in every work.

    ``sets`` holds values by field; ``more`` and ``less`` names of tags, one a line, by the key of their kind.
    """

    sets: dict[str, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    less: dict[str, str] = field(default_factory=dict)
    trash: bool = False

    @classmethod
    def of(cls, posted: Mapping[str, str], kinds: Iterable[TagKind]) -> Wish:
        sets = {name: posted[name] for name, known in ALLOWED.items() if posted.get(name) in known}
        sets |= {name: said for name in FREE if (said := " ".join(posted.get(name, "").split()))}
        more, less = ({kind.key: posted.get(f"{way}_tags_{kind.key}", "") for kind in kinds} for way in ("add", "less"))
        return cls(sets=sets, more=typed_only(more), less=typed_only(less), trash="trash" in posted)

    @classmethod
    def kept(cls, value: dict) -> Wish:
        return cls(**value)

    @property
    def plain(self) -> dict[str, object]:
        return asdict(self)

    @property
    def empty(self) -> bool:
        return not (self.trash or self.sets or self.more or self.less)


def typed_only(values: dict[str, str]) -> dict[str, str]:
    return {key: said for key, said in values.items() if said.strip()}


def lines(typed: str) -> list[str]:
    r"""Return the lines that say something, each once, without space around them.

    >>> lines(" a  b \n\n c\na b")
    ['a b', 'c']
    """
    return list(dict.fromkeys(" ".join(line.split()) for line in typed.splitlines() if line.strip()))

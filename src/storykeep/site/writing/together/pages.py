"""What the pages about several works may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Commenting, Visibility, Work
from storykeep.site.writing.forms import KINDS, STATUSES
from storykeep.site.writing.models import Sweep
from storykeep.site.writing.together.plans import Entry
from storykeep.site.writing.together.states import GONE, TAGS

YES_NO = {"yes": "yes", "no": "no"}
LABELS = {
    "language": "Language",
    "kind": "What it is",
    "status": "Is it finished?",
    "publish_as": "Who may read it",
    "comments": "Who may comment",
    "comments_moderated": "I see comments before others do",
    "pen_names": "Signed by",
    GONE: "In the trash",
}
SAID: dict[str, Mapping[str, str]] = {
    "kind": {kind.value: words for kind, words in KINDS.items()},
    "status": {status.value: words for status, words in STATUSES.items()},
    "publish_as": {each.value: each.label for each in (Visibility.PUBLIC, Visibility.MEMBERS)},
    "comments": dict(Commenting.choices),
    "comments_moderated": YES_NO,
    GONE: YES_NO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One value of a field; ``how`` is "", "ins" for what is new, "del" for what goes."""

    words: str
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field of one work. ``left`` says that somebody had changed it meanwhile, so it was left as it is."""

    name: str
    words: tuple[Word, ...]
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One work. ``ref`` is empty when there is no such work any more."""

    ref: str
    title: str
    lines: tuple[Line, ...]
    refused: tuple[str, ...]
    trashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPage:
    """A sweep: works in which something changes, those in which something can't, those that are so already."""

    sweep: Sweep
    changing: tuple[Planned, ...]
    refused: tuple[Planned, ...]
    same: tuple[Planned, ...]
    left: int


def sweep_page(sweep: Sweep) -> SweepPage:
    """Return the page of a sweep. 2 queries."""
    entries = [Entry(**each) for each in sweep.plan]
    works = Work.objects.in_bulk([entry.work for entry in entries])
    names = {f"{TAGS}{kind.key}": kind.name for kind in TagKind.objects.all()} | LABELS
    shown = [(entry, planned(entry, works.get(entry.work), names)) for entry in entries]
    return SweepPage(
        sweep=sweep,
        changing=tuple(page for entry, page in shown if entry.changes),
        refused=tuple(page for entry, page in shown if entry.refused),
        same=tuple(page for entry, page in shown if not entry.changes and not entry.refused),
        left=sum(len(entry.left) for entry in entries),
    )


def planned(entry: Entry, work: Work | None, names: Mapping[str, str]) -> Planned:
    lines = (line(name, *change, names=names, left=name in entry.left) for name, change in entry.changes.items())
    trashed = work is not None and work.visibility == Visibility.TRASH
    ref = work.ref if work else ""
    return Planned(ref=ref, title=entry.title, lines=tuple(lines), refused=tuple(entry.refused), trashed=trashed)


def line(name: str, before: str, after: str, *, names: Mapping[str, str], left: bool) -> Line:
    marked = listed if name.startswith(TAGS) else replaced
    said = SAID.get(name, {})
    words = marked(
        [said.get(each, each) for each in before.split("\n")], [said.get(each, each) for each in after.split("\n")]
    )
    return Line(name=names.get(name, name), words=tuple(words), left=left)


def listed(before: list[str], after: list[str]) -> Iterable[Word]:
    """Yield what stays, what goes and what is new."""
    for each in filter(None, before):
        yield Word(words=each, how="" if each in after else "del")
    for each in filter(None, after):
        if each not in before:
            yield Word(words=each, how="ins")


def replaced(before: list[str], after: list[str]) -> Iterable[Word]:
    yield Word(words=", ".join(filter(None, before)) or "nothing", how="del")
    yield Word(words=", ".join(after), how="ins")

"""What a wish would change in each work, before anything is done; and what it can't change, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field

from storykeep.model.story import Tag as StoryTag
from storykeep.site.tags import naming, rules
from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Person
from storykeep.site.writing import queries
from storykeep.site.writing.publishing import PUBLISHED
from storykeep.site.writing.together.states import GONE, TAGS, State
from storykeep.site.writing.together.wishes import Wish, lines
from storykeep.text.fold import fold

RESCUED = "It was rescued from an older archive. Its author page has the ways to take it away."
LONGEST_LANGUAGE = 35  # letters of a code


@dataclass(slots=True, kw_only=True)
class Entry:
    """One work: {field: [what it says, what it will say]}, and sentences on what can't be changed.

    ``left`` is what was not changed in the end, because somebody had changed it meanwhile.
    """

    work: int
    title: str
    changes: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def plain(self) -> dict[str, object]:
        return asdict(self)


def plan(user, states: Iterable[State], wish: Wish) -> list[Entry]:
    """Return what ``wish`` would do to each work, in their order. 6 queries, however many works."""
    known = Known.of(user, wish)
    return [entry_of(state, wish, known) for state in states]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is looked up once for all works: the kinds of tags, the closed lists, tags by another name, the pen name."""

    kinds: dict[str, TagKind]
    listed: set[tuple[int, str]]
    named: dict[tuple[str, str], str]
    pen_name: Person | None

    @classmethod
    def of(cls, user, wish: Wish) -> Known:
        kinds = {kind.key: kind for kind in TagKind.objects.filter(retired=False)}
        asked = [StoryTag(kind=key, name=name) for key, typed in wish.more.items() for name in lines(typed)]
        slug = wish.sets.get("pen_names", "")
        return cls(
            kinds=kinds,
            listed=rules.names_in_lists([kind.pk for kind in kinds.values() if not kind.open]),
            named={at: tag.name for at, tag in naming.known(tuple(asked)).items()},
            pen_name=queries.pen_names_of(user).filter(slug=slug).first() if slug else None,
        )


def entry_of(state: State, wish: Wish, known: Known) -> Entry:
    entry = Entry(work=state.work.pk, title=str(state.work))
    for name, after, refused in wanted(state, wish, known):
        before = state.value(name)
        if refused:
            entry.refused += refused
        elif after != before:
            entry.changes[name] = [before, after]
    return entry


Wanted = tuple[str, str, Sequence[str]]


def wanted(state: State, wish: Wish, known: Known) -> Iterator[Wanted]:
    """Yield (field, what it shall say, why it can't) for what ``wish`` is about."""
    if wish.trash:
        yield GONE, "yes", [RESCUED] if state.work.rescued else []
        return
    for name, value in wish.sets.items():
        if name == "pen_names":
            yield pen_name(state, known)
        elif name == "language" and len(value) > LONGEST_LANGUAGE:
            yield name, value, [f"“{value[:40]}…” is no code of a language, such as en or zh-Hant."]
        else:
            yield name, value, []
    for key in known.kinds:
        if key in wish.more or key in wish.less:
            yield tags(state, known.kinds[key], wish, known)


def pen_name(state: State, known: Known) -> Wanted:
    if known.pen_name is None:
        return "pen_names", "", ["That is no pen name of yours."]
    if not state.own:
        return (
            "pen_names",
            "",
            ["You are not named as an author of it, so it can’t be signed by another name of yours."],
        )
    return "pen_names", known.pen_name.name, []


def tags(state: State, kind: TagKind, wish: Wish, known: Known) -> Wanted:
    """Return the tags of one kind with some added and some taken away. Where a work has one only, it is replaced."""
    now = [row.tag.name for row in state.tags.get(kind.key, ())]
    gone = {fold(name) for name in lines(wish.less.get(kind.key, ""))}
    more = [known.named.get((kind.key, name), name) for name in lines(wish.more.get(kind.key, ""))]
    kept = [name for name in now if fold(name) not in gone] if kind.many or not more else []
    there = {fold(name) for name in kept}
    after = [*kept, *(name for name in more if fold(name) not in there)]
    return f"{TAGS}{kind.key}", "\n".join(after), new_problems(state, kind, now, after, known)


def new_problems(state: State, kind: TagKind, now: list[str], after: list[str], known: Known) -> list[str]:
    """Return what would be wrong that is not wrong now. A draft may lack what it needs."""
    if not after and state.work.visibility not in PUBLISHED:
        return []
    before = set(rules.wrong_with(kind, now, known.listed))
    return [words for words in rules.wrong_with(kind, after, known.listed) if words not in before]

"""A table of tags is written on a sheet: what it names is made, merged, nested; what is wrong is told by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storykeep.model.errors import Conflict, UsageError
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.wrangling import table_lines, verbs
from storykeep.site.wrangling.sheet import Sheet
from storykeep.site.wrangling.table_lines import STATES, Line
from storykeep.text.fold import fold

TAKE_AWAY = "-"  # in canonical or parents: let there be none
READ_ONLY = {"", "synonym"}
TOLD = 2_000  # lines that are left out and told why; of more, their number is told


@dataclass(slots=True)
class Bringing:
    """A table on its way in. ``wrong`` tells what can't be done, by line; the rest of the table comes in.

    First all lines are named (:meth:`name`), then tied (:meth:`tie`): so a line may name what stands further down.
    """

    sheet: Sheet
    kinds: dict[str, TagKind] = field(default_factory=dict)
    exact: dict[tuple[int, str], int] = field(default_factory=dict)
    alike: dict[tuple[int, str], int] = field(default_factory=dict)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    lines: int = 0
    new: int = 0

    def __post_init__(self) -> None:
        for kind in TagKind.objects.all():
            self.kinds |= {kind.key: kind, kind.name.lower(): kind}

    # ── what the table names
    def name(self, lines: Iterable[Line]) -> None:
        """Write the tags that ``lines`` are about, those that are new."""
        for line in lines:
            self.lines += 1
            self.try_line(line, self.named_by)

    def tie(self, lines: Iterable[Line]) -> None:
        """Merge, nest and settle as ``lines`` say; all of them were named before."""
        given = [line for line in lines if line.number not in self.left_out]
        named = [(line, tag) for line in given if (tag := self.try_line(line, self.named_by)) is not None]
        self.sheet.load(tag for _, tag in named)
        for line, tag in named:
            self.try_line(line, lambda each, tag=tag: self.tie_one(each, tag))
        for line, tag in named:
            if line.number not in self.left_out:
                self.try_line(line, lambda each, tag=tag: self.set_state(each, tag))

    def know(self, kinds: set[int]) -> None:
        """Read the names of all tags of ``kinds`` at once."""
        rows = Tag.objects.filter(kind__in=kinds).order_by("-pk").values_list("pk", "kind", "name", "folded")
        for tag, kind, name, folded in rows.iterator():
            self.exact[kind, name] = tag
            self.alike[kind, folded] = tag
        for kind in kinds:
            self.sheet.know_slugs(kind)

    def try_line(self, line: Line, write):
        try:
            with self.sheet.attempt():
                return write(line)
        except (Conflict, UsageError) as error:
            self.leave_out(line.number, str(error))
            return None

    def leave_out(self, number: int, words: str) -> None:
        if number not in self.left_out and len(self.wrong) < TOLD:
            self.wrong.append((number, words))
        self.left_out.add(number)

    def named_by(self, line: Line) -> int:
        """Return the tag that a line is about, made if there is none."""
        if line.wrong:
            raise UsageError(line.wrong)
        kind = self.kinds.get(line.kind.lower())
        if kind is None:
            raise UsageError(f"There is no kind of tags called “{line.kind}”." if line.kind else "The kind is missing.")
        if line.state not in {*STATES, *READ_ONLY}:
            raise UsageError(f"“{line.state}” is no state; it is one of {', '.join(STATES)}, or empty.")
        return self.tag_called(kind, line.name)

    def tag_called(self, kind: TagKind, name: str) -> int:
        name = verbs.tidy(name)
        if not self.knows(kind):
            self.know({kind.pk})
        tag = self.exact.get((kind.pk, name)) or self.alike.get((kind.pk, fold(name)))
        return tag or self.make(kind, name)

    def make(self, kind: TagKind, name: str) -> int:
        tag = self.sheet.new(kind.pk, name)
        self.exact[kind.pk, name] = self.alike[kind.pk, fold(name)] = tag
        self.new += 1
        return tag

    def knows(self, kind: TagKind) -> bool:
        return kind.pk in self.sheet.all_slugs

    def other(self, words: str, kind: TagKind) -> int:
        """Return the tag that ``canonical`` or ``parents`` names: by "kind: name", or by its name in the same kind."""
        key, colon, rest = words.partition(":")
        named = self.kinds.get(key.strip().lower()) if colon else None
        return self.tag_called(named, rest) if named else self.tag_called(kind, words)

    # ── what the table ties
    def tie_one(self, line: Line, tag: int) -> None:
        """Merge and nest as a line says. What it leaves empty stays as it is; a hyphen takes away."""
        kind = self.kinds[line.kind.lower()]
        now = self.sheet.row(tag)["synonym_of"]
        if line.canonical == TAKE_AWAY and now:
            verbs.separate(self.sheet, [tag])
        elif line.canonical not in {"", TAKE_AWAY}:
            into = verbs.canonical(self.sheet, self.other(line.canonical, kind))
            if into not in {tag, now}:
                verbs.merge(self.sheet, [tag], into)
        self.put_under(line, tag, kind)

    def put_under(self, line: Line, tag: int, kind: TagKind) -> None:
        if line.parents == (TAKE_AWAY,):
            for over in self.sheet.up(tag):
                verbs.take_out(self.sheet, [tag], over)
        elif line.parents:
            for over in [self.other(words, kind) for words in line.parents]:
                if verbs.canonical(self.sheet, over) not in self.sheet.up(tag):
                    verbs.nest(self.sheet, [tag], over)

    def set_state(self, line: Line, tag: int) -> None:
        if line.state == "split" and not self.sheet.up(tag):
            raise UsageError("A tag that is split has its parts as parents.")
        if line.state in STATES and not self.sheet.row(tag)["synonym_of"]:
            self.sheet.set(tag, settled=line.state != "new", joint=line.state == "split")


def bring_in(sheet: Sheet, text: str) -> Bringing:
    """Write the table ``text`` on ``sheet``. Raises UsageError for what is no table."""
    return of_lines(sheet, list(table_lines.lines(text)))


def of_lines(sheet: Sheet, lines: list[Line]) -> Bringing:
    bringing = Bringing(sheet)
    bringing.name(lines)
    bringing.tie(lines)
    return bringing


def summary(bringing: Bringing) -> str:
    """Return what was brought in, in words."""
    words = f"A list of {bringing.lines:,} line{'' if bringing.lines == 1 else 's'} brought in: {bringing.new:,} new"
    return f"{words}, {len(bringing.left_out):,} left out" if bringing.left_out else words

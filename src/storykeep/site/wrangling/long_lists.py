"""A table of any length comes in part by part: each part is true at once, and all of it is undone as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from storykeep.model.errors import Conflict
from storykeep.site.wrangling import actions, table_lines
from storykeep.site.wrangling.bringing_in import Bringing, summary
from storykeep.site.wrangling.models import Action
from storykeep.site.wrangling.sheet import Sheet
from storykeep.site.wrangling.table_lines import Line
from storykeep.text.fold import fold

AT_ONCE = 1_000  # lines

Progress = Callable[[int, int], object]
"""Called with how many lines are done, of how many: a table is gone through twice."""


def silent(done: int, total: int) -> None: ...


def count(path: Path) -> int:
    """Return how many lines the table in ``path`` has. Raises UsageError for what is no table."""
    return sum(1 for _ in table_lines.lines_of_file(path))


def bring_in(user, path: Path, progress: Progress = silent, action: Action | None = None) -> tuple[Action, Bringing]:
    """Bring in the table in the file ``path``; return the action, and what was wrong."""
    total = 2 * count(path)
    action = action or begin(user)
    long = LongList(action, Bringing(Sheet()))
    done = 0
    for write in (Bringing.name, Bringing.tie):
        for some in parted(table_lines.lines_of_file(path)):
            long.take(write, some)
            done += len(some)
            progress(done, total)
    action.words = summary(long.bringing)
    action.save(update_fields=["words"])
    return action, long.bringing


def begin(user) -> Action:
    return Action.objects.create(verb="import", words="A list is being brought in", by=user)


def parted(lines: Iterable[Line]) -> Iterator[list[Line]]:
    waiting = iter(lines)
    while some := list(islice(waiting, AT_ONCE)):
        yield some


class LongList:
    """The parts of one table, each on a sheet of its own; what is known of names and addresses is handed on."""

    def __init__(self, action: Action, bringing: Bringing) -> None:
        self.action, self.bringing, self.part = action, bringing, -1

    def take(self, write: Callable[[Bringing, list[Line]], None], lines: list[Line]) -> None:
        """Make ``lines`` true. What somebody else changed meanwhile costs the lines that build on it, and no other."""
        before = self.bringing.lines, self.bringing.new
        self.next_sheet()
        self.part += 1
        write(self.bringing, lines)
        try:
            self.number(actions.go_on(self.action, self.bringing.sheet, self.part))
        except Conflict as error:
            self.number({})
            self.bringing.lines, self.bringing.new = before
            self.again(write, lines, str(error))

    def again(self, write, lines: list[Line], words: str) -> None:
        if len(lines) == 1:
            self.bringing.lines += write is Bringing.name
            self.bringing.leave_out(lines[0].number, words)
            return
        middle = len(lines) // 2
        self.take(write, lines[:middle])
        self.take(write, lines[middle:])

    def next_sheet(self) -> None:
        sheet, last = Sheet(), self.bringing.sheet
        sheet.slugs, sheet.all_slugs = last.slugs, last.all_slugs
        self.bringing.sheet = sheet

    def number(self, ids: dict[int, int]) -> None:
        """Give the names that are new on this sheet their real ids, or forget them."""
        made = {(row["kind"], row["name"]): tag for tag, row in self.bringing.sheet.rows.items() if tag < 0 and row}
        for (kind, name), tag in made.items():
            for known, key in ((self.bringing.exact, name), (self.bringing.alike, fold(name))):
                if known.get((kind, key)) == tag and tag in ids:
                    known[kind, key] = ids[tag]
                elif known.get((kind, key)) == tag:
                    del known[kind, key]

"""storykeep rescue: what is left of an archive becomes an archive again."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from storykeep.rescue.report import Report
    from storykeep.rescue.workplace import Workplace

STAGES = {
    "scan": "Looking at what came in",
    "materials": "Reading databases and mailboxes",
    "learn": "Learning the pages’ shape",
    "read": "Reading pages",
    "assemble": "Putting works together",
    "keep": "Putting them into the archive",
    "compare": "Comparing with what is here",
}
REPORTS = (".html", ".json", ".csv")


@click.command("rescue")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--into", "data", type=click.Path(path_type=Path), envvar="STORYKEEP_DATA", default=Path("storykeep-data"),
    help="The data folder of the archive (default: STORYKEEP_DATA, or storykeep-data).",
)  # fmt: skip
@click.option("--name", default="", help="The archive's name, when its pages don't say it.")
@click.option(
    "--report", "reports", multiple=True, type=click.Path(path_type=Path, dir_okay=False),
    help="Write a report: .html, .json or .csv. May be given several times.",
)  # fmt: skip
@click.option(
    "--visibility", type=click.Choice(["members", "hidden", "public"]), default="members", show_default=True,
    help="Who may see the works that are new: members until their authors were asked, nobody yet, or everybody.",
)  # fmt: skip
@click.option("--records-only", is_flag=True, help="Stop before the site: keep the stories as records only.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def command(paths: tuple[Path, ...], **asked: Any) -> None:
    """Bring back what is left: a folder or zip of saved pages, a text, a database dump.

    May be stopped at any moment; the same command goes on where it was, and changes nothing once all is done.
    """
    from storykeep.model.errors import UsageError

    order = Order(**asked)
    if wrong := next((path for path in order.reports if path.suffix.lower() not in REPORTS), None):
        raise UsageError(f"A report can be .html, .json or .csv, not {wrong.name}.")
    for path in order.reports:
        check_report(path)
    try:
        for path in paths:
            bring_back(path, order if len(paths) == 1 else order.numbered(path))
    except KeyboardInterrupt:
        click.echo("\nStopped. Nothing is lost: the same command goes on from here.", err=True)
        sys.exit(130)


def check_report(path: Path) -> None:
    """Raise UsageError when a report can't be written, before anything is read."""
    from storykeep.model.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            pass
    except OSError as error:
        raise UsageError(f"The report can't be written to {path} ({error.strerror}). Name another place.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the command was asked for."""

    data: Path
    name: str
    reports: tuple[Path, ...]
    visibility: str
    records_only: bool
    quiet: bool

    def numbered(self, path: Path) -> Order:
        """Return the order for one of several paths, with report names of its own: ``report-lanterns.html``."""
        from storykeep.model.identity import slug
        from storykeep.rescue.workplace import name_of

        own = slug(name_of(path))
        return replace(self, reports=tuple(each.with_name(f"{each.stem}-{own}{each.suffix}") for each in self.reports))


def bring_back(path: Path, order: Order) -> None:
    """Rescue one path, put it into the site, write the reports and say what came of it."""
    from storykeep.rescue import pipeline, report

    line = Line(order.quiet)
    with pipeline.opened(path, order.data, order.name) as place:
        if not order.quiet:
            click.echo(f"Rescuing {path} into {order.data}", err=True)
        pipeline.run(place, path.resolve(), order.name, line.tell)
        if not order.records_only:
            put_into_site(place, order, line)
        line.end()
        came = report.report_of(place)
        for wanted in order.reports:
            report.write(place, wanted)
        why = [] if came.stories else [*islice(report.findings(place.journal), 3)]
    if not order.quiet:
        click.echo(summary(came))
        click.echo(next_steps(came, order))
        if not came.stories and not why:
            click.echo(f"  {path}: there is no page in it, no text, and no database.")
        for row in why:
            click.echo(
                f"  {row['file'] or row['where'] or row['code']}: {' '.join((row['evidence'], row['suggestion']))}"
            )


def put_into_site(place: Workplace, order: Order, line: Line) -> None:
    """Put what was rescued into the site's database."""
    from storykeep.site import open_archive

    open_archive(order.data)
    from storykeep.site.desk import taking_in

    refused = taking_in.put_into_site(place, order.visibility, line.tell)
    if refused and not order.quiet:
        click.echo(f"Left out, because their authors said never: {many(refused, 'work')}.", err=True)


class Line:
    """One line on a terminal that says how far it is and how long it will take; silent elsewhere."""

    def __init__(self, quiet: bool) -> None:
        self.shown = not quiet and sys.stderr.isatty()
        self.stage, self.since, self.last = "", 0.0, 0.0

    def tell(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self.stage:
            self.end()
            self.stage, self.since, self.last = stage, now, 0.0
        if self.shown and (now - self.last > 0.1 or done >= total):  # noqa: PLR2004 — ten times a second is enough
            self.last = now
            click.echo(f"\r\033[K  {STAGES[stage]:<32} {measure(done, total, now - self.since)}", nl=False, err=True)

    def end(self) -> None:
        if self.shown and self.stage:
            click.echo("", err=True)
        self.stage = ""


def measure(done: int, total: int, seconds: float) -> str:
    """Return a bar with counts and time left; only the count while the total is not known.

    >>> measure(50, 200, 10)
    '█████░░░░░░░░░░░░░░░  50 of 200, 0:30 left'
    """
    if total <= 0:
        return f"{done:,}"
    done = min(done, total)
    full = done * 20 // total
    left = seconds * (total - done) / done if done else 0
    told = f", {int(left) // 60}:{int(left) % 60:02} left" if done and done < total and seconds > 2 else ""  # noqa: PLR2004 — too early to tell
    return f"{'█' * full}{'░' * (20 - full)}  {done:,} of {total:,}{told}"


def summary(came: Report) -> str:
    """Return what came of a rescue, for people."""
    works = f"{many(came.stories, 'work')} in {many(came.chapters, 'chapter')}, {came.words:,} words"
    lines = [
        f"\n{came.name}",
        f"  came in      {many(came.files, 'file')} ({came.bytes / 1e6:,.1f} MB), {came.pages:,} of them pages",
        f"  rescued      {works}, by {many(came.authors, 'author')}",
    ]
    if came.other_pages:
        lines.append(f"               {many(came.other_pages, 'other page')} of the archive")
    lines += [
        f"  repaired     {many(came.repairs, 'place')} in {many(came.repaired, 'work')}, each reversible",
        f"  missing      {many(came.gaps, 'gap')} in {many(came.gapped, 'work')}; {came.losses:,} other losses",
        f"  doubtful     {many(came.doubts, 'finding')} to look at",
    ]
    if came.unread or came.unreadable:
        lines.append(f"  unreadable   {many(came.unread + came.unreadable, 'file')}, kept as they are")
    if came.dangers:
        lines.append(f"  refused      {many(came.dangers, 'thing')} made to do harm")
    return "\n".join(lines)


def many(count: int, one: str, more: str = "") -> str:
    """Return a count with its noun.

    >>> many(1, "work"), many(1200, "work")
    ('1 work', '1,200 works')
    """
    return f"{count:,} {one if count == 1 else more or one + 's'}"


WHO_SEES = {
    "members": ("New works are for members only until their authors were asked: see Letters and Opening at the desk.",),
    "hidden": ("New works are hidden: only archivists see them, at the desk.",),
    "public": (),
}


def ways_in(order: Order) -> list[str]:
    """Return how to read it, and, where not everybody may, how to get an account."""
    lines = [f"Read it in a browser:  STORYKEEP_DATA={order.data} storykeep serve"]
    if order.visibility != "public":
        lines.append(f"An account for you:    STORYKEEP_DATA={order.data} storykeep admin NAME")
    return lines


def next_steps(came: Report, order: Order) -> str:
    """Return what to do next."""
    lines = ["", *(f"The report is in {path}." for path in order.reports)]
    if not came.stories:
        lines.append("No story was found. What was said of it first is below; a report has all of it.")
    elif not order.records_only:
        lines += [*WHO_SEES[order.visibility], *ways_in(order)]
    if not order.reports:
        lines.append("For all findings with their reasons, run it again with --report report.html; that takes seconds.")
    return "\n".join(lines)

"""storykeep tags: lists of tags go out as a table, and come in from one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

DATA = click.option("--data", type=click.Path(path_type=Path), help="The data folder (default: STORYKEEP_DATA).")


@click.group("tags")
def command() -> None:
    """Take lists of tags out of the archive as CSV, or bring one in."""


@command.command("export")
@click.argument("out", type=click.File("w", encoding="utf-8", lazy=True), default="-")
@click.option("--kind", default="", help="Only the tags of this kind, by its key.")
@DATA
def export(out: IO[str], kind: str, data: Path | None) -> None:
    """Write all tags to OUT (default: the terminal)."""
    for line in lines_of(kind, data):
        out.write(line.replace("\r\n", "\n"))


def lines_of(kind: str, data: Path | None) -> Iterator[str]:
    from storykeep.site import open_archive

    open_archive(data)
    from storykeep.site.wrangling.tables import table

    return table(kind)


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@DATA
def bring(file: Path, dry_run: bool, data: Path | None) -> None:
    """Bring in the table FILE, as one action that wranglers can undo."""
    from storykeep.site import open_archive

    open_archive(data)
    from storykeep.site.wrangling import bringing_in, long_lists, table_lines
    from storykeep.site.wrangling.sheet import Sheet

    if dry_run:
        sheet = Sheet()
        found = bringing_in.of_lines(sheet, list(table_lines.lines_of_file(file)))
        said = f"{bringing_in.summary(found)}; {len(sheet.facts())} facts would change."
    else:
        _, found = long_lists.bring_in(None, file)
        said = f"{bringing_in.summary(found)}."
    for number, words in found.wrong:
        click.echo(f"line {number}: {words}", err=True)
    click.echo(said)

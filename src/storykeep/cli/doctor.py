"""storykeep doctor: looks at everything that an archive stands on, and says what to do where something is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command("doctor")
@click.option("--data", type=click.Path(path_type=Path), help="The data folder (default: STORYKEEP_DATA).")
@click.option("--all-originals", is_flag=True, help="Read every original, not a sample of them.")
@click.option("--rebuild-index", is_flag=True, help="Make the search index anew while the archive goes on answering.")
def command(data: Path | None, *, all_originals: bool, rebuild_index: bool) -> None:
    """Look whether all is well: database, index, originals, folder, disk, mail.

    Nothing is changed, unless an option says so. The exit status is 0 when all is well, 1 when something is to be done.
    """
    from storykeep.model.errors import UsageError
    from storykeep.site import setup

    folder = data or Path(os.environ.get("STORYKEEP_DATA") or "storykeep-data")
    if not folder.expanduser().exists():
        raise UsageError(f"There is no archive in {folder}. Name its data folder with --data or STORYKEEP_DATA.")
    setup(data)
    from storykeep.site.search import checkup

    if rebuild_index:
        rebuild()
    lines = checkup.lines(sample=0 if all_originals else checkup.SAMPLE)
    wrong = 0
    for line in lines:
        click.echo(f"{'good ' if line.good else 'TO DO'}  {line.subject}: {line.said}")
        wrong += not line.good
    click.echo("All is well." if not wrong else f"{wrong} {'thing' if wrong == 1 else 'things'} to do.")
    sys.exit(1 if wrong else 0)


def rebuild() -> None:
    from storykeep.model.errors import Conflict
    from storykeep.site.search import indexing

    done = indexing.rebuild()
    if not done and indexing.findable().exists():
        raise Conflict("Another process writes the search index. Stop the archive, or try again in a moment.")
    click.echo(f"The search index was made anew with {done:,} works.")

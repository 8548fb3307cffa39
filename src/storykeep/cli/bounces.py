"""storykeep bounces: takes letters that came back, from files or from a mail server's pipe."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

MOST = 2_000_000  # bytes of one letter


@click.command("bounces")
@click.argument("files", type=click.File("rb"), nargs=-1)
@click.option("--data", type=click.Path(path_type=Path), help="The data folder (default: STORYKEEP_DATA).")
def command(files: tuple[BinaryIO, ...], data: Path | None) -> None:
    """Read letters that came back, so that nobody writes to those addresses again.

    Without FILES it reads one letter from its input, as a mail server hands it to a program.
    """
    from storykeep.site import open_archive

    open_archive(data)
    from storykeep.site.claims import bounces

    notices = [each for file in files or (click.get_binary_stream("stdin"),) for each in bounces.read(file.read(MOST))]
    click.echo(str(bounces.take(notices)))

"""The command line: one file per command."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from importlib import import_module

import click

from storykeep import __version__
from storykeep.model.errors import StorykeepError

COMMANDS = {
    "rescue": "Bring a dead archive back: read what remains, repair it, put it into an archive.",
    "inspect": "Show what would be found in one page, with the evidence.",
    "convert": "Turn one story from one format into another.",
    "serve": "Serve the archive on the web.",
    "tags": "Take lists of tags out of the archive, or bring one in.",
    "bounces": "Take letters to authors that came back.",
    "doctor": "Look whether all is well, and say what to do where it is not.",
    "admin": "Make or change the account of an archivist.",
}


class House(click.Group):
    """Loads a command's module only when that command runs, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            near = get_close_matches(name, COMMANDS, 1)
            raise click.UsageError(
                f"There is no command “{name}”."
                + (f" Did you mean “{near[0]}”?" if near else f" There are: {', '.join(COMMANDS)}."),
                ctx,
            )
        command: click.Command = import_module(f"storykeep.cli.{name}").command
        return command


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="storykeep")
def house() -> None:
    """Storykeep runs a story archive, and brings dead archives back to life."""


def main() -> None:
    """Run the command line; errors of the house end in one clear sentence, not in a traceback."""
    try:
        house(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except StorykeepError as error:
        click.echo(f"storykeep: {error}", err=True)
        sys.exit(2)
    except OSError as error:  # the edge of the command: a disk, a right, a name; whoever typed it can mend that
        where = f"{error.filename}: " if error.filename else ""
        click.echo(
            f"storykeep: {where}{error.strerror or error}. Nothing more was done; mend that, and try again.", err=True
        )
        sys.exit(2)

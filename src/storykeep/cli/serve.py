"""storykeep serve: the archive on the web, from one process and one folder."""

from __future__ import annotations

import http.client
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storykeep.model.errors import SettingsError

if TYPE_CHECKING:
    from storykeep.site.settings import House


@click.command("serve")
@click.option("--data", type=click.Path(path_type=Path), help="The data folder (default: STORYKEEP_DATA).")
def command(data: Path | None) -> None:
    """Serve the archive. STORYKEEP_PORT says where (default 8000); Ctrl-C stops it."""
    from storykeep.site import open_archive, setup

    setup(data)
    from django.conf import settings

    house = settings.HOUSE
    check_port(house.bind, house.port)
    click.echo(f"Opening the archive in {house.data} …", err=True)
    open_archive(data)
    prepare()
    serve(house)
    click.echo("Stopped. Everything is saved.", err=True)


def check_port(bind: str, port: int) -> None:
    """Raise SettingsError when nobody can listen at ``port``, before anything else is done."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((bind, port))
        except OSError as error:
            raise SettingsError(
                f"Nothing can listen at port {port} ({error.strerror}). Is Storykeep running already? "
                f"Another port: STORYKEEP_PORT={port + 1} storykeep serve"
            ) from error


def prepare() -> None:
    """Collect style sheets and scripts, clean old texts where the sanitiser is stricter now, and index what is new."""
    from storykeep.site.base.static_files import collect
    from storykeep.site.search import indexing
    from storykeep.site.works.recleaning import reclean

    collect()
    reclean()
    count = indexing.open_index()
    if count:
        click.echo(f"The search index took in {count} works.", err=True)


def serve(house: House) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "storykeep.site.served:application",
        address=house.bind,
        port=house.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        workers_kill_timeout=5,  # seconds; a download that hangs must not keep the archive from stopping
        log_level=LogLevels.warning,
    )
    server.signal_handler_reload = server.signal_handler_interrupt  # a closed terminal stops it, as Ctrl-C does
    server.startup = when_started(server.startup, threading.Thread(target=announce, args=(house,), daemon=True))
    server.serve()


def when_started(startup: Callable[..., None], thread: threading.Thread) -> Callable[..., None]:
    """Return ``startup`` so that it starts ``thread`` when the workers are there, not before.

    A worker is a fork. Forked while another thread looks up a host name, it would inherit the lock of that look-up,
    and wait for it for ever as soon as it looks up one itself: at the first letter that it sends.
    """

    def started(*given: object) -> None:
        startup(*given)
        thread.start()

    return started


def announce(house: House) -> None:
    """Say where to look, as soon as somebody answers there."""
    where = house.origin or f"http://localhost:{house.port}"
    for _ in range(300):
        if answers(house):
            click.echo(f"The archive is open: {where}/   (Ctrl-C stops it)")
            sys.stdout.flush()
            return
        time.sleep(0.1)


def answers(house: House) -> bool:
    everywhere = {"", "0.0.0.0", "::"}  # noqa: S104 — compared, not bound
    host = "localhost" if house.bind in everywhere else house.bind
    connection = http.client.HTTPConnection(host, house.port, timeout=5)
    try:
        connection.request("HEAD", "/robots.txt", headers={"Host": "localhost"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True

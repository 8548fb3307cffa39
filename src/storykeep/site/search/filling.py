"""Several processes fill an index that is made anew, each with works of its own.

``python -m storykeep.site.search.filling PLACE NUMBER`` is one of them. From each line that it is given it reads the
first and the last id of some works, takes them in, and says how many they were; after the last line it finishes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from subprocess import PIPE, Popen

import click

from storykeep.site.search.contract import NotWritten

EVERY = 0.5  # seconds after which the one that waits can look after other things
GENTLY = 5  # how far they stand behind a site that serves readers meanwhile

Waiting = SimpleQueue  # of (first id, last id)


def by_processes(place: str, parts: Iterable[list[int]], processes: int) -> Iterator[int]:
    """Let ``processes`` take in ``parts``: some ids each, in order. Yield how many works were done, 0 now and then.

    Raises NotWritten when a process ends before its time.
    """
    waiting, said = Waiting(), SimpleQueue()
    for ids in parts:
        waiting.put((ids[0], ids[-1]))
    crew = [begun(place, number) for number in range(1, processes + 1)]
    with ThreadPoolExecutor(processes) as threads:
        try:
            led = [threads.submit(lead, child, waiting, said.put) for child in crew]
            while not all(each.done() for each in led):
                yield heard(said)
            while not said.empty():
                yield heard(said)
            for each in led:
                each.result()
        finally:
            for child in crew:
                child.kill()


def begun(place: str, number: int) -> Popen[str]:
    command = [sys.executable, "-m", "storykeep.site.search.filling", place, str(number)]
    return subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True)  # noqa: S603 — our own command


def heard(said: SimpleQueue) -> int:
    try:
        return said.get(timeout=EVERY)
    except Empty:
        return 0


def lead(child: Popen[str], waiting: Waiting, say: Callable[[int], None]) -> None:
    """Give one process work as long as there is any, and wait until it has finished."""
    with suppress(Empty, ValueError, OSError):  # without more work, or without an answer, it ends
        while True:
            print(*waiting.get_nowait(), file=child.stdin, flush=True)
            say(int(child.stdout.readline()))
    with suppress(OSError):
        child.stdin.close()
    if child.wait():
        raise NotWritten("A part of the search index could not be written; the old index still answers. Try again.")


def work(place: str, number: int, lines: Iterable[str], say: Callable[[int], None]) -> None:
    """Be one of the processes."""
    from storykeep.site import setup  # noqa: PLC0415 — Django is set up by this process itself

    setup()
    from storykeep.site.search import indexing  # noqa: PLC0415
    from storykeep.site.search.documents import documents  # noqa: PLC0415
    from storykeep.site.search.labels import Labels  # noqa: PLC0415

    part, labels = indexing.engine().part(place, number), Labels()
    for line in lines:
        first, last = map(int, line.split())
        ids = list(indexing.findable().filter(pk__range=(first, last)).order_by("pk").values_list("pk", flat=True))
        part.index(documents(ids, labels))
        say(len(ids))
    part.finish()


if __name__ == "__main__":
    os.nice(GENTLY)
    work(sys.argv[1], int(sys.argv[2]), sys.stdin, click.echo)

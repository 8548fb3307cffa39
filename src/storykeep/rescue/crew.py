"""Readers at work: a few processes, of which any may crash or hang on a page without stopping the rest.

Each process gets small batches of jobs through a pipe and answers every job by itself. When one dies or is silent for
too long it is started again. The job it was at is tried once more alone if the process died (it may have been the
machine), and given up if it hung; the rest of its batch goes on. Processes are spawned: nothing of the parent's state
leaks in, and when the parent is killed they end by themselves.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Self

from storykeep.model.errors import StorykeepError

BATCH = 16
PATIENCE = 60.0
"""Seconds that one page may take. The slowest real page takes one."""
MEMORY = 3 << 30
"""Bytes of address space that a reader may have: a page that needs more is a bomb, not a story."""
STARTS = 3

Work = Callable[[Any], Any]
"""What a reader does: takes one job, returns one answer. Both travel through a pipe."""
_READY, _END = "ready", "end"


@dataclass(frozen=True, slots=True)
class Lost:
    """The answer for a job on which the reader crashed, hung or failed."""

    job: Any
    reason: str


@dataclass(slots=True)
class _Reader:
    """One process, what it has been given, and since when it has been silent."""

    process: BaseProcess
    pipe: Connection
    ready: bool = False
    jobs: deque[Any] = field(default_factory=deque)
    since: float = field(default_factory=time.monotonic)


class Crew:
    """``size`` processes that each call ``setup(*arguments)`` once, and what that returns for every job.

    Use it as a context manager. ``setup`` must be importable by name; jobs must be hashable.
    """

    def __init__(
        self, size: int, setup: Callable[..., Work], arguments: tuple[Any, ...] = (), *, patience: float = PATIENCE
    ) -> None:
        self.size, self.setup, self.arguments, self.patience = size, setup, arguments, patience
        self._readers: list[_Reader] = []
        self._back: deque[Any] = deque()  # jobs of a process that died, not their fault
        self._alone: deque[Any] = deque()  # jobs at which a process died
        self._tried: set[Hashable] = set()
        self._failed_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        while self._readers:
            _end(self._readers.pop())

    def answers(self, jobs: Iterable[Any]) -> Iterator[Any]:
        """Yield the answer to every job, in no particular order; Lost where there is none."""
        coming = iter(jobs)
        while len(self._readers) < self.size:
            self._readers.append(_started(_work, self.setup, self.arguments))
        while True:
            for reader in self._readers:
                if reader.ready and not reader.jobs:
                    self._give(reader, coming)
            if all(reader.ready and not reader.jobs for reader in self._readers):
                return
            yield from self._hear()

    def _give(self, reader: _Reader, coming: Iterator[Any]) -> None:
        """Give an idle reader its next jobs, if there are any."""
        if self._alone:
            batch = [self._alone.popleft()]
        else:
            batch = [self._back.popleft() for _ in range(min(BATCH, len(self._back)))]
            batch = batch or list(islice(coming, BATCH))
        if not batch:
            return
        reader.jobs.extend(batch)
        reader.since = time.monotonic()
        with contextlib.suppress(OSError):  # it died just now; _hear finds its pipe closed
            reader.pipe.send(batch)

    def _hear(self) -> Iterator[Any]:
        """Yield what the readers have to say; replace those that are dead or silent for too long."""
        ready = wait([reader.pipe for reader in self._readers], timeout=1.0)
        for number, reader in enumerate(self._readers):
            if reader.pipe in ready:
                yield from self._answer(number, reader)
            elif (reader.jobs or not reader.ready) and time.monotonic() - reader.since > self.patience:
                if reader.ready:
                    yield Lost(reader.jobs.popleft(), f"Reading it took more than {self.patience:.0f} seconds.")
                self._replace(number, reader)

    def _answer(self, number: int, reader: _Reader) -> Iterator[Any]:
        try:
            answer = reader.pipe.recv()
        except (EOFError, OSError):
            yield from self._died(reader)
            self._replace(number, reader)
            return
        reader.since = time.monotonic()
        if not reader.ready:
            reader.ready, self._failed_starts = True, 0
            return
        reader.jobs.popleft()
        yield answer

    def _died(self, reader: _Reader) -> Iterator[Any]:
        if reader.jobs:
            job = reader.jobs.popleft()
            if job in self._tried:
                yield Lost(job, "The process that read it crashed, twice.")
            else:
                self._tried.add(job)
                self._alone.append(job)

    def _replace(self, number: int, reader: _Reader) -> None:
        self._back.extend(reader.jobs)
        self._failed_starts += not reader.ready
        _end(reader)
        if self._failed_starts >= STARTS:
            raise StorykeepError("The processes that read pages can't be started. Is there enough memory?")
        self._readers[number] = _started(_work, self.setup, self.arguments)


class Teller:
    """One process that tells many things about one job: ``setup(*arguments)`` gives a function that yields them.

    Use it as a context manager. The process is started when it is first needed, and again after a crash.
    """

    def __init__(
        self, setup: Callable[..., Callable[[Any], Iterator[Any]]], arguments: tuple[Any, ...] = (), *, patience: float
    ) -> None:
        self.setup, self.arguments, self.patience = setup, arguments, patience
        self._reader: _Reader | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._reader:
            _end(self._reader)
            self._reader = None

    def tell(self, job: Any) -> Iterator[Any]:
        """Yield what the process tells about ``job``; last a Lost, when it crashed, hung or failed on the way."""
        self._reader = self._reader or _started(_tell, self.setup, self.arguments)
        pipe = self._reader.pipe
        try:
            pipe.send(job)
            while pipe.poll(self.patience):
                answer = pipe.recv()
                if answer == _END:
                    return
                if answer != _READY:
                    yield answer
            reason = f"It said nothing for {self.patience:.0f} seconds."
        except (EOFError, OSError):
            reason = "The process that read it crashed."
        self.__exit__()
        yield Lost(job, reason)


def _started(target: Callable[..., None], setup: Callable[..., Any], arguments: tuple[Any, ...]) -> _Reader:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, setup, arguments), daemon=True)
    process.start()
    theirs.close()
    return _Reader(process, ours)


def _tell(pipe: Connection, setup: Callable[..., Callable[[Any], Iterator[Any]]], arguments: tuple[Any, ...]) -> None:
    """What a teller's process does until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    tell = setup(*arguments)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(_READY)
        while True:
            job = pipe.recv()
            for answer in _told(tell, job):
                pipe.send(answer)
            pipe.send(_END)


def _told(tell: Callable[[Any], Iterator[Any]], job: Any) -> Iterator[Any]:
    try:
        yield from tell(job)
    except Exception as error:  # noqa: BLE001 — the edge of a job: one material never stops the rest
        yield Lost(job, f"Reading it failed: {type(error).__name__}: {error}"[:500])


def _end(reader: _Reader) -> None:
    reader.process.kill()
    reader.process.join()
    reader.pipe.close()


def _work(pipe: Connection, setup: Callable[..., Work], arguments: tuple[Any, ...]) -> None:
    """What a reader's process does until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    _limit_memory()
    work = setup(*arguments)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(_READY)
        while True:
            for job in pipe.recv():
                pipe.send(_answered(work, job))


def _answered(work: Work, job: Any) -> Any:
    try:
        return work(job)
    except Exception as error:  # noqa: BLE001 — the edge of a job: one page never stops the rest
        return Lost(job, f"Reading it failed: {type(error).__name__}: {error}"[:500])


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 — not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return

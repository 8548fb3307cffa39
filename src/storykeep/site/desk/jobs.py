"""Rescues that are started from the desk: each runs in a process of its own and says how far it is.

``python -m storykeep.site.desk.jobs REF`` is that process. It survives a restart of the site; when it is killed, the
same rescue is started again and goes on where it was.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from storykeep.model.errors import StorykeepError

EVERY = 0.5  # seconds between two notes of how far it is


def start(job) -> None:
    """Start the rescue of ``job``, or go on with it. Nothing happens while it runs."""
    if alive(job):
        return
    job.state, job.said = "running", ""
    job.save()
    command = [sys.executable, "-m", "storykeep.site.desk.jobs", job.ref]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 — our own command
    type(job).objects.filter(pk=job.pk).update(process=child.pid)


def alive(job) -> bool:
    """Say whether the process of ``job`` runs. One that was started elsewhere, or long ago, does not count."""
    if job.state != "running" or not job.process:
        return False
    with suppress(ChildProcessError):
        os.waitpid(job.process, os.WNOHANG)  # a child of ours that has ended is let go
    try:
        return b"storykeep.site.desk.jobs" in Path(f"/proc/{job.process}/cmdline").read_bytes()
    except OSError:
        return False


def work(ref: str) -> None:
    """Do the rescue of the job ``ref``; whatever happens is noted on the job."""
    from storykeep.site import open_archive  # noqa: PLC0415 — Django is set up by this process itself

    open_archive()
    from django.conf import settings  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from storykeep.site.desk.models import Job  # noqa: PLC0415
    from storykeep.site.desk.taking_in import take_in  # noqa: PLC0415

    job = Job.objects.get(ref=ref)
    try:
        came = take_in(Path(job.path), settings.HOUSE.data, job.name, visibility=job.visibility, progress=Noting(job))
        job.refresh_from_db()
        job.state, job.said, job.rescue = "done", came.said, came.rescue
    except StorykeepError as error:
        job.state, job.said = "failed", str(error)
    except Exception as error:  # noqa: BLE001 — the edge of a job: what went wrong is told on the desk
        job.state, job.said = "failed", f"Something went wrong in Storykeep itself ({type(error).__name__}: {error})."
    job.ended_at = timezone.now()
    job.save()


class Noting:
    """Notes on the job how far it is, twice a second at most."""

    def __init__(self, job) -> None:
        self.job, self.last = job, 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage == self.job.stage and now - self.last < EVERY and done < total:
            return
        self.last = now
        self.job.stage, self.job.done, self.job.total = stage, done, total
        self.job.save(update_fields=["stage", "done", "total"])


if __name__ == "__main__":
    work(sys.argv[1])

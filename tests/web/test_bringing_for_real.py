"""The whole way from an upload to a story that can be read, with the real process in its own data folder."""

import os
import subprocess
import sys

PROGRAM = """
import sys, time, pathlib
from storykeep.site import open_archive
open_archive()
from storykeep.site.desk import arrivals, jobs
from storykeep.site.desk.models import Job
from storykeep.site.works.models import Work
(arrivals.inbox() / "still-water.html").write_text(pathlib.Path(sys.argv[1]).read_text())
job = Job.objects.create(path=str(arrivals.named("still-water.html")), visibility="hidden")
jobs.start(job)
for _ in range(300):
    job.refresh_from_db()
    if job.state != "running":
        break
    time.sleep(0.2)
print(job.state, job.said)
print([(str(work), work.visibility) for work in Work.objects.all()])
print(jobs.alive(job))
"""


def test_a_rescue_started_from_the_desk_runs_by_itself(tmp_path):
    page = tmp_path / "page.html"
    lines = "".join(f"<p>The water stood {word}, and nobody came down to the landing.</p>" for word in "abcdefgh")
    page.write_text(
        f"<html><title>Still Water</title><body><h1>Still Water</h1><p>by Ana Reed</p>{lines}</body></html>"
    )
    env = {**os.environ, "STORYKEEP_DATA": str(tmp_path / "data"), "STORYKEEP_DATABASE": ""}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-c", PROGRAM, str(page)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "done 1 files came in: 1 works" in done.stdout
    assert "[('Still Water', 'hidden')]" in done.stdout
    assert done.stdout.endswith("False\n")

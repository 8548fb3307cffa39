"""A rule for more pages than an archivist would wait for is applied, and taken back, by a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys, time
from pathlib import Path
from storykeep.site import open_archive
open_archive()
import odd
from django.conf import settings
from django.contrib.auth import get_user_model
from storykeep.rescue import pipeline, teaching as lessons
from storykeep.site.desk import decisions, taking_in, teaching
from storykeep.site.desk.models import Job
from storykeep.site.works.models import Work

def wait():
    job = Job.objects.latest("pk")
    for _ in range(300):
        job.refresh_from_db()
        if job.state != "running":
            break
        time.sleep(0.2)
    print(job.state, len(set(Work.objects.values_list("title", flat=True))), "titles")

if __name__ == "__main__":
    cards = odd.archive("cards", 6)
    for page in cards:
        path = Path(sys.argv[1]) / page.capture.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.data)
    taking_in.take_in(Path(sys.argv[1]), settings.HOUSE.data, "", visibility="members", progress=lambda *_: None)
    print(len(set(Work.objects.values_list("title", flat=True))), "title")
    teaching.AT_ONCE = 0
    copy = Work.objects.get(captures__path=cards[0].capture.path).captures.get()
    name = lessons.rescue_of(settings.HOUSE.data, copy.sha256)
    with lessons.opened_rescue(settings.HOUSE.data, name) as place:
        lesson = lessons.learn(place, copy.sha256, "title", cards[0].title)[0]
    mara = get_user_model().objects.create_superuser("mara", password="kept-for-tests")
    rule = teaching.RulePlace(name, lesson.rule.id)
    decision = decisions.decide(mara, "teach", "Taught", [(rule, lesson.rule.to_plain())])
    wait()
    decisions.undo(decision, mara)
    wait()
"""


def test_a_rule_for_many_pages_is_applied_and_taken_back_in_the_background(tmp_path):
    tests = Path(__file__).resolve().parents[1]
    (tmp_path / "program.py").write_text(PROGRAM)
    paths = os.pathsep.join([str(tests), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    env = {**os.environ, "STORYKEEP_DATA": str(tmp_path / "data"), "STORYKEEP_DATABASE": "", "PYTHONPATH": paths}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, str(tmp_path / "program.py"), str(tmp_path / "lantern")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["1 title", "done 6 titles", "done 1 titles"]

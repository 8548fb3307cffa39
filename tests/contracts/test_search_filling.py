"""Several processes make the index of a real archive anew: it holds what one process would have written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

OPENED = """
import sys
from pathlib import Path
from storykeep.site import open_archive
open_archive(Path(sys.argv[1]))
import search_library
from storykeep.query.tree import Words
from storykeep.site.search import indexing
from storykeep.site.search.contract import NotWritten, Question, Reader
from storykeep.site.works.models import Work
search_library.make(Path(sys.argv[1]), 60, 20, 40)
engine = indexing.engine
"""

THE_SAME = """
word = search_library.vocabulary(search_library.Random(7), 300)[3]
questions = [Question(), Question(tree=Words((word,))), Question(reader=Reader(archivist=True), most=100)]

def answers():
    found = [engine().search(question) for question in questions]
    counts = [engine().facets(question, ["fandom", "character"]) for question in questions]
    offered = [engine().suggest(letter, Reader(), most=50) for letter in "abcdst"]
    return [(each.hits, each.total) for each in found], counts, [sorted(each) for each in offered]

seen = []
print("one", indexing.rebuild(seen.append, processes=1), sum(seen), indexing.verify().good)
one = answers()
print("three", indexing.rebuild(seen.append, processes=3), sum(seen), indexing.verify().good, not engine().damaged())
print("same", answers() == one, one[0][0][1] > 20, any(one[2]))
Work.objects.filter(pk=1).update(title="Quixotic", visibility="public", version=2)
from storykeep.site.works import changes
changes.record([1])
indexing.filling.EVERY = 0.01
done, found = indexing.rebuild(processes=2), engine().search(Question(tree=Words(("quixotic",))))
print("changed", done, found.total, indexing.verify().good)
"""

ONE_DIES = """
print("before", indexing.rebuild(processes=1))
from storykeep.site.search import filling
begun = filling.begun
def dying(place, number):
    child = begun(place, number)
    if number == 2:
        child.kill()
    return child
filling.begun = dying
try:
    indexing.rebuild(processes=2)
except NotWritten as error:
    print("said", error)
print("after", engine().search(Question(reader=Reader(archivist=True))).total, engine().whole, indexing.verify().good)
filling.begun = begun
print("again", indexing.rebuild(processes=2), indexing.verify().good)
"""


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (THE_SAME, ["one 60 60 True", "three 60 120 True True", "same True True True", "changed 60 1 True"]),
        (
            ONE_DIES,
            [
                "before 60",
                "said A part of the search index could not be written",
                "after 60 True True",
                "again 60 True",
            ],
        ),
    ],
    ids=["the same as one process", "when one of them dies"],
)
def test_several_processes_fill_an_index(tmp_path, program, said):
    bench = Path(__file__).resolve().parents[1] / "bench"
    paths = os.pathsep.join([str(bench), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    env = {**os.environ, "STORYKEEP_DATA": str(tmp_path / "data"), "STORYKEEP_DATABASE": "", "PYTHONPATH": paths}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-c", OPENED + program, str(tmp_path / "data")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(said)
    assert all(line.startswith(start) for line, start in zip(lines, said, strict=True)), lines

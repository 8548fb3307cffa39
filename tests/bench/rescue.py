"""A whole rescue of a generated archive, two readers at work: every byte kept, every page read, works put together.

trafilatura extracts the main text of the same pages, in one process, and keeps nothing.
By hand: ``python tests/bench/rescue.py [pages] [--kill TIMES]``. ``--kill`` kills the rescue with SIGKILL that many
times at random moments on the way, and compares the end with an undisturbed rescue.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import rescue_archive

PAGES = 1000
CHILD = """
import json, resource, sys
from pathlib import Path
from storykeep.rescue.pipeline import rescue
if __name__ == "__main__":
    came = rescue(Path(sys.argv[1]), Path(sys.argv[2]))
    own = resource.getrusage(resource.RUSAGE_SELF)
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({
        "pages": came.pages, "works": came.stories, "chapters": came.chapters, "words": came.words,
        "MB, main process": own.ru_maxrss // 1024, "MB, largest reader": readers.ru_maxrss // 1024,
        "CPU seconds": round(own.ru_utime + own.ru_stime + readers.ru_utime + readers.ru_stime, 1),
    }))
"""


def main() -> None:
    asked = arguments()
    room = Path(tempfile.mkdtemp(prefix="rescue-bench-"))
    try:
        begin = time.monotonic()
        made = rescue_archive.write(room / "saved", asked.pages, paragraphs=asked.paragraphs)
        size = sum(path.stat().st_size for path in (room / "saved").rglob("*") if path.is_file())
        print(f"{asked.pages:,} pages, {made:,} works, {size / 1e6:,.0f} MB, in {time.monotonic() - begin:.0f} s")
        print(json.dumps(rescued(room / "saved", room / "whole")))
        print("again:", json.dumps(rescued(room / "saved", room / "whole")))
        if asked.kill:
            ends = killed(room / "saved", room / "killed", asked.kill, asked.seed)
            same = ends == {digest(room / "whole")}
            print(
                f"killed {asked.kill} times (seed {asked.seed}): {'the same records' if same else 'DIFFERENT RECORDS'}"
            )
            sys.exit(not same)
    finally:
        shutil.rmtree(room)


def measure() -> list[dict[str, object]]:
    """Return the rows of the table: a rescue, the same once more, and the peer."""
    room = Path(tempfile.mkdtemp(prefix="rescue-bench-"))
    try:
        rescue_archive.write(room / "saved", PAGES)
        first, again = rescued(room / "saved", room / "data"), rescued(room / "saved", room / "data")
        rows = {
            "storykeep, everything": first,
            "storykeep, nothing new": again,
            "trafilatura, main text only": peer(room),
        }
        columns = ("pages", "seconds", "pages a second", "CPU seconds", "MB, main process", "MB, largest reader")
        return [{"what": what, **{column: row.get(column, "") for column in columns}} for what, row in rows.items()]
    finally:
        shutil.rmtree(room)


def peer(room: Path) -> dict[str, object]:
    """Return what trafilatura takes for the main text of the same pages."""
    import trafilatura

    pages = [path.read_bytes() for path in sorted((room / "saved").rglob("*")) if path.is_file()]
    begin, spent = time.monotonic(), time.process_time()
    for page in pages:
        trafilatura.extract(page, output_format="xml", include_formatting=True)
    seconds = time.monotonic() - begin
    return {
        "pages": len(pages),
        "seconds": round(seconds, 1),
        "pages a second": round(len(pages) / seconds),
        "CPU seconds": round(time.process_time() - spent, 1),
    }


def rescued(saved: Path, data: Path) -> dict[str, object]:
    """Return what one rescue took, in a process of its own."""
    begin = time.monotonic()
    done = subprocess.run(command(saved, data), capture_output=True, text=True, check=True)
    seconds = time.monotonic() - begin
    told = json.loads(done.stdout)
    return {**told, "seconds": round(seconds, 1), "pages a second": round(told["pages"] / seconds)}


def killed(saved: Path, data: Path, times: int, seed: int) -> set[str]:
    """Rescue while killing at random moments; return what the rescues that got through ended in.

    One that got through begins again in an empty folder, until there were so many kills.
    """
    chance = random.Random(seed)
    begin = time.monotonic()
    ends = {finished(saved, data)}
    usual = time.monotonic() - begin
    while times:
        child = subprocess.Popen(command(saved, data), stdout=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(chance.uniform(0.05, usual * 0.6))
        if child.poll() is None:
            times -= 1
            child.send_signal(signal.SIGKILL)
            child.wait()
        else:
            ends.add(finished(saved, data))
    return ends | {finished(saved, data)}


def finished(saved: Path, data: Path) -> str:
    """Let a rescue get through; return the digest of what it ended in, and empty its folder."""
    subprocess.run(command(saved, data), capture_output=True, check=True)
    end = digest(data)
    shutil.rmtree(data)
    return end


def digest(data: Path) -> str:
    """Return a digest of all records and findings in the journals of a data folder."""
    total = hashlib.sha256()
    for journal in sorted(data.glob("rescues/*/journal.sqlite3")):
        db = sqlite3.connect(journal)
        for kind, key, body in db.execute("SELECT kind, key, body FROM records ORDER BY kind, key"):
            total.update(f"{kind} {key}".encode() + zlib.decompress(body))
        for row in db.execute("SELECT code, place, evidence, capture FROM findings ORDER BY 1, 2, 3, 4"):
            total.update(repr(tuple(row)).encode())
        db.close()
    return total.hexdigest()


def command(saved: Path, data: Path) -> list[str]:
    child = data.parent / "child.py"
    child.parent.mkdir(parents=True, exist_ok=True)
    if not child.exists():
        child.write_text(CHILD, "utf-8")
    return [sys.executable, str(child), str(saved), str(data)]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=int, nargs="?", default=2000)
    parser.add_argument("--paragraphs", type=int, default=12, help="of each chapter")
    parser.add_argument("--kill", type=int, default=0, metavar="TIMES")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""CPU seconds (user and system, of the whole process tree) to make an EPUB of 1, 20 and 100 chapters of 3,000 words.

The prose is generated from a seed: italics, dialogue, scene breaks, a note, verse, a letter, footnotes, a link, some
Japanese with readings and some Arabic. Medians of several runs, all in one run. *In process* is what a running site
pays, *kept chapters* what it pays when nothing changed. *Cold* starts Python, loads the stored story and writes the
book; *convert* is the whole command, which cleans the HTML as a stranger's. pandoc and ebook-convert read the same
story as HTML.
"""

from __future__ import annotations

import io
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from storykeep.exports import epub, html
from storykeep.model import bundle
from storykeep.model.story import Chapter, Credit, Story

CHAPTERS = (1, 20, 100)
WORDS = 3000
SYLLABLES = "ka ren to mi lo sha ve nu dor el in as ti mor ga fe li os ur ban ti we cor al is en ra hol pe sun".split()
LETTER = "<blockquote><p>Dear Ines,</p><p>The boat is <strong>sold</strong>. Don’t wait.</p><p>T.</p></blockquote>"
SCRIPTS = (
    '<p lang="ja">「<ruby>灯台<rt>とうだい</rt></ruby>の明かりが消えている」と彼女は言った。</p>'
    '<p lang="ar" dir="rtl">كان الضوء مطفأ حين نزلت.</p>'
    '<p>She looked it up<sup><a href="#s-n1" id="s-r1">1</a></sup> in <a href="http://tides.example/table?y=1911">'
    'the table</a> and again<sup><a href="#s-n2" id="s-r2">2</a></sup>.</p>'
)
NOTES = '<ol><li id="s-n1">Old. <a href="#s-r1">↩</a></li><li id="s-n2">New. <a href="#s-r2">↩</a></li></ol>'
COLD = (
    "import sys; from pathlib import Path; from storykeep.model import bundle; from storykeep.exports import epub\n"
    "with open(sys.argv[2], 'wb') as out: epub.write(bundle.loads(Path(sys.argv[1]).read_bytes()), out)"
)


def measure() -> list[dict[str, object]]:
    """Return one row per way and length: CPU seconds, size, and how many times as much CPU as Storykeep, cold."""
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for count in CHAPTERS:
            rows += _compared(story(count), Path(folder))
    return rows


def story(chapters: int) -> Story:
    """Return a story of generated prose; the same every time."""
    chance = random.Random(chapters)
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.choice((1, 1, 2, 2, 3)))) for _ in range(4000)]
    weights = [1 / (rank + 2) for rank in range(len(vocabulary))]
    made = tuple(
        Chapter(key=str(number), title=f"Chapter {number}", body=_body(chance, vocabulary, weights))
        for number in range(1, chapters + 1)
    )
    return Story(
        key="bench", title="The Long Measure", language="en", credits=(Credit(name="A. Bench"),), chapters=made
    )


def _body(chance: random.Random, vocabulary: list[str], weights: list[float]) -> str:
    blocks, left = [], WORDS - 150
    while left > 0:
        words = chance.choices(vocabulary, weights, k=min(left, chance.randint(15, 110)))
        left -= len(words)
        if chance.random() < 0.4 and len(words) > 6:
            words[2], words[5] = f"<em>{words[2]}</em>", f"<em>{words[5]}</em>"
        sentence = " ".join(words).capitalize()
        blocks.append(f"<p>“{sentence},” she said.</p>" if chance.random() < 0.4 else f"<p>{sentence}.</p>")
        if chance.random() < 0.04:
            blocks.append('<hr class="scene">')
    blocks[2:2] = [_verse(chance, vocabulary), LETTER, SCRIPTS]
    return "\n".join([*blocks, NOTES])


def _verse(chance: random.Random, vocabulary: list[str]) -> str:
    lines = (" ".join(chance.choices(vocabulary, k=6)).capitalize() for _ in range(12))
    return f'<div class="lines">{"<br>".join(lines)}</div>'


def _compared(book: Story, folder: Path) -> list[dict[str, object]]:
    kept, page, out = folder / "in.json", folder / "in.html", folder / "out.epub"
    kept.write_text(bundle.dumps(book), "utf-8")
    with page.open("wb") as file:
        html.write(book, file)
    peers = _peers(book, folder, out)
    runs = 7 if len(book.chapters) < max(CHAPTERS) else 5
    ways: dict[str, float] = {
        "Storykeep, cold": _median(runs, lambda: _run(sys.executable, "-c", COLD, kept, out)),
        "Storykeep, convert": _median(runs, lambda: _run(_beside("storykeep"), "convert", kept, out)),
        "Storykeep, in process": _median(runs, lambda: _here(lambda: epub.write(book, io.BytesIO()))),
        "Storykeep, kept chapters": _kept(book),
    }
    sizes = dict.fromkeys(ways, len(_bytes(book)))
    for name, command in peers.items():
        ways[name] = _median(3, lambda command=command: _run(*command))
        sizes[name] = out.stat().st_size
    return [_row(book, name, cpu, sizes[name], cpu / ways["Storykeep, cold"]) for name, cpu in ways.items()]


def _row(book: Story, name: str, cpu: float, size: int, times: float) -> dict[str, object]:
    return {"chapters": len(book.chapters), "way": name, "CPU s": cpu, "KB": size // 1024, "× cold": times}


def _peers(book: Story, folder: Path, out: Path) -> dict[str, list[object]]:
    """Return the commands of the peers that are installed; they read plain HTML with a heading per chapter."""
    page = folder / "peer.html"
    chapters = "".join(f"<h1>{chapter.title}</h1>{chapter.body}" for chapter in book.chapters)
    page.write_text(f'<html lang="en"><head><title>{book.title}</title></head><body>{chapters}</body></html>', "utf-8")
    known = {
        "pandoc": ["pandoc", page, "-f", "html", "-o", out, "--metadata", f"title={book.title}"],
        "ebook-convert": ["ebook-convert", page, out],
    }
    return {_version(name): command for name, command in known.items() if shutil.which(name)}


def _version(name: str) -> str:
    line = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout.split("\n")[0]
    return line.split("(")[-1].strip(")") if name == "ebook-convert" else line


def _median(runs: int, cpu: Callable[[], float]) -> float:
    cpu()  # warms the disk's cache, for all alike
    return statistics.median(cpu() for _ in range(runs))


def _run(*command: object) -> float:
    """Return the CPU seconds of a command and all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _here(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _kept(book: Story) -> float:
    """Return the CPU seconds to put the book together when all its pieces are kept."""
    pieces = list(epub.pieces(book))
    times = 200
    return _here(lambda: [epub.assemble(pieces, io.BytesIO()) for _ in range(times)]) / times


def _bytes(book: Story) -> bytes:
    out = io.BytesIO()
    epub.write(book, out)
    return out.getvalue()


def _beside(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))

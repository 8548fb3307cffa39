"""Reading saved pages: CPU milliseconds a page, median of five rounds over the same pages, in one process.

Storykeep decodes, repairs, cleans and finds title, authors, labels and chapters, each with its evidence;
trafilatura and readability-lxml find the main text. The pages are those of `examples/`, and each of them made ten
times as long.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5


def measure() -> list[dict[str, object]]:
    rows = []
    for name, pages in {"as saved": saved(), "ten times as long": longer(saved())}.items():
        spent = {peer: [] for peer in peers()}
        for _ in range(ROUNDS):
            for peer, read in peers().items():  # interleaved, so that a busy machine is busy for all
                spent[peer].append(cpu(read, pages) * 1000 / len(pages))
        ours = statistics.median(spent["storykeep"])
        rows += [
            {"pages": f"{len(pages)}, {name}", "tool": peer, "CPU ms a page": statistics.median(times),
             "ratio to ours": statistics.median(times) / ours}
            for peer, times in spent.items()
        ]  # fmt: skip
    return rows


def saved() -> list[bytes]:
    pages = [path.read_bytes() for path in sorted((ROOT / "examples").rglob("pages/**/*")) if path.is_file()]
    return [page for page in pages if b"<" in page[:2000] and len(page) < 200_000 and b"\0" not in page]


def longer(pages: list[bytes]) -> list[bytes]:
    return [page.replace(b"</body>", b"") + body(page) * 9 for page in pages]


def body(page: bytes) -> bytes:
    start = page.lower().find(b"<body")
    return page[page.find(b">", start) + 1 :].replace(b"</body>", b"").replace(b"</html>", b"")


def peers() -> dict[str, Callable[[bytes], object]]:
    import readability
    import trafilatura

    from storykeep.model.identity import sha256
    from storykeep.model.provenance import Capture
    from storykeep.sources import pages

    return {
        "storykeep": lambda page: pages.read(page, Capture(sha256=sha256(page), path="page.html", size=len(page))),
        "trafilatura": lambda page: trafilatura.extract(page, output_format="xml", include_formatting=True),
        "readability-lxml": lambda page: readability.Document(page.decode("latin-1")).summary(),
    }


def cpu(read: Callable[[bytes], object], pages: list[bytes]) -> float:
    begin = time.process_time()
    for page in pages:
        try:
            read(page)
        except Exception as error:  # noqa: BLE001 — a peer that fails on a page is still timed on the others
            print(f"  failed: {type(error).__name__}: {error}"[:100])
    return time.process_time() - begin

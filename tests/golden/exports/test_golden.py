"""What leaves looks as it looked: rich stories as text, Markdown and HTML beside what is expected.

After a change that is meant, write the expected files anew and read the difference:

    STORYKEEP_GOLDEN=write pytest tests/golden/exports && git diff tests/golden/exports
"""

import io
import os
import re
import zipfile
from pathlib import Path

import pytest

from storykeep.exports import FORMATS
from unit.exports.stories import STORE, STORIES

FOLDER = Path(__file__).parent
CHOSEN = ("rich", "footnotes", "verse", "cjk", "arabic", "pictures")


def made(name, suffix):
    form = next(form for form in FORMATS.values() if form.suffix == suffix)
    out = io.BytesIO()
    form.write(STORIES[name], out, images=STORE.get)
    if suffix == ".epub":
        book = zipfile.ZipFile(out)
        pages = [entry for entry in book.namelist() if entry.endswith((".xhtml", ".opf", ".ncx"))]
        return "\n".join(f"=== {entry}\n{book.read(entry).decode()}" for entry in pages)
    text = out.getvalue().decode()
    return re.sub(
        r"<style>.*?</style>", "<style>…</style>", re.sub(r"base64,[\w+/=]+", "base64,…", text), flags=re.DOTALL
    )


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".epub"])
@pytest.mark.parametrize("name", CHOSEN)
def test_exports_look_as_they_did(name, suffix):
    kept = FOLDER / "expected" / f"{name}{suffix if suffix != '.epub' else '.epub.txt'}"
    text = made(name, suffix)
    if os.environ.get("STORYKEEP_GOLDEN") == "write":
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, "utf-8")
    assert text == kept.read_text("utf-8")

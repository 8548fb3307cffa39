"""Ways out: one module per format; a Story in, bytes out, streamed.

Every writer has the same form: ``write(story, out, *, images=None)``. ``out`` is a binary file open for writing;
``images`` gives the stored bytes of a picture for its SHA-256, or None when there are none. Equal stories give equal
bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import BinaryIO, NamedTuple, Protocol

from storykeep.model.errors import UsageError
from storykeep.model.story import Story

Images = Callable[[str], bytes | None]
"""The bytes of the picture with this SHA-256; None when they are not kept."""


class Writer(Protocol):
    """Writes one story in one format."""

    def __call__(self, story: Story, out: BinaryIO, *, images: Images | None = None) -> None: ...


class Format(NamedTuple):
    """One way out: the dotted path of its module, what it is called on the web, on disk and to people."""

    module: str
    media_type: str
    suffix: str
    label: str

    @property
    def write(self) -> Writer:
        """The writer; its module is loaded when it is first asked for."""
        writer: Writer = import_module(self.module).write
        return writer


FORMATS: dict[str, Format] = {
    "epub": Format("storykeep.exports.epub", "application/epub+zip", ".epub", "EPUB"),
    "html": Format("storykeep.exports.html", "text/html; charset=utf-8", ".html", "Web page"),
    "text": Format("storykeep.exports.text", "text/plain; charset=utf-8", ".txt", "Plain text"),
    "markdown": Format("storykeep.exports.markdown", "text/markdown; charset=utf-8", ".md", "Markdown"),
    "kepub": Format("storykeep.exports.kepub", "application/epub+zip", ".kepub.epub", "EPUB for Kobo"),
    "bundle": Format("storykeep.exports.bundle", "application/json", ".json", "Storykeep bundle"),
}
"""Code → format, in the order in which readers ask for them."""


def by_suffix(name: str) -> Format:
    """Return the format that a file called ``name`` should have. Raises UsageError, naming the known suffixes.

    >>> by_suffix("Still Point.EPUB").label
    'EPUB'
    """
    for known in sorted(FORMATS.values(), key=lambda form: -len(form.suffix)):
        if name.lower().endswith(known.suffix):
            return known
    suffixes = ", ".join(known.suffix for known in FORMATS.values())
    raise UsageError(f"I can't tell the format of {name!r} from its name. It should end in one of {suffixes}.")

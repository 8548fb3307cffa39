"""What every way in keeps to: it says how sure it is, and then yields records one by one.

A source never holds a whole archive in memory, never executes anything that it finds, and never raises for one bad
item: it yields a Finding and goes on. Private things (passwords, addresses, locked entries) are dropped or fenced
here, at read time: a Contact goes to the claim store, everything else may become public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from storykeep.model.errors import UnknownFormat
from storykeep.model.provenance import Capture, Finding
from storykeep.model.story import Archive, Contact, Page, Person, Series, Story

Record = Archive | Person | Contact | Story | Series | Page | Finding | Capture
"""What a source yields. A Capture is a page that the source found and kept: it is read like any saved page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Something that was brought in: a file or a folder on disk.

    ``name`` is its path inside what was brought, with forward slashes; ``address`` and ``captured_at`` are known
    when the material came out of a web capture.
    """

    path: Path
    name: str = ""
    address: str = ""
    captured_at: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How sure a source is that a material is its own (0 to 1), and why.

    ``owns`` is for folders: a regular expression over the names below it, of files that nobody else may read or keep
    (dumps with passwords, locked entries). Case does not matter.
    """

    confidence: float
    evidence: str
    owns: str = ""


Keep = Callable[[bytes, Capture], Capture]
"""Stores original bytes for ever; takes what is known of the capture, returns it with ``sha256`` and ``size`` set."""


class Source(Protocol):
    """One way in. ``code`` is its stable name (``efiction``, ``mbox``)."""

    code: str

    def probe(self, material: Material) -> Probe | None:
        """Return how sure this source is that it can read ``material``; None when it can't. Cheap: reads a head."""
        ...

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        """Yield the records in ``material``. Raises InputError only when nothing at all can be read."""
        ...


REGISTRY: dict[str, str] = {
    "automated-archive": "storykeep.sources.automated_archive:SOURCE",
    "efiction": "storykeep.sources.efiction:SOURCE",
    "epub": "storykeep.sources.epub:SOURCE",
    "journal": "storykeep.sources.journal:SOURCE",
    "mail": "storykeep.sources.mail:SOURCE",
    "markdown": "storykeep.sources.plain:SOURCE",
    "office": "storykeep.sources.office:SOURCE",
    "sql": "storykeep.sources.sql:SOURCE",
    "warc": "storykeep.sources.warc:SOURCE",
}
"""Code → dotted path of the source object. A new way in is a folder and a line here."""


def load(code: str) -> Source:
    """Return the source called ``code``. Raises UnknownFormat when there is none."""
    if code not in REGISTRY:
        raise UnknownFormat(f"There is no source called {code!r}; known are {', '.join(sorted(REGISTRY))}.")
    module, _, name = REGISTRY[code].partition(":")
    source: Source = getattr(import_module(module), name)
    return source


def best(material: Material) -> tuple[Source, Probe] | None:
    """Return the source that is surest of ``material``, with its probe; None when nobody knows it."""
    probes = ((source, source.probe(material)) for source in map(load, REGISTRY))
    known = [(source, probe) for source, probe in probes if probe is not None]
    return max(known, key=lambda pair: pair[1].confidence, default=None)

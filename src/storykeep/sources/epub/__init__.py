"""EPUB, version 2 or 3: AO3 and FanFicFare downloads, our own exports, and any other book.

What is read, and what a reader of such files should ask for, is in docs/how-to/rescue-files-of-readers.md.
"""

from storykeep.sources.epub.reader import SOURCE

__all__ = ["SOURCE"]

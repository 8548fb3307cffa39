"""Documents of word processors: DOCX, ODT and RTF, read without a word processor.

docs/explain/decisions/0005-reading-documents.md says why the readers are our own.
"""

from storykeep.sources.office.reader import SOURCE

__all__ = ["SOURCE"]

"""Markdown, with or without front matter. Plain text without marks is read as a saved page is."""

from storykeep.sources.plain.reader import SOURCE

__all__ = ["SOURCE"]

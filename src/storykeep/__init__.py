"""Storykeep runs a story archive, and brings dead archives back to life."""

__version__ = "0.1.0"

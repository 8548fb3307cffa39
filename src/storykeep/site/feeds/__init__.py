"""Feeds: every list and every search as Atom, and saved searches at private addresses."""

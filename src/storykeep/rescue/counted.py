"""Words counted once: the same body is asked about by the choice of witnesses, the comparison and the report."""

from __future__ import annotations

from functools import lru_cache

from storykeep.text.words import count

counted = lru_cache(maxsize=64)(count)
"""The number of words in a body, as :func:`storykeep.text.words.count` has it. A work's chapters are remembered."""

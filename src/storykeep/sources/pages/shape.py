from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    repeated: frozenset[str] = frozenset()
    site: str = ""

    def furniture_on(self, page):
        return frozenset()

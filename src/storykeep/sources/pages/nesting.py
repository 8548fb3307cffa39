"""Marks that cross the borders of blocks, put right as browsers do.

Word 97 wrote ``<FONT><P>And </FONT><I><FONT>then</FONT></I>…</P>``: the first ``</FONT>`` closes what was opened
outside the paragraph. A parser that takes it literally ends the paragraph there, in the middle of a sentence. Here
marks are closed before a block's border and opened again behind it, so that no mark crosses one. Pages without
crossings are left as they are.
"""

from __future__ import annotations

from storykeep.text import scan
from storykeep.text.markup import BLOCKS

MARKS = frozenset("font b i u em strong big small span tt s strike sub sup".split())
MOST = 8  # marks that are opened again; more are a page that never closes any
_STAND = frozenset({"hr"})


def straightened(source: str) -> str:
    """Return ``source`` with its marks inside its blocks, unchanged when none crosses a border.

    >>> straightened("<font><p>a</font> <i>b</i></p>")
    '<p><font>a</font> <i>b</i></p>'
    """
    pieces = list(scan.scan(source))
    return "".join(_Straight().line(pieces)) if _crosses(pieces) else source


def _crosses(pieces: list[scan.Piece]) -> bool:
    """Say whether a mark is closed inside a block that was opened after it."""
    stack: list[str] = []
    for piece in pieces:
        if piece.kind == scan.OPEN and (piece.name in MARKS or piece.name == "p"):
            if piece.name == "p":
                stack = [name for name in stack if name != "p"]
            stack.append(piece.name)
        elif piece.kind == scan.CLOSE and piece.name == "p":
            stack = [name for name in stack if name != "p"]
        elif piece.kind == scan.CLOSE and piece.name in MARKS and piece.name in stack:
            at = len(stack) - 1 - stack[::-1].index(piece.name)
            if "p" in stack[at + 1 :]:
                return True
            del stack[at]
    return False


class _Straight:
    """Walks over the pieces of one page with the marks that are open."""

    def __init__(self) -> None:
        self.marks: list[tuple[str, str]] = []
        self.written = 0
        self.out: list[str] = []

    def line(self, pieces: list[scan.Piece]) -> list[str]:
        for piece in pieces:
            if piece.kind == scan.OPEN and piece.name in MARKS:
                self._settle()
                self.marks.append((piece.name, piece.source))
            elif piece.kind == scan.CLOSE and piece.name in MARKS:
                self._close(piece.name)
            elif piece.kind in (scan.OPEN, scan.CLOSE) and piece.name in BLOCKS:
                self._suspend()
                self.out.append(piece.source)
            else:
                if piece.kind == scan.TEXT and piece.source.strip():
                    self._write()
                self.out.append(piece.source)
        self._suspend()
        return self.out

    def _settle(self) -> None:
        if len(self.marks) >= MOST:
            self._suspend()
            del self.marks[0]

    def _write(self) -> None:
        """Open the marks that are not written yet, before words."""
        self.out.extend(source for _, source in self.marks[self.written :])
        self.written = len(self.marks)

    def _suspend(self) -> None:
        """Close what is written, to be opened again behind the border."""
        self.out.extend(f"</{name}>" for name, _ in reversed(self.marks[: self.written]))
        self.written = 0

    def _close(self, name: str) -> None:
        at = next((n for n in range(len(self.marks) - 1, -1, -1) if self.marks[n][0] == name), -1)
        if at < 0:
            return
        if at < self.written:
            self.out.extend(f"</{open_name}>" for open_name, _ in reversed(self.marks[at : self.written]))
            self.written = at
        del self.marks[at]

"""How much may come out of a container: counted while it streams, since declared sizes can lie."""

from __future__ import annotations

from storykeep.model.errors import Hostile, TooLarge

MB = 1 << 20
BOMBS = 20
"""Members that may turn out to be bombs before the rest of a container is left alone."""


class Budget:
    """Counts what comes out of a container and of those inside it.

    ``size`` is the container's own size in bytes; ``total`` the most that may come out of it; ``ratio`` how many
    times its size that may be, once it is more than ``free`` bytes. Texts shrink at most about 20 times, dumps 30.
    """

    def __init__(
        self, size: int, *, total: int = 64 << 30, ratio: int = 200, free: int = 16 * MB, members: int = 250_000
    ) -> None:
        self.size, self.total, self.ratio, self.free, self.members = size, total, ratio, free, members
        self.spent = self.bombs = 0

    def spend(self, count: int) -> None:
        """Count ``count`` bytes. Raises TooLarge when the total is used up, Hostile when the growth is absurd."""
        self.spent += count
        if self.spent > self.total:
            raise TooLarge(f"More than {self.total // MB} MB came out of this file. Unpack it by hand and look.")
        self.judge(self.spent, self.size)

    def judge(self, out: int, size: int) -> None:
        """Raise Hostile when ``out`` bytes from ``size`` compressed ones are a bomb, not a text."""
        if out > self.free and out > self.ratio * size:
            raise Hostile(f"It grows to more than {self.ratio} times its size. It was not unpacked.")

    def forget(self, count: int) -> None:
        """Take back what a member spent that turned out to be a bomb, so that the others are not refused for it."""
        self.spent -= count
        self.bombs += 1

    @property
    def used_up(self) -> bool:
        return self.bombs > BOMBS or self.spent > self.total

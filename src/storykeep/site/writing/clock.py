"""What happens at the desks without anybody being there: publishing at a date, emptying the trash, thinning autosaves.

All of it is in the database: a restart loses nothing, and what fell due meanwhile is done at once.
"""

from __future__ import annotations

from storykeep.site.base.clock import Clock
from storykeep.site.writing import giving, leading
from storykeep.site.writing.coming_back_in_turn import go_on_all
from storykeep.site.writing.drafts import empty_trash
from storykeep.site.writing.publishing import publish_due
from storykeep.site.writing.thinning import forget_brought, thin_all
from storykeep.site.writing.together.sweeps import forget_old

SOON, MINUTE, HOURLY = 5, 60, 3600  # seconds


def tell() -> int:
    """Write to whom works are given, and to the authors of works to which others lead, once those can be read."""
    return giving.tell_due() + leading.tell_due()


def tidy() -> None:
    """Forget what is over: old trash, needless autosaves, files that nobody took in, old changes of several works."""
    empty_trash()
    thin_all()
    forget_brought()
    forget_old()


CLOCKS = (
    Clock("clock that publishes", publish_due, every=SOON),
    Clock("clock that takes in what writers bring", go_on_all, every=SOON),
    Clock("clock that tells of gifts and ties", tell, every=MINUTE, first=SOON),
    Clock("clock that tidies the writers' desks", tidy, every=HOURLY, first=SOON),
)

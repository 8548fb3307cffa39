"""What accounts need while nobody is there: tidying once an hour, packing what was asked for, sending letters."""

from __future__ import annotations

from storykeep.site.accounts import outgoing
from storykeep.site.accounts.daily import tidy
from storykeep.site.accounts.parcels import pack_due
from storykeep.site.base.clock import Clock

CLOCKS = (
    Clock("clock that tidies accounts", tidy, every=3600, first=60),
    Clock("clock that packs everything of mine", pack_due, every=5),
    *outgoing.CLOCKS,
)

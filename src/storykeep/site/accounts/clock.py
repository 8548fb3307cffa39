"""What accounts need while nobody is there: about once an hour, and soon after the site opens."""

from __future__ import annotations

from storykeep.site.accounts.daily import tidy
from storykeep.site.base.clock import Clock

CLOCKS = (Clock("clock that tidies accounts", tidy, every=3600, first=60),)

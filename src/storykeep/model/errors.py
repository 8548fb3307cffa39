"""Every error that Storykeep raises on purpose, as one tree that says whose fault it is.

StorykeepError
├── InputError          what came in: a file, a page, a dump. Recorded as a finding; the rest of a rescue goes on.
│   ├── Unreadable      damaged, truncated, encrypted, or not what its name says
│   ├── UnknownFormat   nothing in the house reads it
│   ├── TooLarge        over a limit: bytes, nesting, entries, growth
│   ├── Hostile         made to harm: traversal, bombs, entities
│   └── BadBundle       a JSON bundle that does not follow the exchange format
├── UsageError          what was asked: a path that isn't there, options that don't go together
├── SettingsError       how the house is set up: a setting, a port, a folder that can't be written
└── Conflict            somebody else changed the same thing first

The message is for the archivist: what was wrong, what was kept, and what to do next.
"""

from __future__ import annotations


class StorykeepError(Exception):
    """The root. ``code`` is the finding that is recorded when the error stops one item."""

    code = "error"


class InputError(StorykeepError):
    """Something that came in can't be used."""

    code = "input.bad"


class Unreadable(InputError):
    """The bytes are damaged, truncated, encrypted or not what they claim to be."""

    code = "input.unreadable"


class UnknownFormat(InputError):
    """No reader in the house understands these bytes."""

    code = "input.unknown"


class TooLarge(InputError):
    """A limit was reached before the input could exhaust the machine."""

    code = "input.too-large"


class Hostile(InputError):
    """The input was made to do harm and is refused."""

    code = "input.hostile"


class BadBundle(InputError):
    """A bundle does not follow the exchange format; the message names the field."""

    code = "bundle.bad"


class UsageError(StorykeepError):
    """What was asked for can't be done as asked."""

    code = "usage"


class SettingsError(StorykeepError):
    """The house is set up in a way that can't work."""

    code = "settings"


class Conflict(StorykeepError):
    """Somebody else changed the same thing first; both versions are kept."""

    code = "conflict"

"""Containers: zip, tar, compressed files, pages saved as one file; opened without trusting a word they say.

Nothing is unpacked under the name that a container gives: members come as streams, and :mod:`.names` makes safe
relative paths for those who need a folder. One :class:`Budget` counts the bytes that really come out, over all
layers. A member that can't be taken is a finding that names it; the others go on.
"""

from storykeep.sources.zipped.budget import Budget
from storykeep.sources.zipped.marks import is_mhtml
from storykeep.sources.zipped.members import Member, members
from storykeep.sources.zipped.names import Names, unsafe
from storykeep.sources.zipped.zips import rebuilt

__all__ = ["Budget", "Member", "Names", "is_mhtml", "members", "rebuilt", "unsafe"]

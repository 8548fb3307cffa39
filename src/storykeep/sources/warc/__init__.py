"""Web captures: WARC 1.0 and 1.1, ARC, and what lies in a WACZ (which is a zip of WARC files).

The reader is our own, because warcio stops at the first damaged record, refuses a file that is packed as a whole, and
unpacks a bomb into memory. Pages are handed on as captures, to be read like any saved page, with address and day.
"""

from storykeep.sources.warc.reader import WebArchive

SOURCE = WebArchive()

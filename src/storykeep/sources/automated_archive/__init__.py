"""Automated Archive, the Perl software of many archives around 2000: a database of records and a folder of pages.

The database is a Perl hash; it is read by lines and never run. Every part of a story had a record of its own,
"Title (1/2)": parts are joined by title and author. Readers' comments lie beside the story (``…_cmt.html``).
"""

from storykeep.sources.automated_archive.reader import AutomatedArchive

SOURCE = AutomatedArchive()

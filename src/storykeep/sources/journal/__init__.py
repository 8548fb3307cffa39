"""LiveJournal, Dreamwidth, DeadJournal …: folders of ljdump, and the files of their own export.

What not everybody could read is never brought in, not even as an original: it is counted, and that is all. Deleted,
screened and spam comments stay out, too.
"""

from storykeep.sources.journal.reader import Journal

SOURCE = Journal()

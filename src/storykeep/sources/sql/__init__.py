"""Dumps of databases, read without a database: row by row, in bounded memory, with damage costing one row.

``window`` moves over the bytes, ``tokens`` knows what values look like, ``rows`` reads and mends
one row, ``dump`` gives the stream of tables, rows and statements. Other ways in stand on this; ``reader`` is the last
resort for dumps that none of them knows.
"""

from storykeep.sources.sql.reader import AnyDump

SOURCE = AnyDump()

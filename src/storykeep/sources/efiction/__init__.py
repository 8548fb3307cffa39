"""eFiction, the software of most multi-author archives between 2003 and 2015: from a dump of its database.

Four kinds of dumps are read: mysqldump (extended inserts, columns named by CREATE TABLE), phpMyAdmin (columns named in
each INSERT), eFiction's own backup (no CREATE, no columns, double quotes, CR LF) and Sequel Pro (pretty-printed). In
versions 1 and 2 a chapter is a row of the table of stories (``psid``), in 3 it has its own table; the words of a
chapter stand in the table or in ``stories/<member>/<chapter>.txt``, and both may be mixed after a move.

What is never read: passwords, real names, mail servers, IP addresses, PHP code. See NOTES.md for the traps.
"""

from storykeep.sources.efiction.reader import EFiction

SOURCE = EFiction()

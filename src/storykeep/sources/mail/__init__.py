"""Mailing lists: mbox and Pipermail files, digests, single messages, Maildir folders, Yahoo Groups archives.

A story came as one letter or as many, "(3/5)", between answers, chat and announcements. What is brought in are the
stories; the rest is counted. An address in a header becomes a Contact of the claim store and nothing else.
"""

from storykeep.sources.mail.reader import MailingList

SOURCE = MailingList()

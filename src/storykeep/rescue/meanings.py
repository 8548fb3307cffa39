"""What the code of a finding means, in words for people."""

from __future__ import annotations

_MEANINGS = {
    "title.missing": "Works whose title is lost",
    "title.guess": "Titles that were guessed",
    "title.differs": "Titles that differ between pages",
    "title.proposed": "Titles that lists propose",
    "author.missing": "Works whose author is not named",
    "author.guess": "Authors that were guessed",
    "chapter.missing": "Chapters that no page has",
    "chapter.no-text": "Chapters without a text",
    "chapter.order": "Chapters whose place is not told",
    "chapter.twice": "Two texts for one chapter",
    "chapters.joined": "Works that survive only as one long text",
    "words.fewer": "Works shorter than the old site said",
    "words.more": "Works longer than the old site said",
    "text.truncated": "Texts that end in the middle",
    "text.two-copies": "Pages that hold a text twice",
    "body.missing": "Pages on which no text was found",
    "work.missing": "Works that lists name and no page has",
    "work.unfound": "Works that no rescue makes any more",
    "work.found-again": "Works that are found again",
    "part.missing": "Parts that are missing",
    "part.twice": "Two texts for one part",
    "part.order": "Parts whose place is not told",
    "author.row-missing": "Authors whose names are lost",
    "series.row-missing": "Series whose names are lost",
    "series.member-missing": "Stories missing from a series",
    "story.row-missing": "Chapters whose story is lost",
    "chapter.story-missing": "Chapters that lost their story’s number",
    "review.orphan": "Reviews of stories that are not there",
    "review.fewer": "Fewer reviews than the old site counted",
    "efiction.table-missing": "Tables that were left out of the dump",
    "efiction.column-missing": "Columns that were left out of the dump",
    "mail.story-short": "Letters that promise a story and hold little",
    "mail.story-guess": "Letters that may be stories",
    "journal.entry-cut": "Entries that lost their end, left out",
    "page.empty": "Files without a byte",
    "page.same": "Pages that many addresses share",
    "page.unread": "Pages that could not be read",
    "input.damaged": "Damaged files",
    "input.truncated": "Files that were cut off",
    "input.unreadable": "Files that could not be read",
    "input.encrypted": "Files behind a password",
    "input.hostile": "Things made to do harm, refused",
    "input.refused": "Things that were refused",
    "input.link": "Links to other places, not followed",
    "input.special": "Devices and pipes, left alone",
    "input.too-large": "Things too large to read",
    "input.too-deep": "Things nested too deep",
    "input.unknown": "Files that nobody here can read",
    "collate.restored": "Lines restored from another copy",
    "collate.ending": "Ends restored from another copy",
    "collate.italics": "Slanted words restored from another copy",
    "collate.characters": "Letters restored from another copy",
    "collate.differs": "Places where copies differ",
    "repair.mojibake": "Garbled letters, repaired",
    "repair.elision": "Apostrophes turned the right way",
    "repair.quote-direction": "Quotation marks turned the right way",
    "repair.quote-straight": "Straight quotation marks among curly ones",
    "repair.quote-missing": "Quotation marks that are missing",
    "repair.entity": "Code words of old pages, repaired",
    "repair.mail-code": "Leftovers of mail programs, repaired",
    "repair.question-mark": "Question marks that were apostrophes",
    "repair.slash": "Stray backslashes, removed",
    "scene-break.proposed": "Scene breaks that may be meant",
    "email.in-text": "E-mail addresses inside texts",
    "private.locked": "Locked entries, left out",
    "duplicate.suspected": "Works that may be the same",
    "source.failed": "Materials at which reading failed",
}
_FAMILIES = {
    "gap": "Places where something is missing",
    "encoding": "Letters: which encoding a page is in",
    "repair": "Repairs",
    "collate": "Several copies compared",
    "input": "What came in",
    "mail": "Mailboxes",
    "sql": "Databases",
}
_GAPS = {
    "reply": "Missing replies",
    "scene-break": "Missing scene breaks",
    "heading": "Missing headings",
    "address": "Addresses that were cut out",
    "tail": "Missing ends",
    "unknown": "Missing lines",
}


def meaning(code: str) -> str:
    """Return what a finding's code means, as a heading.

    >>> meaning("gap.reply"), meaning("gap.of-a-new-kind")
    ('Missing replies', 'Places where something is missing')
    """
    family, _, rest = code.partition(".")
    if family == "gap" and rest in _GAPS:
        return _GAPS[rest]
    return _MEANINGS.get(code) or _FAMILIES.get(family) or rest.replace("-", " ").capitalize() or code

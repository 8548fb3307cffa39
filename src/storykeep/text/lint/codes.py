"""Every finding's code, with what it means. Codes are stable: reports, the desk and the docs speak of them.

A code is ``family.what``. The sentence is for the archivist; a finding itself says where, and what to do next.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    # How bytes became letters
    "encoding.controls": "Control characters that no text may hold were left out, or are still in it.",
    "encoding.guessed": "Two readings of the bytes are about as likely.",
    "encoding.lost": "Characters were lost before the copy was made; only another copy has them.",
    "encoding.mixed": "Words in two encodings stand in one file; each run was read in its own.",
    "encoding.mojibake": "Letters look as if they were read with the wrong table, and no repair was sure enough.",
    "encoding.private-use": "Characters of a private font stand in the text; they mean nothing without it.",
    "encoding.unknown-label": "The page names an encoding that is not honoured.",
    "encoding.wrong-label": "The page is in another encoding than it says.",
    # What was changed, step by step
    "repair.elision": "Apostrophes that a word processor turned into opening quotes were turned back.",
    "repair.entity": "Character references that readers saw as text were resolved.",
    "repair.mail-code": "Codes that mail left in the text were resolved.",
    "repair.mojibake": "Letters that were read with the wrong table were put right.",
    "repair.question-mark": "Question marks inside words became the apostrophes that they had replaced.",
    "repair.quote-direction": "Quotation marks that were turned the wrong way were turned.",
    "repair.quote-missing": "An opening quotation mark was added where speech closes that nothing opened.",
    "repair.quote-straight": "Straight marks among curly ones became curly.",
    "repair.slash": "Backslashes that a database put before quotes were taken out.",
    # What no repair may decide
    "quotes.mixed": "Straight and curly quotation marks are mixed.",
    "quotes.backtick": "Backticks stand for quotation marks.",
    "quotes.unclosed": "Speech is opened that nothing closes.",
    "quotes.unopened": "Speech is closed that nothing opened.",
    # What is missing
    "gap.address": "An address was cut out of a line.",
    "gap.heading": "A heading is missing.",
    "gap.reply": "Somebody's line seems to be missing from a conversation.",
    "gap.scene-break": "A break between scenes seems to be missing.",
    "gap.tail": "The end seems to be missing.",
    "gap.unknown": "A line or an empty spacer is missing; nothing tells which.",
    "scene-break.proposed": "Space that is rare in this text is shown as a break between scenes.",
    "text.truncated": "The text breaks off in the middle of a sentence.",
    # How a work is put together
    "author.missing": "No author is known.",
    "chapter.empty": "A chapter has no words.",
    "chapter.long": "A chapter is longer than other archives take (510,000 characters).",
    "chapter.missing": "The numbers of the chapters have a hole.",
    "chapter.one-paragraph": "A long chapter is one single paragraph; its breaks were lost.",
    "chapter.twice": "Two chapters have the same words.",
    "title.missing": "No title is known.",
    "words.fewer": "The text has fewer words than the old site said.",
    "words.more": "The text has more words than the old site said.",
    "work.no-chapters": "The work has no chapters.",
    # What perhaps nobody should read
    "privacy.email": "An e-mail address stands in the text.",
    "privacy.phone": "A telephone number stands in the text.",
    "privacy.ip": "An internet address of a computer stands in the text.",
    # What HTML left
    "markup.bbcode": "Codes of a forum ([i], [b]) stand in the text.",
    "markup.dead-link": "A link leads to a page of the old site that may be gone.",
    "markup.outside-picture": "A picture is fetched from another site.",
    "markup.picture-without-words": "A picture has no description for those who can't see it.",
    "markup.tags-as-text": "Tags stand in the text, where readers see them.",
}
"""Code → what it means, in a sentence."""


def meaning(code: str) -> str:
    """Return what a code means, '' when it is not ours.

    >>> meaning("gap.reply")
    "Somebody's line seems to be missing from a conversation."
    """
    return CODES.get(code, "")

"""What is around a letter and not of it: signatures, list footers, advertisements, quoted answers."""

from __future__ import annotations

import re

_ADVERT = re.compile(
    r"^-{4,}[ ~>-]*(?:Yahoo! Groups? Sponsor|eGroups Sponsor|ONElist Sponsor)[^\n]*\n.*?^-{10,}[-_~ ]*>?[ \t]*$\n?",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^\W{0,6}(?:to unsubscribe|unsubscribe\b|to subscribe|subscribe:|to post|post message:|list owner:"
    r"|you are receiving this|yahoo! groups links|your use of yahoo! groups|community email addresses|shortcut url"
    r"|to visit your group|<\*> |to change settings|individual email|\S+ mailing list$|\S+-(?:un)?subscribe@"
    r"|\S+@(?:yahoogroups|egroups|onelist|topica|smartgroups)\."
    r"|https?://\S*(?:mailman/listinfo|groups\.yahoo|yahoogroups|egroups|onelist|topica|listbot|docs\.yahoo)"
    r"|do you yahoo!\?|get your free|get free email|join the world|sent via deja|chat with friends"
    r"|msn (?:8|photos|messenger)|file (?:archives|area)|list archives?:|archives? (?:at|are)|this mail(?:ing)? list"
    r"|--+ ?~|visit the list|\[non-text portions|\[this message contained|no virus found|checked by avg"
    r"|outgoing mail is certified)",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*(?:[-_=*~#] ?){5,}\s*(?:>\s*)?$")
_SIGNATURE = re.compile(r"^-- ?$|^--\xa0$|^_{2}$")
_QUOTED = re.compile(r"^\s{0,3}(?:>|\||[A-Z]{1,3}>)")
_ANSWERED = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|forwarded message|forwarded by|begin forwarded)[\s-]*.*"
    r"|-{3} ?in \S+@\S+,.*wrote:?"
    r"|(?:on|le|am|op) .{6,120}(?:wrote|writes|said|schrieb|a écrit|schreef)\s*:?"
    r"|.{0,80}<?[\w.+-]+@[\w.-]+>?.{0,40}\b(?:wrote|writes|said)\s*:"
    r"|begin forwarded message:)\s*$",
    re.IGNORECASE,
)
_LOOK_BACK = 45  # lines at the end in which a footer is looked for
_SIGNED = 14


def letter(text: str) -> str:
    r"""Return the words of a letter without signature, footer, advertisement and what it answers.

    >>> letter("It lit.\n\nEND\n\n-- \nWren\nTo unsubscribe: x@lists.example\n")
    'It lit.\n\nEND'
    """
    lines = _ADVERT.sub("", text).rstrip().split("\n")
    lines = _before_answer(lines)
    lines = _before_footer(lines)
    return "\n".join(_before_signature(lines)).strip("\n").rstrip()


def quoted_share(text: str) -> float:
    """Return which share of the lines with words is quoted from another letter, 0 to 1."""
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(1 for line in lines if _QUOTED.match(line)) / len(lines) if lines else 0.0


def unquoted(text: str) -> str:
    """Return a text without the lines that are quoted."""
    return "\n".join(line for line in text.split("\n") if not _QUOTED.match(line))


def _before_answer(lines: list[str]) -> list[str]:
    """Cut where a quoted letter starts, if something was written before it."""
    for number, line in enumerate(lines):
        if _ANSWERED.match(line) and any(one.strip() for one in lines[:number]):
            return lines[:number]
        two = f"{line} {lines[number + 1]}" if number + 1 < len(lines) else ""
        if (
            line.lower().startswith(("on ", "--- in ", "am ", "le "))
            and _ANSWERED.match(two)
            and any(one.strip() for one in lines[:number])
        ):
            return lines[:number]
    return lines


def _before_footer(lines: list[str]) -> list[str]:
    """Cut at the first line of a list's footer near the end, and at the rule above it."""
    start = max(0, len(lines) - _LOOK_BACK)
    at = next((number for number in range(start, len(lines)) if _FOOTER.match(lines[number])), None)
    if at is None:
        return lines
    rest = [line for line in lines[at:] if line.strip()]
    if sum(1 for line in rest if not (_FOOTER.match(line) or _RULE.match(line) or len(line) < 90)) > 3:  # noqa: PLR2004 — that is no footer
        return lines
    while at > 0 and (not lines[at - 1].strip() or _RULE.match(lines[at - 1])):
        at -= 1
        if _RULE.match(lines[at]):
            return _before_footer(lines[:at])
    return _before_footer(lines[:at]) if at else lines


def _before_signature(lines: list[str]) -> list[str]:
    start = max(0, len(lines) - _SIGNED)
    at = next((number for number in range(start, len(lines)) if _SIGNATURE.match(lines[number])), None)
    return lines[:at] if at else lines

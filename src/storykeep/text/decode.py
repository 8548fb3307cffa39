"""Bytes become text, with the reasons told in words.

Strict UTF-8 first, whatever is declared: nothing else looks like it by accident. Then the readings that are possible
are
compared by how much they look like something people write, what is declared having a head start, so that a page that
lies is read right and a page that tells the truth is believed. A page into which windows-1252 was pasted is read run by
run. UTF-7 is never honoured: in it, words can be tags.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import ftfy.bad_codecs  # registers sloppy-windows-1252 and its kin, which read the holes in the tables as browsers do

from storykeep.model.provenance import Finding, Severity
from storykeep.text import charsets, controls
from storykeep.text.plausible import plausibility

_ = ftfy.bad_codecs
_MIXED = "utf-8+windows-1252"
_SAMPLE = 300_000  # bytes by which readings are compared
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Readings that are tried when nothing is declared, with the head start that their frequency on old pages gives them.
_UNDECLARED = {
    "windows-1252": 0.2,
    "macintosh": 0.05,
    "windows-1251": 0.0,
    "koi8-r": 0.0,
    "windows-1250": -0.05,
    "windows-1253": -0.05,
    "windows-1255": 0.0,
    "windows-1256": -0.05,
    "shift_jis": 0.0,
    "euc-jp": 0.0,
    "gb18030": -0.05,
    "big5": -0.05,
    "euc-kr": -0.05,
    "ibm866": -0.1,
    "ibm850": -0.1,
}
_DECLARED = 0.35
_ZEROS = 3  # zero bytes that a damaged file may have by accident
_MANY, _RARE = 0.4, 0.1  # shares of zero bytes that make UTF-16
_FAIR, _SURE = 0.4, 0.6
_GOOD = 0.8  # a reading as windows-1252 that is this plausible is compared with few others
_HIGH = re.compile(rb"[\x80-\xff]+")
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\([JIB]|\$\([CD]|\$\)C)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file. ``confidence`` runs from 0 to 1; ``evidence`` says in words why this encoding."""

    text: str
    encoding: str
    confidence: float
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def decode(data: bytes, *, declared: str = "") -> Decoded:
    r"""Return the text of ``data``, which never fails. ``declared`` is the charset that a header named, if any.

    >>> found = decode(b"it\x92s \x93fine\x94", declared="iso-8859-1")
    >>> found.text, found.encoding
    ('it’s “fine”', 'windows-1252')
    """
    label = declared or charsets.stated(data)
    name = charsets.canonical(label)
    said = (f"{'the header' if declared else 'the page'} says {label}",) if label else ()
    text, encoding, confidence, reason = _read(data, name)
    findings = [*_doubts(label, name, encoding, confidence), *_harm(text)]
    return Decoded(controls.strip(text), encoding, confidence, (*said, *reason), tuple(findings))


Reading = tuple[str, str, float, tuple[str, ...]]


def _read(data: bytes, declared: str) -> Reading:
    """Return text, encoding, confidence and reasons: certain signs first, then a comparison of readings."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace"), name, 1.0, (f"a byte order mark of {name}",)
    return _sixteen_bits(data, declared) or _escapes(data) or _utf8(data) or _compared(data, declared)


def _sixteen_bits(data: bytes, declared: str) -> Reading | None:
    """Return the reading of UTF-16 that lost its mark: every second byte of Western text is zero."""
    head = data[: _SAMPLE & ~1]
    half = len(head) // 2
    if half < len("Hi") or (b"\x00" not in head and not declared.startswith("utf-16")):
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > max(_ZEROS, _MANY * half) and others < _RARE * half:
            return data.decode(name, "replace"), name, 0.97, (f"{zeros} of {half} pairs of bytes are {name} for ASCII",)
    if declared.startswith("utf-16") and not _is_utf8(data):
        text = data.decode(declared, "replace")
        if plausibility(text[:20_000]) > _FAIR:
            return text, declared, 0.85, ("it can be read as it says",)
    return None


def _escapes(data: bytes) -> Reading | None:
    """Return the reading of ISO-2022-JP (or -KR), whose escapes would otherwise pass for ASCII."""
    if not _ISO_2022.search(data):
        return None
    for name in ("iso-2022-jp", "iso-2022-kr"):
        text = data.decode(charsets.CODECS[name], "replace")
        if text.count("\ufffd") * 50 <= len(text) and not text.isascii():
            return text, name, 0.97, (f"escape sequences of {name}",)
    return None


def _utf8(data: bytes) -> Reading | None:
    if data.isascii():
        return data.decode("ascii"), "utf-8", 1.0, ("all bytes are ASCII",)
    if _is_utf8(data):
        return data.decode(), "utf-8", 0.99, ("every byte is valid UTF-8, which nothing else is by accident",)
    cut = _cut_off(data)
    if cut:
        return data[:cut].decode() + "\ufffd", "utf-8", 0.98, ("valid UTF-8 up to a last character that was cut off",)
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cut_off(data: bytes) -> int:
    """Return how many bytes are valid UTF-8 when only the last character is incomplete, else 0."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        good = error.start > 0 and not data[: error.start].isascii()
        return error.start if good and error.reason == "unexpected end of data" else 0
    return 0


def _compared(data: bytes, declared: str) -> Reading:
    """Return the most plausible of the possible readings."""
    sample = data[:_SAMPLE]
    scores = dict(_scores(sample, declared))
    best = max(scores, key=lambda name: scores[name])
    rest = sorted((score for name, score in scores.items() if name != best), reverse=True)
    lead = scores[best] - rest[0] if rest else 1.0
    confidence = round(min(0.97, max(0.3, 0.6 + 0.5 * lead)), 2)
    runs = len(_HIGH.findall(sample))
    reason = (
        f"{runs} runs of bytes above ASCII read best as {best} (plausibility {scores[best]:.2f}, next {rest[0]:.2f})"
    )
    return _text(data, best), best, confidence, ("not valid UTF-8", reason)


def _scores(sample: bytes, declared: str) -> Iterator[tuple[str, float]]:
    """Yield the readings that are possible, each with its plausibility and its head start."""
    valid, invalid = _utf8_runs(sample)
    if valid:
        yield _MIXED, plausibility(_text(sample, _MIXED)) + (0.6 if valid > invalid else 0.25)
    usual = plausibility(_text(sample, "windows-1252"))
    candidates = dict(
        _UNDECLARED if usual < _GOOD else {name: _UNDECLARED[name] for name in ("windows-1252", "macintosh")}
    )
    if declared and declared not in ("utf-8", "utf-16-le", "utf-16-be"):
        candidates[declared] = candidates.get(declared, 0.0) + _DECLARED
    for name, start in candidates.items():
        text = _text(sample, name)
        broken = text.count("\ufffd")
        if broken <= (len(text) // 200 if name == declared else len(text) // 2000):
            yield name, plausibility(text) + start


def _text(data: bytes, name: str) -> str:
    return "".join(_mixed(data)) if name == _MIXED else data.decode(charsets.CODECS[name], "replace")


def _utf8_runs(data: bytes) -> tuple[int, int]:
    """Return how many runs of bytes above ASCII are UTF-8, and how many are not."""
    runs = [_is_utf8(run) for run in _HIGH.findall(data)]
    return sum(runs), len(runs) - sum(runs)


# A character of UTF-8, or of its variants that old Java and MySQL wrote; or a byte that is none.
_CHARACTER = re.compile(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0][\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+|[\x80-\xff]"
)


def _mixed(data: bytes) -> Iterator[str]:
    """Yield the text of a page in which some runs are UTF-8 and others windows-1252."""
    done = 0
    for found in _CHARACTER.finditer(data):
        yield data[done : found.start()].decode("ascii")
        run = found[0]
        yield run.decode("utf-8-variants", "replace") if len(run) > 1 else run.decode("sloppy-windows-1252")
        done = found.end()
    yield data[done:].decode("ascii")


def _doubts(label: str, declared: str, encoding: str, confidence: float) -> Iterator[Finding]:
    """Yield what an archivist should know about the decision."""
    if label and not declared:
        yield Finding(
            code="encoding.unknown-label",
            evidence=label,
            suggestion=f"The page names an encoding that is not honoured; it was read as {encoding}.",
            severity=Severity.INFO,
        )
    elif declared and encoding != declared and not (encoding == "utf-8" and declared == "windows-1252"):
        yield Finding(
            code="encoding.wrong-label",
            evidence=label,
            suggestion=f"The page is {encoding}, whatever it says.",
            severity=Severity.INFO,
        )
    if encoding == _MIXED:
        yield Finding(
            code="encoding.mixed",
            evidence=encoding,
            suggestion="Words in two encodings were pasted together; each run was read in its own.",
            severity=Severity.INFO,
        )
    if confidence < _SURE:
        yield Finding(
            code="encoding.guessed",
            evidence=encoding,
            suggestion="Two readings are about as likely. If accents or quotation marks are wrong, choose another.",
            severity=Severity.DOUBT,
        )


def _harm(text: str) -> Iterator[Finding]:
    if dropped := controls.count_forbidden(text):
        yield Finding(
            code="encoding.controls",
            evidence=f"{dropped} characters",
            suggestion="Control characters that no text may hold were left out. The original bytes are kept.",
            severity=Severity.INFO,
        )
    if lost := text.count("\ufffd"):
        yield Finding(
            code="encoding.lost",
            evidence=f"{lost} characters",
            suggestion="These characters can't be read in this copy. Another copy may have them.",
            severity=Severity.LOSS,
        )

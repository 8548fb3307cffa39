"""The names that pages and headers give to encodings, and what is meant by them."""

from __future__ import annotations

import re

# Canonical name → (Python's codec, what pages call it). As browsers read them: who says Latin-1 means windows-1252.
# UTF-7 is missing on purpose: with it, words become tags.
_CHARSETS: dict[str, tuple[str, str]] = {
    "utf-8": ("utf-8", "utf8 utf-8 unicode-1-1-utf-8 x-unicode20utf8 u8 utf8mb4 utf-8n"),
    "utf-16-le": ("utf-16-le", "utf-16 utf-16le unicode ucs-2 iso-10646-ucs-2 csunicode"),
    "utf-16-be": ("utf-16-be", "utf-16be"),
    "windows-1252": (
        "sloppy-windows-1252",
        (
            "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1 ascii us-ascii "
            "ansi ansi_x3.4-1968 western windows-ansi iso-8859-15 iso8859-15 latin-9 latin9 x-ansi cp819 none default"
        ),
    ),
    "windows-1250": ("sloppy-windows-1250", "windows-1250 cp1250 x-cp1250"),
    "iso-8859-2": ("iso8859-2", "iso-8859-2 iso8859-2 iso88592 latin2 latin-2 l2"),
    "windows-1251": ("sloppy-windows-1251", "windows-1251 cp1251 x-cp1251"),
    "koi8-r": ("koi8-r", "koi8-r koi8 koi koi8_r cskoi8r"),
    "koi8-u": ("koi8-u", "koi8-u koi8-ru"),
    "iso-8859-5": ("iso8859-5", "iso-8859-5 iso8859-5 cyrillic"),
    "ibm866": ("cp866", "ibm866 cp866 866 csibm866"),
    "x-mac-cyrillic": ("mac_cyrillic", "x-mac-cyrillic x-mac-ukrainian mac-cyrillic"),
    "windows-1253": ("sloppy-windows-1253", "windows-1253 cp1253 x-cp1253"),
    "iso-8859-7": ("iso8859-7", "iso-8859-7 iso8859-7 greek elot_928 ecma-118"),
    "windows-1254": ("sloppy-windows-1254", "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 latin-5 l5"),
    "windows-1255": (
        "cp1255",
        "windows-1255 cp1255 x-cp1255 iso-8859-8 iso-8859-8-i iso-8859-8-e hebrew logical visual",
    ),
    "windows-1256": ("cp1256", "windows-1256 cp1256 x-cp1256"),
    "iso-8859-6": ("iso8859-6", "iso-8859-6 arabic asmo-708 ecma-114"),
    "windows-1257": ("sloppy-windows-1257", "windows-1257 cp1257 x-cp1257 iso-8859-13"),
    "iso-8859-4": ("iso8859-4", "iso-8859-4 latin4"),
    "windows-1258": ("cp1258", "windows-1258 cp1258 x-cp1258"),
    "iso-8859-3": ("iso8859-3", "iso-8859-3 latin3"),
    "iso-8859-10": ("iso8859-10", "iso-8859-10 latin6"),
    "iso-8859-14": ("iso8859-14", "iso-8859-14"),
    "iso-8859-16": ("iso8859-16", "iso-8859-16"),
    "windows-874": ("cp874", "windows-874 tis-620 iso-8859-11 dos-874"),
    "macintosh": ("mac_roman", "macintosh mac x-mac-roman macroman mac-roman mac_roman csmacintosh"),
    "x-mac-ce": ("mac_latin2", "x-mac-ce x-mac-centraleurroman mac-centraleurope maccentraleurope"),
    "ibm437": ("cp437", "ibm437 cp437 437"),
    "ibm850": ("cp850", "ibm850 cp850 850"),
    "shift_jis": ("cp932", "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j cp932 ms932 csshiftjis shiftjis"),
    "euc-jp": ("euc_jp", "euc-jp x-euc-jp eucjp ujis cseucpkdfmtjapanese"),
    "iso-2022-jp": ("iso2022_jp_ext", "iso-2022-jp jis csiso2022jp iso-2022-jp-1 iso-2022-jp-2"),
    "gb18030": ("gb18030", "gb18030 gbk gb2312 gb_2312-80 x-gbk cp936 csgb2312 chinese euc-cn iso-ir-58"),
    "big5": ("big5hkscs", "big5 big5-hkscs x-x-big5 cn-big5 csbig5 cp950"),
    "euc-kr": (
        "cp949",
        "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean cp949 windows-949 uhc x-windows-949",
    ),
    "iso-2022-kr": ("iso2022_kr", "iso-2022-kr csiso2022kr"),
}
CODECS = {name: codec for name, (codec, _) in _CHARSETS.items()}
"""Canonical name → Python's codec."""

_BY_LABEL = {label: name for name, (_, labels) in _CHARSETS.items() for label in (name, *labels.split())}
_META = re.compile(
    rb"<meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})",
    re.IGNORECASE,
)
_HEAD = 4_096  # bytes in which a page may say what it is


def canonical(label: str) -> str:
    """Return the canonical name of an encoding, '' when the label is unknown or not to be honoured.

    >>> canonical("ISO-8859-1"), canonical(" x-sjis "), canonical("UTF-7")
    ('windows-1252', 'shift_jis', '')
    """
    return _BY_LABEL.get(label.strip().strip("\"'").lower(), "")


def stated(data: bytes) -> str:
    """Return the label that a page states in its own head (``meta`` or XML declaration), '' when it states none.

    >>> stated(b'<meta http-equiv=Content-Type content="text/html; charset=koi8-r">')
    'koi8-r'
    """
    found = _META.search(data, 0, _HEAD)
    return (found[1] or found[2]).decode("ascii") if found else ""

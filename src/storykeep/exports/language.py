"""Which language a text is in, said as e-readers demand it: a valid BCP 47 tag or nothing.

Kindle refuses a book whose language is empty, unknown or no language at all (``us``), so what old sites called a
language is brought into form here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from storykeep.model.story import Story

_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo "
    "es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka "
    "kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng "
    "nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su "
    "sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
"""ISO 639-1: what a language of two letters may be."""

_NAMES = {
    "us": "en",
    "gb": "en",
    "english": "en",
    "jp": "ja",
    "japanese": "ja",
    "cn": "zh",
    "chinese": "zh",
    "kr": "ko",
    "korean": "ko",
    "iw": "he",
    "hebrew": "he",
    "arabic": "ar",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "spanish": "es",
    "español": "es",
    "espanol": "es",
    "italian": "it",
    "italiano": "it",
    "portuguese": "pt",
    "português": "pt",
    "russian": "ru",
    "русский": "ru",
    "polish": "pl",
    "polski": "pl",
    "dutch": "nl",
    "nederlands": "nl",
    "swedish": "sv",
    "svenska": "sv",
    "finnish": "fi",
    "suomi": "fi",
    "norwegian": "no",
    "norsk": "no",
    "danish": "da",
    "dansk": "da",
    "czech": "cs",
    "hungarian": "hu",
    "greek": "el",
    "turkish": "tr",
    "中文": "zh",
    "日本語": "ja",
    "한국어": "ko",
    "עברית": "he",
    "العربية": "ar",
    "persian": "fa",
    "farsi": "fa",
}
_FORM = re.compile(
    r"([a-z]{2,3})(-[a-z]{4})?(-(?:[a-z]{2}|[0-9]{3}))?((?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)", re.IGNORECASE
)
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})
_RTL_SCRIPTS = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo"})
_SCRIPTS = (
    ("ja", "\u3040-\u30ff"),
    ("ko", "\uac00-\ud7a3\u1100-\u11ff"),
    ("zh", "\u4e00-\u9fff\u3400-\u4dbf"),
    ("ar", "\u0600-\u06ff"),
    ("he", "\u0590-\u05ff"),
    ("ru", "\u0400-\u04ff"),
    ("el", "\u0370-\u03ff"),
    ("hi", "\u0900-\u097f"),
    ("th", "\u0e00-\u0e7f"),
)


@lru_cache(maxsize=512)
def tag(language: str) -> str:
    """Return ``language`` as a valid BCP 47 tag, or an empty string when it can't be one.

    >>> tag("en_US"), tag("English"), tag("us"), tag("zh-hant-tw"), tag("Elvish, mostly")
    ('en-US', 'en', 'en', 'zh-Hant-TW', '')
    """
    plain = language.strip().replace("_", "-")
    plain = _NAMES.get(plain.lower(), plain)
    form = _FORM.fullmatch(plain)
    if form is None:
        return ""
    first, script, region, variants = (part or "" for part in form.groups())
    first = _NAMES.get(first.lower(), first.lower())
    if len(first) == 2 and first not in _TWO_LETTERS.split():  # noqa: PLR2004 — ISO 639-1 has two letters
        return ""
    return first + script.title() + region.upper() + _distinct(variants)


def direction(story: Story) -> str:
    """Return ``"rtl"`` when the story runs from right to left, else ``"ltr"``."""
    if story.direction in {"rtl", "ltr"}:
        return story.direction
    parts = tag(story.language).lower().split("-")
    right_to_left = parts[0] in _RIGHT_TO_LEFT or _RTL_SCRIPTS.intersection(parts)
    return "rtl" if right_to_left else "ltr"


def stated_or_likely(story: Story) -> str:
    """Return a language tag that is never empty: as stated, else by the script that the words are in.

    Only for formats that refuse to do without one; ``en`` stands for every text in Latin letters.
    """
    stated = tag(story.language)
    if stated:
        return stated
    sample = (story.title or "") + "".join(chapter.body[:2000] for chapter in story.chapters[:3])
    letters = max(1, sum(map(str.isalpha, sample)))
    for code, run in _SCRIPTS:
        if len(re.findall(f"[{run}]", sample)) > letters * 0.2:
            return code
    return "en"


def _distinct(variants: str) -> str:
    """Return the variant subtags, each once: BCP 47 forbids repetition."""
    return "".join(f"-{part}" for part in dict.fromkeys(variants.lower().split("-")) if part)

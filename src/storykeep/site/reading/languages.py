"""Names of languages as their own readers write them."""

from __future__ import annotations

from django.conf.locale import LANG_INFO

from storykeep.exports.language import tag

OLD = {"nb": "norsk", "zh": "中文"}


def language_name(code: str) -> str:
    """Return what a language calls itself; the code where nobody knows."""
    wanted = tag(code) or code
    for each in (wanted.lower(), wanted.partition("-")[0].lower()):
        if each in OLD:
            return OLD[each]
        info = LANG_INFO.get(each, {})
        if info.get("name_local"):
            return info["name_local"]
    return code

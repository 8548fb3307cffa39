"""Inflected forms, where a host wants them found: "walked" finds "walking" in texts of that language.

It is an option (STORYKEEP_STEMMING), since it finds more than was asked for: "universe" finds "university", too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import tantivy

NAMES = {
    "ar": "arabic", "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hu": "hungarian", "it": "italian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip


@dataclass(frozen=True)
class Stems:
    """The languages (two letters) whose inflected forms are found."""

    languages: tuple[str, ...] = ()
    analysers: dict[str, tantivy.TextAnalyzer] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "analysers", {code: analyser(NAMES[code]) for code in self.languages})

    def known(self, language: str) -> bool:
        """Say whether texts in ``language`` (such as "en-GB") have stems."""
        return language[:2].casefold() in self.analysers

    def of_text(self, language: str, text: str) -> str:
        """Return the stems of folded terms, each marked with its language."""
        code = language[:2].casefold()
        return " ".join(f"{code}:{stem}" for stem in self.analysers[code].analyze(text))

    def of_word(self, word: str) -> list[str]:
        """Return the stems that a folded word has in each language.

        >>> Stems(("en", "de")).of_word("walking")
        ['en:walk', 'de:walking']
        """
        return [f"{code}:{stem}" for code, made in self.analysers.items() for stem in made.analyze(word)]


def analyser(name: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer(name)).build()


NO_STEMS = Stems()

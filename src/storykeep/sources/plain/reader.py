"""The way in for Markdown: front matter, headings as chapters, footnotes; whatever HTML is in it is cleaned."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.model.errors import TooLarge, Unreadable
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.manuscripts import Manuscript, document, key_of, story_of
from storykeep.sources.pages import labels
from storykeep.sources.pages.page import is_html
from storykeep.sources.plain import frontmatter
from storykeep.sources.plain.markdown import to_html
from storykeep.text import sanitise
from storykeep.text.decode import decode

HEAD = 20_000
_SUFFIX = re.compile(r"\.(?:md|markdown|mdown|mkd|mkdn|qmd|rmd)$", re.IGNORECASE)
_HEADINGS = re.compile(r"^#{1,4} +\S|^\S[^\n]{0,80}\n(?:={3,}|-{3,})\s*$", re.MULTILINE)
_MARKED = re.compile(
    r"(?<![\w*_])(\*\*?|__?)(?=\S)[^*_\n]{1,300}(?<=\S)\1(?![\w*_])|\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)|^> ",
    re.MULTILINE,
)
_OTHER_NAMES = {
    "author": "author",
    "authors": "author",
    "by": "author",
    "date": "published",
    "tags": "keywords",
    "lang": "language",
    "abstract": "summary",
    "excerpt": "summary",
}


class Plain:
    """Markdown."""

    code = "markdown"

    def probe(self, material: Material) -> Probe | None:
        if not material.path.is_file():
            return None
        with material.path.open("rb") as file:
            head = file.read(HEAD)
        if not head.strip() or (b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff")):
            return None
        return _sure(
            decode(head).text.replace("\r\n", "\n"), named=bool(_SUFFIX.search(material.name or material.path.name))
        )

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        name = material.name or material.path.name
        if material.path.stat().st_size > 2 * sanitise.LIMIT:
            raise TooLarge(
                f"{name} has more than {2 * sanitise.LIMIT >> 20} MB of text. Cut it into chapters and bring those in."
            )
        data = material.path.read_bytes()
        decoded = decode(data)
        if not decoded.text.strip():
            raise Unreadable(f"There are no words in {name}.")
        known = Capture(
            sha256=sha256(data),
            path=name,
            address=material.address,
            captured_at=material.captured_at,
            media_type="text/markdown",
            encoding=decoded.encoding,
        )
        script = Manuscript(code="markdown", capture=keep(data, known), findings=list(decoded.findings))
        facts, text = frontmatter.read(decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
        _tell(facts, script)
        document(script, to_html(text))
        story = story_of(script)
        if not any(chapter.body for chapter in story.chapters):
            raise Unreadable(f"There are no words in {name}.")
        yield story


SOURCE = Plain()


def _sure(text: str, *, named: bool) -> Probe | None:
    """Say how sure it is that a text is Markdown: by its name, its front matter, its headings and marks."""
    if is_html(text):
        return None
    facts, body = frontmatter.read(text)
    if facts and (named or {"title", "author"} & set(facts)):
        return Probe(confidence=0.9, evidence="it has front matter")
    headings, marked = len(_HEADINGS.findall(body)), len(_MARKED.findall(body))
    if named:
        return Probe(confidence=0.8 if headings or marked else 0.6, evidence="its name says that it is Markdown")
    if headings >= 2 and re.search(r"^#{1,4} +\S", body, re.MULTILINE):  # noqa: PLR2004 — a title and a chapter
        return Probe(confidence=0.6, evidence=f"it has {headings} headings as Markdown writes them")
    return None


def _tell(facts: frontmatter.Facts, script: Manuscript) -> None:
    for name, values in facts.items():
        field = _OTHER_NAMES.get(name) or labels.field_of(name)
        if name in ("source", "url", "link", "original") and values[0].startswith(("http://", "https://")):
            script.address = values[0]
        elif name in ("archive", "site", "publisher"):
            script.archive = values[0]
        elif field == "language" and re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", values[0]):
            script.language = values[0]
        elif field == "keywords" or name == "id":
            script.says("keywords", "; ".join(values), f"markdown.front-matter.{name}", name) if field else None
        elif field:
            for value in values:
                script.says(field, value, f"markdown.front-matter.{name}", name)
    script.key = key_of("document", next(iter(facts.get("id", facts.get("uuid", ()))), ""), script.capture.sha256)

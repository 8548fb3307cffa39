# ruff: noqa: E501 — markup of other programs stands on one line
"""Books and documents of our own writing, in the shapes that programs give them: EPUB, DOCX, ODT, RTF, Markdown.

The stories are those of ``remains``; the shapes are written after what the programs document.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from remains import PEOPLE, STORIES, Block, Tale

CONTAINER = '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
ROOTS = {"opf": "OEBPS/content.opf", "ncx": "OEBPS/toc.ncx", "nav": "OEBPS/nav.xhtml"}


def packed(parts: Mapping[str, str | bytes], mimetype: str = "application/epub+zip") -> bytes:
    """Return a zip of ``parts``; the type is its first part, stored, when there is one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        if mimetype:
            box.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name, data in parts.items():
            box.writestr(name, data)
    return out.getvalue()


def xhtml(body: str, *, head: str = "", attributes: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/>{head}</head><body {attributes}>{body}</body></html>'


def epub(  # noqa: PLR0913 — a book has many parts
    texts: Mapping[str, str],
    metadata: str,
    *,
    labels: Mapping[str, str] | None = None,
    others: Mapping[str, str | bytes] | None = None,
    version: str = "2.0",
    manifest: str = "",
    guide: str = "",
) -> bytes:
    """Return an EPUB whose reading order is that of ``texts``; ``labels`` are its contents by address."""
    items = "".join(
        f'<item id="t{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(texts)
    )
    spine = "".join(f'<itemref idref="t{n}"/>' for n in range(len(texts)))
    points = "".join(
        f'<navPoint id="n{n}" playOrder="{n}"><navLabel><text>{html.escape(label)}</text></navLabel><content src="{name}"/></navPoint>'
        for n, (name, label) in enumerate((labels or {}).items())
    )
    links = "".join(f'<li><a href="{name}">{html.escape(label)}</a></li>' for name, label in (labels or {}).items())
    toc, contents = "", {}
    if labels and version.startswith("2"):
        toc = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        contents = {
            ROOTS[
                "ncx"
            ]: f'<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'
        }
    elif labels:
        toc = '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        contents = {ROOTS["nav"]: xhtml(f'<nav epub:type="toc"><ol>{links}</ol></nav>')}
    opf = f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata><manifest>{items}{toc}{manifest}</manifest><spine toc="ncx">{spine}</spine>{guide}</package>'
    own = {f"OEBPS/{name}": text for name, text in texts.items()}
    return packed({"META-INF/container.xml": CONTAINER, ROOTS["opf"]: opf, **own, **contents, **(others or {})})


# ── the stories of ``remains`` as books
def blocks_html(blocks: Iterable[Block]) -> str:
    out = []
    for kind, *lines in blocks:
        out.append(
            "<p>* * *</p>"
            if kind == "scene"
            else f"<p>{lines[0]}</p>"
            if kind == "p"
            else f"<p>{'<br/>'.join(lines)}</p>"
        )
    return "\n".join(out)


def authors(tale: Tale) -> tuple[str, ...]:
    return tuple(PEOPLE[uid][0] for uid in (tale.uid, *tale.coauthors))


def tale_epub(tale: Tale) -> bytes:
    texts = {
        f"part{part.number}.xhtml": xhtml(f"<h2>{html.escape(part.title)}</h2>{blocks_html(part.blocks)}")
        for part in tale.parts
    }
    labels = {f"part{part.number}.xhtml": part.title for part in tale.parts}
    people = "".join(f'<dc:creator opf:role="aut">{html.escape(name)}</dc:creator>' for name in authors(tale))
    metadata = f'<dc:identifier id="id">urn:uuid:0000-{tale.sid}</dc:identifier><dc:title>{html.escape(tale.title)}</dc:title>{people}<dc:language>en</dc:language><dc:description>{html.escape(tale.summary)}</dc:description><dc:date>{tale.date}</dc:date>'
    return epub(texts, metadata, labels=labels)


def tale_markdown(tale: Tale) -> bytes:
    lines = ["---", f"title: {tale.title}", "author:", *(f"  - {name}" for name in authors(tale)), "---", ""]
    for part in tale.parts:
        lines += [f"# {part.title}", ""]
        for kind, *words in part.blocks:
            lines += ["* * *" if kind == "scene" else "  \n".join(re.sub(r"</?em>", "*", word) for word in words), ""]
    return "\n".join(lines).encode()


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
_REL = '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/>'


def relations(*links: tuple[str, str, str]) -> str:
    inside = "".join(
        _REL.format(id=id_, kind=kind, target=target, mode=' TargetMode="External"' if "://" in target else "")
        for id_, kind, target in links
    )
    return f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'


STYLES = f'<?xml version="1.0"?><w:styles {WORD}><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style><w:style w:type="paragraph" w:styleId="Dream"><w:name w:val="Dream"/><w:rPr><w:i/></w:rPr></w:style><w:style w:type="character" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:b/></w:rPr></w:style></w:styles>'


def run(words: str, *marks: str, inside: str = "") -> str:
    properties = "".join(mark if mark.startswith("<") else f"<w:{mark}/>" for mark in marks)
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t>{inside}</w:r>'


def para(*runs: str, style: str = "", align: str = "") -> str:
    told = (f'<w:pStyle w:val="{style}"/>' if style else "") + (f'<w:jc w:val="{align}"/>' if align else "")
    return f"<w:p><w:pPr>{told}</w:pPr>{''.join(one if one.startswith('<') else run(one) for one in runs)}</w:p>"


def docx(
    body: str,
    *,
    properties: str = "",
    links: Iterable[tuple[str, str, str]] = (),
    others: Mapping[str, str | bytes] | None = None,
) -> bytes:
    core = f'<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">{properties}</cp:coreProperties>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
        "word/document.xml": f'<?xml version="1.0"?><w:document {WORD}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(("s", "styles", "styles.xml"), *links),
        "word/styles.xml": STYLES,
        "docProps/core.xml": core,
        **(others or {}),
    }
    return packed(parts, mimetype="")


def _runs(line: str) -> str:
    pieces = re.split(r"(<em>.*?</em>)", line)
    return "".join(
        run(html.escape(re.sub(r"</?em>", "", one)), *(["i"] if one.startswith("<em>") else []))
        for one in pieces
        if one
    )


def tale_docx(tale: Tale) -> bytes:
    body = ""
    for part in tale.parts:
        body += para(html.escape(part.title), style="Heading1")
        for kind, *lines in part.blocks:
            if kind == "scene":
                body += para("* * *", align="center")
            else:
                body += f"<w:p>{'<w:r><w:br/></w:r>'.join(map(_runs, lines))}</w:p>"
    names = html.escape(" and ".join(authors(tale)))
    return docx(body, properties=f"<dc:title>{html.escape(tale.title)}</dc:title><dc:creator>{names}</dc:creator>")


ODF = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'


def odt(body: str, *, styles: str = "", meta: str = "", others: Mapping[str, str | bytes] | None = None) -> bytes:
    return packed(
        {
            "content.xml": f'<?xml version="1.0"?><office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>',
            "styles.xml": f'<?xml version="1.0"?><office:document-styles {ODF}><office:styles><style:style style:name="Heading_20_1" style:family="paragraph"/></office:styles></office:document-styles>',
            "meta.xml": f'<?xml version="1.0"?><office:document-meta {ODF}><office:meta>{meta}</office:meta></office:document-meta>',
            **(others or {}),
        },
        mimetype="application/vnd.oasis.opendocument.text",
    )


def one_file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


FIRST = STORIES[0]

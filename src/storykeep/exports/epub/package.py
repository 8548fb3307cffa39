"""What tells a reading program about the book: package document, table of contents, and the older NCX."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storykeep.exports import dates, frame, language
from storykeep.exports.legal import line
from storykeep.exports.pictures import Picture
from storykeep.exports.xhtml import words
from storykeep.model.story import Role, Story

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_OUR_NAMES = uuid.UUID("6f1f6a5e-3c0b-5b8e-9d52-7d1b6d8d2c11")
_RELATORS = {Role.AUTHOR: "aut", Role.TRANSLATOR: "trl", Role.BETA: "pfr", Role.ARTIST: "ill", Role.ARCHIVIST: "cur"}
_OPF = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"{tongue}{towards}>
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}
</metadata>
<manifest>
{manifest}
</manifest>
<spine toc="ncx"{progression}>
{spine}
</spine>
</package>
"""
_NAV = """<nav epub:type="toc" role="doc-toc" aria-labelledby="top">
<h2 id="top">{contents}</h2>
<ol>
{entries}
</ol>
</nav>
<nav epub:type="landmarks" aria-label="Landmarks" hidden="hidden">
<ol>
{landmarks}
</ol>
</nav>"""
_NCX = """<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"{tongue}>
<head>
<meta name="dtb:uid" content="{identity}"/>
<meta name="dtb:depth" content="1"/>
<meta name="dtb:totalPageCount" content="0"/>
<meta name="dtb:maxPageNumber" content="0"/>
</head>
<docTitle><text>{title}</text></docTitle>
<navMap>
{points}
</navMap>
</ncx>
"""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as the contents see it: file, label, and its landmark (an EPUB type), if it is one."""

    name: str
    label: str
    landmark: str = ""


def identity(story: Story) -> str:
    """Return the identifier of the book: the same for every copy of this work, whatever changed in it."""
    named = f"{story.archive}\n{story.key}".encode("utf-8", "replace").decode()
    return f"urn:uuid:{uuid.uuid5(_OUR_NAMES, named)}"


def opf(story: Story, leaves: Sequence[Leaf], images: Sequence[Picture]) -> str:
    """Return the package document for the pages in reading order."""
    tongue, towards = language.tag(story.language), language.direction(story)
    front = _cover(story, images)
    files = [*_manifest(leaves), *(_image(image, cover=image is front) for image in images)]
    return _OPF.format(
        tongue=f' xml:lang="{tongue}"' if tongue else "",
        towards=' dir="rtl"' if towards == "rtl" else "",
        progression=' page-progression-direction="rtl"' if towards == "rtl" else "",
        metadata="\n".join((*_metadata(story, images), *_older(front))),
        manifest="\n".join(files),
        spine="\n".join(f'<itemref idref="{_id(leaf)}"/>' for leaf in leaves),
    )


def nav(leaves: Sequence[Leaf]) -> str:
    """Return the table of contents and the landmarks, for the body of a page."""
    others = [leaf for leaf in leaves if leaf.landmark != "toc"]
    entries = "\n".join(f'<li><a href="{leaf.name}">{words(leaf.label)}</a></li>' for leaf in others)
    marks = [
        f'<li><a epub:type="{leaf.landmark}" href="{leaf.name}">{words(leaf.label)}</a></li>'
        for leaf in leaves
        if leaf.landmark
    ]
    return _NAV.format(contents=frame.CONTENTS, entries=entries, landmarks="\n".join(marks))


def ncx(story: Story, leaves: Iterable[Leaf]) -> str:
    """Return the table of contents in the form that EPUB 2 programs read."""
    points = "\n".join(
        f'<navPoint id="p{number}" playOrder="{number}"><navLabel><text>{words(leaf.label)}</text></navLabel>'
        f'<content src="{leaf.name}"/></navPoint>'
        for number, leaf in enumerate(leaves, 1)
    )
    tongue = language.tag(story.language)
    said = f' xml:lang="{tongue}"' if tongue else ""
    return _NCX.format(tongue=said, identity=identity(story), title=words(frame.title(story)), points=points)


def _metadata(story: Story, images: Sequence[Picture]) -> Iterator[str]:
    yield f'<dc:identifier id="id">{identity(story)}</dc:identifier>'
    yield f"<dc:title>{words(frame.title(story))}</dc:title>"
    yield f"<dc:language>{language.tag(story.language)}</dc:language>"
    yield f'<meta property="dcterms:modified">{dates.modified(story)}</meta>'
    yield from _people(story)
    yield from _subjects(story)
    yield from _about(story)
    yield from _series(story)
    yield from _accessibility(images)


def _people(story: Story) -> Iterator[str]:
    for number, credit in enumerate(story.credits, 1):
        name = words(line(credit.name))
        if name:
            element = "dc:creator" if credit.role is Role.AUTHOR else "dc:contributor"
            yield f'<{element} id="p{number}">{name}</{element}>'
            relator = _RELATORS[credit.role]
            yield f'<meta refines="#p{number}" property="role" scheme="marc:relators">{relator}</meta>'


def _subjects(story: Story) -> Iterator[str]:
    """Yield every tag. The first subject is always what kind of work it is: Apple Books shelves by it."""
    names = [frame.SUBJECTS[story.kind], *(line(tag.name) for tag in story.tags)]
    for name in dict.fromkeys(filter(None, map(words, names))):
        yield f"<dc:subject>{name}</dc:subject>"


def _about(story: Story) -> Iterator[str]:
    told = {
        "dc:description": _plain(story.summary),
        "dc:publisher": line(story.archive),
        "dc:date": dates.known(story.published) or dates.known(story.written),
        "dc:source": frame.source(story),
    }
    yield from (f"<{name}>{words(value)}</{name}>" for name, value in told.items() if words(value).strip())


def _series(story: Story) -> Iterator[str]:
    for number, series in enumerate(story.series, 1):
        title = words(line(series.title))
        if not title:
            continue
        yield f'<meta property="belongs-to-collection" id="s{number}">{title}</meta>'
        yield f'<meta refines="#s{number}" property="collection-type">series</meta>'
        if series.position:
            yield f'<meta refines="#s{number}" property="group-position">{series.position}</meta>'
        if number == 1:
            yield f'<meta name="calibre:series" content="{title}"/>'
            yield f'<meta name="calibre:series_index" content="{series.position or 1}"/>'


def _accessibility(images: Sequence[Picture]) -> Iterator[str]:
    features = ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"]
    animated = any(image.suffix == ".gif" for image in images)
    told = [
        ("accessMode", "textual"),
        *([("accessMode", "visual")] if images else []),
        ("accessModeSufficient", "textual"),
        *(("accessibilityFeature", feature) for feature in features),
        ("accessibilityHazard", "unknown" if animated else "none"),
        ("accessibilitySummary", "Text with headings, a table of contents and landmarks; it flows at any size."),
    ]
    yield from (f'<meta property="schema:{name}">{value}</meta>' for name, value in told)


def _plain(summary: str) -> str:
    from storykeep.text.markup import plain  # noqa: PLC0415 — few need it, and it takes time to load

    return " ".join(plain(summary).split()) if summary.strip() else ""


def _manifest(leaves: Iterable[Leaf]) -> Iterator[str]:
    yield '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    yield '<item id="style" href="style.css" media-type="text/css"/>'
    names = [leaf.name for leaf in leaves]
    if "nav.xhtml" not in names:
        yield '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    for leaf in leaves:
        mark = ' properties="nav"' if leaf.name == "nav.xhtml" else ""
        yield f'<item id="{_id(leaf)}" href="{leaf.name}" media-type="application/xhtml+xml"{mark}/>'


def _image(image: Picture, *, cover: bool) -> str:
    mark = ' properties="cover-image"' if cover else ""
    return f'<item id="{_id_of(image)}" href="images/{image.name}" media-type="{image.media_type}"{mark}/>'


def _cover(story: Story, images: Sequence[Picture]) -> Picture | None:
    """Return the first picture of the whole work, which library shelves show; a story without one gets none."""
    own = {image.sha256 for image in story.images}
    return next((image for image in images if image.sha256 in own), None)


def _older(cover: Picture | None) -> Iterator[str]:
    """Yield how EPUB 2 programs find the cover."""
    if cover is not None:
        yield f'<meta name="cover" content="{_id_of(cover)}"/>'


def _id_of(image: Picture) -> str:
    return f"i{image.sha256[:20]}"


def _id(leaf: Leaf) -> str:
    return leaf.name.partition(".")[0]

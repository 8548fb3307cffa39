"""Makes the dead archive: `pages/` (what is left of The Lower Ferry) and `truth.json` (what it was, and what was lost where).

    python examples/lower-ferry/make.py            writes both
    python examples/lower-ferry/make.py --check    says whether what is there is what would be written

The same sources always give the same bytes. Nothing here is used by Storykeep itself.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import damage
import furniture
import stories
from damage import Lost
from stories import HERE, Block, Chapter, Work

WWW = f"{furniture.HOST}/"
MIRROR = "lowerferry.example/"
EXTRACTED = "extracted/"
STAMP = "20070402113015"
WAYBACK = f"web.archive.org/web/{STAMP}/http:/{furniture.HOST}/"
META_1252 = '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=iso-8859-1">'
LOST_ON_THE_LINE = ("She had prepared herself for a number", "“He’d only just started school")


@dataclass(frozen=True, slots=True)
class Copy:
    """One file of the dead archive: its bytes and the truth about them."""

    file: str
    data: bytes
    role: str
    encoding: str
    work: int = 0
    chapters: tuple[int, ...] = ()
    lost: tuple[Lost, ...] = ()
    damage: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    def truth(self) -> dict[str, object]:
        plain = {name: value for name, value in asdict(self).items() if name not in {"data", "file"} and value}
        return {"file": self.file, **plain}


def main() -> int:
    """Write the archive, or compare it with what is there; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    files = made()
    if parser.parse_args().check:
        return check(files)
    shutil.rmtree(HERE / "pages", ignore_errors=True)
    for name, data in files.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    print(f"{len(files) - 1} pages, {sum(map(len, files.values())) / 1024:.0f} KB")
    return 0


def check(files: dict[str, bytes]) -> int:
    there = {str(path.relative_to(HERE)): path for path in (HERE / "pages").rglob("*") if path.is_file()}
    wrong = {name for name in there if name not in files}
    wrong |= {name for name, data in files.items() if not (HERE / name).is_file() or (HERE / name).read_bytes() != data}
    for name in sorted(wrong):
        print(f"{name} is not what the sources give; run make.py", file=sys.stderr)
    return 1 if wrong else 0


def made() -> dict[str, bytes]:
    """Return every file by its name inside the example, the truth included."""
    works = stories.works()
    copies = [
        *old_skin(works),
        *new_skin(works),
        *mirrors(works),
        *archive_captures(works),
        *texts(works),
        *site(works),
    ]
    truth = {
        "archive": furniture.NAME,
        "address": f"http://{furniture.HOST}/",
        "authors": furniture.AUTHORS,
        "works": [work_truth(work, copies) for work in works],
        "lost_works": [{"id": 48, "title": "The Weathervane Wedding", "authors": ["nine_of_cups"]}],
        "copies": [copy.truth() for copy in sorted(copies, key=lambda copy: copy.file)],
    }
    files = {f"pages/{copy.file}": copy.data for copy in copies}
    return files | {"truth.json": (json.dumps(truth, ensure_ascii=False, indent=1) + "\n").encode()}


def work_truth(work: Work, copies: list[Copy]) -> dict[str, object]:
    facts = {
        name: value for name, value in work.head.items() if name not in {"id", "title", "authors", "chapters", "series"}
    }
    return {
        "id": work.id,
        "title": work.title,
        "authors": work.authors,
        "words": work.words,
        **facts,
        "series": work.series,
        "files": sorted(copy.file for copy in copies if copy.work == work.id and copy.chapters),
        "chapters": [chapter_truth(chapter, number) for number, chapter in enumerate(work.chapters, 1)],
    }


def chapter_truth(chapter: Chapter, number: int) -> dict[str, object]:
    return {
        "number": number,
        "label": chapter.label,
        "title": chapter.title,
        "blocks": [block_truth(block) for block in chapter.blocks],
    }


def block_truth(block: Block) -> dict[str, object]:
    words = {"text": block.text, "italics": block.italics}
    return {"type": block.type} | (words if block.type != "scene_break" else {})


def old_skin(works: list[Work]) -> Iterator[Copy]:
    """Yield what a crawler saved of the skin of 1999."""
    by_id = {work.id: work for work in works}
    low = by_id[12]
    page = damage.without(furniture.old_story(low, low.chapters[0]), LOST_ON_THE_LINE)
    gone = tuple(
        Lost(number, block.type, block.text, "transfer")
        for number, block in enumerate(low.chapters[0].blocks)
        if block.text.startswith(LOST_ON_THE_LINE)
    )
    yield Copy(
        f"{WWW}story.html?id=12",
        page.encode("cp1252"),
        "whole",
        "windows-1252",
        12,
        (1,),
        gone,
        ("lines lost without a trace",),
    )
    yield from chapters(by_id[14], "cp1252", skip=4)
    yield whole(f"{WWW}story.html?id=16", by_id[16], furniture.old_story(by_id[16], by_id[16].chapters[0]), "cp1252")
    yield whole(f"{WWW}plainstory.html?id=18", by_id[18], furniture.plain_story(by_id[18]), "cp1252")
    bread = by_id[32]
    yield whole(
        f"{WWW}story.html?id=32", bread, furniture.old_story(bread, bread.chapters[0]), "mac_roman", ("undeclared",)
    )


def chapters(work: Work, encoding: str, *, skip: int = 0) -> Iterator[Copy]:
    """Yield one page for each chapter but ``skip``, whose page nobody saved."""
    for number, chapter in enumerate(work.chapters, 1):
        skin = furniture.new_story if encoding == "utf-8" else furniture.old_story
        name = f"chapter.html?id={work.id}&expid={chapter.expid}" if number > 1 else f"story.html?id={work.id}"
        data = skin(work, chapter).encode(encoding)
        if number != skip:
            yield Copy(WWW + name, data, "chapter", named(encoding), work.id, (number,))


def new_skin(works: list[Work]) -> Iterator[Copy]:
    """Yield what a crawler saved of the skin of 2004."""
    by_id = {work.id: work for work in works}
    yield from chapters(by_id[21], "utf-8")
    for number in (23, 27):
        work = by_id[number]
        yield whole(f"{WWW}story.html?id={number}", work, furniture.new_story(work, work.chapters[0]), "utf-8")
    yield whole(f"{WWW}plainstory.html?id=24", by_id[24], furniture.plain_story(by_id[24]), "cp1252", ("undeclared",))
    sea = damage.encoded_twice(furniture.new_story(by_id[30], by_id[30].chapters[0]))
    yield whole(f"{WWW}story.html?id=30", by_id[30], sea, "utf-8", ("encoded twice",), ("encoding",))
    committee = furniture.new_story(by_id[33], by_id[33].chapters[0], charset="iso-8859-1")
    yield whole(f"{WWW}story.html?id=33", by_id[33], committee, "cp1252", ("declared as iso-8859-1",))
    minutes = furniture.new_story(by_id[35], by_id[35].chapters[0], charset="iso-8859-1")
    yield whole(f"{WWW}story.html?id=35", by_id[35], minutes, "utf-8", ("declared as iso-8859-1",))
    thief = furniture.plain_story(by_id[37])
    yield whole(f"{WWW}plainstory.html?id=37", by_id[37], damage.hostile(thief), "utf-8", ("hostile",))


def mirrors(works: list[Work]) -> Iterator[Copy]:
    """Yield what somebody mirrored with a tool that puts four hex digits where the query was."""
    winter = next(work for work in works if work.id == 38)
    page = damage.mirrored(furniture.old_story(winter, winter.chapters[0], meta=META_1252), "story.html?id=38")
    yield whole(f"{MIRROR}story9c1e.html", winter, page, "cp1252", ("declared as iso-8859-1",))
    index = damage.mirrored(furniture.home_page(works), "index.html")
    yield Copy(f"{MIRROR}index.html", index.encode(), "other", "utf-8")


def archive_captures(works: list[Work]) -> Iterator[Copy]:
    """Yield what a web archive has: the only copy of one chapter and of one story among them."""
    by_id = {work.id: work for work in works}
    for number in (14, 33):
        page = damage.archived(furniture.print_story(by_id[number]), STAMP)
        yield whole(f"{WAYBACK}print.html?id={number}", by_id[number], page, "cp1252", ("undeclared",))
    match = furniture.new_story(by_id[45], by_id[45].chapters[0])
    yield whole(f"{WAYBACK}story.html?id=45", by_id[45], damage.archived(match, STAMP), "utf-8")


def texts(works: list[Work]) -> Iterator[Copy]:
    """Yield what is left of pages that went through an extractor and its line filter, and a text saved by hand."""
    by_id = {work.id: work for work in works}
    for number, name in {
        12: "000_41d07c2be9a3f518.txt",
        25: "001_b8835e60d1f24c97.txt",
        29: "002_5ac9e17f3302d86b.txt",
    }.items():
        yield text_copy(by_id[number], name)
    umbrella, lost = damage.extracted(by_id[40], footer=False)
    yield Copy(
        f"{EXTRACTED}003_0f6e2d9947c1ab35.txt", damage.mac_latin2(umbrella).encode(), "whole", "utf-8", 40, (1,), tuple(lost),
        ("windows-1252 read as mac_latin2", "slanting gone"), ("encoding",),
    )  # fmt: skip
    yield Copy(
        "saved-by-hand/Dear Occupant.txt",
        ("\ufeff" + by_hand(by_id[42])).encode("utf-16-le"),
        "whole",
        "utf-16",
        42,
        (1,),
    )


def text_copy(work: Work, name: str) -> Copy:
    text, lost = damage.extracted(work, footer=work.id in {12, 29})
    text = damage.wrong_way_closers(damage.wrong_way_elisions(text))
    how = ["slanting gone", *(["title lost"] if damage.dropped(work.title) else [])]
    findings = [*(["gap"] if lost else []), *(["title"] if damage.dropped(work.title) else [])]
    return Copy(
        EXTRACTED + name, text.encode(), "whole", "utf-8", work.id, (1,), tuple(lost), tuple(how), tuple(findings)
    )


def by_hand(work: Work) -> str:
    """Return a story as a reader might have copied it into an editor."""
    shown = (damage.shown(block) if block.type == "scene_break" else block.source for block in work.chapters[0].blocks)
    text = "\n\n".join([f"{work.title}\nby {' and '.join(work.authors)}", *shown])
    return (text + "\n").replace("\n", "\r\n")


def site(works: list[Work]) -> Iterator[Copy]:
    """Yield the pages that are no stories, and those that are nothing any more."""
    yield other("news.html", furniture.news_page(), "news")
    yield other("choose.html", furniture.policy_page(), "other")
    yield other("list.html?by=title", furniture.listing(works), "listing")
    yield other("search.html", furniture.search_page(), "other")
    yield other("story.html?id=50", furniture.gone_page(), "other")
    for cells, text in stories.entries("authors"):
        yield other(f"author.html?au={cells[0]}", furniture.author_page(cells, text, works), "person")
    for cells, text in stories.entries("reviews"):
        yield other(f"reviews.html?id={cells[0]}", furniture.reviews_page(int(cells[0]), cells[1], text), "reviews")
    yield Copy(
        f"{WWW}story.html?id=48",
        damage.broken(),
        "broken",
        "",
        damage=("nothing can be read",),
        findings=("unreadable",),
    )


def other(name: str, page: str, role: str) -> Copy:
    return Copy(WWW + name, page.encode(), role, "utf-8")


def whole(  # noqa: PLR0913 the truth about a page has that many parts
    file: str, work: Work, page: str, encoding: str, how: tuple[str, ...] = (), findings: tuple[str, ...] = ()
) -> Copy:
    everything = tuple(range(1, len(work.chapters) + 1))
    return Copy(file, page.encode(encoding), "whole", named(encoding), work.id, everything, (), how, findings)


def named(encoding: str) -> str:
    return {"cp1252": "windows-1252"}.get(encoding, encoding)


if __name__ == "__main__":
    sys.exit(main())

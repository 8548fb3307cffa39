"""The report as one page of HTML: no script, nothing from elsewhere, light and dark, readable on paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TextIO

from storykeep.rescue.meanings import meaning
from storykeep.rescue.report import Count, Report, findings, report_of, works
from storykeep.rescue.workplace import Workplace

SHOWN = 200
"""Findings of one kind on the page. The CSV and the JSON have them all."""
WORKS = 2000
_STYLE = Path(__file__).with_name("report.css")
_SEVERITIES = {
    "danger": ("Refused", "made to do harm, and kept out"),
    "loss": ("Lost", "words that did not survive, or could not be read"),
    "doubt": ("Doubtful", "worth a look"),
    "info": ("Done", "nobody needs to do anything"),
}


def write_html(place: Workplace, out: TextIO) -> None:
    """Write the report of a rescue as a page. Findings are read from the journal while it is written."""
    report = report_of(place)
    out.write(_head(report))
    out.write(_figures(report))
    out.write(_contents(report))
    for severity, (title, told) in _SEVERITIES.items():
        counts = [count for count in report.findings if count.severity == severity]
        if counts:
            out.write(f'<section><h2 id="{severity}">{title} <small>{told}</small></h2>')
            for count in counts:
                out.writelines(_table(place, count))
            out.write("</section>")
    out.writelines(_works(place, report))
    out.write("</main></body></html>\n")


def _head(report: Report) -> str:
    name = escape(report.name)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="color-scheme" content="light dark">'
        f"<title>Rescue report: {name}</title><style>{_STYLE.read_text('utf-8')}</style></head><body>"
        f'<header><p class="kind">Rescue report</p><h1>{name}</h1><p class="told">{_told(report)}</p></header><main>'
    )


def _told(report: Report) -> str:
    """Return the rescue in two sentences."""
    if not report.stories:
        return f"{report.files:,} files came in. No story was found in them; below is why."
    lost = report.losses + report.gaps
    return (
        f"{_many(report.stories, 'work')} by {_many(report.authors, 'author')} came back, {report.words:,} words. "
        + (f"{_many(lost, 'thing')} could not be saved." if lost else "Nothing is known to be lost.")
    )


def _figures(report: Report) -> str:
    cells = (
        ("files came in", report.files, f"{report.bytes / 1e6:,.1f} MB, {report.pages:,} pages"),
        ("works", report.stories, f"{_many(report.chapters, 'chapter')}, {report.words:,} words"),
        ("authors", report.authors, f"{_many(report.other_pages, 'other page')}"),
        ("repairs", report.repairs, f"in {_many(report.repaired, 'work')}, each can be taken back"),
        ("gaps", report.gaps, f"in {_many(report.gapped, 'work')}, shown to readers"),
        ("doubts", report.doubts, "for an archivist to look at"),
        ("losses", report.losses, "nothing was made up for them"),
        ("unread", report.unread + report.unreadable, "kept byte by byte"),
    )
    inside = "".join(
        f"<div><dt>{name}</dt><dd><b>{value:,}</b><span>{escape(more)}</span></dd></div>" for name, value, more in cells
    )
    return f'<dl class="figures">{inside}</dl>'


def _contents(report: Report) -> str:
    if not report.findings:
        return "<p>There is nothing to report: everything was read, and nothing is missing or doubtful.</p>"
    links = "".join(
        f'<li class="{count.severity}"><a href="#{_anchor(count)}">{escape(meaning(count.code))}</a>'
        f" <span>{count.count:,}</span></li>"
        for count in report.findings
    )
    return f'<nav aria-label="Findings"><h2>Findings</h2><ul>{links}<li><a href="#works">All works</a></li></ul></nav>'


def _anchor(count: Count) -> str:
    return f"{count.severity}-{count.code.replace('.', '-')}"


def _table(place: Workplace, count: Count) -> Iterator[str]:
    """Yield the findings of one kind; the advice that all share stands above them, once."""
    rows = [row for row in findings(place.journal, count.code, SHOWN * 4) if row["severity"] == count.severity][:SHOWN]
    advice = {row["suggestion"] for row in rows}
    yield f'<article class="{count.severity}"><h3 id="{_anchor(count)}">'
    yield f"{escape(meaning(count.code))} <code>{escape(count.code)}</code> <span>{count.count:,}</span></h3>"
    if len(advice) == 1:
        yield f"<p>{escape(advice.pop())}</p>"
    shared = not advice
    yield '<div class="wide" role="region" tabindex="0" aria-labelledby="' + _anchor(count) + '"><table><thead><tr>'
    yield '<th scope="col">Work or file</th><th scope="col">Where</th><th scope="col">What was seen</th>'
    yield ("" if shared else '<th scope="col">What to do</th>') + "</tr></thead><tbody>"
    for (title, work, file), inside in groupby(rows, lambda row: (row["title"], row["work"], row["file"])):
        for number, row in enumerate(inside):
            yield f'<tr><th scope="row">{_subject(title, work, file or row["where"]) if not number else _again()}</th>'
            where = row["where"] if row["where"] != (file or row["where"] * (not work)) else ""
            yield f"<td>{_short(where, 120)}</td><td><bdi>{_short(row['evidence'], 300)}</bdi></td>"
            yield ("" if shared else f"<td>{escape(row['suggestion'])}</td>") + "</tr>"
    yield "</tbody></table></div>"
    if count.count > len(rows):
        yield f"<p>{count.count - len(rows):,} more are in the CSV and JSON reports.</p>"
    yield "</article>"


def _subject(title: str, work: str, file: str) -> str:
    """Return what a finding is about: the work if there is one, and the file."""
    named = f"<bdi>{escape(title)}</bdi>" if title else ("<i>untitled</i>" if work else "")
    return named + (f"<small><bdi>{_short(file, 160)}</bdi></small>" if file else "")


def _again() -> str:
    return '<span class="again">the same</span>'


def _works(place: Workplace, report: Report) -> Iterator[str]:
    if not report.stories:
        return
    yield '<section><h2 id="works">Works <small>'
    yield f"{report.stories:,} in all</small></h2>"
    yield '<div class="wide" role="region" tabindex="0" aria-labelledby="works"><table><thead><tr>'
    for name, numeric in (("Title", 0), ("By", 0), ("Chapters", 1), ("Words", 1), ("Repairs", 1), ("Gaps", 1)):
        yield f'<th scope="col"{" class=n" if numeric else ""}>{name}</th>'
    yield "</tr></thead><tbody>"
    for number, work in enumerate(works(place.journal)):
        if number == WORKS:
            break
        title = f"<bdi>{escape(work['title'])}</bdi>" if work["title"] else "<i>untitled</i>"
        names = ", ".join(f"<bdi>{escape(name)}</bdi>" for name in work["authors"]) or "<i>unknown</i>"
        yield f'<tr><th scope="row">{title}<small><bdi>{_short(work["path"], 160)}</bdi></small></th><td>{names}</td>'
        yield "".join(f"<td class=n>{work[name]:,}</td>" for name in ("chapters", "words", "steps", "gaps")) + "</tr>"
    yield "</tbody></table></div>"
    if report.stories > WORKS:
        yield f"<p>{report.stories - WORKS:,} more are in the JSON report.</p>"
    yield "</section>"


def _short(text: str, limit: int) -> str:
    """Return text as HTML, cut to ``limit`` characters; line breaks and other controls become spaces."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return escape(plain if len(plain) <= limit else plain[: limit - 1] + "…")


def _many(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"

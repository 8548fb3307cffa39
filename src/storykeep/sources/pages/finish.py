"""A draft becomes a reading: the surest guesses win, words are cleaned and repaired, every field keeps its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from storykeep.model import identity
from storykeep.model.provenance import Evidence, Finding, Gap, GapKind, Severity
from storykeep.model.story import (
    Chapter,
    Contact,
    Credit,
    Image,
    Note,
    NoteKind,
    Relation,
    RelationKind,
    Role,
    SeriesPlace,
    Status,
    Story,
    Tag,
    WorkKind,
)
from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import chapters, dates, heads, inline, names, sorts, tails
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage
from storykeep.sources.pages.reading import PageReading, PageRole
from storykeep.sources.pages.weave import Form, Passage, convention_of, to_html, weave
from storykeep.text import gaps as text_gaps
from storykeep.text import repair as mending
from storykeep.text import sanitise, typography

SURE = 0.35  # a guess below this stays a proposal
_NOTE_KINDS = {
    "notes": NoteKind.BEFORE,
    "disclaimer": NoteKind.DISCLAIMER,
    "dedication": NoteKind.DEDICATION,
    "thanks": NoteKind.THANKS,
    "spoilers": NoteKind.SPOILERS,
    "feedback": NoteKind.FEEDBACK,
    "distribution": NoteKind.DISTRIBUTION,
    "warnings": NoteKind.WARNING,
    "epigraph": NoteKind.EPIGRAPH,
    "after": NoteKind.AFTER,
}
_TAG_KINDS = {
    "fandom": "fandom",
    "category": "category",
    "pairing": "pairing",
    "characters": "character",
    "genre": "genre",
    "warnings": "warning",
    "timeline": "timeline",
    "keywords": "keyword",
    "rating": "rating",
    "challenge": "challenge",
}
_NOTHING = frozenset({"", "none", "n/a", "na", "-", "nope", "no", "nil", "not applicable", "none.", "no warnings", "0"})
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def finish(draft: Draft, page: SavedPage) -> PageReading:
    """Return the reading of a page. Nothing is invented: an unsure title is None, and a finding has proposals."""
    return _Finish(draft, page).reading()


class _Finish:
    """Puts one reading together. Lives only while one page is read."""

    def __init__(self, draft: Draft, page: SavedPage) -> None:
        self.draft = draft
        self.page = page
        self.evidence: list[Evidence] = []
        self.findings: list[Finding] = [*page.findings, *draft.findings]
        self.contacts: list[str] = []
        self._title_found = ""
        self.sample = "\n".join(
            line.text for part in draft.parts for line in part.lines[:60] if not line.text.isascii()
        )[:6000]

    def reading(self) -> PageReading:
        draft = self._with_head() if self.draft.own_head else self.draft
        self.draft = draft
        title, place, planned = self._title()
        credits_ = self._credits()
        story_labels = draft.labels
        draft = self.draft = _apart(draft)
        bodies = [self._chapter(part, number) for number, part in enumerate(draft.parts)]
        work = draft.work or addresses.place(self.page.address).work
        place = draft.place or place or addresses.place(self.page.address).chapter
        story = self._story(title, credits_, story_labels, tuple(bodies), planned)
        story = replace(story, key=self._key(story, work))
        people = tuple(
            Contact(person=credits_[0].name if credits_ else "", email=mail) for mail in dict.fromkeys(self.contacts)
        )
        return PageReading(
            capture=self.page.capture,
            platform=draft.platform,
            role=draft.role,
            story=story,
            work=work,
            place=place,
            person=draft.person,
            chapter_links=draft.links,
            listed=draft.listed,
            contacts=people,
        )

    # --- head and tail inside the text -------------------------------------------------------------------------

    def _with_head(self) -> Draft:
        """Take the labels that the author put above and below the text itself off the first and last part."""
        parts = list(self.draft.parts)
        found: list[Label] = []
        titles: list[Guess] = []
        authors: list[Guess] = []
        for number, part in enumerate(parts):
            look = sorts.look_of(
                part.lines,
                title_tag=" | ".join(
                    [*(guess.value for guess in self.draft.titles[:1]), *([part.title.value] if part.title else [])]
                ),
            )
            head = heads.read(part.lines, look, strict=True)
            tail = tails.read(part.lines[head.start :], look)
            body = part.lines[head.start : head.start + tail.stop]
            if not any(line.kind is Kind.TEXT for line in body):
                head, tail, body = heads.Head(), tails.Tail(len(part.lines)), part.lines
            if number == 0:
                found.extend(head.labels)
                titles.extend(replace(guess, confidence=guess.confidence * 0.85) for guess in head.titles)
                authors.extend(replace(guess, confidence=guess.confidence * 0.85) for guess in head.authors)
            parts[number] = replace(
                part,
                lines=body,
                labels=part.labels if number == 0 else (*part.labels, *head.labels),
                after=(*part.after, *tail.labels),
                title=part.title or _heading_title(head.chapter),
                label=part.label or (head.chapter.label if head.chapter else ""),
                place=part.place or (head.chapter.number if head.chapter else 0),
                ending=tail.ending,
            )
        return replace(
            self.draft,
            parts=tuple(parts),
            labels=(*self.draft.labels, *found),
            titles=(*self.draft.titles, *titles),
            authors=(*self.draft.authors, *authors),
        )

    # --- title and names ---------------------------------------------------------------------------------------

    def _title(self) -> tuple[str | None, int, int]:
        ranked = sorted(self.draft.titles, key=lambda guess: -guess.confidence)
        best = next((guess for guess in ranked if guess.confidence >= SURE and clean_title(guess.value)), None)
        if best is None:
            self._no_title(ranked)
            return None, 0, 0
        cut = chapters.mark(clean_title(self.mended(best.value)))
        self._title_found = cut.title
        self._seen("title", best)
        if best.confidence < 0.5:
            self.findings.append(
                Finding(
                    code="title.guess",
                    where="title",
                    evidence=best.quote,
                    suggestion="Check the title; it was not stated.",
                )
            )
        return cut.title, cut.number, cut.total

    def _no_title(self, ranked: Sequence[Guess]) -> None:
        proposals = list(
            dict.fromkeys(clean_title(self.mended(guess.value)) for guess in ranked if clean_title(guess.value))
        )[:3]
        told = "; perhaps " + ", ".join(f"“{proposal}”" for proposal in proposals) if proposals else ""
        if self.draft.role in (PageRole.WHOLE, PageRole.CHAPTER):
            self.findings.append(
                Finding(
                    code="title.missing",
                    where="title",
                    evidence="; ".join(proposals),
                    suggestion=f"Look for the title on another page of the archive{told}.",
                )
            )

    def _credits(self) -> tuple[Credit, ...]:
        ranked = sorted(self.draft.authors, key=lambda guess: -guess.confidence)
        title = sorts.key(self._title_found)
        sure = [
            guess
            for guess in ranked
            if guess.confidence >= SURE
            and names.tidy(guess.value)
            and (sorts.key(guess.value) != title or guess.confidence > 0.8)
        ]
        if not sure:
            if self.draft.role in (PageRole.WHOLE, PageRole.CHAPTER):
                self.findings.append(
                    Finding(
                        code="author.missing",
                        where="authors",
                        suggestion="Look for the author on the archive's own lists.",
                    )
                )
            return ()
        best = sure[0]
        same = [guess for guess in sure if guess.rule == best.rule and guess.confidence == best.confidence]
        with_ = [guess for guess in sure if guess.rule == "label.coauthor"]
        found: dict[str, Guess] = {}
        for guess in [*same[:6], *with_] if best.rule != "head.byline" else [best, *with_]:
            for name in self._names_of(guess):
                found.setdefault(name, guess)
        for number, guess in enumerate(found.values()):
            self._seen(f"authors.{number}", guess)
        if best.confidence < 0.5:
            self.findings.append(
                Finding(
                    code="author.guess",
                    where="authors",
                    evidence=best.quote,
                    suggestion="Check the author; the name was not marked as one.",
                )
            )
        person = self.draft.person_key
        return tuple(Credit(name=name, person=person if len(found) == 1 else "") for name in found)

    def _names_of(self, guess: Guess) -> tuple[str, ...]:
        """Return the names in a guess, one each; what one link to a person says as a whole is one name."""
        whole = names.tidy(self.mended(guess.value))
        linked = any(
            sorts.key(label) == sorts.key(whole) and sorts.PERSON_LINK.search(href)
            for line in self.page.lines[:80]
            for href, label in line.links
        )
        return (whole,) if whole and linked else names.authors(whole)

    def _seen(self, field: str, guess: Guess) -> None:
        self.evidence.append(
            Evidence(
                field=field,
                rule=guess.rule,
                confidence=round(guess.confidence, 2),
                capture=self.page.capture.sha256,
                quote=_EMAIL.sub("[address kept private]", guess.quote)[:200],
            )
        )

    # --- words -------------------------------------------------------------------------------------------------

    def mended(self, text: str) -> str:
        """Return plain words repaired; the steps are kept for bodies only.

        A few words alone seldom prove how they were damaged, so the page's own words stand beside them.
        """
        if text.isascii():
            return mending.repair(text).text.strip()
        beside = f"{text}\n\n{self.sample}" if self.sample else text
        return mending.repair(beside).text.split("\n\n", 1)[0].replace("\u00a0", " ").strip()

    def _html(self, html: str) -> str:
        """Return inline HTML as clean, repaired paragraphs."""
        if not html.strip():
            return ""
        pieces = [piece for piece in re.split(r"(?:<br>\s*)+", html) if piece.strip()]
        return mending.repair(sanitise.clean("".join(f"<p>{piece}</p>" for piece in pieces))).text

    def _private(self, html: str) -> str:
        """Return HTML without e-mail addresses; they go to the claim store."""
        for mail in _EMAIL.findall(inline.plain(html)):
            self.contacts.append(mail)
        return _EMAIL.sub("[address kept private]", html)

    def _chapter(self, part: Part, number: int) -> Chapter:
        body, gaps_, images = self._body(part)
        repaired = mending.repair(body)
        self._told(repaired.findings, number)
        truncated = any(gap.kind is GapKind.TAIL and gap.confidence >= SURE for gap in gaps_)
        title = clean_title(self.mended(part.title.value)) if part.title else ""
        if part.title and title:
            self._seen(f"chapters.{number}.title", part.title)
        if part.ending:
            self._seen(f"chapters.{number}.ending", Guess(part.ending, "tail.end-mark", 0.9, part.ending))
        if self.draft.platform == "heuristic" and not body.strip():
            self.findings.append(
                Finding(
                    code="body.missing", where=f"chapter {number + 1}", suggestion="No story was found on this page."
                )
            )
        return Chapter(
            key=str(part.place or number + 1),
            title=title,
            label=part.label,
            body=repaired.text,
            summary=self._html(part.summary),
            notes=(*self._notes(part.labels, NoteKind.BEFORE), *self._notes(part.after, NoteKind.AFTER)),
            credits=tuple(Credit(name=name) for name in part.authors),
            truncated=truncated,
            steps=repaired.steps,
            gaps=gaps_,
            images=images,
            captures=(self.page.capture.sha256,),
            addresses=tuple(filter(None, (part.address or (self.page.address if number == 0 else ""),))),
        )

    def _told(self, findings: Iterable[Finding], number: int) -> None:
        for finding in findings:
            where = f"chapter {number + 1}" + (f", {finding.where}" if finding.where else "")
            self.findings.append(replace(finding, where=where, capture=self.page.capture.sha256))

    def _body(self, part: Part) -> tuple[str, tuple[Gap, ...], tuple[Image, ...]]:
        way = convention_of(part.lines)
        passages = list(weave(part.lines, convention=way))
        if self.page.tree is None:
            passages, gaps_ = self._with_gaps(passages, part)
        else:
            gaps_ = ()
        if self._typed_emphasis(part, passages):
            passages = [replace(passage, html=typography.emphasise(passage.html)) for passage in passages]
        proposed = sum(passage.proposed for passage in passages)
        if proposed:
            self.findings.append(
                Finding(
                    code="scene-break.proposed",
                    where="body",
                    evidence=f"{proposed} places with more space than usual",
                    suggestion="Check that a scene ends there.",
                    severity=Severity.INFO,
                )
            )
        body = sanitise.clean(_with_marks(passages))
        if part is self.draft.parts[-1] and self._cut_off(passages, part):
            count = sum(passage.form not in (Form.IMAGE, Form.GAP) for passage in passages)
            gaps_ = (
                *gaps_,
                Gap(kind=GapKind.TAIL, after=count, confidence=0.8, reason="the file ends in the middle of a sentence"),
            )
            body += '\n<hr class="gap gap-tail">'
            self.findings.append(
                Finding(
                    code="text.truncated",
                    where="end",
                    evidence=passages[-1].text[-60:],
                    suggestion="The copy breaks off here. Look for another copy of this page.",
                    severity=Severity.LOSS,
                )
            )
        images = tuple(
            Image(address=self.page.absolute(passage.source), alt=passage.text)
            for passage in passages
            if passage.form is Form.IMAGE
        )
        return body, gaps_, images

    def _typed_emphasis(self, part: Part, passages: Sequence[Passage]) -> bool:
        """Typed marks (*so*, _so_) are emphasis in plain text, and in HTML whose author never used italics."""
        if self.page.tree is None or any(line.pre for line in part.lines if line.kind is Kind.TEXT):
            return True
        return not any("<em>" in passage.html for passage in passages)

    def _with_gaps(self, passages: list[Passage], part: Part) -> tuple[list[Passage], tuple[Gap, ...]]:
        """Show the gaps of a plain text where its own spacing tells of missing lines; propose no scene breaks."""
        text = "\n".join(line.text for line in part.lines)
        if part is self.draft.parts[-1] and not part.ending and not part.after:
            text += self.page.source[len(self.page.source.rstrip()) :]  # blank lines at the end may tell of a lost tail
        found = text_gaps.find(text)
        if not found:
            return passages, ()
        kept = [passage for passage in passages if not passage.proposed]
        out: list[Passage] = []
        placed: list[Gap] = []
        waiting = list(found)
        first_line = part.first_line
        for passage in kept:
            while waiting and waiting[0].line <= passage.first:
                gap = waiting.pop(0)
                placed.append(replace(gap, after=sum(p.form is not Form.GAP for p in out), line=gap.line + first_line))
                out.append(Passage(Form.GAP, source=gap.kind.value))
            out.append(passage)
        for gap in waiting:
            placed.append(replace(gap, after=sum(p.form is not Form.GAP for p in out), line=gap.line + first_line))
            out.append(Passage(Form.GAP, source=gap.kind.value))
        for gap in placed:
            self.findings.append(
                Finding(
                    code=f"gap.{gap.kind.value}",
                    where=f"line {gap.line}",
                    evidence=gap.reason,
                    suggestion="A line may be missing here. Another copy of the text can show what it was.",
                )
            )
        return out, tuple(placed)

    def _cut_off(self, passages: Sequence[Passage], part: Part) -> bool:
        """Say whether the copy breaks off: it ends in mid-sentence, where the file itself ends."""
        if not passages or passages[-1].form not in (Form.P, Form.LINES) or part.ending or part.after:
            return False
        last = passages[-1].text.rstrip()
        if len(last.split()) < 4 and not re.match(r"[a-zâÃ]", last):  # a signature
            return False
        if re.search(r"[.!?…:\"”’')\]*~—–-]$", last) or passages[-1].form is Form.LINES:
            return False
        source = self.page.source.rstrip()
        tail = re.sub(r"\W", "", last)[-18:]
        end = re.sub(r"\W", "", source[-160:])
        closed = re.search(r"</(?:html|body)\s*>", source[-400:], re.IGNORECASE)
        return not closed and end.endswith(tail)

    # --- the facts ---------------------------------------------------------------------------------------------

    def _story(
        self,
        title: str | None,
        credits_: tuple[Credit, ...],
        facts: Sequence[Label],
        bodies: tuple[Chapter, ...],
        planned: int,
    ) -> Story:
        draft = self.draft
        by_field: dict[str, list[Label]] = {}
        for label in facts:
            if label.text.strip():
                by_field.setdefault(label.field, []).append(label)
        for field, found in by_field.items():
            if field not in ("title", "author"):
                self._seen(
                    field,
                    Guess(
                        found[0].text,
                        f"label.{field}" if found[0].label else f"head.{field}",
                        0.95 if found[0].label else 0.6,
                        f"{found[0].label}: {found[0].text}".lstrip(": "),
                    ),
                )
        summary = (by_field.get("summary") or by_field.get("teaser") or [Label("", "", "", "")])[0]
        if draft.archive:
            self._seen("archive", draft.archive)
        self.contacts.extend(
            mail
            for label in (*by_field.get("email", []), *by_field.get("author", []))
            for mail in _EMAIL.findall(label.text)
        )
        tags = tuple(self._tags(by_field))
        return Story(
            key="",
            title=title,
            kind=_work_kind(tags),
            archive=self.mended(draft.archive.value) if draft.archive else "",
            credits=(*credits_, *self._betas(by_field)),
            summary=self._html(self._private(summary.html)),
            notes=self._notes(facts, NoteKind.BEFORE),
            tags=tags,
            language=_language(by_field),
            status=_status(by_field, draft),
            written=_date(by_field, "written"),
            published=_date(by_field, "published"),
            updated=_date(by_field, "updated"),
            stated_words=_figure(by_field, "words"),
            reads=_figure(by_field, "reads"),
            chapters_planned=_planned(by_field) or draft.planned or planned,
            series=tuple(self._series(by_field)),
            relations=tuple(self._relations(by_field)),
            chapters=bodies,
            reviews=draft.reviews,
            addresses=(self.page.address,) if self.page.address else (),
            captures=(self.page.capture,),
            evidence=tuple(self.evidence),
            findings=tuple(
                replace(finding, capture=finding.capture or self.page.capture.sha256) for finding in self.findings
            ),
        )

    def _key(self, story: Story, work: str) -> str:
        archive = story.archive or addresses.host(self.page.address)
        if work:
            return "/".join(filter(None, (identity.slug(archive) if archive else "", work)))
        return identity.key(archive, story.title or "", *story.authors[:1]) or identity.key(
            self.page.capture.sha256[:16]
        )

    def _notes(self, facts: Sequence[Label], place: NoteKind) -> tuple[Note, ...]:
        found: list[Note] = []
        for label in facts:
            kind = _NOTE_KINDS.get(label.field)
            if (
                kind is None
                or label.text.strip().lower() in _NOTHING
                or (label.field in ("warnings", "spoilers") and not _is_prose(label.text))
            ):
                continue
            kind = place if kind is NoteKind.BEFORE else kind
            body = self._html(self._private(label.html))
            if body:
                found.append(Note(kind=kind, label=self.mended(label.label), body=body))
        return tuple(dict.fromkeys(found))

    def _betas(self, facts: dict[str, list[Label]]) -> Iterator[Credit]:
        for label in facts.get("thanks", []):
            if label.label.lower().startswith(("beta", "edited")) and not _is_prose(label.text):
                for name in names.authors(names.tidy(self.mended(label.text))):
                    yield Credit(name=name, role=Role.BETA)

    def _tags(self, facts: dict[str, list[Label]]) -> Iterator[Tag]:
        seen = set()
        for field, kind in _TAG_KINDS.items():
            for label in facts.get(field, []):
                for name in names_in(self.mended(label.text), field):
                    tag = Tag(kind="pairing" if kind == "character" and _PAIR.match(name) else kind, name=name)
                    if tag not in seen:
                        seen.add(tag)
                        yield tag

    def _series(self, facts: dict[str, list[Label]]) -> Iterator[SeriesPlace]:
        for title, position in self.draft.series:
            yield SeriesPlace(title=self.mended(title), position=position)
        for label in facts.get("series", []):
            text = self.mended(label.text)
            if text.lower() in _NOTHING or _is_prose(text):
                continue
            if said := re.match(
                r"(?:part|#|no\.?|book)\s*(\d+)\s*(?:of|in|,)\s*(?-i:the\s+)?(.+)", text, re.IGNORECASE
            ):
                yield SeriesPlace(title=said[2].strip(' ."“”'), position=int(said[1]))
            else:
                cut = chapters.mark(text)
                yield SeriesPlace(title=cut.title.strip(' "“”'), position=cut.number)

    def _relations(self, facts: dict[str, list[Label]]) -> Iterator[Relation]:
        for label in facts.get("sequel", []):
            text = re.sub(
                r"^(?:this is )?(?:a )?(?:sequel|follow-?up) (?:to|of)\s+",
                "",
                self.mended(label.text),
                flags=re.IGNORECASE,
            )
            if (
                text.lower().strip(" .") in _NOTHING
                or len(text) > 120
                or re.match(r"(?:yes|maybe|coming|possibly|probably)\b", text, re.IGNORECASE)
            ):
                continue
            if label.label.lower() == "sequel" and re.match(r"(?:yes|no|none|maybe)\b", text, re.IGNORECASE):
                continue
            yield Relation(
                kind=RelationKind.PREQUEL_OF if "prequel" in label.label.lower() else RelationKind.SEQUEL_OF,
                target=text.strip(' ."“”'),
            )


def _apart(draft: Draft) -> Draft:
    """Return a draft whose one part is cut at the chapter headings inside it, when there are such."""
    if len(draft.parts) != 1 or draft.role not in (PageRole.WHOLE, PageRole.CHAPTER):
        return draft
    part = draft.parts[0]
    cuts = [n for n, line in enumerate(part.lines) if n and _cuts(part.lines, n) and line.kind is Kind.TEXT]
    if not cuts or (len(cuts) == 1 and not part.label):
        return draft
    pieces = [replace(part, lines=part.lines[: cuts[0]], after=(), ending="")]
    for cut, stop in zip(cuts, [*cuts[1:], len(part.lines)], strict=True):
        heading = chapters.heading(part.lines[cut].text)
        if heading is not None:
            pieces.append(
                Part(
                    lines=part.lines[cut + 1 : stop],
                    title=_heading_title(heading),
                    label=heading.label,
                    place=heading.number,
                    first_line=part.first_line + cut + 1,
                )
            )
    pieces[-1] = replace(pieces[-1], after=part.after, ending=part.ending)
    full = [piece for piece in pieces if any(line.kind is Kind.TEXT for line in piece.lines)]
    return replace(draft, parts=tuple(full), role=PageRole.WHOLE, place=0)


def _cuts(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line is a chapter's heading in the middle of a text: it reads like one and stands out."""
    line = lines[number]
    if line.kind is not Kind.TEXT or len(line.text) > 90 or chapters.heading(line.text) is None:
        return False
    shown = bool(line.level) or line.bold > 0.8 or line.align == "center" or line.size > 3.5
    alone = (
        (line.pre or bool(line.breaks))
        and lines[number - 1].kind is not Kind.TEXT
        and (number + 1 == len(lines) or lines[number + 1].kind is not Kind.TEXT)
    )
    return shown or (
        alone
        and bool(re.match(r"^[\W_]*(?:chapter|part|prologue|epilogue)\b", line.text, re.IGNORECASE))
        and line.text.rstrip()[-1:] not in ".,!?"
    )


def _heading_title(heading: chapters.Heading | None) -> Guess | None:
    return (
        Guess(heading.title, "head.chapter", 0.9, f"{heading.label} {heading.title}")
        if heading and heading.title
        else None
    )


def clean_title(title: str) -> str:
    """Return a title without quotes around it, decoration, or a list's and a mailer's marks before it.

    >>> clean_title("“Salt and Signal”"), clean_title("~*~ Still Point ~*~"), clean_title("[harbor] FIC: Salt (PG-13)")
    ('Salt and Signal', 'Still Point', 'Salt')
    """
    bare = re.sub(r"[\s\u00a0]+", " ", title).strip()
    bare = bare.strip("~*=+|•·°«»<>_^ ").strip()
    bare = re.sub(r"^(?:\[[\w .'-]+\]\s*)+(?=\S)", "", bare) if not re.fullmatch(r"\[[^\]]*\]", bare) else bare
    bare = _PREFIX.sub("", bare)
    bare = re.sub(r"(?<=\w)(\s*[\[(]\d+\s*/\s*[\d?]+[\])])\s*[,;].*$", r"\1", bare)  # "Salt [1/2], Dana/Teo, PG"
    if said := re.match(
        r"^.{0,40}\b(?:fic|story|ficlet|fanfic)\b\W+[\"“](?P<title>[^\"”]+)[\"”]$", bare, re.IGNORECASE
    ):
        bare = said["title"]
    bare = _without_asides(bare).strip()
    for opener, closer in (("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"), ("„", "“")):
        if bare.startswith(opener) and bare.endswith(closer) and bare[1:-1].count(closer) == 0 and len(bare) > 2:
            bare = bare[1:-1].strip()
    return bare.strip("~*=|•· ").strip() if any(sign.isalnum() for sign in bare) else ""


_PREFIX = re.compile(
    (
        r"^(?:(?:re|fwd?|fw)\s*:\s*|(?:new|repost|rev(?:ised)?|update|fan ?fic(?:tion)?|"
        r"fic|story|drabble|wip|title|post)\s*(?::|-\s|–)\s*)+"
    ),
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*$")
_ASIDE_WORD = re.compile(
    r"(?:N?C-?17|PG(?:-?1[35])?|FR\w{1,4}|NR|MA|G|R|M|T|K\+?|E|rated|rating|slash|fem-?slash|gen|het|yaoi|yuri|smut|"
    r"fluff|angst|complete|wip|unfinished|adult|teen|mature|explicit|part|pt|chapter|\d+|\?|of|one-?shot|drabble|"
    r"[\w.' -]*\w/\w[\w.' /-]*)",
    re.IGNORECASE,
)


_RATED = re.compile(r"N?C-?17|PG(?:-?1[35])?|FR\w{1,4}|G|R", re.IGNORECASE)


def _without_asides(title: str) -> str:
    """Return a title without what lists and journals put in brackets after it: ratings, pairings, parts.

    "(A Love Story)" is part of a title, "(Dana/Teo, PG-13)" is not.
    """
    while found := _BRACKET.search(title):
        said = [word for word in re.split(r"[,;:\s]+|(?<=\d)/(?=[\d?])", found[1]) if word]
        alone = len(said) == 1 and re.fullmatch(r"\d+", said[0])
        listed = len(said) > 1 and "," in found[1] and bool(_RATED.fullmatch(said[-1]))  # "(Henrietta, PG)"
        rated = said and (listed or all(_ASIDE_WORD.fullmatch(word) for word in said)) and not alone
        if not rated or _is_part(found[1]) or not title[: found.start()].strip():
            return title
        title = title[: found.start()]
    return title


def _is_part(words: str) -> bool:
    """Say whether the words in brackets are a part mark, which says which chapter this is."""
    return bool(
        re.fullmatch(r"\s*(?:part|pt\.?|chapter|ch\.?)?\s*\d+\s*(?:(?:/|of)\s*[\d?]+)?\s*", words, re.IGNORECASE)
    )


def _with_marks(passages: Sequence[Passage]) -> str:
    return to_html(passages)


def _is_prose(text: str) -> bool:
    return len(text.split()) > 8 or bool(re.search(r"[a-z][.!?]\s+[A-Z]", text))


def names_in(text: str, field: str) -> list[str]:
    """Return the tags in a labelled value; a sentence is no list of tags."""
    if text.lower().strip(" .") in _NOTHING:
        return []
    if (
        field in ("timeline", "challenge", "warnings", "keywords", "category", "characters", "pairing")
        and len(text.split()) > 40
    ):
        return []
    if field in ("warnings", "timeline", "challenge") and _is_prose(text):
        return []
    if re.search(r"\s;(?:\s|$)", text):  # each tag was a link of its own, so that commas may occur inside them
        return [
            part
            for one in re.split(r"\s;(?:\s|$)", text)
            if (part := one.strip(" \u00a0")) and part.lower() not in _NOTHING
        ]
    if field == "rating":
        return (
            [re.split(r"\s*[;,(]|\s+(?:for|because|due)\b|\s+-\s+", text)[0].strip(" .") or text]
            if len(text) < 60
            else [text.split(maxsplit=1)[0].strip(",.;:")]
        )
    parts = re.split(r"[,;|\n](?![^(]*\))|\s+•\s+", text) if field != "genre" else re.split(r"[,;/|\n]", text)
    found = [part.strip(" .\u00a0") for part in parts]
    return [part for part in found if part.lower() not in _NOTHING and len(part) <= 80]


def _first(facts: dict[str, list[Label]], field: str) -> str:
    return facts[field][0].text if field in facts else ""


def _date(facts: dict[str, list[Label]], field: str) -> str:
    if field == "written":
        return next(
            (
                dates.iso(label.text)
                for label in facts.get("published", [])
                if re.search(r"writ|complet|finish|creat|start", label.label, re.IGNORECASE)
            ),
            "",
        )
    for label in facts.get(field, []):
        if field == "published" and re.search(r"writ|complet|finish|creat|start", label.label, re.IGNORECASE):
            continue
        if date := dates.iso(label.text):
            return date
    return ""


def _figure(facts: dict[str, list[Label]], field: str) -> int:
    found = re.search(r"\d[\d,. ]*", _first(facts, field))
    digits = re.sub(r"\D", "", found.group()) if found else ""
    return int(digits) if digits and len(digits) < 9 else 0


def _planned(facts: dict[str, list[Label]]) -> int:
    found = re.search(r"(\d+)\s*/\s*(\d+|\?)|(\d+)", _first(facts, "chapters"))
    if found is None:
        return 0
    said = found[2] if found[1] else found[3]
    return int(said) if said and said.isdigit() else 0


_LANGUAGES = {
    "english": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "spanish": "es",
    "español": "es",
    "italian": "it",
    "italiano": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "nederlands": "nl",
    "russian": "ru",
    "русский": "ru",
    "polish": "pl",
    "polski": "pl",
    "swedish": "sv",
    "finnish": "fi",
    "danish": "da",
    "norwegian": "no",
    "czech": "cs",
    "hungarian": "hu",
    "japanese": "ja",
    "日本語": "ja",
    "chinese": "zh",
    "中文": "zh",
    "korean": "ko",
    "hebrew": "he",
    "arabic": "ar",
    "turkish": "tr",
    "greek": "el",
    "latin": "la",
}


def _language(facts: dict[str, list[Label]]) -> str:
    return _LANGUAGES.get(_first(facts, "language").strip().lower(), "")


def _status(facts: dict[str, list[Label]], draft: Draft) -> Status:
    said = (draft.status or _first(facts, "completed")).lower()
    if re.search(r"\b(?:yes|complete[d]?|finished|done)\b", said) and not re.search(r"\b(?:not|in)\b|incomplete", said):
        return Status.COMPLETE
    if re.search(r"\bno\b|progress|wip|incomplete|unfinished|ongoing", said):
        return Status.IN_PROGRESS
    if re.search(r"abandon", said):
        return Status.ABANDONED
    endings = [part.ending for part in draft.parts if part.ending]
    if (
        endings
        and re.search(r"^[\W_]*(?:the\s+end|fin|finis|ende)\b", endings[-1], re.IGNORECASE)
        and draft.role is PageRole.WHOLE
    ):
        return Status.COMPLETE
    return Status.UNKNOWN


_PAIR = re.compile(r"^[^/&]{1,60}(?:/| & )[^/&]{1,60}$")  # "People: Ilse/Marrow" names two who belong together
_WORK_KINDS = {"essay": WorkKind.ESSAY, "poem": WorkKind.POEM, "poetry": WorkKind.POEM, "script": WorkKind.SCRIPT}


def _work_kind(tags: Sequence[Tag]) -> WorkKind:
    """Return what kind of work its genres say it is; a story, when they don't."""
    genres = (tag.name.casefold() for tag in tags if tag.kind == "genre")
    return next((_WORK_KINDS[genre] for genre in genres if genre in _WORK_KINDS), WorkKind.STORY)

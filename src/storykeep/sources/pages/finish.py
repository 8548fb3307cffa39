"""A draft becomes a reading: the surest guesses win, words are cleaned and repaired, every field keeps its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
    Story,
)
from storykeep.sources import privacy
from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import chapters, cutting, heads, inline, letterboxes, names, sorts, tails, telling
from storykeep.sources.pages import facts as facts_of
from storykeep.sources.pages.cleaning import clean_title
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage
from storykeep.sources.pages.reading import PageReading, PageRole
from storykeep.sources.pages.weave import Form, Passage, convention_of, to_html, weave
from storykeep.sources.privacy import masked
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
        draft = self.draft = cutting.apart(draft)
        bodies = [self._chapter(part, number) for number, part in enumerate(draft.parts)]
        work = draft.work or addresses.place(self.page.address).work
        place = draft.place or place or addresses.place(self.page.address).chapter
        story = self._story(title, credits_, story_labels, tuple(bodies), planned)
        story = replace(story, key=self._key(story, work))
        people = self._contacts(credits_)
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
                title=part.title or cutting.heading_title(head.chapter),
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
                quote=masked(guess.quote)[:200],
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

    def _contacts(self, credits_: Sequence[Credit]) -> tuple[Contact, ...]:
        """Return the addresses that the page prints, for its first author, and those behind its authors' names."""
        first = credits_[0].name if credits_ else ""
        printed = [(first, mail) for mail in self.contacts]
        tree = self.page.tree
        hidden = letterboxes.behind(self.page.body, [each.name for each in credits_]) if tree is not None else ()
        return tuple(Contact(person=name, email=mail) for name, mail in dict.fromkeys([*printed, *hidden]))

    def _private(self, html: str) -> str:
        """Return HTML without e-mail addresses; they go to the claim store."""
        self.contacts.extend(privacy.addresses(inline.plain(html)))
        return masked(html)

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
        body = sanitise.clean(to_html(passages))
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
            for mail in privacy.addresses(label.text)
        )
        tags = tuple(telling.tags(by_field, self.mended))
        return Story(
            key="",
            title=title,
            kind=facts_of.work_kind(tags),
            archive=self.mended(draft.archive.value) if draft.archive else "",
            credits=(*credits_, *telling.betas(by_field, self.mended)),
            summary=self._html(self._private(summary.html)),
            notes=self._notes(facts, NoteKind.BEFORE),
            tags=tags,
            language=facts_of.language(by_field),
            status=facts_of.status(by_field, draft),
            written=facts_of.day(by_field, "written"),
            published=facts_of.day(by_field, "published"),
            updated=facts_of.day(by_field, "updated"),
            stated_words=facts_of.figure(by_field, "words"),
            reads=facts_of.figure(by_field, "reads"),
            chapters_planned=facts_of.planned(by_field) or draft.planned or planned,
            series=tuple(telling.series(by_field, draft.series, self.mended)),
            relations=tuple(telling.relations(by_field, self.mended)),
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
                or label.text.strip().lower() in facts_of.NOTHING
                or (label.field in ("warnings", "spoilers") and not facts_of.is_prose(label.text))
            ):
                continue
            kind = place if kind is NoteKind.BEFORE else kind
            body = self._html(self._private(label.html))
            if body:
                found.append(Note(kind=kind, label=self.mended(label.label), body=body))
        return tuple(dict.fromkeys(found))

"""An archive that came in twice: two sites with the same stories, damaged differently, and findings to settle."""

from __future__ import annotations

import random

from storykeep.model.provenance import Capture, Finding, Gap, GapKind, Severity, Step, Variant
from storykeep.model.story import Chapter, Credit, Person, Story
from storykeep.site.desk import looking
from storykeep.site.works import bridge
from storykeep.site.works.models import Visibility, Work

WORDS = "lantern harbour quiet keeper ferry salted morning heron window river letter stone shutter oar tide".split()


def build() -> dict[str, Work]:
    """Fill the archive; return its works by a short name."""
    for archive, name in (("Quay", "Zoë Quayle"), ("Mole", "zoe quayle")):
        key = f"{archive.lower()}/people/zoe"
        bridge.keep(Person(key=key, name=name))
    text = lines(1)
    torn = [line for number, line in enumerate(text) if number not in (4, 5, 11)]
    works = {
        "quay": a_story("quay/1", "Low Water", "Zoë Quayle", torn),
        "mole": a_story("mole/1", "Low Water", "zoe quayle", text),
        "gaps": a_story("quay/2", "Neap Tide", "Zoë Quayle", lines(2), mended=True),
        "more": a_story("quay/3", "Slack Tide", "Zoë Quayle", lines(3), mended=True),
    }
    kept = {name: bridge.keep(story, Visibility.MEMBERS) for name, story in works.items()}
    looking.look()
    return kept


def lines(seed: int, count: int = 24) -> list[str]:
    dice = random.Random(seed)
    return [f"<p>{' '.join(dice.choice(WORDS) for _ in range(14)).capitalize()}.</p>" for _ in range(count)]


def a_story(key: str, title: str, name: str, text: list[str], *, mended: bool = False) -> Story:
    archive = key.partition("/")[0].title()
    sha = (key.encode().hex() + "0" * 64)[:64]
    body = "".join(text[:6]) + ('<hr class="gap gap-reply">' if mended else "") + "".join(text[6:])
    first = body[3:].partition(" ")[0]
    chapter = Chapter(
        key="1",
        body=body,
        captures=(sha,),
        steps=(Step(code="repair.elision", at=3, before=first.lower(), after=first),) if mended else (),
        gaps=(Gap(kind=GapKind.REPLY, after=6),) if mended else (),
        apparatus=(
            Variant(code="collate.differs", block=1, witness=sha, base=plain(text[1]), reading="Nobody came that day."),
        )
        if mended
        else (),
    )
    missing = Finding(
        code="gap.reply", where="chapter 1, block 6", suggestion="Look for another copy.", severity=Severity.LOSS
    )
    return Story(
        key=key,
        title=title,
        archive=archive,
        credits=(Credit(name=name, person=f"{archive.lower()}/people/zoe"),),
        captures=(Capture(sha256=sha, path=f"{key}.html", size=12, encoding="utf-8"),),
        chapters=(chapter,),
        findings=(missing,) if mended else (),
    )


def plain(line: str) -> str:
    return line.removeprefix("<p>").removesuffix("</p>")

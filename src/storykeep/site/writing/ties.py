"""Ties of a work to others, and to whom it is given, as they are typed: one a line, a title, an address, or both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from storykeep.model.story import RelationKind, Role
from storykeep.site.works import old_addresses
from storykeep.site.works.models import Credit, Relation, Visibility, Work
from storykeep.site.works.queries import readable_by
from storykeep.site.works.ties import READ
from storykeep.site.writing import giving, leading
from storykeep.site.writing.sheets import Part

TIES = (RelationKind.SEQUEL_OF, RelationKind.INSPIRED_BY, RelationKind.TRANSLATION_OF, RelationKind.GIFT_TO)
HERE = re.compile(r"^/works/([a-z0-9]+)(?:/|$)")
LONGEST, MOST = 500, 100  # letters of a line; lines of one kind
FAR = 500  # works through which a sequel is followed back


def part(kind: RelationKind) -> Part:
    """Return the field of the ties of one kind."""

    def read(sheet) -> str:
        return "\n".join(map(line, sheet.work.relations.filter(kind=kind.value).select_related("to")))

    def put(sheet, value: str) -> None:
        sheet.work.relations.filter(kind=kind.value).delete()
        given = [each[:LONGEST] for each in map(str.strip, value.split("\n")) if each]
        for place, each in enumerate(dict.fromkeys(given[:MOST]), TIES.index(kind) * MOST):
            fields = gift(sheet, each) if kind is RelationKind.GIFT_TO else tied(sheet.user, each)
            Relation.objects.create(work=sheet.work, kind=kind.value, place=place, **fields)
        giving.forget_taken_away(sheet.work)
        leading.bring_in_line(sheet.work)

    return Part(read, put, edits="relations")


def line(row: Relation) -> str:
    address = row.to.get_absolute_url() if row.to else row.address
    return f"{row.target} {address}".strip() if address else row.target


def gift(sheet, typed: str) -> dict[str, object]:
    said, address = parted(typed)
    return {"target": said or address, "address": address, "gift": giving.give(sheet.work, sheet.user, said)}


def tied(user, typed: str) -> dict[str, object]:
    """Return the fields of a tie; a work of this archive is found by its address, an old one, too.

    The title of a work that not everybody may read is not written down: its own page says it to whoever may.
    """
    said, address = parted(typed)
    work = work_at(user, address) if address else None
    if work is None:
        return {"target": said or address, "address": address}
    told = said or (work.title if work.visibility == Visibility.PUBLIC else "") or ""
    return {"target": told, "to": work, "key": work.key}


def parted(typed: str) -> tuple[str, str]:
    """Return the words and the address of a line; only what may be followed is an address.

    >>> parted("The old tale https://old.example/tale")
    ('The old tale', 'https://old.example/tale')
    >>> parted("Either/Or")
    ('Either/Or', '')
    """
    words = typed.split()
    address = words[-1] if is_address(words[-1]) else ""
    return " ".join(words[:-1] if address else words), address


def is_address(word: str) -> bool:
    try:
        parts = urlsplit(word)
        return bool(parts.scheme in {"http", "https"} and parts.hostname) or bool(HERE.match(word))
    except ValueError:
        return False


def work_at(user, address: str) -> Work | None:
    """Return the work of this archive, if ``user`` may see it, to which an address leads."""
    parts = urlsplit(address)
    found = HERE.match(parts.path)
    if found and is_ours(parts.hostname):
        return readable_by(user).filter(ref=found[1]).first()
    old = old_addresses.work_at(address) if parts.hostname else None
    return readable_by(user).filter(pk=old.pk).first() if old else None


def is_ours(host: str | None) -> bool:
    """Say whether a host is this archive's; one at home, without a public address, knows no other."""
    origin = settings.HOUSE.origin
    return host is None or not origin or host == urlsplit(origin).hostname


# ── what can't be
def circles(work: Work) -> list[str]:
    """Return what is wrong with the ties of ``work``, in words: a work does not come before itself."""
    rows = list(work.relations.exclude(to=None).filter(kind__in=[kind.value for kind in TIES]))
    if any(row.to_id == work.pk for row in rows):
        return ["A work can’t be tied to itself."]
    told = [row for row in rows if row.kind == RelationKind.SEQUEL_OF.value and comes_before(work, row.to_id)]
    return [f"“{row.to}” comes after this work already: it can’t come before it, too." for row in told]


def comes_before(work: Work, later: int) -> bool:
    """Say whether ``later`` is a sequel of ``work``, or of a sequel of it, and so on."""
    known = Work.objects.filter(pk__in=visible_beside(work).values("pk"))
    seen: set[int] = set()
    wave = {later}
    while wave and len(seen) < FAR:
        if work.pk in wave:
            return True
        seen |= wave
        wave = set(earlier(wave, known)) - seen
    return False


def earlier(works: Iterable[int], known: QuerySet[Work]) -> QuerySet:
    rows = Relation.objects.filter(kind=RelationKind.SEQUEL_OF.value, work__in=works)
    return rows.filter(work__in=known.values("pk")).exclude(to=None).values_list("to", flat=True)


def visible_beside(work: Work) -> QuerySet[Work]:
    """Return the works that readers see, and those of the authors of ``work``: of others' drafts nothing is told."""
    names = Credit.objects.filter(chapter=None, role=Role.AUTHOR.value)
    accounts = names.filter(work=work).exclude(person__account=None).values("person__account")
    own = Exists(names.filter(work=OuterRef("pk"), person__account__in=accounts))
    return Work.objects.filter(Q(visibility__in=READ) | own)

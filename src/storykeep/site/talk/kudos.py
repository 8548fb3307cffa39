"""Kudos: given once by each person to a work and to each chapter, and taken back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from storykeep.site.talk import counting
from storykeep.site.talk.models import Kudo
from storykeep.site.works.models import Chapter, Work

SECRET_LIVES = 40 * 24 * 3600  # seconds: a month, and some days in which nobody needs it


def give(work: Work, chapter: Chapter | None, request) -> bool:
    """Give kudos; say whether they are new. Pressing twice, even at the same moment, gives them once.

    The number of a work counts people: who likes three of its chapters is one.
    """
    account = request.user if request.user.is_authenticated else None
    me, part = who(request, work), part_of(chapter)
    with transaction.atomic():
        known = parts(work, me)
        if part in known:
            return False
        Kudo.objects.create(work=work, chapter=chapter, part=part, who=me, account=account)
        if not known:
            counting.add_kudos(work, 1)
    return True


def take_back(work: Work, chapter: Chapter | None, request) -> bool:
    """Take one's kudos back; say whether there were any."""
    me, part = who(request, work), part_of(chapter)
    with transaction.atomic():
        known = parts(work, me)
        Kudo.objects.filter(work=work, part=part, who=me).delete()
        if known == {part}:
            counting.add_kudos(work, -1)
    return part in known


def parts(work: Work, me: str) -> set[int]:
    """Return what of ``work`` somebody has given kudos to. Locks the work, so that two presses come one by one."""
    Work.objects.select_for_update().filter(pk=work.pk).first()
    return set(Kudo.objects.filter(work=work, who=me).values_list("part", flat=True))


def part_of(chapter: Chapter | None) -> int:
    return chapter.pk if chapter else 0


def given(work: Work, chapter: Chapter | None, request) -> bool:
    return Kudo.objects.filter(work=work, part=part_of(chapter), who=who(request, work)).exists()


def given_by(account, works: Iterable[int]) -> set[int]:
    """Return those of ``works`` (ids) to which ``account`` gave kudos, for marks in lists. 1 query."""
    if not account.is_authenticated:
        return set()
    return set(Kudo.objects.filter(account=account, work__in=list(works)).values_list("work", flat=True))


def who(request, work: Work) -> str:
    """Return what tells this person from others at this work; of a guest, nothing that leads back to them."""
    if request.user.is_authenticated:
        return f"a{request.user.pk}"
    seen = f"{work.pk} {get_adapter().get_client_ip(request)} {request.headers.get('User-Agent', '')}"
    made = hashlib.blake2b(seen.encode(), key=secret(), digest_size=16).digest()
    return "g" + base64.urlsafe_b64encode(made).decode().rstrip("=")


def secret() -> bytes:
    """Return the secret of this month, the same in all processes. It is forgotten soon after the month."""
    key = f"kudos-{timezone.now():%Y-%m}"
    if not cache.get(key):
        cache.add(key, secrets.token_hex(32), timeout=SECRET_LIVES)
    return bytes.fromhex(cache.get(key))

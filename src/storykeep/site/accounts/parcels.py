"""Everything of mine, when it is too much to wait for: made in the background, kept for three days, then deleted."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from storykeep.site.accounts import belongings, export, mail
from storykeep.site.accounts.models import Parcel, User

AT_ONCE = 16_000_000  # bytes before packing; what is more is made in the background
DAYS = 3
GIVEN_UP = dt.timedelta(minutes=30)  # whoever took it in hand is gone by then


def folder() -> Path:
    """Return where parcels lie, readable by nobody else on this machine."""
    path = settings.HOUSE.data / "parcels"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(parcel: Parcel) -> Path:
    return folder() / f"{parcel.ref}.zip"


def is_large(user: User) -> bool:
    return belongings.weight(user) > AT_ONCE


def ask(user: User) -> Parcel:
    """Have everything of ``user`` packed; asked again while that waits, it is the same parcel."""
    return user.parcels.filter(ready_at=None).first() or Parcel.objects.create(account=user)


def last(user: User) -> Parcel | None:
    """Return the newest parcel, on its way or there."""
    return user.parcels.first()


def ends_at(parcel: Parcel) -> dt.datetime:
    return parcel.ready_at + dt.timedelta(days=DAYS)


def is_there(parcel: Parcel) -> bool:
    return bool(parcel.ready_at) and ends_at(parcel) > timezone.now() and path_of(parcel).exists()


# ── in the background
def pack_due() -> int:
    """Pack what was asked for; return how many. Each is packed once, however many processes are about."""
    free = Q(begun_at=None) | Q(begun_at__lt=timezone.now() - GIVEN_UP)
    waiting = Parcel.objects.filter(free, ready_at=None)
    done = 0
    for parcel in list(waiting.select_related("account").order_by("pk")):
        if waiting.filter(pk=parcel.pk).update(begun_at=timezone.now()):
            pack(parcel)
            done += 1
    return done


def pack(parcel: Parcel) -> None:
    """Write the file, whole or not at all, and tell its owner."""
    with tempfile.NamedTemporaryFile(dir=folder(), prefix=".", suffix=".part", delete=False) as file:
        try:
            export.write(parcel.account, file)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    Path(file.name).replace(path_of(parcel))
    parcel.ready_at, parcel.size = timezone.now(), path_of(parcel).stat().st_size
    if not Parcel.objects.filter(pk=parcel.pk).update(ready_at=parcel.ready_at, size=parcel.size):
        path_of(parcel).unlink(missing_ok=True)  # its owner has left meanwhile
        return
    link = mail.origin() + reverse("account_everything")
    mail.tell(parcel.account, "parcel", "account/email/parcel", {"link": link, "ends": ends_at(parcel)})


def tidy() -> int:
    """Delete parcels that are over, and files that belong to none; return how many parcels."""
    old = Parcel.objects.filter(ready_at__lt=timezone.now() - dt.timedelta(days=DAYS))
    count = old.count()
    old.delete()
    sweep()
    return count


def forget(user: User) -> None:
    for parcel in user.parcels.all():
        path_of(parcel).unlink(missing_ok=True)
    user.parcels.all().delete()


def sweep() -> None:
    """Delete files whose parcel is gone, and those of which nobody went on writing."""
    known = set(Parcel.objects.values_list("ref", flat=True))
    before = (timezone.now() - GIVEN_UP).timestamp()
    for path in folder().iterdir():
        if path.stem not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


mail.offer(mail.Kind(key="parcel", words="The download of everything of mine is ready"))

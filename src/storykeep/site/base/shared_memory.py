"""What all processes remember for a while: Django's cache, kept in the database, as JSON.

django-allauth counts sign-ins here. In the memory of one process each process would count alone, and forget at
every restart.
"""

from __future__ import annotations

import datetime as dt
import json
import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from storykeep.site.base.models import Remembered

SWEEP = 600  # seconds between two looks for what is over


class SharedMemory(BaseCache):
    """A cache in the table of :class:`.models.Remembered`. Values are what JSON can hold."""

    swept = 0.0

    def __init__(self, _location, params):
        super().__init__(params)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version)
        self._sweep()
        try:
            with transaction.atomic():
                Remembered.objects.filter(key=key, until__lte=timezone.now()).delete()
                Remembered.objects.create(key=key, value=json.dumps(value), until=self._until(timeout))
        except IntegrityError:
            return False
        return True

    def get(self, key, default=None, version=None):
        key = self.make_and_validate_key(key, version)
        row = Remembered.objects.filter(_living(), key=key).first()
        return json.loads(row.value) if row else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version)
        values = {"value": json.dumps(value), "until": self._until(timeout)}
        Remembered.objects.update_or_create(key=key, defaults=values)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version)
        return bool(Remembered.objects.filter(_living(), key=key).update(until=self._until(timeout)))

    def delete(self, key, version=None):
        key = self.make_and_validate_key(key, version)
        return bool(Remembered.objects.filter(key=key).delete()[0])

    def clear(self):
        Remembered.objects.all().delete()

    def _until(self, timeout):
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else timezone.now() + dt.timedelta(seconds=seconds)

    def _sweep(self):
        if time.monotonic() - SharedMemory.swept > SWEEP:
            SharedMemory.swept = time.monotonic()
            Remembered.objects.filter(until__lt=timezone.now()).delete()


def _living():
    return Q(until=None) | Q(until__gt=timezone.now())

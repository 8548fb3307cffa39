"""Style sheets and scripts under names that carry their hash, imports between modules rewritten too."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashed names once the files were collected; plain names before, as in tests and while developing."""

    support_js_module_import_aggregation = True
    manifest_strict = False

    def compress_files(self, paths):
        """Leave the database's own pages as they are: few see them, and everybody would wait at the first start."""
        return super().compress_files([path for path in paths if not path.startswith("admin/")])

    def stored_name(self, name):
        return super().stored_name(name) if self.hashed_files else name


def collect() -> bool:
    """Collect all static files into the data folder, unless they are what was collected last. Return whether it did."""
    root = Path(settings.STATIC_ROOT)
    stamp, now = root / "collected", fingerprint()
    if stamp.is_file() and stamp.read_text("utf-8") == now:
        return False
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(now, "utf-8")
    return True


def fingerprint() -> str:
    """Return a hash that changes when any static file does."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            found.update(f"{name} {path.stat().st_mtime_ns} {path.stat().st_size}\n".encode())
    return found.hexdigest()

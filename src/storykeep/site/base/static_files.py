"""Style sheets and scripts under names that carry their hash, imports between modules rewritten too."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashed names once the files were collected; plain names before, as in tests and while developing."""

    support_js_module_import_aggregation = True
    manifest_strict = False

    def stored_name(self, name):
        return super().stored_name(name) if self.hashed_files else name

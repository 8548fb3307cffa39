"""The archive on the web: Django, as a thin shell around the core."""

from __future__ import annotations

import os
from pathlib import Path

from storykeep.model.errors import SettingsError


def setup(data_folder: Path | None = None) -> None:
    """Make Django ready for the archive in ``data_folder`` (default: STORYKEEP_DATA). May be called again.

    Raises SettingsError when this process already works with another data folder.
    """
    if data_folder is not None:
        os.environ["STORYKEEP_DATA"] = str(Path(data_folder).expanduser().absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storykeep.site.settings")
    import django  # noqa: PLC0415 — commands that never touch the site start fast
    from django.conf import settings  # noqa: PLC0415

    django.setup()
    wanted = Path(os.environ.get("STORYKEEP_DATA") or "storykeep-data").expanduser().absolute()
    if data_folder is not None and wanted != settings.HOUSE.data:
        raise SettingsError(f"This process works with {settings.HOUSE.data}; start another one for {wanted}.")


def open_archive(data_folder: Path | None = None) -> None:
    """Make the archive in ``data_folder`` ready to be read and written: settings, and tables of this version."""
    setup(data_folder)
    from django.core.management import call_command  # noqa: PLC0415 — needs the settings

    call_command("migrate", verbosity=0, interactive=False)

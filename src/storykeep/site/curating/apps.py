"""The room in which archivists read what was sent in, and writers see what they say."""

from django.apps import AppConfig


class Curating(AppConfig):
    name = "storykeep.site.curating"
    label = "curating"

    def ready(self):
        from storykeep.site.accounts.belongings import keep  # noqa: PLC0415 — models are ready only now
        from storykeep.site.curating.belongings import BELONGING  # noqa: PLC0415

        keep(BELONGING)

"""The room of readers. It tells the account's pages what it keeps for a member."""

from django.apps import AppConfig


class Reading(AppConfig):
    name = "storykeep.site.reading"
    label = "reading"

    def ready(self):
        from storykeep.site.accounts.belongings import keep  # noqa: PLC0415 — models are ready only now
        from storykeep.site.reading.belongings import BELONGING  # noqa: PLC0415

        keep(BELONGING)

"""The room of interviews. It tells the account's pages what it keeps for a member."""

from django.apps import AppConfig


class Interviews(AppConfig):
    name = "storykeep.site.interviews"
    label = "interviews"

    def ready(self):
        from storykeep.site.accounts.belongings import keep  # noqa: PLC0415 — models are ready only now
        from storykeep.site.claims import consent  # noqa: PLC0415
        from storykeep.site.interviews import answering  # noqa: PLC0415
        from storykeep.site.interviews.belongings import BELONGING  # noqa: PLC0415

        keep(BELONGING)
        consent.parting.append(answering.part)

"""The room of what readers say and keep. It tells the account's pages what it holds for a member."""

from django.apps import AppConfig


class Talk(AppConfig):
    name = "storykeep.site.talk"
    label = "talk"

    def ready(self):
        from storykeep.site.accounts import mail  # noqa: PLC0415 — models are ready only now
        from storykeep.site.accounts.belongings import keep  # noqa: PLC0415
        from storykeep.site.talk.belongings import BELONGING  # noqa: PLC0415
        from storykeep.site.talk.letters import KINDS  # noqa: PLC0415

        keep(BELONGING)
        for kind in KINDS:
            mail.offer(kind)

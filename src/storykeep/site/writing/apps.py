"""The room of writers. It tells the account's pages what it keeps for a member."""

from django.apps import AppConfig


class Writing(AppConfig):
    name = "storykeep.site.writing"
    label = "writing"

    def ready(self):
        from storykeep.site.accounts import mail  # noqa: PLC0415
        from storykeep.site.accounts.belongings import keep  # noqa: PLC0415 — models are ready only now
        from storykeep.site.submissions import deciding  # noqa: PLC0415
        from storykeep.site.writing import first_readers, giving, invitation_mail, leading, publishing  # noqa: PLC0415
        from storykeep.site.writing.belongings import BELONGING  # noqa: PLC0415

        keep(BELONGING)
        keep(first_readers.BELONGING)
        for room in (invitation_mail, giving, leading, first_readers):
            mail.offer(room.KIND)
        deciding.accepted.append(publishing.publish_accepted)
        deciding.taken_back.append(publishing.take_from_readers)

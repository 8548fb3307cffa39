"""The room of what writers send in. It tells the account's pages what it keeps for a member."""

from django.apps import AppConfig


class Submissions(AppConfig):
    name = "storykeep.site.submissions"
    label = "submissions"

    def ready(self):
        from storykeep.site.accounts import invitations, mail  # noqa: PLC0415 — models are ready only now
        from storykeep.site.accounts.belongings import keep  # noqa: PLC0415
        from storykeep.site.claims import choices  # noqa: PLC0415
        from storykeep.site.submissions import gate, letters, writers  # noqa: PLC0415
        from storykeep.site.submissions.belongings import BELONGING  # noqa: PLC0415

        keep(BELONGING)
        invitations.joined.append(writers.keep_promise)
        choices.gates.append(gate.closed_again)
        mail.offer(letters.TO_WRITERS)
        mail.offer(letters.TO_ARCHIVISTS)

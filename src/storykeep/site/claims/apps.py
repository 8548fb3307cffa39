"""The room of authors' decisions. It tells the account's pages what becomes of works when their author leaves."""

from django.apps import AppConfig


class Claims(AppConfig):
    name = "storykeep.site.claims"
    label = "claims"

    def ready(self):
        from storykeep.site.accounts.belongings import keep  # noqa: PLC0415 — models are ready only now
        from storykeep.site.accounts.mail import Kind, offer  # noqa: PLC0415 — the same
        from storykeep.site.claims.belongings import BELONGING  # noqa: PLC0415

        keep(BELONGING)
        offer(Kind(key="claim", words="Words about claims: answers to mine, or, for archivists, what somebody asks"))

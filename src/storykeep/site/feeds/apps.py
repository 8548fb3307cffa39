"""The room of feeds and of letters about what is new."""

from django.apps import AppConfig


class Feeds(AppConfig):
    name = "storykeep.site.feeds"
    label = "feeds"

    def ready(self):
        from storykeep.site.accounts.mail import Kind, offer  # noqa: PLC0415 — models are ready only now

        offer(Kind(key="digest", words="There is something new in a saved search that I get letters about"))

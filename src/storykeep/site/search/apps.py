"""The room of the search: it listens for changed works."""

from django.apps import AppConfig


class Search(AppConfig):
    name = "storykeep.site.search"
    label = "search"

    def ready(self):
        from storykeep.site.search.following import wake  # noqa: PLC0415 — models are ready only now
        from storykeep.site.works import changes  # noqa: PLC0415

        changes.listeners.append(wake)

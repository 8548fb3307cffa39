"""The room of the desk: it logs what archivists change in the other rooms."""

from django.apps import AppConfig


class Desk(AppConfig):
    name = "storykeep.site.desk"
    label = "desk"

    def ready(self):
        from storykeep.site.base import told  # noqa: PLC0415 — models are ready only now
        from storykeep.site.desk.rows import log  # noqa: PLC0415

        told.listeners.append(log)

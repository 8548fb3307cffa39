"""The room that counts readers."""

from django.apps import AppConfig


class Readership(AppConfig):
    name = "storykeep.site.readership"
    label = "readership"

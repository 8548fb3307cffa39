"""The room in which archivists read what was sent in, and writers see what they say."""

from django.apps import AppConfig


class Curating(AppConfig):
    name = "storykeep.site.curating"
    label = "curating"

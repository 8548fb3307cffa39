"""The room of numbers."""

from django.apps import AppConfig


class Statistics(AppConfig):
    name = "storykeep.site.statistics"
    label = "statistics"

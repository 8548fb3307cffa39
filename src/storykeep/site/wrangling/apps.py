"""The room of the wranglers."""

from django.apps import AppConfig


class Wrangling(AppConfig):
    name = "storykeep.site.wrangling"
    label = "wrangling"

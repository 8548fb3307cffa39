"""The room of what readers say and keep. It tells the account's pages what it holds for a member."""

from django.apps import AppConfig


class Talk(AppConfig):
    name = "storykeep.site.talk"
    label = "talk"

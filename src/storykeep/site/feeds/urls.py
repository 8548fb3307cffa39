"""Atom feeds: of any list at its own address after /feed, and of saved searches at addresses that nobody can guess."""

from django.urls import path

from storykeep.site.feeds import views

urlpatterns = [
    path("feed/letters/<str:token>/off", views.digest_off, name="digest-off"),
    path("feed/saved/<str:token>", views.saved, name="saved-feed"),
    path("feed/<path:of>", views.feed, name="feed"),
]

"""The wrangling desk's addresses, and where forms ask for tags. The desk is for wranglers; everybody else gets 404."""

from django.urls import path

from storykeep.site.wrangling import choosing

urlpatterns = [
    path("tags/suggest", choosing.suggest, name="suggest-tags"),
]

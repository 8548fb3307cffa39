"""What machines ask of every site."""

from django.urls import path

from storykeep.site.base import robots

urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path(".well-known/tdmrep.json", robots.text_mining, name="text-mining"),
]

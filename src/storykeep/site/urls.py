"""Every address of the site, room by room; each room's own ``urls.py`` is its table of contents."""

from importlib.util import find_spec

from django.urls import include, path

ROOMS = (
    "base",
    "accounts",
    "works",
    "search",
    "curating",
    "interviews",
    "desk",
    "claims",
    "archive",
    "wrangling",
    "writing",
    "statistics",
    "talk",
    "reading",
    "feeds",
)

urlpatterns = [
    path("", include(f"storykeep.site.{room}.urls"))
    for room in ROOMS
    if find_spec(f"storykeep.site.{room}") and find_spec(f"storykeep.site.{room}.urls")
]

handler400 = "storykeep.site.base.errors.bad_request"
handler403 = "storykeep.site.base.errors.forbidden"
handler404 = "storykeep.site.base.errors.not_found"
handler429 = "storykeep.site.base.errors.too_often"  # django-allauth asks for this one
handler500 = "storykeep.site.base.errors.broken"

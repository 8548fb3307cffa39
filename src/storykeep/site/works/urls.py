"""The map of the site for search engines."""

from django.urls import path

from storykeep.site.works import pictures, views

urlpatterns = [
    path("works/<str:ref>/pictures/<str:sha256>", pictures.picture, name="picture"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", views.sitemap_part, name="sitemap-part"),
    path("sitemap-<str:sort>-<int:part>.xml", views.sitemap_names, name="sitemap-names"),
]

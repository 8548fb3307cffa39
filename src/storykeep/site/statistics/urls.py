"""The numbers of one's own works."""

from django.urls import path

from storykeep.site.statistics import views

urlpatterns = [
    path("write/statistics", views.mine, name="statistics"),
    path("write/statistics.csv", views.table, name="statistics-csv"),
    path("write/statistics/<str:ref>", views.one, name="statistics-work"),
]

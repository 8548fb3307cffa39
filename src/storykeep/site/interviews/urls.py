"""Interviews: for readers, for the author who answers, for the archivist who asks."""

from django.urls import path

from storykeep.site.interviews import views

urlpatterns = [
    path("interviews", views.interviews, name="interviews"),
    path("write/interviews", views.own, name="write-interviews"),
    path("write/interviews/<str:slug>", views.one, name="write-interview"),
    path("desk/interviews", views.questions, name="desk-interviews"),
]

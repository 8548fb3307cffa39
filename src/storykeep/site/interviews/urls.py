"""Interviews: for readers, for the author who answers, for the archivist who asks."""

from django.urls import path

from storykeep.site.interviews.views import answering, asking, reading

urlpatterns = [
    path("interviews", reading.interviews, name="interviews"),
    path("write/interviews", answering.own, name="write-interviews"),
    path("write/interviews/<str:slug>/<str:ref>", answering.one, name="write-interview"),
    path("write/interviews/<str:slug>/<str:ref>/preview", answering.preview, name="write-interview-preview"),
    path("desk/interviews", asking.questionnaires, name="desk-interviews"),
    path("desk/interviews/asked/<str:ref>", asking.questions, name="desk-questionnaire"),
    path("desk/interviews/given/<str:slug>", asking.interview, name="desk-interview"),
]

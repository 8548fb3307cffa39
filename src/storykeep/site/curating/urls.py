"""What is sent in: the archivist's queue, and the writer's page about one work."""

from django.urls import path

from storykeep.site.curating import views

urlpatterns = [
    path("desk/submissions", views.queue, name="desk-submissions"),
    path("desk/submissions/rules", views.rules, name="desk-submission-rules"),
    path("desk/submissions/<str:ref>", views.one, name="desk-submission"),
    path("write/works/<str:ref>/submission", views.own, name="write-submission"),
]

"""What is sent in: the archivist's queue, and the writer's page about one work."""

from django.urls import path

from storykeep.site.curating.views import deciding, inviting, own, queue, suggesting

ONE = "desk/submissions/<str:ref>"

urlpatterns = [
    path("desk/submissions", queue.queue, name="desk-submissions"),
    path("desk/submissions/rules", queue.rules, name="desk-submission-rules"),
    path("desk/submissions/writers", inviting.invite, name="desk-invite-writer"),
    path("desk/submissions/writers/<str:ref>/withdrawal", inviting.withdraw, name="desk-withdraw-writer"),
    path(ONE, deciding.one, name="desk-submission"),
    path(f"{ONE}/reading", deciding.reading, name="desk-submission-reading"),
    path(f"{ONE}/suggest", suggesting.suggest, name="desk-suggest"),
    path(f"{ONE}/suggest/<str:chapter>", suggesting.suggest, name="desk-suggest-chapter"),
    path(f"{ONE}/edits/<str:suggestion>", suggesting.suggestion, name="desk-suggestion"),
    path("write/works/<str:ref>/submission", own.own, name="write-submission"),
    path("write/works/<str:ref>/edits/<str:suggestion>", own.edits, name="write-suggestion"),
]

"""The desk's addresses. All of them are for archivists; everybody else gets 404."""

from django.urls import path

from storykeep.site.desk import alike, bringing, corrections, findings, rescues, teaching, unfound, views

urlpatterns = [
    path("desk", views.desk, name="desk"),
    path("desk/bring", bringing.bring, name="desk-bring"),
    path("desk/bring/upload", bringing.upload, name="desk-upload"),
    path("desk/bring/start", bringing.start, name="desk-start"),
    path("desk/bring/<str:ref>", bringing.progress, name="desk-progress"),
    path("desk/rescues/<str:name>", rescues.rescue, name="desk-rescue"),
    path("desk/rescues/<str:name>/preview", rescues.preview, name="desk-preview"),
    path("desk/rescues/<str:name>/opening", rescues.open_to, name="desk-open-to"),
    path("desk/rescues/<str:name>/report.<str:kind>", rescues.show_report, name="desk-report"),
    path("desk/findings", findings.queue, name="desk-findings"),
    path("desk/findings/one", findings.one, name="desk-one"),
    path("desk/findings/settlement", findings.settle, name="desk-settle"),
    path("desk/unfound/<int:pk>", unfound.say, name="desk-unfound"),
    path("desk/works", views.works, name="desk-works"),
    path("desk/works/approval", views.approve_many, name="desk-approve-many"),
    path("desk/works/<str:ref>", views.work, name="desk-work"),
    path("desk/works/<str:ref>/correction", corrections.correct, name="desk-correct"),
    path("desk/works/<str:ref>/visibility", views.show_to, name="desk-visibility"),
    path("desk/works/<str:ref>/approval", views.approve, name="desk-approve"),
    path("desk/works/<str:ref>/<int:place>", views.chapter, name="desk-chapter"),
    path("desk/works/<str:ref>/<int:place>/correction", corrections.correct_chapter, name="desk-correct-chapter"),
    path("desk/works/<str:ref>/<int:place>/steps", views.switch_steps, name="desk-steps"),
    path("desk/works/<str:ref>/<int:place>/choice", views.choose, name="desk-choose"),
    path("desk/works/<str:ref>/teaching", teaching.teach, name="desk-teach"),
    path("desk/taught", teaching.taught, name="desk-taught"),
    path("desk/people", alike.people, name="desk-people"),
    path("desk/people/<int:pk>", alike.say_of_people, name="desk-say-people"),
    path("desk/copies", alike.copies, name="desk-copies"),
    path("desk/copies/<int:pk>", alike.both, name="desk-both"),
    path("desk/copies/<int:pk>/decision", alike.say_of_works, name="desk-say-works"),
    path("desk/look", alike.look, name="desk-look"),
    path("desk/log", views.log, name="desk-log"),
    path("desk/log/<str:ref>/undoing", views.take_back, name="desk-undo"),
]

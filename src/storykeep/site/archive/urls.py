"""The part of the desk at which the archive itself is set up. For archivists; everybody else gets 404."""

from django.urls import path

from storykeep.site.archive import views

urlpatterns = [
    path("desk/archive", views.archive, name="desk-archive"),
    path("desk/texts", views.texts, name="desk-texts"),
    path("desk/texts/new", views.text, name="desk-new-text"),
    path("desk/texts/<str:ref>", views.text, name="desk-text"),
    path("desk/texts/<str:ref>/removal", views.remove_text, name="desk-remove-text"),
    path("desk/kinds", views.kinds, name="desk-kinds"),
    path("desk/kinds/new", views.new_kind, name="desk-new-kind"),
    path("desk/kinds/preset", views.preset, name="desk-preset"),
]

"""For authors: find yourself, prove it, decide. For archivists: letters, claims, and those who said never."""

from django.urls import path

from storykeep.site.claims import desk, views

urlpatterns = [
    path("claim", views.find, name="claim"),
    path("claim/letter/<str:token>", views.letter, name="claim-letter"),
    path("claim/never/<str:token>", views.never, name="claim-never"),
    path("claim/words/<str:ref>", views.words, name="claim-words"),
    path("claim/<str:slug>", views.ask, name="claim-person"),
    path("my-works", views.mine, name="my-works"),
    path("my-works/<str:ref>", views.decide, name="my-work"),
    path("my-name/<str:slug>", views.rename, name="my-name"),
    path("desk/claims", desk.claims, name="desk-claims"),
    path("desk/claims/<str:ref>", desk.settle, name="desk-claim"),
    path("desk/letters", desk.write, name="desk-letters"),
    path("desk/letters/came-back", desk.came_back, name="desk-bounces"),
    path("desk/letters/<str:ref>", desk.letter, name="desk-letter"),
    path("desk/never", desk.never, name="desk-never"),
    path("desk/opening", desk.opening, name="desk-opening"),
]
